"""`bottega import events`: what shoppers did, from a file or a folder."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.errors import MappingInvalid
from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, say
from bottega.serving.cli.import_ import app
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.reports import ImportReport

__all__ = ["events"]

_NAMES_SHOWN = 20


@app.command()
def events(
    source: Annotated[Path, typer.Argument(help="A file, or a folder of files.", show_default=False)],
    format: Annotated[
        str | None, typer.Option("--as", help="Format: csv, jsonl, ga4 or segment; else the file decides.")
    ] = None,
    mapping: Annotated[
        str | None, typer.Option("--map", help="field=column,...: which columns are what; see docs/events.md.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of rows that name none, as in --kind purchase.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Import what shoppers did; importing it again adds only what is new."""
    from bottega.actions.import_events import import_events
    from bottega.actions.shop import open_shop

    with guard(), bar() as progress, open_shop(shop) as opened:
        report = import_events(opened, source, format=format, kind=kind, columns=_columns(mapping), progress=progress)
    if as_json:
        say(json.dumps(asdict(report), default=str, ensure_ascii=False))
    else:
        _show(report)
    if not report.added and not report.duplicates:
        raise typer.Exit(EXIT_NOTHING_DONE)


def _columns(mapping: str | None) -> dict[str, str]:
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


def _show(report: ImportReport) -> None:
    say(
        f"{report.source} read as {report.format} in {report.seconds:.1f} s: {report.read:,} events, "
        f"{report.added:,} added, {report.duplicates:,} there already, {report.rejected:,} rejected."
    )
    if report.joined:
        say(f"  {report.joined:,} anonymous histories joined a shopper")
    if report.unknown_products:
        say(f"  {report.unknown_products:,} events name products that are not in the catalogue (kept)")
    for sentence in report.notes:
        say(f"  {sentence}")
    _counts("Rejected, by rule:", report.by_rule)
    if report.rejects_file:
        say(f"  listed in {report.rejects_file}")
    _counts("Set aside, because they show no interest in a product:", report.ignored)
    if report.unused_columns:
        say(f"Columns not used: {', '.join(report.unused_columns)}")


def _counts(title: str, counts: Counter[str]) -> None:
    if counts:
        say(title)
        for name, count in counts.most_common(_NAMES_SHOWN):
            say(f"  {count:>9,}  {name}")
        if len(counts) > _NAMES_SHOWN:
            say(f"  and {len(counts) - _NAMES_SHOWN:,} names more")
