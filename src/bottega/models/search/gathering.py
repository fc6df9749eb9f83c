"""Listings with anything of a query, gathered from the lists of its terms: one pass over each list, none over the shop.

Shapes   N listings, C of them gathered, in the order in which they were met; P entries of L lists, one list behind the
         other from `starts` [L + 1] on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bottega.models.blocks.best import best
from bottega.models.blocks.jit import kernel
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["Gathered", "first"]

HEAP_MOST = 256
"""More hits than these are found by sorting."""

Lists = Sequence[tuple[float, IntArray]]
"""Listings that hold something, and how surely."""


class Gathered:
    """Listings that are in any of some lists: `numbers` [C]."""

    def __init__(self, n: int, groups: Sequence[Lists]) -> None:
        """`n`: how many listings there are."""
        longest = sum(len(numbers) for lists in groups for _, numbers in lists)
        self._slot = np.zeros(n, dtype=np.int32)
        """Place among those gathered, counted from 1 [N]."""
        found = np.empty(min(n, longest), dtype=np.int32)
        size = 0
        for lists in groups:
            for _, numbers in lists:
                size = _meet(numbers, self._slot, found, size)
        self.numbers: IntArray = found[:size]

    def __len__(self) -> int:
        return len(self.numbers)

    def held(self, lists: Lists, out: FloatArray | None = None) -> FloatArray:
        """How surely each holds what the surest of these lists says [C], or what `out` says where that is more."""
        if out is None:
            out = np.zeros(len(self.numbers), dtype=np.float32)
        for weight, numbers in lists:
            _raise_to(weight, numbers, self._slot, out)
        return out


def first(scores: FloatArray, count: int, ids: LongArray) -> LongArray:
    """Places of the `count` highest scores above zero, best first; among equals the lower id [C] comes first."""
    if count > HEAP_MOST:
        return best(np.where(scores > 0, scores, -np.inf), count, ids=ids)
    return _first(scores, max(count, 0), ids)


@kernel
def _meet(numbers: IntArray, slot: IntArray, found: IntArray, size: int) -> int:
    """Put those not met before behind the first `size` found; how many there are now."""
    for i in range(len(numbers)):
        number = np.uint32(numbers[i])
        if slot[number] == 0:
            found[size] = number
            size += 1
            slot[number] = size
    return size


@kernel
def _raise_to(weight: float, numbers: IntArray, slot: IntArray, out: FloatArray) -> None:
    for i in range(len(numbers)):
        place = np.uint32(slot[np.uint32(numbers[i])] - 1)
        out[place] = max(out[place], weight)


@kernel
def _first(scores: FloatArray, count: int, ids: LongArray) -> LongArray:
    """Insertion into a short sorted list: what comes in is rare once the list is full."""
    kept = np.empty(count, dtype=np.int64)
    size = 0
    for place in range(len(scores)):
        score = scores[place]
        if not score > 0 or count == 0:
            continue
        if size == count:
            last = kept[size - 1]
            if score < scores[last] or (score == scores[last] and ids[place] > ids[last]):
                continue
            size -= 1
        at = size
        while at > 0 and (
            score > scores[kept[at - 1]] or (score == scores[kept[at - 1]] and ids[place] < ids[kept[at - 1]])
        ):
            kept[at] = kept[at - 1]
            at -= 1
        kept[at] = place
        size += 1
    return kept[:size]
