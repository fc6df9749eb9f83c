"""What kind of thing each product of a shelf is, and which others are of that kind.

Categories say it of most, a whole path at once; titles are read only of those of which no category and no type does.
Shapes   V products.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from bottega.models.search.heads import upwards
from bottega.models.search.kinds import Kind, kind_of, says_a_thing, things_in
from bottega.names import BoolArray, IntArray, LongArray
from bottega.shop.search.classes_had import classes_had
from bottega.shop.shelf.shelf import Shelf

__all__ = ["TYPE_ATTRIBUTES", "KindRows"]

TYPE_ATTRIBUTES = ("type", "product_type", "article_type", "articletype")
"""Attributes that say what a product is."""
WORN = frozenset({"kind.clothing", "kind.footwear", "kind.accessories", "kind.jewellery"})
"""What the lists call the things that are worn."""
UNKNOWN = 0.02
"""Kinds of fewer products than this share need not be known by the lists."""


class KindRows:
    """The kind of each row, by number. Never changes."""

    def __init__(self, shelf: Shelf, languages: tuple[str, ...], types: Iterable[tuple[str, LongArray]] = ()) -> None:
        """`types`: values of `TYPE_ATTRIBUTES`, each with its rows; `languages`: those of the shop."""
        self.shelf = shelf
        self._number: dict[Kind, int] = {(): 0}
        self._kinds: list[Kind] = [()]
        paths, place = shelf.paths_of(np.arange(len(shelf), dtype=np.int32))
        self._of_row: IntArray = np.array([self._numbered(path) for path in paths], dtype=np.int32)[place]
        mute = [path for path in paths if not says_a_thing(path, languages)]
        if not mute:
            return
        unsaid = np.isin(self._of_row, [self._number[path] for path in mute])
        typed: dict[int, str] = {}
        for value, rows in types:
            typed |= dict.fromkeys(rows[unsaid[rows]].tolist(), value)
        mine: list[int] = np.flatnonzero(unsaid).tolist()
        for row, title in zip(mine, shelf.titles_at(mine), strict=True):
            path = self._kinds[self._of_row[row]]
            said = (typed[row],) if row in typed else ()
            self._of_row[row] = self._numbered(kind_of(title, path, said, languages))

    def of(self, row: int) -> Kind:
        """The kind of a row; empty where nobody knows."""
        return self._kinds[self._of_row[row]] if 0 <= row < len(self._of_row) else ()

    def within(self, kind: Kind, size: int) -> BoolArray:
        """Rows of a kind and of what is a kind of that [size]; none for the kind that nobody knows."""
        found = np.zeros(size, dtype=np.bool_)
        if kind:
            inside = np.array([one[: len(kind)] == kind for one in self._kinds])
            known = inside[self._of_row[:size]]
            found[: len(known)] = known
        return found

    def among(self, kinds: Collection[Kind], size: int) -> BoolArray:
        """Rows of just these kinds [size]."""
        wanted = set(kinds)
        inside = np.array([one in wanted for one in self._kinds])
        found = np.zeros(size, dtype=np.bool_)
        known = inside[self._of_row[:size]]
        found[: len(known)] = known
        return found

    def counted(self) -> dict[Kind, int]:
        """How many products there are of each kind; () of those whose kind nobody knows."""
        counts = np.bincount(self._of_row, minlength=len(self._kinds)).tolist()
        return {kind: rows for kind, rows in zip(self._kinds, counts, strict=True) if rows}

    def things(self, languages: tuple[str, ...]) -> frozenset[str] | None:
        """What the lists call the things here; None where they do not know what some of them are."""
        found: set[str] = set()
        counted = np.bincount(self._of_row, minlength=len(self._kinds))
        for kind, rows in zip(self._kinds, counted.tolist(), strict=True):
            if not rows:
                continue
            called = things_in(kind[-1], languages) if kind else frozenset()
            if not called and rows > UNKNOWN * len(self._of_row):
                return None
            found |= called
        return frozenset(found)

    def classes(self, classes: Sequence[str], languages: tuple[str, ...]) -> BoolArray | None:
        """Which things that an eye tells apart, by their English names [C], may be here; None where nobody can say."""
        return classes_had(self.counted(), classes, languages, few=UNKNOWN * len(self._of_row))

    def worn(self, languages: tuple[str, ...]) -> float | None:
        """The share of products that are worn, small ones rounded away; None where the lists do not know of some."""
        things = self.things(languages)
        if things is None:
            return None
        counted = np.bincount(self._of_row, minlength=len(self._kinds))
        worn = sum(
            rows
            for kind, rows in zip(self._kinds, counted.tolist(), strict=True)
            if kind and any(WORN.intersection(upwards(one)) for one in things_in(kind[-1], languages))
        )
        share = worn / max(int(counted.sum()), 1)
        return 0.0 if share < UNKNOWN else 1.0 if share > 1 - UNKNOWN else share

    def _numbered(self, kind: Kind) -> int:
        number = self._number.setdefault(kind, len(self._kinds))
        if number == len(self._kinds):
            self._kinds.append(kind)
        return number
