"""Rows of a delimited text file, each with the line it starts on; a broken quote costs its own row, not the rest.

The csv module alone reads on to the next quote, however far away, when one is left open. Here a record that cannot be
right (end of file, thousands of lines, or a wrong number of cells after several lines) is refused, and where its later
lines look like rows of their own, reading goes on with the second.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from bottega.errors import ColumnMissing, FormatUnknown
from bottega.sources.columns import name_of

__all__ = ["Broken", "Row", "header_of", "read_rows", "sniff_delimiter"]

_DELIMITERS = ("\t", ";", "|", ",")
_LINES_MAX = 5000
csv.field_size_limit(16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it starts on, its cells by column; `short` when cells were missing at the end."""

    line: int
    cells: dict[str, str]
    short: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that could not be read, and the rule it breaks."""

    line: int
    rule: str
    seen: str


@dataclass(frozen=True, slots=True)
class _Record:
    """Cells of one record; not `complete` when a quote in it never closes."""

    cells: list[str]
    complete: bool = True


@dataclass(slots=True)
class _Lines:
    """Text lines, numbered, of which the last record's can be given back."""

    stream: Iterator[str]
    number: int = 0
    record: list[str] = field(default_factory=list)
    waiting: deque[str] = field(default_factory=deque)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.record) >= _LINES_MAX:
            raise csv.Error("a record of too many lines")
        line = self.waiting.popleft() if self.waiting else next(self.stream)
        self.number += 1
        self.record.append(line)
        return line

    def give_back_all_but_first(self) -> None:
        self.waiting.extendleft(reversed(self.record[1:]))
        self.number -= len(self.record) - 1


def sniff_delimiter(head: str) -> str | None:
    """The delimiter of the first line: the commonest of tab ; | , outside quotes. None when it has none."""
    line = next((line for line in head.splitlines() if line.strip()), "")
    bare = "".join(line.split('"')[0::2])
    counts = {mark: bare.count(mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] else None


def header_of(head: str) -> list[str]:
    """Column names in the first line of a text, made unique; empty when it is no table."""
    delimiter = sniff_delimiter(head)
    lines = (line for line in head.splitlines() if line.strip())
    first = next(csv.reader(lines, delimiter=delimiter), []) if delimiter else []
    return _unique(first)


def read_rows(stream: TextIO, name: str, head: str) -> Iterator[list[str] | Row | Broken]:
    """First the header, then every row. Raises `FormatUnknown` for no table, `ColumnMissing` for no column names."""
    delimiter = sniff_delimiter(head)
    if delimiter is None:
        raise FormatUnknown(
            f"The first line of {name} holds no comma, tab, semicolon or bar.",
            allowed="A table starts with a line of column names.",
            next_step="Check that this is the product export.",
        )
    lines = _Lines(iter(stream))
    header: list[str] = []
    while not header:
        record = _record(lines, delimiter)
        if record is None:
            raise ColumnMissing(f"{name} holds no line of column names.", next_step="Export it again, with headers.")
        header = _unique(record.cells) if any(cell.strip() for cell in record.cells) else []
    yield header
    while (record := _record(lines, delimiter)) is not None:
        line = lines.number - len(lines.record) + 1
        cells = record.cells
        while len(cells) > len(header) and not cells[-1].strip():
            cells.pop()
        several = len(lines.record) > 1
        if record.complete and not any(cell.strip() for cell in cells) and not several:
            continue
        if not record.complete or (several and len(cells) != len(header)):
            seen = lines.record[0].strip()
            if any(_cell_count(later, delimiter) == len(header) for later in lines.record[1:]):
                lines.give_back_all_but_first()
            yield Broken(line, "quote_unclosed", seen)
        elif len(cells) > len(header):
            seen = f"{len(cells)} cells, the header has {len(header)}: {lines.record[0].strip()}"
            yield Broken(line, "columns_extra", seen)
        else:
            yield Row(line, dict(zip(header, cells, strict=False)), short=len(cells) < len(header))


def _record(lines: _Lines, delimiter: str) -> _Record | None:
    """The next record, or None at the end of the file."""
    lines.record.clear()
    try:
        return _Record(next(csv.reader(lines, delimiter=delimiter, strict=True)))
    except StopIteration:
        return None
    except csv.Error:
        if len(lines.record) > 1:
            return _Record([], complete=False)
    try:  # text after a closing quote, as in "5" tall": take it as it stands
        return _Record(next(csv.reader(list(lines.record), delimiter=delimiter)))
    except (csv.Error, StopIteration):
        return _Record([], complete=False)


def _cell_count(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _unique(names: list[str]) -> list[str]:
    """Names stripped of blanks and quotes; a repeated or missing one gets its place's number."""
    seen: set[str] = set()
    unique = []
    for place, name in enumerate(names, start=1):
        stripped = name.strip().lstrip("\ufeff") or f"column {place}"
        if stripped in seen:
            stripped = f"{stripped} ({place})"
        seen.add(stripped)
        unique.append(stripped)
    while unique and unique[-1] == f"column {len(unique)}":
        unique.pop()
    return unique if any(name_of(name) for name in unique) else []
