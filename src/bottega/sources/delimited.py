"""Rows of a delimited text, each with the line it starts on; a broken quote costs its own row, not the rest.

The csv module alone reads on to the next quote, however far away, when one is left open. Here a record that cannot be
right (end of file, thousands of lines, or a wrong number of cells after several lines) is refused, and where its later
lines look like rows of their own, reading goes on with the second. A text that ends in the middle of a row is cut off:
the row is refused, for half a row must not replace a whole one, and `Broken.cut` says so.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from bottega.errors import ColumnMissing, FormatUnknown
from bottega.sources.columns import name_of

__all__ = ["Broken", "DelimitedTable", "Record", "Row", "header_of", "open_table", "read_rows", "sniff_delimiter"]

_DELIMITERS = ("\t", ";", "|", ",")
_LINES_MAX = 5000
_LINE_ENDS = ("\n", "\r")
csv.field_size_limit(16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it starts on, its cells by column; `short` when cells were missing at the end."""

    line: int
    cells: dict[str, str]
    short: bool = False


@dataclass(slots=True)
class Record:
    """One record as a list of cells, at most as many as there are columns."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that could not be read, and the rule it breaks; `cut` where the text ends in it."""

    line: int
    rule: str
    seen: str
    cut: bool = False
    cells: tuple[str, ...] = field(default=(), compare=False)
    """As far as they could be told apart."""
    text: str = field(default="", compare=False)
    """The first line of the record as it stands."""


_LINE = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r'\s*"?#(?:#|\s+\S)')
_NAMES_LEAST = 3
"""Cells that a header has at least, for what stands above it to be a title."""


@dataclass(slots=True)
class DelimitedTable:
    """The columns of a text, and its records as they come."""

    columns: list[str]
    delimiter: str
    records: Iterator[Record | Broken]


