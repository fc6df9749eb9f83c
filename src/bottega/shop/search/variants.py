"""Products among rows of the shelf: several variants of one count once.

Idea     Most rows are the only variant of theirs that was found: those are counted as they are. Only of the others is
         found out which stand for the same product, so that counting a hundred thousand rows sorts nothing.
Shapes   R rows, P pairs of a row and a number, N numbers.
"""

from __future__ import annotations

import numpy as np

from bottega.names import BoolArray, IntArray, LongArray

__all__ = ["Variants"]


class Variants:
    """The items [R] of some rows."""

    def __init__(self, items: IntArray) -> None:
        self._items = items
        many = np.bincount(items) if len(items) else np.zeros(1, dtype=np.int64)
        self.products = int((many > 0).sum())
        """How many there are."""
        self._shared: BoolArray | None = None if self.products == len(items) else many[items] > 1
        """Rows of which another variant is here [R]; None for none."""

    def among(self, rows: BoolArray) -> int:
        """How many products the marked rows [R] are."""
        if self._shared is None:
            return int(rows.sum())
        return int((rows & ~self._shared).sum()) + len(np.unique(self._items[rows & self._shared]))

    def counted(self, numbers: IntArray, places: IntArray | LongArray, size: int = 0) -> LongArray:
        """How many products have each number [N, at least `size`], as rows have them [P]: `places` among the rows."""
        size = max(size, int(numbers.max(initial=-1)) + 1)
        if self._shared is None:
            return np.bincount(numbers, minlength=size)
        shared = self._shared[places]
        counts = np.bincount(numbers[~shared], minlength=size)
        items = self._items[places[shared]].astype(np.int64)
        pairs = np.unique(numbers[shared].astype(np.int64) * (int(items.max(initial=0)) + 1) + items)
        return counts + np.bincount(pairs // (int(items.max(initial=0)) + 1), minlength=size)
