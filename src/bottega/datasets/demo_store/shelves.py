"""What shoppers are shown: pages of a department, neighbours of a product, things that go with it.

A shelf is a short list of designs [n, K]; a shopper picks one by taste, place and chance (`sessions.py`).
Nobody ever sees the whole catalogue, so popularity and exposure feed each other as they do in a shop.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.demo_store.catalogue import DemoCatalogue
from bottega.datasets.demo_store.departments import DEPARTMENT_CODE, DEPARTMENTS
from bottega.datasets.demo_store.styles import STYLES
from bottega.names import IntArray, LongArray

__all__ = ["Shelves", "chosen"]

_Y = len(STYLES)


class Shelves:
    """Shelves over one catalogue. K = `width`."""

    width = 14

    def __init__(self, catalogue: DemoCatalogue) -> None:
        c = catalogue
        n = len(c)
        bucket = c.department * _Y + c.style
        self._order: LongArray = np.lexsort((c.price_minor, c.colours[:, 0], bucket))
        self._cumulated = np.concatenate([[0.0], np.cumsum(c.popularity[self._order], dtype=np.float64)])
        self._starts: LongArray = np.searchsorted(bucket[self._order], np.arange(len(DEPARTMENTS) * _Y + 1)).astype(
            np.int64
        )
        by_pattern = np.lexsort((c.price_minor, c.style, c.pattern, c.department))
        self.similar: IntArray = np.concatenate([self._window(self._order, 4), self._window(by_pattern, 3)], axis=1)
        self.similar = self.similar.astype(np.int32)
        self.complements: IntArray = self._complements(c, bucket)
        assert self.similar.shape == (n, self.width)

    @staticmethod
    def _window(order: LongArray, reach: int) -> LongArray:
        """The `2 * reach` designs next to each one in an order [I, 2 * reach]."""
        steps = np.array([s for k in range(1, reach + 1) for s in (k, -k)])
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        found: LongArray = order[np.clip(place[:, None] + steps, 0, len(order) - 1)]
        return found

    def _complements(self, c: DemoCatalogue, bucket: IntArray) -> IntArray:
        """Eight designs of the first and six of the second complement department, of the same style and place in it.

        Where a department has one complement, it fills both.
        """
        place = np.empty(len(c), dtype=np.int64)
        place[self._order] = np.arange(len(c))
        size = np.diff(self._starts)
        share = (place - self._starts[bucket]) / np.maximum(size[bucket], 1)
        parts = []
        for number, count in ((0, 8), (1, 6)):
            other = np.array([DEPARTMENT_CODE[d.complements[min(number, len(d.complements) - 1)]] for d in DEPARTMENTS])
            there = other[c.department] * _Y + c.style
            start = self._starts[there] + np.floor(share * size[there]).astype(np.int64)
            shift = np.arange(count) + (3 if number and count else 0)
            parts.append(np.clip(start[:, None] + shift, 0, len(c) - 1))
        return np.asarray(self._order[np.concatenate(parts, axis=1)], dtype=np.int32)

    def page(self, department: IntArray, style: IntArray, rng: np.random.Generator) -> IntArray:
        """A page of each department [n, K]: half of it filtered by a style, half of what sells."""
        half = self.width // 2  # a style that the department lacks shows its neighbours: look at what they are
        low = np.stack([department * _Y + style, department * _Y], axis=1)
        high = np.stack([department * _Y + style + 1, (department + 1) * _Y], axis=1)
        lower, upper = self._cumulated[self._starts[low]], self._cumulated[self._starts[high]]
        u = rng.random((len(department), 2, half))
        place = np.searchsorted(self._cumulated, lower[..., None] + u * (upper - lower)[..., None], side="right") - 1
        last = len(self._order) - 1
        found = self._order[np.clip(place, 0, last)].transpose(0, 2, 1).reshape(len(department), -1)
        return np.asarray(found, dtype=np.int32)


def chosen(scores: NDArray[Any], rng: np.random.Generator) -> LongArray:
    """One column of each row, with probability in proportion to exp(score)."""
    best: LongArray = np.argmax(scores + rng.gumbel(size=scores.shape).astype(np.float32), axis=1)
    return best
