"""`bottega turn`: a product, a photo or a 3D model from other angles, written beside it or into a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.pictures import shop_if_any, write_beside

__all__ = ["turn"]


def turn(
    what: Annotated[str, typer.Argument(help="Id of a product of the shop, a photo, or a GLB file.")],
    back: Annotated[Path | None, typer.Option(help="Its photo from behind: the turn goes all round.")] = None,
    right: Annotated[Path | None, typer.Option(help="Its photo from its right, as one looks at it.")] = None,
    left: Annotated[Path | None, typer.Option(help="Its photo from its left.")] = None,
    shape: Annotated[
        str | None, typer.Option(help="turned, extruded, inflated, card or learnt; by its type where absent.")
    ] = None,
    size: Annotated[int, typer.Option(help="Pixels a side of a frame.")] = 320,
    step: Annotated[float, typer.Option(help="Degrees from frame to frame.")] = 5.0,
    reach: Annotated[
        float | None, typer.Option(help="Degrees to either side to show, whatever may be trusted.")
    ] = None,
    clip: Annotated[bool, typer.Option("--clip", help="Write the turn as an animated WebP, too.")] = False,
    solid: Annotated[bool, typer.Option("--solid", help="Write the solid as a GLB file, too.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for what is written; beside the file where absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON, without the files.")] = False,
    shop: Annotated[
        Path | None, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; a file alone needs none.")
    ] = None,
) -> None:
    """Turn a product as far as may be trusted: a sheet of frames, and the angle of each."""
    from bottega.actions.studio.turning.shapes import TurnRequest
    from bottega.actions.studio.turning.turn import turn_here
    from bottega.shop.pictures.uploads import read_uploads
    from bottega.shop.shape import Upload

    file = Path(what)
    is_file = file.is_file()
    with guard(), bar() as progress, shop_if_any(shop, needed=not is_file) as opened:
        asked: dict[str, object] = {
            "shape": shape,
            "size": size,
            "step": step,
            "reach": reach,
            "clip": clip,
            "solid": solid,
        }
        for side, path in (("back", back), ("right", right), ("left", left)):
            if path is not None:
                (asked[side],) = read_uploads([path], as_typed=True)
        if not is_file:
            asked["product_id"] = what
        elif file.suffix.lower() == ".glb":
            asked["glb"] = Upload(name=file.name, content=file.read_bytes())
        else:
            (asked["photo"],) = read_uploads([file], as_typed=True)
        answer = turn_here(opened, TurnRequest.model_validate(asked), progress=progress)
        beside = file if is_file else Path(f"{what.replace('/', '_')}.webp")
        files = [write_beside(beside, "frames", answer.frames, out, suffix=".webp")]
        said = answer.model_dump(mode="json", exclude={"frames", "clip", "solid"})
        angles = json.dumps(said, ensure_ascii=False, indent=1).encode()
        files.append(write_beside(beside, "angles", angles, out, suffix=".json"))
        for kind, content, suffix in (("turn", answer.clip, ".webp"), ("solid", answer.solid, ".glb")):
            if content is not None:
                files.append(write_beside(beside, kind, content, out, suffix=suffix))
    if as_json:
        say(json.dumps(said | {"files": [str(path) for path in files]}, ensure_ascii=False))
        return
    trusted = "all round" if answer.full else f"trusted to {answer.trusted_to:g} degrees to either side"
    say(f"{answer.name}: {len(answer.angles)} frames, {trusted}; its shape: {answer.shape}")
    for text in answer.notes:
        note(f"  {text}")
    for path in files:
        say(f"  wrote {path}")
