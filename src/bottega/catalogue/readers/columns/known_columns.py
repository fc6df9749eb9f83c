"""Columns of a format whose header is known: each gets our word, however the platform spells it today.

A table of words lists the names a column goes by (as `name_of` writes them); numbered families ("Option Name 3") are
patterns whose group is the number, and their words end in it: "option_name 3".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.table import read_table
from bottega.sources.columns import name_of
from bottega.sources.delimited import Row, read_rows
from bottega.sources.source import Source

__all__ = ["KnownColumns", "KnownLine", "Words", "known_lines", "peek_lines"]


@dataclass(slots=True)
class KnownColumns:
    """What each column of one file means."""

    words: dict[str, str]
    """Column to our word."""
    unused: list[str]
    """Columns that have no word."""
    numbers: dict[str, list[int]]
    """Numbered word to the numbers it comes with, ascending."""

    def line(self, row: Row) -> KnownLine:
        """A row by our words."""
        cells: dict[str, str] = {}
        for column, word in self.words.items():
            if text := row.cells.get(column, "").strip():
                cells.setdefault(word, text)
        return KnownLine(row.line, cells, row.cells)


@dataclass(slots=True)
class KnownLine:
    """One row: where it starts, its filled cells by our word, and all its cells by column."""

    line: int
    cells: dict[str, str]
    raw: Mapping[str, str] = field(default_factory=dict)

    def get(self, word: str, *others: str) -> str:
        """The first of these words that is filled, or ""."""
        if text := self.cells.get(word):
            return text
        return next((text for other in others if (text := self.cells.get(other))), "")


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of a format. Where two columns have one word, the first filled one of a row counts."""

    names: Mapping[str, Sequence[str]]
    """Our word to the names it goes by, as `name_of` writes them."""
    numbered: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    """Our word to the pattern of its names, whose group is the number."""

    def of(self, header: Sequence[str]) -> KnownColumns:
        """What each column of a header means."""
        known = {name: word for word, names in self.names.items() for name in names}
        columns = KnownColumns({}, [], {})
        for column in header:
            name = name_of(column)
            if name in known:
                columns.words[column] = known[name]
            elif (found := self._numbered(name)) is not None:
                word, number = found
                columns.words[column] = f"{word} {number}"
                columns.numbers.setdefault(word, []).append(number)
            else:
                columns.unused.append(column)
        columns.numbers = {word: sorted(set(numbers)) for word, numbers in columns.numbers.items()}
        return columns

    def _numbered(self, name: str) -> tuple[str, int] | None:
        for word, pattern in self.numbered.items():
            if match := pattern.fullmatch(name):
                return word, int(next(filter(None, match.groups())))
        return None


@contextmanager
def known_lines(
    reading: Reading, columns_of: Words | KnownColumns
) -> Iterator[tuple[KnownColumns, Iterator[KnownLine]]]:
    """Columns and good rows of a table; when it closes, the columns without a word that held anything are noted."""
    with read_table(reading) as (header, rows):
        columns = columns_of.of(header) if isinstance(columns_of, Words) else columns_of
        waiting = dict.fromkeys(columns.unused)
        filled: dict[str, None] = {}

        def lines() -> Iterator[KnownLine]:
            for row in rows:
                if waiting:
                    found = [column for column in waiting if row.cells.get(column, "").strip()]
                    for column in found:
                        filled[column] = waiting.pop(column)
                yield columns.line(row)

        yield columns, lines()
        reading.unused_columns = reading.left_over(column for column in columns.unused if column in filled)


def peek_lines(source: Source, columns_of: Words | KnownColumns) -> Iterator[KnownLine]:
    """The good rows of a table, before it is read: nothing is counted and nothing is reported."""
    with source.open_text(up_to_the_cut=True) as stream:
        records = read_rows(stream, source.name, source.head)
        header = next(records)
        assert isinstance(header, list), "read_rows yields the header first"
        columns = columns_of.of(header) if isinstance(columns_of, Words) else columns_of
        for record in records:
            if isinstance(record, Row):
                yield columns.line(record)
