"""What a reader is: one file format, turned into products one by one.

To add a format: write one file with a class that has `name`, `describe`, `recognises` and `read`, add an instance to
`READERS` in registry.py, a line to docs/feeds.md, and a test with a small sample. A reader turns each row into a
`Draft` of texts, with the row's `cells` for `--map`, and calls `reading.finish(draft)`, which applies the rules, counts
the row and returns the product or None; a row that is broken before that goes to `reading.refuse`. It never drops a row
in any other way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

from bottega.catalogue.problems import RULES
from bottega.catalogue.product import Product
from bottega.catalogue.readers.columns.filling import fill
from bottega.catalogue.readers.columns.guessing import FieldGuess
from bottega.catalogue.readers.columns.mapping import Bound, Mapping, bind
from bottega.catalogue.readers.draft import Draft, make_product, said_by
from bottega.catalogue.readers.fields.values import CLEAR
from bottega.dates import TimeForm
from bottega.errors import MappingInvalid
from bottega.sources.problems import Rule, Severity
from bottega.sources.reading import Reading as SourceReading
from bottega.sources.source import Source

__all__ = ["Reader", "Reading"]

_BARE = re.compile(r"[\d\s.,'’+-]*")
"""A price without a sign or a code."""
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
    form: TimeForm = CLEAR
    """How times are written, as far as their column decides it."""
    guesses: list[FieldGuess] = field(default_factory=list)
    """What was guessed of the columns, with how sure it is."""
    doubts: dict[str, str] = field(default_factory=dict)
    """Columns whose names mean a field that their values are not, to why."""
    planned: bool = False
    """Whether the reader itself has put the mapping into its plan of the columns."""
    laid_over: Bound | None = None
    """What `--map` says of a format whose columns are known (`lay_over`)."""
    refused_ids: set[str] = field(default_factory=set)
    """Ids of refused rows, as far as they could be read: they are in the feed, though unusable."""
    without_currency: int = 0
    """Products whose price names no currency, so that it has this reading's."""
    emptied: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Field and word for nothing that stood in it, to the number of times."""

    def lay_over(self, columns: Sequence[str]) -> None:
        """Remember what `--map` says of these columns, for `finish` to lay over the drafts of a format that knows its
        columns by itself. Raises `MappingInvalid` for a column that is not among them."""
        if self.mapping:
            self.laid_over = bind(self.mapping, columns)

    def left_over(self, columns: Iterable[str]) -> list[str]:
        """Those of these columns that `--map` does not name."""
        used = self.laid_over.used if self.laid_over is not None else frozenset()
        return [column for column in columns if column not in used]

    def _lay_over(self, draft: Draft) -> None:
        if draft.cells is None:
            raise MappingInvalid(
                "--map was given with a format that has no columns to name.",
                allowed="It works with tables, with feeds of Google's and Meta's names, and with JSON of any shape.",
                next_step="Leave it out, or read the file as another format with --as.",
            )
        if self.laid_over is None:  # objects have no header: the first tells
            self.lay_over(list(draft.cells))
        assert self.laid_over is not None, "there is a mapping"
        fill(draft, draft.cells, self.laid_over)

    def finish(self, draft: Draft) -> Product | None:
        """The product of a row, or None when a rule refused it; problems are reported either way."""
        self.read += 1
        if self.mapping and not self.planned:
            self._lay_over(draft)
        product, problems = make_product(
            draft, currency=self.currency, now_ms=self.now_ms, emptied=self.emptied, form=self.form
        )
        said = said_by(draft) if product is None else ""
        for found in problems:
            self.on_problem(replace(found, said=said) if found.severity is Severity.REJECT else found)
        if product is None:
            self.rejected += 1
            if draft.id.strip():
                self.refused_ids.add(draft.id.strip())
        elif product.price_minor is not None and not draft.currency.strip() and _BARE.fullmatch(draft.price):
            self.without_currency += 1
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
    natural_groups: bool
    """Whether every product of the format has a group, so that a group of one is no mistake."""

    def recognises(self, source: Source) -> float:
        """How sure it is that the source is its format, from 0 to 1, judged by `source.head` and the name."""
        ...

    def read(self, reading: Reading) -> Iterator[Product]:
        """Products of the source, as they are found; memory does not grow with the file."""
        ...
