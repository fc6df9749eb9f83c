"""`bottega import reviews`: what shoppers wrote about products, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard
from bottega.serving.cli.import_ import app
from bottega.serving.cli.import_events import Dates, columns_of
from bottega.serving.cli.import_report import show_reviews
from bottega.serving.cli.options import NewShopFolder

__all__ = ["reviews"]


@app.command()
def reviews(
    source: Annotated[
        str,
        typer.Argument(help="A file, a folder or zip that holds one, or an http(s) address.", show_default=False),
    ],
    format: Annotated[
        str | None, typer.Option("--as", help="Name of the format, as in docs/reviews.md; else the file decides.")
    ] = None,
    mapping: Annotated[
        str | None, typer.Option("--map", help="field=column,...: which columns are what; see docs/reviews.md.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the text, as in windows-1251; else the source decides.")
    ] = None,
    scale: Annotated[
        float | None, typer.Option(help="How far ratings go that do not say it, as in 10; else the column decides.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Zone of times that name none, as in Europe/Berlin; else UTC.")
    ] = None,
    dates: Annotated[
        Dates | None, typer.Option(help="What comes first in dates like 05/01/2026; else the column decides.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    shop: NewShopFolder = Path(),
) -> None:
    """Import what shoppers wrote about products; importing it again changes nothing."""
    from bottega.actions.intake.shapes import ImportReviewsRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = ImportReviewsRequest(
            source=source,
            format=format,
            encoding=encoding,
            columns=columns_of(mapping),
            scale=scale,
            timezone=timezone,
            dates=dates.value if dates else None,
        )
        report = verb("import_reviews").run_by(opened, request, progress=progress)
    show_reviews(report, as_json=as_json)
    if report.read == report.rejected and not report.source_unchanged:
        raise typer.Exit(EXIT_NOTHING_DONE)
