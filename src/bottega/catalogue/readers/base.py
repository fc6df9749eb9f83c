"""What a reader is: one file format, turned into products one by one.

To add a format: write one file with a class that has `name`, `describe`, `recognises` and `read`, add an instance to
`READERS` in registry.py, a line to docs/feeds.md, and a test with a small sample. A reader turns each row into a
`Draft` of texts and calls `reading.finish(draft)`, which applies the rules, counts the row and returns the product or
None; a row that is broken before that goes to `reading.refuse`. It never drops a row in any other way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from bottega.catalogue.problems import Problem, Severity, problem
from bottega.catalogue.product import Product
from bottega.catalogue.readers.draft import Draft, make_product
from bottega.catalogue.readers.mapping import Mapping
from bottega.catalogue.readers.source import Source

__all__ = ["Reader", "Reading"]


@dataclass(slots=True)
class Reading:
    """One reading of one source: what the reader gets, and what it counts."""

    source: Source
    mapping: Mapping
    """What `--map` said; empty when it said nothing."""
    currency: str
    """Currency of prices that name none."""
    on_problem: Callable[[Problem], None]
    now_ms: int = 0
    """Time that sale periods are judged by, UTC milliseconds."""
    read: int = 0
    """Rows seen that should be products."""
    rejected: int = 0
    """Rows refused so far."""
    unused_columns: list[str] = field(default_factory=list)
    """Columns that became no field; final when reading has ended."""
    refused_ids: set[str] = field(default_factory=set)
    """Ids of refused rows, as far as they could be read: they are in the feed, though unusable."""
    emptied: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Field and word for nothing that stood in it, to the number of times."""
    cut_short: bool = False
    """Whether the source broke before its end."""

    def row(self, place: int | str) -> str:
        """Name of a row, as in "styles.csv:12"."""
        return f"{self.source.name}:{place}"

    def finish(self, draft: Draft) -> Product | None:
        """The product of a row, or None when a rule refused it; problems are reported either way."""
        self.read += 1
        product, problems = make_product(draft, currency=self.currency, now_ms=self.now_ms, emptied=self.emptied)
        for found in problems:
            self.on_problem(found)
        if product is None:
            self.rejected += 1
            if draft.id.strip():
                self.refused_ids.add(draft.id.strip())
        return product

    def refuse(self, rule: str, row: str, seen: str, *, field: str = "", fix: str = "") -> None:
        """Count a row that could not even become a draft."""
        found = problem(rule, row, field, seen, fix=fix)
        assert found.severity is Severity.REJECT, rule
        self.read += 1
        self.rejected += 1
        self.on_problem(found)

    def warn(self, rule: str, row: str, seen: str, *, field: str = "") -> None:
        """Report something that keeps no row out."""
        found = problem(rule, row, field, seen)
        assert found.severity is Severity.WARN, rule
        self.on_problem(found)


class Reader(Protocol):
    """One format."""

    name: str
    """What `--as` calls it."""
    describe: str
    """One line for help and manual."""
    takes_mapping: bool
    """Whether `--map` may be used with it."""
    natural_groups: bool
    """Whether every product of the format has a group, so that a group of one is no mistake."""

    def recognises(self, source: Source) -> float:
        """How sure it is that the source is its format, from 0 to 1, judged by `source.head` and the name."""
        ...

    def read(self, reading: Reading) -> Iterator[Product]:
        """Products of the source, as they are found; memory does not grow with the file."""
        ...
