"""`bottega import events`: what shoppers did, from a file or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.errors import MappingInvalid
from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard
from bottega.serving.cli.import_ import app
from bottega.serving.cli.import_report import show_events
from bottega.serving.cli.options import ShopFolder

__all__ = ["columns_of", "events"]


@app.command()
def events(
    source: Annotated[Path, typer.Argument(help="A file, or a folder of files.", show_default=False)],
    format: Annotated[
        str | None, typer.Option("--as", help="Format: csv, jsonl, ga4 or segment; else the file decides.")
    ] = None,
    mapping: Annotated[
        str | None, typer.Option("--map", help="field=column,...: which columns are what; see docs/events.md.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the text, as in windows-1251; else the source decides.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of rows that name none, as in --kind purchase.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Import what shoppers did; importing it again adds only what is new."""
    from bottega.actions.intake.import_events import import_events
    from bottega.actions.intake.shapes import ImportEventsRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = ImportEventsRequest(
            source=source, format=format, encoding=encoding, kind=kind, columns=columns_of(mapping)
        )
        report = import_events(opened, request, progress=progress)
    show_events(report, as_json=as_json)
    if not report.added and not report.duplicates and not report.log_ins:
        raise typer.Exit(EXIT_NOTHING_DONE)


def columns_of(mapping: str | None) -> dict[str, str]:
    """Field to column. Raises `MappingInvalid`."""
    pairs = [pair.partition("=") for pair in (mapping or "").split(",") if pair.strip()]
    for field, sign, column in pairs:
        if not (field.strip() and sign and column.strip()):
            raise MappingInvalid(
                f"--map holds {field + sign + column!r}.",
                allowed="It is written field=column, with commas between pairs.",
                next_step="For example --map product_id=asin,time=unixReviewTime.",
            )
    return {field.strip(): column.strip() for field, _, column in pairs}
