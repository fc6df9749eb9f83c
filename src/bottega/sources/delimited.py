"""Rows of a delimited text, each with the line it starts on; a broken quote costs its own row, not the rest.

The csv module alone reads on to the next quote, however far away, when one is left open. Here a record that cannot be
right (end of file, thousands of lines, or a wrong number of cells after several lines) is refused, and where its later
lines look like rows of their own, reading goes on with the second. A text that ends in the middle of a row is cut off:
the row is refused, for half a row must not replace a whole one, and `Broken.cut` says so.

What other programs write is understood where it makes a row whole: quotes after a backslash, single quotes; the header
again in the middle, where files were put together, is no row.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TextIO

from bottega.errors import ColumnMissing, FormatUnknown
from bottega.sources.table_head import (
    is_separator_line,
    lines_and_start,
    quote_of,
    sniff_delimiter,
    unique_names,
)
from bottega.sources.whole_ids import fraction_columns, whole_ids

__all__ = ["Broken", "DelimitedTable", "Record", "Row", "open_table", "read_rows", "rows_of"]

_LINES_MAX = 5000
_LINE_ENDS = ("\n", "\r")
_LOOKED_AT = 200
"""Records by which columns are judged."""
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


@dataclass(slots=True)
class DelimitedTable:
    """The columns of a text, and its records as they come."""

    columns: list[str]
    delimiter: str
    records: Iterator[Record | Broken]
    fractions: tuple[str, ...] = ()
    """Columns of ids that were written as measures (1001.0) and are read as whole numbers."""


@dataclass(slots=True)
class _Lines:
    """Text lines, numbered, of which the last record's can be given back."""

    stream: Iterator[str]
    number: int = 0
    record: list[str] = field(default_factory=list)
    waiting: deque[str] = field(default_factory=deque)
    open_quote: bool = False
    """Whether the text ended within the last record's quote."""
    odd: bool = False
    """Whether the last record has text behind a closing quote."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.record) >= _LINES_MAX:
            raise csv.Error("a record of too many lines")
        line = self.waiting.popleft() if self.waiting else next(self.stream)
        if line[:1] == "\ufeff":  # files that were put together keep their marks
            line = line.lstrip("\ufeff")
        self.number += 1
        self.record.append(line)
        return line

    def give_back_all_but_first(self) -> None:
        self.waiting.extendleft(reversed(self.record[1:]))
        self.number -= len(self.record) - 1


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
    start = lines_and_start(head)[1]
    for _ in range(start):
        next(lines)
    quote = quote_of(next(iter(lines_and_start(head)[0][start:]), ""), delimiter)
    for cells in _parsed(lines, delimiter, quote, strict=False):
        said = len(lines.record) == 1 and is_separator_line(lines.record[0]) is not None
        if cells is not None and not said and any(cell.strip() for cell in cells):
            header = unique_names(cells)
            if header:
                records = _records(lines, delimiter, quote, header, cells, strict=strict)
                return _settled(DelimitedTable(header, delimiter, records))
    raise ColumnMissing(f"{name} holds no line of column names.", next_step="Export it again, with headers.")


def _settled(table: DelimitedTable) -> DelimitedTable:
    """The table with ids that were taken for measures made whole, as its first records tell."""
    first = list(islice(table.records, _LOOKED_AT))
    places = fraction_columns(table.columns, [one.cells for one in first if isinstance(one, Record)])
    records = chain(first, table.records)
    if not places:
        return DelimitedTable(table.columns, table.delimiter, records)
    table.fractions = tuple(table.columns[place] for place in places)

    def whole() -> Iterator[Record | Broken]:
        for record in records:
            yield Record(record.line, whole_ids(record.cells, places)) if isinstance(record, Record) else record

    return DelimitedTable(table.columns, table.delimiter, whole(), table.fractions)


def read_rows(stream: TextIO, name: str, head: str) -> Iterator[list[str] | Row | Broken]:
    """First the header, then every row by column. Raises as `open_table`."""
    table = open_table(stream, name, head)
    yield table.columns
    yield from rows_of(table)


def rows_of(table: DelimitedTable) -> Iterator[Row | Broken]:
    """Every row by column."""
    width = len(table.columns)
    for record in table.records:
        if isinstance(record, Broken):
            yield record
        else:
            cells = dict(zip(table.columns, record.cells, strict=False))
            yield Row(record.line, cells, short=len(record.cells) < width)


def _records(
    lines: _Lines, delimiter: str, quote: str, header: list[str], written: list[str], *, strict: bool
) -> Iterator[Record | Broken]:
    """Records below a header, which was `written` so."""
    width = len(header)
    shortest = width
    for cells in _parsed(lines, delimiter, quote, strict=strict):
        if cells == written:
            continue
        line = lines.number - len(lines.record) + 1
        several = len(lines.record) > 1
        if cells is not None:
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
        if lines.odd or cells is None or len(cells) > width or (several and len(cells) != width):
            mended = _mended(lines.record[0], delimiter, width)
            if mended is not None:
                lines.give_back_all_but_first()
                cells, several = mended, False
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


def _parsed(lines: _Lines, delimiter: str, quote: str, *, strict: bool) -> Iterator[list[str] | None]:
    """Cells of every record; None for one with a quote that never closes."""
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)
    while True:
        lines.record.clear()
        lines.open_quote = lines.odd = False
        cells: list[str] | None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)
            lines.odd = True
            lines.open_quote = "end of data" in str(error)
            alone = len(lines.record) == 1 and not lines.open_quote
            cells = None if strict or not alone else _as_it_stands(lines.record[0], delimiter)
        yield cells


def _mended(line: str, delimiter: str, width: int) -> list[str] | None:
    """Cells of a line whose quotes stand after backslashes, or that has single ones, where it is whole so."""
    for told, escape, quote in (('\\"', "\\", '"'), ("'", None, "'")):
        if told in line:
            try:
                rows = list(csv.reader([line], delimiter=delimiter, quotechar=quote, escapechar=escape, strict=True))
            except csv.Error:
                continue
            if len(rows) == 1 and len(rows[0]) == width:
                return rows[0]
    return None


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
