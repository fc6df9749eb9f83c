"""Records of a table of events: its header, and the cells of every row with the line it starts on.

`sources/delimited.py` takes the text apart; here a row that could not be taken apart, or has too few cells, is refused
with the ids of whom it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bottega.events.readers.base import Reading
from bottega.sources.delimited import Broken, DelimitedTable, open_table
from bottega.sources.table_head import header_of

__all__ = ["EventTable", "Row", "header_in", "read_table"]

Row = tuple[int, list[str]]
"""The line a row starts on, and its cells."""


@dataclass(slots=True)
class EventTable:
    """A table that is being read."""

    header: list[str]
    rows: Iterator[Row]
    """Rows with as many cells as the header; the others were refused."""


def header_in(head: str) -> list[str]:
    """The names of columns in the first line of a text; empty where it is no table."""
    return [] if head.lstrip().startswith(("{", "[", "<")) else header_of(head)


@contextmanager
def read_table(reading: Reading) -> Iterator[EventTable]:
    """The header, and the rows as they come."""
    source = reading.source
    with source.open_text() as stream:
        table = open_table(stream, source.name, source.head, strict=True)
        if table.fractions:
            reading.notes.append(f"Ids in {', '.join(table.fractions)} stand there as 1001.0; they were read as 1001.")
        yield EventTable(table.columns, _rows(table, reading))


def _rows(table: DelimitedTable, reading: Reading) -> Iterator[Row]:
    width = len(table.columns)
    for record in table.records:
        if isinstance(record, Broken):
            reading.cut_short = reading.cut_short or record.cut
            reading.refuse(record.rule, record.line, record.text, who=_who(record.cells, reading.who_places))
        elif len(record.cells) < width:
            text = table.delimiter.join(record.cells)
            reading.refuse("columns_short", record.line, text, who=_who(record.cells, reading.who_places))
        else:
            yield record.line, record.cells


def _who(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    return [cells[place] for place in places if place < len(cells)]
