"""What an import says on screen: the counts, the reasons, and where the rows are listed."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from bottega.serving.cli.console import note, say

if TYPE_CHECKING:
    from pathlib import Path

    from bottega.actions.intake.import_report import ImportReport
    from bottega.actions.intake.shapes import MappingProposal

__all__ = ["show_catalogue", "show_events", "show_proposal", "show_reviews", "show_shoppers", "show_synonyms"]

_NAMES_SHOWN = 20


def show_catalogue(report: ImportReport, *, as_json: bool = False) -> None:
    """Print the report of a catalogue import, for people or as one JSON object."""
    if _in_brief(report, as_json):
        return
    say(
        f"{report.source} read as {_format(report)} in {report.seconds:.1f} s: {report.read:,} rows, "
        f"{report.added:,} products added, {report.updated:,} updated, {report.unchanged:,} unchanged, "
        f"{report.rejected:,} rejected."
    )
    for count, text in (
        (report.part_rows, "rows that are a part of a product, as a further picture is"),
        (report.groups, "groups of variants"),
        (report.images, "picture files in the shop's folder"),
        (report.discontinued, "products discontinued, because the feed no longer has them"),
    ):
        if count:
            say(f"  {count:,} {text}")
    _counts("Rejected, by rule:", report.by_rule)
    if report.rejects_file:
        _listed(report.rejects_file)
    _counts("Warnings, by rule:", report.warnings)
    for sentence in report.notes:
        say(f"  {sentence}")
    if report.warnings_file:
        _listed(report.warnings_file)
    if report.guessed:
        taken = ", ".join(f"{one.field}={one.column} ({one.sure:.0%})" for one in report.guessed)
        say(f"Columns taken by their names and values, and how sure that is: {taken}")
    for column, why in report.doubts.items():
        say(f"Column {column} was not taken: {why}")
    if report.unused_columns:
        shown = ", ".join(report.unused_columns[:_NAMES_SHOWN])
        more = len(report.unused_columns) - _NAMES_SHOWN
        say(f"Columns not used: {shown}" + (f" and {more} more" if more > 0 else ""))
        if report.hint:
            say(f"  {report.hint}")
    if report.held:
        note(report.held)


def show_proposal(proposal: MappingProposal, *, as_json: bool = False) -> None:
    """Print how a feed would be read, for people or as one JSON object."""
    if as_json:
        say(json.dumps(proposal.model_dump(mode="json"), ensure_ascii=False))
        return
    say(f"{proposal.source} would be read as {proposal.format} ({proposal.sure:.0%} sure). Nothing was imported.")
    for guess in sorted(proposal.columns, key=lambda guess: not guess.taken):
        left = "" if guess.taken else " (only with --map)"
        say(f"  {guess.field:<14} {guess.column}: {guess.sure:.0%} sure; {guess.why}{left}")
    for column, why in proposal.doubts.items():
        say(f"  {'':<14} {column} was not taken: {why}")
    if proposal.unused_columns:
        say(f"Columns not used: {', '.join(proposal.unused_columns)}")
    if proposal.missing:
        note(proposal.missing)
    if proposal.mapping:
        say(f"Say the same, or correct it, with:\n  --map '{proposal.mapping}'")


def show_events(report: ImportReport, *, as_json: bool = False) -> None:
    """Print the report of an event import, for people or as one JSON object."""
    if _in_brief(report, as_json):
        return
    say(
        f"{report.source} read as {_format(report)} in {report.seconds:.1f} s: {report.read:,} events, "
        f"{report.added:,} added, {report.duplicates - report.repeated:,} there already, "
        f"{report.repeated:,} repeated in this file, {report.rejected:,} rejected."
    )
    for known in report.known_by:
        say(f"  there already, or repeated, by {known}")
    if report.log_ins:
        say(f"  {report.log_ins:,} rows said who a shopper is, or what they agreed to")
    if report.joined:
        say(f"  {report.joined:,} anonymous histories joined a shopper")
    if report.unknown_products:
        say(f"  {report.unknown_products:,} events name products that are not in the catalogue (kept)")
    _what_was_wrong(report)
    _counts("Ids that name nobody, so nobody was joined by them:", report.nobody)
    _counts("Set aside, because they show no interest in a product:", report.ignored)
    if report.unused_columns:
        say(f"Columns not used: {', '.join(report.unused_columns)}")


def show_shoppers(report: ImportReport, *, as_json: bool = False) -> None:
    """Print the report of an import of shoppers, for people or as one JSON object."""
    if _in_brief(report, as_json):
        return
    say(
        f"{report.source} read as {report.format} in {report.seconds:.1f} s: {report.read:,} rows, "
        f"{report.added:,} shoppers added, {report.updated:,} told more of, {report.rejected:,} rejected."
    )
    for sentence in report.notes:
        say(f"  {sentence}")
    _counts("Rejected, by rule:", report.by_rule)
    if report.rejects_file:
        _listed(report.rejects_file)
    if report.unused_columns:
        say(f"Columns not used: {', '.join(report.unused_columns)}")


def show_reviews(report: ImportReport, *, as_json: bool = False) -> None:
    """Print the report of an import of reviews, for people or as one JSON object."""
    if _in_brief(report, as_json):
        return
    say(
        f"{report.source} read as {_format(report)} in {report.seconds:.1f} s: {report.read:,} reviews, "
        f"{report.added:,} added, {report.updated:,} changed, {report.unchanged:,} as before, "
        f"{report.duplicates:,} repeated in this file, {report.rejected:,} rejected."
    )
    if report.unknown_products:
        say(f"  {report.unknown_products:,} reviews name products that are not in the catalogue (kept)")
    _what_was_wrong(report)
    if report.unused_columns:
        say(f"Columns not used: {', '.join(report.unused_columns)}")


def show_synonyms(report: ImportReport, *, as_json: bool = False) -> None:
    """Print the report of an import of synonyms, for people or as one JSON object."""
    if _in_brief(report, as_json):
        return
    twice = f"{report.duplicates:,} said again, " if report.duplicates else ""
    say(
        f"{report.source}: {report.read:,} entries, {report.added:,} added, {report.updated:,} changed, "
        f"{report.unchanged:,} as before, {twice}{report.rejected:,} rejected."
    )
    if report.rejects_file:
        _listed(report.rejects_file)


def _in_brief(report: ImportReport, as_json: bool) -> bool:
    """Whether that was all: the report as JSON, or that the source holds nothing new."""
    if as_json:
        _as_json(report)
    elif report.source_unchanged:
        say(" ".join(report.notes))
    return as_json or report.source_unchanged


def _what_was_wrong(report: ImportReport) -> None:
    for sentence in report.notes:
        say(f"  {sentence}")
    _counts("Rejected, by rule:", report.by_rule)
    if report.rejects_file:
        _listed(report.rejects_file)
    _counts("Warnings, by rule:", report.warnings)
    if report.warnings_file:
        _listed(report.warnings_file)


def _format(report: ImportReport) -> str:
    return report.format if report.format_sure is None else f"{report.format} ({report.format_sure:.0%} sure)"


def _as_json(report: ImportReport) -> None:
    say(json.dumps(report.model_dump(mode="json"), ensure_ascii=False))


def _counts(title: str, counts: Counter[str]) -> None:
    if counts:
        say(title)
        for name, count in counts.most_common(_NAMES_SHOWN):
            say(f"  {count:>9,}  {name}")
        if len(counts) > _NAMES_SHOWN:
            say(f"  and {len(counts) - _NAMES_SHOWN:,} names more")


def _listed(file: Path) -> None:
    say(f"  listed in {file}" + ("" if file.is_absolute() else " of the shop's bucket"))
