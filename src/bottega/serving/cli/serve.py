"""`bottega serve`: open the HTTP door."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard
from bottega.serving.cli.options import ShopFolder, ShopsFolderOption, means_all

__all__ = ["serve"]


def serve(
    context: typer.Context,
    shops: ShopsFolderOption = None,
    shop: ShopFolder = Path(),
    host: Annotated[str | None, typer.Option(help="Address to listen on; the setting `host` where absent.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port to listen on; the setting `port` where absent.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer, about one a processor core.")] = 1,
) -> None:
    """Answer over HTTP, for one shop or for all of a shops folder; the API's manual is at /docs."""
    gc.disable()  # libraries stay: going over them again and again while they load would take a third of a second
    try:
        from bottega.serving.cli import server
    finally:
        gc.freeze()
        gc.enable()

    with guard():
        if (folder := means_all(context, shops)) is not None:
            server.serve_shops(folder, host=host, port=port, workers=workers)
        else:
            server.serve(shop, host=host, port=port, workers=workers)
