"""`bottega import events`: what shoppers did, from a file or a folder."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bottega.errors import MappingInvalid
from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard
from bottega.serving.cli.import_ import app
from bottega.serving.cli.import_report import show_events
from bottega.serving.cli.options import NewShopFolder

__all__ = ["Dates", "columns_of", "events", "pairs_of"]


class Dates(StrEnum):
    """What comes first in a date of numbers."""

    DAY = "day"
    MONTH = "month"


@app.command()
def events(
    source: Annotated[
        str,
        typer.Argument(help="A file, a folder or zip of files, or an http(s) address.", show_default=False),
    ],
    format: Annotated[
        str | None, typer.Option("--as", help="Name of the format, as in docs/events.md; else the file decides.")
    ] = None,
    mapping: Annotated[
        str | None, typer.Option("--map", help="field=column,...: which columns are what; see docs/events.md.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the text, as in windows-1251; else the source decides.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of rows that name none, as in --kind purchase.")] = None,
    kinds: Annotated[
        str | None,
        typer.Option(help="name=kind,...: what names of events mean; ignore sets one aside."),
    ] = None,
    product_ids: Annotated[
        str | None, typer.Option(help='How the file writes a product\'s id, as in "gla_{id}"; see docs/events.md.')
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
    """Import what shoppers did; importing it again adds only what is new."""
    from bottega.actions.intake.shapes import ImportEventsRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = ImportEventsRequest(
            source=source,
            format=format,
            encoding=encoding,
            kind=kind,
            kinds=pairs_of(kinds, "--kinds", "addtocart=add_to_cart,transaction=purchase"),
            columns=columns_of(mapping),
            product_ids=product_ids,
            timezone=timezone,
            dates=dates.value if dates else None,
        )
        report = verb("import_events").run_by(opened, request, progress=progress)
    show_events(report, as_json=as_json)
    if not report.added and not report.duplicates and not report.log_ins and not report.source_unchanged:
        raise typer.Exit(EXIT_NOTHING_DONE)


def columns_of(mapping: str | None) -> dict[str, str]:
    """Field to column. Raises `MappingInvalid`."""
    return pairs_of(mapping, "--map", "product_id=asin,time=unixReviewTime")


def pairs_of(text: str | None, option: str, example: str) -> dict[str, str]:
    """What is written left=right, with commas between pairs. Raises `MappingInvalid`."""
    pairs = [pair.partition("=") for pair in (text or "").split(",") if pair.strip()]
    for left, sign, right in pairs:
        if not (left.strip() and sign and right.strip()):
            raise MappingInvalid(
                f"{option} holds {left + sign + right!r}.",
                allowed=f"It is written {example.partition(',')[0]}, with commas between pairs.",
                next_step=f"For example {option} {example}.",
            )
    return {left.strip(): right.strip() for left, _, right in pairs}
