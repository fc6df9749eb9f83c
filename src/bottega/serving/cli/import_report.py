"""What `bottega import catalogue` says on screen: the counts, the reasons, and where the rows are listed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields

from bottega.actions.reports import ImportReport
from bottega.serving.cli.console import note, say

__all__ = ["show_report"]

_COLUMNS_SHOWN = 20


def show_report(report: ImportReport, *, as_json: bool = False) -> None:
    """Print the report of a catalogue import, for people or as one JSON object."""
    if as_json:
        say(
            json.dumps({one.name: getattr(report, one.name) for one in fields(report)}, default=str, ensure_ascii=False)
        )
        return
    say(
        f"{report.source} read as {report.format} in {report.seconds:.1f} s: {report.read:,} rows, "
        f"{report.added:,} products added, {report.updated:,} updated, {report.unchanged:,} unchanged, "
        f"{report.rejected:,} rejected."
    )
    for count, text in (
        (report.groups, "groups of variants"),
        (report.images, "picture files in the shop's folder"),
        (report.discontinued, "products discontinued, because the feed no longer has them"),
    ):
        if count:
            say(f"  {count:,} {text}")
    _rules("Rejected, by rule:", report.by_rule)
    if report.rejects_file:
        say(f"  listed in {report.rejects_file}")
    _rules("Warnings, by rule:", report.warnings)
    for sentence in report.notes:
        say(f"  {sentence}")
    if report.warnings_file:
        say(f"  listed in {report.warnings_file}")
    if report.unused_columns:
        shown = ", ".join(report.unused_columns[:_COLUMNS_SHOWN])
        more = len(report.unused_columns) - _COLUMNS_SHOWN
        say(f"Columns not used: {shown}" + (f" and {more} more" if more > 0 else ""))
        if report.hint:
            say(f"  {report.hint}")
    if report.held:
        note(report.held)


def _rules(title: str, counts: Counter[str]) -> None:
    if counts:
        say(title)
        for rule, count in counts.most_common():
            say(f"  {count:>9,}  {rule}")
