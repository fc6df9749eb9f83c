"""What a reader is: one file format, turned into rows of raw fields.

To add a format: write one file with a class that has `name`, `describe`, `vocabulary`, `strict_kinds`, `recognises` and
`read`, add an instance to `READERS` in registry.py, its event names to aliases.py, a line to docs/events.md, and a test
with a small sample. A reader says where things stand in a row; what is a usable event is decided by `events.check` for
all formats alike. A row that cannot even be taken apart goes to `reading.refuse`; a reader never drops one silently.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol

from pydantic import ValidationError

from bottega.errors import EventInvalid
from bottega.events.absent import nobody_in, without_absent
from bottega.events.batch import RawBatch
from bottega.events.kinds import KindWords
from bottega.events.log_in import LogIn
from bottega.events.row_rules import WHO
from bottega.events.rules import RULES
from bottega.events.times import now_ms
from bottega.sources.problems import Rule
from bottega.sources.reading import Reading as SourceReading
from bottega.sources.source import Source
from bottega.texts import plain_fault, shown

__all__ = ["OrderHead", "Reader", "Reading", "ids_in"]

_NAMED = re.compile(
    r"""["'](?:shopper|user|customer|anonymous|visitor|client|device|session|cookie)(?:_?id)?["']\s*:\s*"""
    r"""(?:"((?:[^"\\]|\\.)*)"?|(-?\d+))""",
    re.IGNORECASE,
)
"""An id in what was meant to be an object."""


def ids_in(text: str) -> list[str]:
    """Ids that a row names which is no JSON.

    >>> ids_in('{"shopper_id": "ada", "anonymousId": "c-1", "user": 7, "kind": "view"')
    ['ada', 'c-1', '7']
    """
    return [quoted or number for quoted, number in _NAMED.findall(text)]


@dataclass(slots=True)
class Reading(SourceReading):
    """One reading of one file: what the reader gets, and what it leaves behind."""

    RULES: ClassVar[Mapping[str, Rule]] = RULES

    columns: Mapping[str, str] = field(default_factory=dict)
    """Field to column, as `--map` said."""
    default_kind: str | None = None
    """Kind of rows that name none, as `--kind` said."""
    chunk_rows: int = 50_000
    """Rows in one batch."""
    log_ins: list[LogIn] = field(default_factory=list)
    """Log-ins without a product, and what events say of their shoppers, since `on_log_ins` took some."""
    on_log_ins: Callable[[Sequence[LogIn]], None] | None = None
    """Takes them when they are many."""
    nobody: Counter[str] = field(default_factory=Counter)
    """Ids in log-ins that named nobody, and how often."""
    now: int = field(default_factory=now_ms)
    """Our clock, UTC milliseconds."""
    kinds: KindWords = field(default_factory=KindWords)
    """What names of events mean, as `--kinds` said and the table of aliases says."""
    notes: list[str] = field(default_factory=list)
    """What the reader took something for that the file does not plainly say, in sentences."""
    known_by: str = "the event's id, or without one shopper, kind, product and time"
    """By what a row is known to be there already."""
    who_places: list[int] = field(default_factory=list)
    """Places of the columns of a table that name somebody, for rows that cannot be taken apart."""
    heads: dict[str, OrderHead] = field(default_factory=dict)
    """Orders of which another table of the same import says whose they are, and when."""

    def log_in(self, place: int | str, fields: Mapping[str, Any], *, beside: bool = False) -> bool:
        """Take a log-in, or what stands `beside` an event, as fields of `LogIn`; false where it was refused."""
        said, strangers = without_absent(fields)
        if strangers and not beside:
            self.nobody.update(strangers)
            if (named := nobody_in(fields)) and not any(said.get(name) for name in WHO):
                self.refuse("who_nobody", place, named[0][1], field=named[0][0])
                return False
        who = [said.get(name) for name in WHO]
        try:
            self.log_ins.append(LogIn.of(said, now=self.now))
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            name = ".".join(str(part) for part in found["loc"])
            self.refuse("traits_invalid", place, f"{shown(found['input'])}: {plain_fault(found)}", field=name, who=who)
            return False
        except EventInvalid as error:
            self.refuse("time_unreadable", place, error.seen, field="time", who=who)
            return False
        if len(self.log_ins) >= self.chunk_rows:
            self.hand_over()
        return True

    def hand_over(self) -> None:
        """Give the log-ins read so far to whoever takes them."""
        if self.on_log_ins is not None:
            self.on_log_ins(self.log_ins)
            self.log_ins = []

    def named_in(self, text: str) -> list[str]:
        return ids_in(text)


class OrderHead(NamedTuple):
    """What a table of orders says of one, for the table that holds its lines."""

    who: tuple[str | None, str | None]
    """Shopper and anonymous id."""
    time: str | None
    state: str | None


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

    def recognises(self, source: Source) -> float:
        """How sure it is that the file is its format, from 0 to 1, judged by `source.head` and the name."""
        ...

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows as they stand in the file; memory does not grow with its length."""
        ...
