"""`bottega import shoppers`: who shoppers are and what they agreed to, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard
from bottega.serving.cli.import_ import app
from bottega.serving.cli.import_events import columns_of
from bottega.serving.cli.import_report import show_shoppers
from bottega.serving.cli.options import NewShopFolder

__all__ = ["shoppers"]


@app.command()
def shoppers(
    source: Annotated[
        str, typer.Argument(help="A table or JSON lines: a file, or an http(s) address.", show_default=False)
    ],
    mapping: Annotated[
        str | None, typer.Option("--map", help="field=column,...: which columns are what; see docs/shoppers.md.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the text, as in windows-1251; else the source decides.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    shop: NewShopFolder = Path(),
) -> None:
    """Import who shoppers are and what they agreed to; empty cells change nothing."""
    from bottega.actions.intake.shapes import ImportShoppersRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = ImportShoppersRequest(source=source, encoding=encoding, columns=columns_of(mapping))
        report = verb("import_shoppers").run_by(opened, request, progress=progress)
    show_shoppers(report, as_json=as_json)
    if not report.added and not report.updated and not report.source_unchanged:
        raise typer.Exit(EXIT_NOTHING_DONE)
