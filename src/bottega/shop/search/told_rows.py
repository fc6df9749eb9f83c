"""What products say in their attributes, read off the shelf's facets: no product is read from the store for it.

Shapes   N rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bottega.names import IntArray
from bottega.shop.shelf.facet_rows import BRAND
from bottega.shop.shelf.shelf import Shelf

__all__ = ["ToldRows"]


class ToldRows:
    """Values of some rows by the names of their attributes, in the order in which the merchant gave them."""

    def __init__(self, shelf: Shelf, rows: Sequence[int] | IntArray) -> None:
        wanted = np.asarray(rows, dtype=np.int32)
        numbers, places = shelf.facets_of(wanted)
        named = {number: shelf.facet(number) for number in np.unique(numbers).tolist()}
        self._folded = {number: value.casefold() for number, (_, value) in named.items()}
        self._said: list[dict[str, list[str]]] = [{} for _ in range(len(wanted))]
        self._meant: list[dict[str, set[str]]] = [{} for _ in range(len(wanted))]
        for number, place in zip(numbers.tolist(), places.tolist(), strict=True):
            name, value = named[number]
            self._said[place].setdefault(name, []).append(value)
            self._meant[place].setdefault(name, set()).add(self._folded[number])

    def said(self, place: int, name: str) -> Sequence[str]:
        """The values of the row at a place, as the merchant writes them."""
        return self._said[place].get(name, ())

    def folded(self, place: int, name: str) -> frozenset[str]:
        """The same without case."""
        return frozenset(self._meant[place].get(name, ()))

    def brand(self, place: int) -> str | None:
        """Its brand."""
        return next(iter(self.said(place, BRAND)), None)