@dataclass(slots=True)
class _Lines:
    """Text lines, numbered, of which the last record's can be given back."""

    stream: Iterator[str]
    number: int = 0
    record: list[str] = field(default_factory=list)
    waiting: deque[str] = field(default_factory=deque)
    open_quote: bool = False
    """Whether the text ended within the last record's quote."""

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
    """The delimiter of the header: the commonest of tab ; | , outside quotes. None when it has none."""
    lines, start = _text_lines(head)
    for line in lines[:start]:
        if (said := _said(line)) is not None:
            return said
    bare = "".join((lines[start] if start < len(lines) else "").split('"')[0::2])
    counts = {mark: bare.count(mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] else None


def header_of(head: str) -> list[str]:
    """Column names in the first line of a text that holds some, made unique; empty when it is no table."""
    delimiter = sniff_delimiter(head)
    lines, start = _text_lines(head)
    rest = (line for line in lines[start:] if line.strip())
    try:
        first = next(csv.reader(rest, delimiter=delimiter), []) if delimiter else []
    except csv.Error:
        return []
    return _unique(first)


def _text_lines(head: str) -> tuple[list[str], int]:
    """The lines of a beginning, and which of them is the header: comments ("# Required | ..."), "sep=;" and a title
    stand above it."""
    lines = _LINE.split(head.removeprefix("\ufeff"))
    for place, line in enumerate(lines):
        if not line.strip() or _said(line) is not None or _COMMENT.match(line):
            continue
        # A title has one cell filled, where a line soon after has several.
        if _filled(line) <= 1 and any(_filled(later) >= _NAMES_LEAST for later in lines[place + 1 : place + 4]):
            continue
        return lines, place
    return lines, 0


def _filled(line: str) -> int:
    """How many cells of a line are filled, whatever separates them."""
    bare = re.sub(r'"[^"]*"', "x", line)
    return max(sum(bool(cell.strip()) for cell in bare.split(mark)) for mark in _DELIMITERS)


def open_table(stream: TextIO, name: str, head: str, *, strict: bool = False) -> DelimitedTable:
    """The table of a text. `strict`: text behind a closing quote breaks its row, instead of being taken as it stands.

    Raises `FormatUnknown` for no table and `ColumnMissing` for no column names.
    """
    delimiter = sniff_delimiter(head)
    if delimiter is None:
        raise FormatUnknown(
            f"The first line of {name} holds no comma, tab, semicolon or bar.",
            allowed="A table starts with a line of column names.",
            next_step="Check that this is the product export.",
        )
    lines = _Lines(iter(stream))
    for _ in range(_text_lines(head)[1]):
        next(lines)
    for cells in _parsed(lines, delimiter, strict=False):
        said = len(lines.record) == 1 and _said(lines.record[0]) is not None
        if cells is not None and not said and any(cell.strip() for cell in cells):
            header = _unique(cells)
            if header:
                return DelimitedTable(header, delimiter, _records(lines, delimiter, header, strict=strict))
    raise ColumnMissing(f"{name} holds no line of column names.", next_step="Export it again, with headers.")


def read_rows(stream: TextIO, name: str, head: str) -> Iterator[list[str] | Row | Broken]:
    """First the header, then every row by column. Raises as `open_table`."""
    table = open_table(stream, name, head)
    yield table.columns
    width = len(table.columns)
    for record in table.records:
        if isinstance(record, Broken):
            yield record
        else:
            cells = dict(zip(table.columns, record.cells, strict=False))
            yield Row(record.line, cells, short=len(record.cells) < width)


def _records(lines: _Lines, delimiter: str, header: list[str], *, strict: bool) -> Iterator[Record | Broken]:
    width = len(header)
    shortest = width
    for cells in _parsed(lines, delimiter, strict=strict):
        line = lines.number - len(lines.record) + 1
        several = len(lines.record) > 1
        if cells is not None:
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
        text = lines.record[0].strip() if cells is None or len(cells) != width else ""
        if cells is None or (several and len(cells) != width):
            if any(_cell_count(later, delimiter) == width for later in lines.record[1:]):
                lines.give_back_all_but_first()
            cut = lines.open_quote and not lines.waiting
            yield Broken(line, "quote_unclosed", text, cut, tuple(cells or ()), text)
        elif len(cells) > width:
            seen = f"{len(cells)} cells, the header has {width}: {text}"
            yield Broken(line, "columns_extra", seen, cells=tuple(cells), text=text)
        elif (
            cells
            and cells[0].startswith("#")
            and all(cell.startswith("#") for cell in cells if cell.strip())
            and width > 2
        ):
            continue  # a template says below its header what belongs there
        elif several or any(cell.strip() for cell in cells):
            if len(cells) < shortest:
                # Rows that leave out empty cells at their end do so all along; one alone, at the very end, was cut.
                if not lines.record[-1].endswith(_LINE_ENDS):
                    yield Broken(line, "row_cut", text, True, tuple(cells), text)
                    continue
                shortest = len(cells)
            yield Record(line, cells)


def _parsed(lines: _Lines, delimiter: str, *, strict: bool) -> Iterator[list[str] | None]:
    """Cells of every record; None for one with a quote that never closes."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.record.clear()
        lines.open_quote = False
        cells: list[str] | None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            lines.open_quote = "end of data" in str(error)
            alone = len(lines.record) == 1 and not lines.open_quote
            cells = None if strict or not alone else _as_it_stands(lines.record[0], delimiter)
        yield cells


def _as_it_stands(line: str, delimiter: str) -> list[str] | None:
    """Cells of a line with text after a closing quote, as in "5" tall"."""
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return None


def _cell_count(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _said(line: str) -> str | None:
    """The delimiter of a first line as Excel writes it: sep=;"""
    plain = line.strip().lstrip("\ufeff").strip('"').lower()
    return plain[4] if len(plain) == 5 and plain.startswith("sep=") and plain[4] in _DELIMITERS else None


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
