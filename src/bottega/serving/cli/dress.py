"""`bottega dress`: products of the shop on a fashion model, as a picture, a turn and a 3D file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder
from bottega.serving.cli.pictures import write_beside

__all__ = ["dress"]


def dress(
    model: Annotated[str, typer.Argument(help="Of a fashion model (`bottega models-on-call`).", show_default=False)],
    products: Annotated[list[str], typer.Argument(help="Ids of up to six pieces.", show_default=False)],
    pose: Annotated[str | None, typer.Option(help="One of the poses; the model's own where absent.")] = None,
    crop: Annotated[str, typer.Option(help="full, chin (from the chin down) or upper.")] = "full",
    around: Annotated[float, typer.Option(help="Degrees that the camera goes around.")] = 0.0,
    tucked: Annotated[list[str] | None, typer.Option(help="Id of a top that is tucked in; may be repeated.")] = None,
    in_this_order: Annotated[
        bool, typer.Option("--in-this-order", help="Wear them over one another just as they are named.")
    ] = False,
    composer: Annotated[bool, typer.Option("--composer", help="Light cloth and edges anew (learnt).")] = False,
    turn: Annotated[bool, typer.Option("--turn", help="Write a view from all sides, too (WebP).")] = False,
    glb: Annotated[bool, typer.Option("--glb", help="Write a 3D file, too (GLB; bottega[dressing]).")] = False,
    out: Annotated[Path, typer.Option(help="Folder for what is written.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Show products of the shop on a fashion model. What a photo does not show is filled in, and said."""
    from bottega.actions.studio.dressing.dress import dress as dressed
    from bottega.actions.studio.dressing.shapes import DressRequest
    from bottega.shop.open_shop import OpenShop

    asked = {"model": model, "products": products, "pose": pose, "crop": crop, "around": around, "turn": turn,
             "tucked": tucked or [], "in_this_order": in_this_order, "composer": composer, "glb": glb}  # fmt: skip
    with guard(), OpenShop.open(shop) as opened:
        answer = dressed(opened, DressRequest.model_validate(asked))
        named = Path(answer.model)
        files = {"file": write_beside(named, f"dressed-{answer.pose}", answer.content, out)}
        if answer.turn is not None:
            files["turn"] = write_beside(named, f"dressed-{answer.pose}", answer.turn, out, suffix=".webp")
        if answer.glb is not None:
            files["glb"] = write_beside(named, f"dressed-{answer.pose}", answer.glb, out, suffix=".glb")
    if as_json:
        told = answer.model_dump(mode="json", exclude={"content", "turn", "glb"})
        say(json.dumps(told | {name: str(path) for name, path in files.items()}, ensure_ascii=False))
        return
    for piece in answer.pieces:
        say(f"  {piece.product_id}  {piece.title}: {piece.cut}, {piece.seen:.0%} of what one sees was in its photo")
        for line in piece.guessed:
            note(f"    {line}")
    for line in answer.notes:
        note(line)
    say(f"wrote {', '.join(str(path) for path in files.values())}, marked as {answer.source_type}")
