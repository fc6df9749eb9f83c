"""What a reader is: one file format, turned into rows of raw fields.

To add a format: write one file with a class that has `name`, `describe`, `vocabulary`, `strict_kinds`, `recognises` and
`read`, add an instance to `READERS` in registry.py, its event names to aliases.py, a line to docs/events.md, and a test
with a small sample. A reader says where things stand in a row; what is a usable event is decided by `events.check` for
all formats alike. A row that cannot even be taken apart goes to `reading.refuse`; a reader never drops one silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bottega.events.batch import RawBatch
from bottega.events.check import Problem, problem
from bottega.events.readers.source import EventSource

__all__ = ["Reader", "Reading"]


@dataclass(slots=True)
class Reading:
    """One reading of one file: what the reader gets, and what it leaves behind."""

    source: EventSource
    on_problem: Callable[[Problem], None]
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field to column, as `--map` said."""
    default_kind: str | None = None
    """Kind of rows that name none, as `--kind` said."""
    chunk_rows: int = 50_000
    """Rows in one batch."""
    unused_columns: list[str] = field(default_factory=list)
    """Columns that became no field; final when reading has ended."""

    def refuse(self, rule: str, place: int | str, seen: str, *, field: str = "") -> None:
        """Report a row that could not be taken apart."""
        shown = seen.encode(errors="replace").decode()
        self.on_problem(problem(rule, f"{self.source.name}:{place}", field, shown))


class Reader(Protocol):
    """One format."""

    name: str
    """What `--as` calls it."""
    describe: str
    """One line for help and manual."""
    vocabulary: str
    """Whose event names it uses (`aliases.ALIASES`); written into each event's source."""
    strict_kinds: bool
    """Whether a name outside the vocabulary is a mistake, rather than an event of no interest."""

    def recognises(self, source: EventSource) -> float:
        """How sure it is that the file is its format, from 0 to 1, judged by `source.head` and the name."""
        ...

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows as they stand in the file; memory does not grow with its length."""
        ...
