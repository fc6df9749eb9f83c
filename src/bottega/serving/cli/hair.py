"""`bottega hair`: somebody's own photo with their hair in another colour, written beside the photo that came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, say
from bottega.serving.cli.pictures import shop_if_any, write_beside

__all__ = ["hair"]


def hair(
    photo: Annotated[Path, typer.Argument(help="A photo of one person.", show_default=False)],
    to: Annotated[
        str, typer.Option("--to", help="The colour: black, dark blond, auburn, in five languages; or #rrggbb.")
    ],
    out: Annotated[Path | None, typer.Option(help="Folder for the picture; beside the photo where absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    shop: Annotated[
        Path | None, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; a photo alone needs none.")
    ] = None,
) -> None:
    """Show somebody with hair of another colour. Nothing else of the photo changes, and the photo itself stays."""
    from bottega.actions.studio.people.hair import colour_hair_here
    from bottega.actions.studio.people.hair_shapes import HairRequest
    from bottega.shop.pictures.uploads import read_uploads

    with guard(), shop_if_any(shop) as opened:
        (upload,) = read_uploads([photo], as_typed=True)
        answer = colour_hair_here(opened, HairRequest(photo=upload, to=to))
        file = write_beside(photo, "hair", answer.content, out)
    if as_json:
        say(json.dumps(answer.model_dump(mode="json", exclude={"content"}) | {"file": str(file)}, ensure_ascii=False))
        return
    was, to_ = answer.was, answer.to
    say(f"Hair, {answer.covers:.1%} of the photo: from {was.name} ({was.rgb}) to {to_.name} ({to_.rgb}).")
    say(f"  wrote {file}, {answer.width} x {answer.height} pixels")
