"""`bottega try-on`: a piece of the shop on somebody's own photo, written beside the photo that came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.pictures import shop_if_any, write_beside

__all__ = ["try_on"]


def try_on(
    photo: Annotated[Path, typer.Argument(help="A photo of one person from head to foot.", show_default=False)],
    product_id: Annotated[str, typer.Argument(metavar="PRODUCT", help="Id of the piece.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="Folder for the picture; beside the photo where absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    shop: Annotated[Path | None, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder.")] = None,
) -> None:
    """Show a piece of the shop on somebody. Face, hair and hands keep every pixel, and the photo itself stays."""
    from bottega.actions.studio.try_on.shapes import TryOnRequest
    from bottega.actions.studio.try_on.try_on import try_on as tried
    from bottega.shop.pictures.uploads import read_uploads

    with guard(), shop_if_any(shop, needed=True) as opened:
        assert opened is not None
        (upload,) = read_uploads([photo], as_typed=True)
        answer = tried(opened, TryOnRequest(photo=upload, product_id=product_id))
        file = write_beside(photo, "tried", answer.content, out)
    if as_json:
        say(json.dumps(answer.model_dump(mode="json", exclude={"content"}) | {"file": str(file)}, ensure_ascii=False))
        return
    say(f"{answer.product_id} as {answer.cut}, {answer.length}, {answer.covers:.1%} of the photo.")
    for text in answer.notes:
        note(f"  {text}")
    say(f"  wrote {file}, {answer.width} x {answer.height} pixels")
