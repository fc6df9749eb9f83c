"""The files of events that a request names, read and checked: what an import stores, and a check judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

import polars as pl

from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.actions.intake.sources import Incoming
from bottega.dates import DateOrder, Survey, TimeForm, zone_called
from bottega.errors import FormatUnknown, MappingInvalid
from bottega.events.aliases import kind_of
from bottega.events.check import Checker
from bottega.events.kinds import KindWords, parse_kinds
from bottega.events.log_in import LogIn
from bottega.events.product_ids import IdPattern, ProductIds, parse_pattern
from bottega.events.readers.base import OrderHead, Reader, Reading
from bottega.events.readers.order_table import OrderTable
from bottega.events.readers.registry import READERS, choose_reader
from bottega.names import EventKind
from bottega.sources.parquet import is_parquet
from bottega.sources.problems import Problem
from bottega.sources.source import Source

__all__ = ["CHUNK_ROWS", "EventFile", "EventFiles", "SaidOfEvents", "said_of"]

CHUNK_ROWS = 50_000
"""Rows checked, and stored, at once."""
_SURE_IN_FOLDER = 0.5


@dataclass(frozen=True, slots=True)
class SaidOfEvents:
    """What a request says of every file, understood."""

    kind: str | None
    kinds: KindWords
    zone: tzinfo
    dates: DateOrder | None
    pattern: IdPattern | None


def said_of(request: ImportEventsRequest) -> SaidOfEvents:
    """Raises `MappingInvalid` for what nobody can understand."""
    return SaidOfEvents(
        _known_kind(request.kind),
        parse_kinds(request.kinds),
        zone_called(request.timezone),
        request.dates,
        parse_pattern(request.product_ids),
    )


@dataclass(slots=True)
class EventFiles:
    """The files, one after another; what is true of all of them goes into `report`."""

    incoming: Incoming
    request: ImportEventsRequest
    said: SaidOfEvents
    report: ImportReport
    currency: str
    """The shop's, in which values are."""
    products: ProductIds | None
    """Knows which product an id means."""
    on_problem: Callable[[Problem], None]
    on_log_ins: Callable[[str, Sequence[LogIn]], None]
    """Takes log-ins, and the name of the file they came from."""
    chunk_rows: int = CHUNK_ROWS
    _heads: dict[str, OrderHead] = field(default_factory=dict, init=False)

    def opened(self) -> Iterator[EventFile]:
        """Each with its reader. Raises `FormatUnknown`."""
        report, request = self.report, self.request
        chosen = _choose(self.incoming, request.format, report)
        report.format = ", ".join(dict.fromkeys(reader.name for _, reader in chosen))
        if request.format is None:
            report.format_sure = round(min(reader.recognises(file) for file, reader in chosen), 2)
        for file, reader in chosen:
            yield EventFile(self, file, reader)

    def reading(self, file: Source, *, kept: bool) -> Reading:
        """A reading of one file. Without `kept` it is a look ahead: nothing of it is told, and nothing remembered."""
        on_problem = self.on_problem if kept else lambda _: None
        found = Reading(
            file,
            on_problem,
            columns=dict(self.request.columns or {}),
            default_kind=self.said.kind,
            chunk_rows=self.chunk_rows if kept else CHUNK_ROWS,
            kinds=self.said.kinds,
            heads=self._heads if kept else {},
        )
        if kept:
            found.nobody = self.report.nobody
        found.on_log_ins = (lambda many: self.on_log_ins(file.name, many)) if kept else (lambda _: None)
        return found


class EventFile:
    """One file with its reader."""

    def __init__(self, files: EventFiles, source: Source, reader: Reader) -> None:
        self.source = source
        self.reading = files.reading(source, kept=True)
        self._files = files
        self._reader = reader

    def checked(self) -> Iterator[pl.DataFrame]:
        """The usable events, in batches; then what is true of the whole file is in the report."""
        files, file, reader, reading = self._files, self.source, self._reader, self.reading
        report = files.report
        checker = Checker(
            file.name,
            reader.vocabulary,
            reader.strict_kinds,
            files.said.kind,
            reading.now,
            files.on_problem,
            ignored=report.ignored,
            nobody=report.nobody,
            kinds=files.said.kinds,
            currency=files.currency,
            form=TimeForm(files.said.zone),
            survey=self._survey,
            products=files.products,
            unknown_kinds=report.unknown_kinds,
        )
        for batch in reader.read(reading):
            yield checker.check(batch)
            reading.hand_over()
        reading.hand_over()
        if not is_parquet(file) and (detected := file.detected.said()):
            report.notes.append(f"{file.name} was {detected}. If it is another encoding, name it with --encoding.")
        if file.note:
            report.notes.append(file.note)
        if reading.cut_short:
            files.incoming.incomplete = True
            report.notes.append(f"{file.name} breaks before its end: what came before was taken.")

    def _survey(self) -> TimeForm:
        """How the times of the file are written, by a look through all of them."""
        survey = Survey(self.reading.now)
        reading = self._files.reading(self.source, kept=False)
        for batch in self._reader.read(reading):
            survey.look(batch.columns.get("time") or ())
            reading.hand_over()
        form, notes = survey.form(self._files.said.zone, self._files.said.dates)
        self._files.report.notes += [f"{self.source.name}: {sentence}" for sentence in notes]
        return form


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
