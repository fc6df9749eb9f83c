"""`bottega sketch`: a drawing becomes the picture of a product, written beside the drawing, which stays as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, say
from bottega.serving.cli.pictures import shop_if_any, write_beside

__all__ = ["sketch"]


def sketch(
    drawing: Annotated[Path, typer.Argument(help="A picture file: lines of one product.", show_default=False)],
    type_: Annotated[str | None, typer.Option("--type", help="What it is, as in handbag, in five languages.")] = None,
    colour: Annotated[str | None, typer.Option(help="Its colour: a word in five languages, or #rrggbb.")] = None,
    products: Annotated[int, typer.Option(help="Real products of the shop to find for the picture.")] = 0,
    lines: Annotated[bool, typer.Option("--lines", help="Write what was read of the drawing, too.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the picture; beside the drawing where absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON, without the pictures.")] = False,
    shop: Annotated[
        Path | None,
        typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; a drawing alone needs none."),
    ] = None,
) -> None:
    """Make the picture of a product of a drawing; it says that it was generated."""
    from bottega.actions.studio.sketch.shapes import SketchRequest
    from bottega.actions.studio.sketch.sketch import sketch as made
    from bottega.actions.studio.sketch.sketch import sketch_here
    from bottega.settings import load_settings
    from bottega.shop.pictures.uploads import read_uploads

    with guard(), shop_if_any(shop, needed=products > 0) as opened:
        (upload,) = read_uploads([drawing], as_typed=True)
        request = SketchRequest(photo=upload, type=type_, colour=colour, products=products)
        answer = sketch_here(load_settings(Path()), request) if opened is None else made(opened, request)
        files = [write_beside(drawing, "sketch", answer.content, out)]
        if lines:
            files.append(write_beside(drawing, "lines", answer.lines, out))
    if as_json:
        told = answer.model_dump(mode="json", exclude={"content", "lines"})
        say(json.dumps(told | {"files": [str(path) for path in files]}, ensure_ascii=False))
        return
    about = ", ".join(filter(None, [answer.type, answer.rgb])) or "any type, any colour"
    say(f"wrote {files[0]}, {answer.width} x {answer.height} pixels: {about}. It is generated, and the file says so.")
    for path in files[1:]:
        say(f"wrote {path}, what was read of the drawing")
    for hit in answer.products:
        title = hit.product.title if hit.product else ""
        say(f"  {hit.score:.3f}  {hit.product_id}  {title}")
