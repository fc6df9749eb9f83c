"""Import events: what shoppers did, from a file or a folder of files, into the shop."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import polars as pl

from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.rejects import RejectLists
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.actions.intake.sources import refuse_source
from bottega.errors import FormatUnknown, MappingInvalid
from bottega.events.aliases import kind_of
from bottega.events.check import Checker
from bottega.events.log_in import LogIn
from bottega.events.readers.base import Reader, Reading
from bottega.events.readers.registry import READERS, choose_reader, reader_named
from bottega.events.times import now_ms
from bottega.names import EventKind
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.log_ins import keep_log_ins
from bottega.shop.open_shop import OpenShop
from bottega.shop.versions import ShopPart
from bottega.sources.find import find_sources
from bottega.sources.problems import Problem
from bottega.sources.source import Source
from bottega.store.store import Store

__all__ = ["CHUNK_ROWS", "import_events", "refuse_events"]

CHUNK_ROWS = 50_000
"""Rows in one transaction. What a progress call has counted as saved survives a power cut."""


_SURE_IN_FOLDER = 0.5


def import_events(
    shop: OpenShop, request: ImportEventsRequest, *, progress: Progress = silent, chunk_rows: int = CHUNK_ROWS
) -> ImportReport:
    """Import a file, or every event file of a folder in the order of their names. Safe to repeat, and to interrupt.

    Rows that break a rule are counted and listed in the shop's rejects folder; events of unknown products are kept and
    counted. Raises `SourceUnreadable`, `FormatUnknown`, `ColumnMissing`, `MappingInvalid` and `StoreUnavailable`.
    """
    started = time.perf_counter()
    folder, source = shop.folder, request.source
    default_kind = _known_kind(request.kind)
    report = ImportReport(source=source.name)
    chosen = _choose(source, request.format, request.encoding, report)
    report.format = ", ".join(dict.fromkeys(reader.name for _, reader in chosen))
    products = _KnownProducts(folder.store)
    with RejectLists(folder.rejects, source.name, report, who=True) as lists:

        def reject(found: Problem) -> None:
            report.rejected += 1
            lists.reject(found)

        for file, reader in chosen:
            reading = Reading(file, reject, dict(request.columns or {}), default_kind, chunk_rows)
            reading.nobody = report.nobody
            reading.on_log_ins = partial(_log_in, folder, file.name, report)
            checker = Checker(
                file.name,
                reader.vocabulary,
                reader.strict_kinds,
                default_kind,
                now_ms(),
                reject,
                ignored=report.ignored,
                nobody=report.nobody,
            )
            task = f"importing {file.name}"
            progress(task, 0, file.size)
            for batch in reader.read(reading):
                _save(folder, checker.check(batch), products, report)
                reading.hand_over()
                progress(task, file.done, file.size, f"{report.added + report.duplicates:,} events saved")
            reading.hand_over()
            progress(task, file.size, file.size, f"{report.added + report.duplicates:,} events saved")
            if said := file.detected.said():
                report.notes.append(f"{file.name} was {said}. If it is another encoding, name it with --encoding.")
            if reading.cut_short:
                report.notes.append(f"{file.name} breaks before its end: what came before was taken.")
            report.unused_columns += [name for name in reading.unused_columns if name not in report.unused_columns]
    report.read = report.added + report.duplicates + report.rejected
    report.seconds = time.perf_counter() - started
    return report


def refuse_events(request: ImportEventsRequest) -> None:
    """Raise what the import would raise for these values, before a row is read."""
    refuse_source(request)
    _known_kind(request.kind)
    if request.format is not None:
        reader_named(request.format)


def _save(shop: ShopFolder, events: pl.DataFrame, products: _KnownProducts, report: ImportReport) -> None:
    result = shop.store.events.add_frame(events)
    shop.versions.touched_by(result)
    report.added += result.added
    report.duplicates += result.duplicates
    report.joined += result.joined
    report.unknown_products += products.count_unknown(events["product_id"])


def _log_in(shop: ShopFolder, source: str, report: ImportReport, log_ins: Sequence[LogIn]) -> None:
    report.log_ins += len(log_ins)
    joined = keep_log_ins(shop.store, log_ins, source=f"import of {source}")
    shop.versions.touched_by(joined)
    shop.versions.touch_part(ShopPart.CONSENTS)
    report.joined += joined.joined


def _choose(
    source: Path, format: str | None, encoding: str | None, report: ImportReport
) -> list[tuple[Source, Reader]]:
    """Files and their readers. In a folder, files that are no event files are left alone, and the report says so."""
    files = find_sources(source, encoding=encoding)
    if format is not None or not source.is_dir():
        return [(file, choose_reader(file, format)) for file in files]
    chosen = []
    skipped = []
    for file in files:
        if max(reader.recognises(file) for reader in READERS) >= _SURE_IN_FOLDER:
            chosen.append((file, choose_reader(file)))
        else:
            skipped.append(file.name)
    if not chosen:
        raise FormatUnknown(
            f"None of the {len(files)} files in {source} looks like events: {', '.join(skipped[:5])}.",
            allowed=f"Formats are: {', '.join(reader.name for reader in READERS)}.",
            next_step="If they are of one of these all the same, say so with --as.",
        )
    if skipped:
        report.notes.append(f"Left alone, because they do not look like events: {', '.join(skipped)}.")
    return chosen


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


class _KnownProducts:
    """Which product ids the catalogue has, asked once for each id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unknown: dict[str, bool] = {}

    def count_unknown(self, ids: pl.Series) -> int:
        """How many of these events name a product that the catalogue does not have."""
        counts = Counter(dict(ids.drop_nulls().value_counts().iter_rows()))
        new = [one for one in counts if one not in self._unknown]
        missing = self._store.products.missing(new)
        self._unknown.update((one, one in missing) for one in new)
        return sum(count for one, count in counts.items() if self._unknown[one])
