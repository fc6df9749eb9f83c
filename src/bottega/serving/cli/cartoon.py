"""`bottega cartoon`: photos as cartoons, each written beside the photo that came, which stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.pictures import photos_told, shop_if_any, write_beside

__all__ = ["cartoon"]


def cartoon(
    photos: Annotated[list[Path], typer.Argument(help="Photo files.", show_default=False)],
    product_only: Annotated[
        bool, typer.Option("--product-only", help="Only the product; the rest stays as it is.")
    ] = False,
    colours: Annotated[int, typer.Option(help="Flat colours, 2 to 32.")] = 10,
    smooth: Annotated[float, typer.Option(help="How much detail is smoothed away, 0 to 3.")] = 1.0,
    lines: Annotated[float, typer.Option(help="How dark lines are, 0 (none) to 1.")] = 1.0,
    out: Annotated[
        Path | None, typer.Option(help="Folder for what is written; beside each photo where absent.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    shop: Annotated[
        Path | None, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; photos alone need none.")
    ] = None,
) -> None:
    """Photos in flat colours and lines, drawn by rule. Originals are never written over."""
    from bottega.actions.studio.cartoon.cartoon import cartoon_here
    from bottega.actions.studio.cartoon.shapes import CartoonRequest
    from bottega.shop.pictures.uploads import read_uploads

    with guard(), bar() as progress, shop_if_any(shop) as opened:
        uploads = read_uploads(photos, as_typed=True)
        wanted = {"product_only": product_only, "colours": colours, "smooth": smooth, "lines": lines}
        request = CartoonRequest.model_validate({"photos": uploads, **wanted})
        answer = cartoon_here(opened, request, progress=progress)
        files = [
            [] if one.content is None else [write_beside(path, "cartoon", one.content, out)]
            for path, one in zip(photos, answer.photos, strict=True)
        ]
    if as_json:
        say(photos_told(answer, files))
    else:
        for one, written in zip(answer.photos, files, strict=True):
            if one.refused:
                note(f"{one.photo}: {one.refused}")
            for path in written:
                say(f"{one.photo}: wrote {path}, {one.width} x {one.height} pixels")
    if any(one.refused for one in answer.photos):
        raise typer.Exit(EXIT_NOTHING_DONE)
