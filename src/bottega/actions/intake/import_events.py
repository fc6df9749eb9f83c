"""Import events: what shoppers did, from a file or a folder of files, into the shop."""

from __future__ import annotations

import time
from collections.abc import Sequence

import polars as pl

from bottega.actions.intake.event_files import CHUNK_ROWS, EventFiles, said_of
from bottega.actions.intake.event_telling import ImportTelling, KnownProducts
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.rejects import RejectLists
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.actions.intake.sources import Incoming, incoming_events, refuse_source
from bottega.events.log_in import LogIn
from bottega.events.readers.registry import reader_named
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shoppers.log_ins import keep_log_ins
from bottega.shop.versions import ShopPart
from bottega.sources.problems import Problem, Severity

__all__ = ["import_events", "refuse_events"]


def import_events(
    shop: OpenShop, request: ImportEventsRequest, *, progress: Progress = silent, chunk_rows: int = CHUNK_ROWS
) -> ImportReport:
    """Import a file or address, or every event file of a folder or zip in the order of their names. Safe to repeat, and
    to interrupt.

    Rows that break a rule are counted and listed in the shop's rejects folder; events of unknown products are kept and
    counted. `chunk_rows` make one transaction: what a progress call has counted as saved survives a power cut. Raises
    `SourceUnreadable`, `FormatUnknown`, `ColumnMissing`, `MappingInvalid` and `StoreUnavailable`.
    """
    with incoming_events(shop.folder, request) as incoming:
        if incoming.unchanged:
            return incoming.report()
        return _import(shop.folder, incoming, request, progress, chunk_rows)


def _import(
    folder: ShopFolder, incoming: Incoming, request: ImportEventsRequest, progress: Progress, chunk_rows: int
) -> ImportReport:
    started = time.perf_counter()
    said = said_of(request)
    report = ImportReport(source=incoming.name)
    telling = ImportTelling(report, KnownProducts(folder.store), said.pattern)
    with RejectLists(folder, incoming.name, report, who=True) as lists:

        def on_problem(found: Problem) -> None:
            if found.severity is Severity.WARN:
                lists.warn(found)
                return
            report.rejected += 1
            lists.reject(found)

        def on_log_ins(name: str, log_ins: Sequence[LogIn]) -> None:
            _log_in(folder, name, report, log_ins)

        currency = folder.settings.currency
        files = EventFiles(
            incoming, request, said, report, currency, telling.ids, on_problem, on_log_ins, chunk_rows=chunk_rows
        )
        for file in files.opened():
            since = folder.store.events.newest_seq()
            task, source = f"importing {file.source.name}", file.source
            progress(task, 0, source.size)
            for events in file.checked():
                _save(folder, events, since, telling)
                progress(task, source.done, source.size, f"{report.added + report.duplicates:,} events saved")
            progress(task, source.size, source.size, f"{report.added + report.duplicates:,} events saved")
            telling.file_read(file.reading)
    telling.finish()
    report.read = report.added + report.duplicates + report.rejected
    report.seconds = time.perf_counter() - started
    return report


def refuse_events(request: ImportEventsRequest) -> None:
    """Raise what the import would raise for these values, before a row is read."""
    refuse_source(request)
    said_of(request)
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
