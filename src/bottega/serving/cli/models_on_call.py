"""`bottega models-on-call`: fashion models listed, shown, kept and taken out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, say
from bottega.serving.cli.options import ShopFolder
from bottega.serving.cli.pictures import shop_if_any, write_beside

__all__ = ["app"]

app = typer.Typer(help="Fashion models: who is on call, and how they look.")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
AnyShop = Annotated[
    Path | None, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; those on call need none.")
]


@app.callback(invoke_without_command=True)
def listed(context: typer.Context, as_json: Json = False, shop: AnyShop = None) -> None:
    """List the fashion models, the shop's own among them."""
    if context.invoked_subcommand is not None:
        return
    from bottega.actions.studio.fashion_models.fashion_models import list_fashion_models_here
    from bottega.actions.studio.fashion_models.shapes import FashionModelsRequest

    with guard(), shop_if_any(shop) as opened:
        answer = list_fashion_models_here(opened, FashionModelsRequest())
    if as_json:
        say(answer.model_dump_json())
        return
    for model in answer.models:
        young = "" if model.grown else ", under 18"
        say(f"{model.name}: {model.says or model.body}{young}; {model.height_cm:.0f} cm, {model.chest_cm:.0f}-"
            f"{model.waist_cm:.0f}-{model.hips_cm:.0f}{', own' if model.own else ''}")  # fmt: skip
    say(f"Poses: {', '.join(answer.poses)}.")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Of a fashion model.", show_default=False)],
    pose: Annotated[str | None, typer.Option(help="One of the poses; its own where absent.")] = None,
    crop: Annotated[str, typer.Option(help="full, chin (from the chin down) or upper.")] = "full",
    around: Annotated[float, typer.Option(help="Degrees that the camera goes around.")] = 0.0,
    out: Annotated[Path, typer.Option(help="Folder for the picture.")] = Path(),
    as_json: Json = False,
    shop: AnyShop = None,
) -> None:
    """Write a picture of a fashion model, NAME.POSE.png. The same request gives the same picture."""
    from bottega.actions.studio.fashion_models.fashion_models import show_fashion_model_here
    from bottega.actions.studio.fashion_models.shapes import ShowFashionModelRequest

    asked = {"name": name, "pose": pose, "crop": crop, "around": around}
    with guard(), shop_if_any(shop) as opened:
        answer = show_fashion_model_here(opened, ShowFashionModelRequest.model_validate(asked))
        file = write_beside(Path(answer.name), answer.pose, answer.content, out, suffix=".png")
    if as_json:
        say(json.dumps(answer.model_dump(mode="json", exclude={"content"}) | {"file": str(file)}))
        return
    say(f"wrote {file}, {answer.width} x {answer.height} pixels, marked as {answer.source_type}")


@app.command()
def keep(
    name: Annotated[str, typer.Argument(help="Of the model; one of the same name gives way.", show_default=False)],
    body: Annotated[str, typer.Option(help="One of the bodies.")],
    pose: Annotated[str, typer.Option(help="The pose that it takes where none is asked for.")] = "standing",
    skin: Annotated[str, typer.Option(help="monk_1 to monk_10, or #rrggbb.")] = "monk_5",
    hair: Annotated[str, typer.Option(help="A style of hair, or none.")] = "short",
    hair_colour: Annotated[str, typer.Option(help="black, brown, blond ..., or #rrggbb.")] = "dark_brown",
    eyes: Annotated[str, typer.Option(help="#rrggbb.")] = "#4b3a2a",
    base_layer: Annotated[str, typer.Option(help="Colour of the fitted top and shorts underneath.")] = "#a3a5a8",
    background: Annotated[str, typer.Option(help="#rrggbb.")] = "#eeeeec",
    says: Annotated[str, typer.Option(help="Who that is, in a few words.")] = "",
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Keep a fashion model of the shop's own."""
    from bottega.actions.studio.fashion_models.shapes import KeepFashionModelRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    asked = {"name": name, "body": body, "pose": pose, "skin": skin, "hair": hair, "hair_colour": hair_colour,
             "eyes": eyes, "base_layer": base_layer, "background": background, "says": says}  # fmt: skip
    with guard(), OpenShop.open(shop) as opened:
        answer = verb("keep_fashion_model").run_by(opened, KeepFashionModelRequest.model_validate(asked))
    say(answer.model_dump_json() if as_json else f"Kept {answer.name}: {answer.body}, {answer.years} years.")


@app.command()
def remove(
    names: Annotated[list[str], typer.Argument(help="Of models of the shop's own.", show_default=False)],
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Take fashion models of the shop's own out."""
    from bottega.actions.studio.fashion_models.shapes import RemoveFashionModelsRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = verb("remove_fashion_models").run_by(opened, RemoveFashionModelsRequest(names=names))
    own = [model.name for model in answer.models if model.own]
    say(answer.model_dump_json() if as_json else f"The shop's own now: {', '.join(own) or 'none'}.")
