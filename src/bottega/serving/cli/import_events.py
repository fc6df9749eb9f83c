"""`bottega import events`: what shoppers did, from a file or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.errors import MappingInvalid
from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.import_ import app
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.reports import ImportReport

__all__ = ["events"]


@app.command()
def events(
    source: Annotated[Path, typer.Argument(help="A file, or a folder of files.", show_default=False)],
    shop: ShopFolder = Path(),
    as_: Annotated[
        str | None, typer.Option("--as", help="Format: csv, jsonl, ga4 or segment; recognised where absent.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Kind of rows that name none, as in --kind purchase.", show_default=False)
    ] = None,
    map_: Annotated[
        str | None,
        typer.Option("--map", help="Columns of other names: field=column,field=column.", show_default=False),
    ] = None,
) -> None:
    """Import what shoppers did. Safe to repeat: an event that is there already changes nothing."""
    from bottega.actions.import_events import import_events
    from bottega.actions.shop import open_shop

    with guard():
        columns = _columns(map_)
        with open_shop(shop) as opened, bar() as progress:
            report = import_events(opened, source, format=as_, kind=kind, columns=columns, progress=progress)
    _tell(report)
    if not report.added and not report.duplicates:
        raise typer.Exit(EXIT_NOTHING_DONE)


def _columns(text: str | None) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in (text or "").split(",") if pair.strip()]
    for field, sign, column in pairs:
        if not (field.strip() and sign and column.strip()):
            raise MappingInvalid(
                f"--map holds {field + sign + column!r}.",
                allowed="It is written field=column, with commas between pairs.",
                next_step="For example --map product_id=asin,time=unixReviewTime.",
            )
    return {field.strip(): column.strip() for field, _, column in pairs}


def _tell(report: ImportReport) -> None:
    say(
        f"{report.source} ({report.format}): {report.read:,} events read, {report.added:,} added, "
        f"{report.duplicates:,} there already, {report.rejected:,} rejected, in {report.seconds:.1f} s."
    )
    if report.joined:
        say(f"{report.joined:,} anonymous histories joined a shopper.")
    if report.unknown_products:
        say(f"{report.unknown_products:,} events name products that the catalogue does not have; they are kept.")
    if report.ignored:
        names = ", ".join(f"{name} ({count:,})" for name, count in report.ignored.most_common(8))
        more = len(report.ignored) - 8
        say(f"{report.ignored.total():,} set aside, as no sign of interest in a product: {names}")
        if more > 0:
            say(f"  and {more} names more.")
    for rule, count in report.by_rule.most_common():
        note(f"  {count:,} rejected by {rule}")
    if report.rejects_file:
        note(f"Each rejected row, what was seen and how to mend it: {report.rejects_file}")
    if report.unused_columns:
        note(f"Columns that became no field: {', '.join(report.unused_columns)}")
    if report.hint:
        note(report.hint)
