"""What a search found: rows of the shelf, how well each fits, what found it, and which are all that was asked for.

In order they become a page: of several variants the best one stands for all, what is all that was asked for stands
before what is close, and among equals the lower row comes first, so that pages have no gap and no twin between them.
In a shopper's own order those of one band, hits about as good as one another, stand as the shopper is drawn to them.
Shapes   N rows found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bottega.names import BoolArray, FloatArray, IntArray, LongArray
from bottega.shop.shape import FoundBy, SearchOrder
from bottega.shop.shelf.shelf import Shelf

__all__ = ["PHOTO_WEIGHT", "FoundRows", "fused"]

PHOTO_WEIGHT = 0.25
"""What the best photo counts beside the best listing."""
SAID_WEIGHT = 3.0
"""What the most that was said in a talk counts beside the best listing."""
ALL_OF_IT = 0.5
"""Least score of what is all that was asked for; what is close to it scores less."""
BAND = 0.05
"""Scores within so much are about as good, counted down from the best."""


@dataclass(frozen=True, slots=True)
class FoundRows:
    """`rows` [N], each once."""

    rows: IntArray
    scores: FloatArray
    by_words: BoolArray
    by_photo: BoolArray
    whole: BoolArray
    """Whether each is all that was asked for."""
    kinds: FloatArray
    """How surely each is of the kind asked for; the same for all where none is."""

    @classmethod
    def by_likeness(cls, scored: Mapping[int, float]) -> Self:
        """What was found by photo alone: row to score."""
        rows = np.fromiter(scored.keys(), dtype=np.int32, count=len(scored))
        scores = np.fromiter(scored.values(), dtype=np.float32, count=len(scored))
        every = np.ones(len(rows), dtype=np.bool_)
        return cls(rows, scores, ~every, every, every, np.ones(len(rows), np.float32))

    @classmethod
    def of_tiers(cls, scored: Mapping[int, float], *, by_photo: bool) -> Self:
        """Row to score, from a half up what is all that was asked for; found by photo or by words."""
        found = cls.by_likeness(scored)
        seen = np.full(len(found.rows), by_photo)
        return cls(found.rows, found.scores, ~seen, seen, found.scores >= ALL_OF_IT, found.kinds)

    def heard(self, worth: FloatArray, open_: BoolArray, most: int) -> FoundRows:
        """In the order of what a talk said: `worth` [V] of all products. `most` more of those `open_` [V] come
        in as close."""
        others = open_ & (worth > 0)
        others[self.rows] = False
        more = np.flatnonzero(others)
        more = more[np.argsort(-worth[more], kind="stable")][:most].astype(np.int32)
        rows, none = np.concatenate([self.rows, more]), np.zeros(len(more), dtype=np.bool_)
        whole = np.concatenate([self.whole, none])
        fits = np.concatenate([2 * self.scores - self.whole, np.zeros(len(more), np.float32)])
        fits = (fits + SAID_WEIGHT * worth[rows]) / (1 + SAID_WEIGHT)
        told = np.round(fits / 2 + ALL_OF_IT * whole, 6).astype(np.float32)
        by_words, by_photo = np.concatenate([self.by_words, ~none]), np.concatenate([self.by_photo, none])
        return FoundRows(rows, told, by_words, by_photo, whole, np.concatenate([self.kinds, none.astype(np.float32)]))

    def bands(self) -> IntArray:
        """Which hits are about as good as one another [N], from 0 for the best; those of the whole and those that are
        close are counted apart, each from their best."""
        bands = np.zeros(len(self.rows), np.int32)
        for part in (self.whole, ~self.whole):
            if part.any():
                scores = self.scores[part]
                bands[part] = np.floor((scores.max() - scores) / BAND + 1e-4)
        return bands

    def ordered(self, shelf: Shelf, order: SearchOrder, *, drawn: FloatArray | None = None) -> tuple[LongArray, int]:
        """Places of the rows that stand for their products, in order, and how many are all that was asked for. `drawn`
        [N]: how much a shopper is drawn to each, which decides within a band among those as surely of the kind."""
        best: list[NDArray[Any]] = [self.rows, -self.scores]
        first: list[NDArray[Any]] = []
        if order in ("price_up", "price_down"):
            prices = shelf.prices_of(self.rows)
            dear = np.iinfo(np.int64).max
            first.append(np.where(prices < 0, dear, prices if order == "price_up" else -prices))
        elif order == "newest":
            first.append(-self.rows)
        first.append(~self.whole)
        places = np.lexsort(best + first)
        _, standing = np.unique(shelf.item[self.rows[places]], return_index=True)
        kept = places[np.sort(standing)]
        if drawn is not None:
            keys = [*best, -drawn, -self.kinds, self.bands(), *first]
            kept = kept[np.lexsort([key[kept] for key in keys])]
        return kept, int(self.whole[kept].sum())

    def scored(self) -> list[tuple[int, float]]:
        """Each row with its score."""
        return list(zip(self.rows.tolist(), self.scores.tolist(), strict=True))

    def found_by(self, place: int) -> list[FoundBy]:
        """What found the row at a place."""
        ways: list[tuple[FoundBy, BoolArray]] = [("words", self.by_words), ("photo", self.by_photo)]
        return [way for way, found in ways if found[place]]


def fused(
    ids: LongArray,
    scores: FloatArray,
    n_whole: int,
    pictured: Mapping[int, float],
    *,
    kinds: FloatArray | None = None,
) -> FoundRows:
    """Listings, best first, of which the first `n_whole` are all that was asked for, and photos by row, as one.
    `kinds`: how surely each listing is of the kind asked for.

    Scores: 1 for what is best by both and all that was asked for. Listings count by their share of the best one's
    score; photos by where they lie between the last and the best. What is only close scores less than any other.
    Photos of what no listing names are all there is.

    >>> found = fused(np.array([7, 8]), np.array([4, 3], np.float32), 2, {8: 0.9, 9: 0.4, 5: 0.3})
    >>> {row: round(score, 3) for row, score in zip(found.rows.tolist(), found.scores.tolist())}
    {7: 0.9, 8: 0.9, 9: 0.017, 5: 0.0}
    """
    seen = np.fromiter(pictured.keys(), dtype=np.int64, count=len(pictured))
    alike = np.fromiter(pictured.values(), dtype=np.float32, count=len(pictured))
    more = seen[~np.isin(seen, ids)]
    rows = np.concatenate([ids, more])
    listed = np.zeros(len(rows), np.float32)
    listed[: len(ids)] = scores / max(float(scores.max(initial=0.0)), 1e-9)
    of_kind = np.zeros(len(rows), np.float32)
    of_kind[: len(ids)] = 1.0 if kinds is None else kinds
    order = np.argsort(rows, kind="stable")
    at = order[np.searchsorted(rows, seen, sorter=order)]
    shown = np.zeros(len(rows), np.float32)
    last, best = float(alike.min(initial=np.inf)), float(alike.max(initial=-np.inf))
    shown[at] = (alike - last) / max(best - last, 1e-9) if len(alike) else 0.0
    by_words, by_photo = np.arange(len(rows)) < len(ids), np.zeros(len(rows), dtype=np.bool_)
    by_photo[at] = True
    whole = np.arange(len(rows)) < n_whole if len(ids) else np.ones(len(rows), dtype=np.bool_)
    fits = (listed + PHOTO_WEIGHT * shown) / (1 + PHOTO_WEIGHT)
    told = np.round(fits / 2 + ALL_OF_IT * whole, 6).astype(np.float32)
    return FoundRows(rows.astype(np.int32), told, by_words, by_photo, whole, of_kind)
