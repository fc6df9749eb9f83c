"""Import events: what shoppers did, from a file or a folder of files, into the shop."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial

import polars as pl

from bottega.actions.intake.event_telling import ImportTelling, KnownProducts
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.rejects import RejectLists
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.actions.intake.sources import Incoming, incoming_events, refuse_source
from bottega.errors import FormatUnknown, MappingInvalid
from bottega.events.aliases import kind_of
from bottega.events.check import Checker
from bottega.events.dates import DateOrder, Survey, TimeForm, zone_called
from bottega.events.kinds import KindWords, parse_kinds
from bottega.events.log_in import LogIn
from bottega.events.product_ids import IdPattern, parse_pattern
from bottega.events.readers.base import OrderHead, Reader, Reading
from bottega.events.readers.order_table import OrderTable
from bottega.events.readers.registry import READERS, choose_reader, reader_named
from bottega.names import EventKind
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.log_ins import keep_log_ins
from bottega.shop.open_shop import OpenShop
from bottega.shop.versions import ShopPart
from bottega.sources.problems import Problem, Severity
from bottega.sources.source import Source

__all__ = ["CHUNK_ROWS", "import_events", "refuse_events"]

CHUNK_ROWS = 50_000
"""Rows in one transaction. What a progress call has counted as saved survives a power cut."""


_SURE_IN_FOLDER = 0.5


def import_events(
    shop: OpenShop, request: ImportEventsRequest, *, progress: Progress = silent, chunk_rows: int = CHUNK_ROWS
) -> ImportReport:
    """Import a file or address, or every event file of a folder or zip in the order of their names. Safe to repeat, and
    to interrupt.

    Rows that break a rule are counted and listed in the shop's rejects folder; events of unknown products are kept and
    counted. Raises `SourceUnreadable`, `FormatUnknown`, `ColumnMissing`, `MappingInvalid` and `StoreUnavailable`.
    """
    with incoming_events(shop.folder, request) as incoming:
        if incoming.unchanged:
            return incoming.report()
        return _import(shop.folder, incoming, request, progress, chunk_rows)


def _import(
    folder: ShopFolder, incoming: Incoming, request: ImportEventsRequest, progress: Progress, chunk_rows: int
) -> ImportReport:
    started = time.perf_counter()
    said = _said(request)
    report = ImportReport(source=incoming.name)
    chosen = _choose(incoming, request.format, report)
    report.format = ", ".join(dict.fromkeys(reader.name for _, reader in chosen))
    if request.format is None:
        report.format_sure = round(min(reader.recognises(file) for file, reader in chosen), 2)
    telling = ImportTelling(report, KnownProducts(folder.store), said.pattern)
    heads: dict[str, OrderHead] = {}
    with RejectLists(folder.rejects, incoming.name, report, who=True) as lists:

        def on_problem(found: Problem) -> None:
            if found.severity is Severity.WARN:
                lists.warn(found)
                return
            report.rejected += 1
            lists.reject(found)

        for file, reader in chosen:
            reading = _reading(file, on_problem, request, said, chunk_rows, heads)
            reading.nobody = report.nobody
            reading.on_log_ins = partial(_log_in, folder, file.name, report)
            checker = Checker(
                file.name,
                reader.vocabulary,
                reader.strict_kinds,
                said.kind,
                reading.now,
                on_problem,
                ignored=report.ignored,
                nobody=report.nobody,
                kinds=said.kinds,
                currency=folder.settings.currency,
                form=TimeForm(said.zone),
                products=telling.ids,
                unknown_kinds=report.unknown_kinds,
            )
            checker.survey = partial(_survey, file, reader, request, said, reading.now, report)
            since = folder.store.events.newest_seq()
            task = f"importing {file.name}"
            progress(task, 0, file.size)
            for batch in reader.read(reading):
                _save(folder, checker.check(batch), since, telling)
                reading.hand_over()
                progress(task, file.done, file.size, f"{report.added + report.duplicates:,} events saved")
            reading.hand_over()
            progress(task, file.size, file.size, f"{report.added + report.duplicates:,} events saved")
            if detected := file.detected.said():
                report.notes.append(f"{file.name} was {detected}. If it is another encoding, name it with --encoding.")
            if file.note:
                report.notes.append(file.note)
            if reading.cut_short:
                incoming.incomplete = True
                report.notes.append(f"{file.name} breaks before its end: what came before was taken.")
            telling.file_read(reading)
    telling.finish()
    report.read = report.added + report.duplicates + report.rejected
    report.seconds = time.perf_counter() - started
    return report


@dataclass(frozen=True, slots=True)
class _Said:
    """What the request says of every file, understood."""

    kind: str | None
    kinds: KindWords
    zone: tzinfo
    dates: DateOrder | None
    pattern: IdPattern | None


def _said(request: ImportEventsRequest) -> _Said:
    return _Said(
        _known_kind(request.kind),
        parse_kinds(request.kinds),
        zone_called(request.timezone),
        request.dates,
        parse_pattern(request.product_ids),
    )


def _reading(
    file: Source,
    on_problem: Callable[[Problem], None],
    request: ImportEventsRequest,
    said: _Said,
    chunk_rows: int,
    heads: dict[str, OrderHead],
) -> Reading:
    return Reading(
        file,
        on_problem,
        columns=dict(request.columns or {}),
        default_kind=said.kind,
        chunk_rows=chunk_rows,
        kinds=said.kinds,
        heads=heads,
    )


def _survey(
    file: Source, reader: Reader, request: ImportEventsRequest, said: _Said, now: int, report: ImportReport
) -> TimeForm:
    """How the times of a file are written, by a look through all of them."""
    survey = Survey(now)
    reading = _reading(file, lambda _: None, request, said, CHUNK_ROWS, {})
    reading.on_log_ins = lambda _: None
    for batch in reader.read(reading):
        survey.look(batch.columns.get("time") or ())
        reading.hand_over()
    form, notes = survey.form(said.zone, said.dates)
    report.notes += [f"{file.name}: {sentence}" for sentence in notes]
    return form


def refuse_events(request: ImportEventsRequest) -> None:
    """Raise what the import would raise for these values, before a row is read."""
    refuse_source(request)
    _said(request)
    if request.format is not None:
        reader_named(request.format)


def _save(shop: ShopFolder, events: pl.DataFrame, since: int, telling: ImportTelling) -> None:
    result = shop.store.events.add_frame(events, since=since)
    shop.versions.touched_by(result)
    telling.saved(events, result)


def _log_in(shop: ShopFolder, source: str, report: ImportReport, log_ins: Sequence[LogIn]) -> None:
    report.log_ins += len(log_ins)
    joined = keep_log_ins(shop.store, log_ins, source=f"import of {source}")
    shop.versions.touched_by(joined)
    shop.versions.touch_part(ShopPart.CONSENTS)
    report.joined += joined.joined


def _choose(incoming: Incoming, format: str | None, report: ImportReport) -> list[tuple[Source, Reader]]:
    """Files and their readers. In a folder, files that are no event files are left alone, and the report says so."""
    files = incoming.sources
    if format is not None or not incoming.is_folder:
        return _orders_first([(file, choose_reader(file, format)) for file in files])
    chosen = []
    skipped = []
    for file in files:
        if max(reader.recognises(file) for reader in READERS) >= _SURE_IN_FOLDER:
            chosen.append((file, choose_reader(file)))
        else:
            skipped.append(file.name)
    if not chosen:
        raise FormatUnknown(
            f"None of the {len(files)} files in {incoming.name} looks like events: {', '.join(skipped[:5])}.",
            allowed=f"Formats are: {', '.join(reader.name for reader in READERS)}.",
            next_step="If they are of one of these all the same, say so with --as.",
        )
    if skipped:
        report.notes.append(f"Left alone, because they do not look like events: {', '.join(skipped)}.")
    return _orders_first(chosen)


def _orders_first(chosen: list[tuple[Source, Reader]]) -> list[tuple[Source, Reader]]:
    """Tables that say whose orders are before those that hold their lines, else in the order of names."""
    return sorted(chosen, key=lambda pair: not (isinstance(pair[1], OrderTable) and pair[1].without_lines(pair[0])))


def _known_kind(kind: str | None) -> str | None:
    if kind is None:
        return None
    known = kind_of(kind)
    if known is None:
        raise MappingInvalid(
            f"There is no kind of event {kind!r}.",
            allowed=f"Kinds are: {', '.join(EventKind)}.",
            next_step="Correct --kind.",
        )
    return known.value
