"""How large a share of what a query finds has a value anyway: what a click on a product of it would say by chance.

Shapes   M values, N votes, R rows that some words find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bottega.languages.fold import tokens
from bottega.models.search.learnt import PRODUCT, Doubles
from bottega.models.search.listing import CATEGORY
from bottega.names import IntArray
from bottega.shop.shelf.shelf import Shelf

if TYPE_CHECKING:
    from bottega.shop.search.index import SearchIndex

__all__ = ["FieldValue", "UsualShares"]

FieldValue = tuple[str, str]
FOUND_MOST = 500
"""Of what words find, so many of the best are looked at."""
UNTELLING = frozenset({"yes", "no", "true", "false", "none", "unknown", "other", "ja", "nein", "oui", "non", "si"})
"""Values that mean nothing without their field."""


class UsualShares:
    """Of one shelf, at one moment."""

    def __init__(self, shelf: Shelf, index: SearchIndex) -> None:
        self._shelf, self._index = shelf, index
        self._of_words: dict[str, tuple[Counter[FieldValue], int]] = {}
        self._of_product: dict[str, frozenset[FieldValue]] = {}

    @property
    def size(self) -> int:
        """Rows of the shelf."""
        return len(self._shelf)

    def row_of(self, product_id: str) -> int:
        """The row of a product; -1 where it is gone."""
        return self._shelf.row_of(product_id)

    def values_of(self, product_id: str) -> frozenset[FieldValue]:
        """Fields and values of a product; none where it is gone."""
        if product_id not in self._of_product:
            row = self._shelf.row_of(product_id)
            found = self._counted(np.array([row], dtype=np.int32)) if row >= 0 else Counter[FieldValue]()
            own = [(PRODUCT, _whole(self._shelf, row))] if row >= 0 else []
            self._of_product[product_id] = frozenset([*found, *own])
        return self._of_product[product_id]

    def of(self, values: Sequence[FieldValue], beside: Sequence[str]) -> Doubles:
        """The share that each value [M] has among what other words find, on average over the votes [N]."""
        found = np.zeros(len(values), dtype=np.float64)
        for words, times in Counter(beside).items():
            counts, size = self._among(words)
            for at, value in enumerate(values):
                count = 1 if value[0] == PRODUCT else counts[value]
                found[at] += times * min(count / max(size, 1), 1.0)
        return found / max(len(beside), 1)

    def _among(self, words: str) -> tuple[Counter[FieldValue], int]:
        if words not in self._of_words:
            allowed = self._shelf.usable
            rows = np.flatnonzero(allowed).astype(np.int32)
            if words:
                hits = self._index.listings(words, allowed, FOUND_MOST)
                found = hits.ids[: hits.close_from] if hits.close_from else hits.ids
                rows = found.astype(np.int32) if len(found) else rows
            self._of_words[words] = self._counted(rows), len(rows)
        return self._of_words[words]

    def _counted(self, rows: IntArray) -> Counter[FieldValue]:
        """How many rows have each value."""
        counts: Counter[FieldValue] = Counter()
        numbers, _ = self._shelf.facets_of(rows)
        for number, count in zip(*np.unique(numbers, return_counts=True), strict=True):
            field, value = self._shelf.facet(int(number))
            if _tells(value):
                counts[field, value] += int(count)
        paths, places = self._shelf.paths_of(rows)
        for path, count in zip(paths, np.bincount(places, minlength=len(paths)).tolist(), strict=True):
            for level in dict.fromkeys(path):
                counts[CATEGORY, level] += count
        return counts


def _whole(shelf: Shelf, row: int) -> str:
    """The id of a product with all its variants."""
    product = shelf.product(row)
    return product.group_id or product.id


def _tells(value: str) -> bool:
    words = tokens(value)
    return any(any(letter.isalpha() for letter in word) for word in words) and " ".join(words) not in UNTELLING
