"""What a reader is: one file format, turned into products one by one.

To add a format: write one file with a class that has `name`, `describe`, `recognises` and `read`, add an instance to
`READERS` in registry.py, a line to docs/feeds.md, and a test with a small sample. A reader turns each row into a
`Draft` of texts and calls `reading.finish(draft)`, which applies the rules, counts the row and returns the product or
None; a row that is broken before that goes to `reading.refuse`. It never drops a row in any other way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from bottega.catalogue.problems import RULES
from bottega.catalogue.product import Product
from bottega.catalogue.readers.draft import Draft, make_product
from bottega.catalogue.readers.mapping import Mapping
from bottega.sources.problems import Rule
from bottega.sources.reading import Reading as SourceReading
from bottega.sources.source import Source

__all__ = ["Reader", "Reading"]

_BETWEEN = re.compile(r"""[",;\t|<>{}\[\]:]+""")
"""What stands between the values of a row, whatever its format."""


@dataclass(slots=True)
class Reading(SourceReading):
    """One reading of one feed: what the reader gets, and what it counts."""

    RULES: ClassVar[AnyMapping[str, Rule]] = RULES

    mapping: Mapping
    """What `--map` said; empty when it said nothing."""
    currency: str
    """Currency of prices that name none."""
    now_ms: int = 0
    """Time that sale periods are judged by, UTC milliseconds."""
    beside: tuple[Source, ...] = ()
    """Other files of the same import, for formats that say one thing in several."""
    joined: int = 0
    """Rows that are a part of other products and no product themselves: parents of variants, pictures of their own."""
    refused_ids: set[str] = field(default_factory=set)
    """Ids of refused rows, as far as they could be read: they are in the feed, though unusable."""
    emptied: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Field and word for nothing that stood in it, to the number of times."""

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

    def named_in(self, text: str) -> tuple[str, ...]:
        """No person; but what may be the id of a product in a broken row is in the feed, so it has not vanished."""
        self.refused_ids.update(piece for part in _BETWEEN.split(text) if (piece := part.strip()))
        return ()


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
