"""Which listings hold a term: flat arrays for most of them, which can be mapped files, a short tail for newer ones.

Shapes   T terms, N listings by number (in the order in which they came), P pairs of a term and a listing.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bottega.names import BoolArray, IntArray, LongArray

__all__ = ["NOBODY", "InvertedIndex"]

NOBODY = np.zeros(0, dtype=np.int32)
NOBODY.flags.writeable = False


class InvertedIndex:
    """Numbers of the listings with each term, in order. Numbers only grow; `compact` gives out new ones."""

    __slots__ = ("_numbers", "_starts", "_tail", "_waiting", "_waiting_sizes")

    def __init__(self, starts: LongArray | None = None, numbers: IntArray = NOBODY) -> None:
        """`numbers` [P] of the listings with each term, from `starts` [T + 1] on."""
        self._starts: LongArray = np.zeros(1, dtype=np.int64) if starts is None else starts
        self._numbers = numbers
        self._tail: dict[int, list[int]] = defaultdict(list)
        self._waiting, self._waiting_sizes = array("i"), array("i")
        """Terms of listings that came many at once, listing by listing, and how many terms each has: not found before
        `compact`."""

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> InvertedIndex:
        """What `arrays` gave under the same prefix."""
        return cls(arrays[f"{prefix}.starts"], arrays[f"{prefix}.numbers"])

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """All of it as flat arrays; nothing may wait, and no tail may be left."""
        assert not self._tail and not len(self._waiting_sizes)
        return {f"{prefix}.starts": self._starts, f"{prefix}.numbers": self._numbers}

    def add(self, number: int, terms: Collection[int]) -> None:
        """A listing has these terms, each once."""
        for term in terms:
            self._tail[term].append(number)

    def add_many(self, terms: Collection[int]) -> None:
        """The next listing of many that are found from the next `compact` on."""
        self._waiting.extend(terms)
        self._waiting_sizes.append(len(terms))

    def of(self, term: int) -> IntArray:
        """The listings with a term."""
        main = self._main(term)
        if (tail := self._tail.get(term)) is None:
            return main
        behind = np.array(tail, dtype=np.int32)
        return np.concatenate([main, behind]) if len(main) else behind

    def count(self, term: int) -> int:
        """How many listings have a term, those that left since the last `compact` included."""
        return len(self._main(term)) + len(self._tail.get(term, ()))

    def compact(self, kept: BoolArray | None = None) -> None:
        """Everything in the flat arrays, without the listings [N] that are not `kept`; the others close up.

        What waits, waits for the last numbers of `kept` before that.
        """
        if kept is None:
            kept = np.ones(self._highest() + 1 + len(self._waiting_sizes), dtype=np.bool_)
        parts = [(self._starts, self._numbers), self._of_tail(), self._of_waiting(len(kept))]
        self._tail, self._waiting, self._waiting_sizes = defaultdict(list), array("i"), array("i")
        if not kept.all():
            renumbered = (np.cumsum(kept) - 1).astype(np.int32)
            parts = [_without(starts, numbers, kept, renumbered) for starts, numbers in parts]
        self._starts, self._numbers = _merged([part for part in parts if len(part[1])])

    def _highest(self) -> int:
        in_tail = max((tail[-1] for tail in self._tail.values()), default=-1)
        return max(int(self._numbers.max(initial=-1)), in_tail)

    def _of_tail(self) -> tuple[LongArray, IntArray]:
        terms = sorted(self._tail)
        sizes = np.zeros(terms[-1] + 1 if terms else 0, dtype=np.int64)
        sizes[terms] = [len(self._tail[term]) for term in terms]
        numbers = np.fromiter((number for term in terms for number in self._tail[term]), dtype=np.int32)
        return _starts(sizes), numbers

    def _of_waiting(self, end: int) -> tuple[LongArray, IntArray]:
        """The other way about, in one pass: what `tocsc` does to a matrix of listings by terms."""
        sizes = np.array(self._waiting_sizes, dtype=np.int64)
        if not len(self._waiting):
            return np.zeros(1, dtype=np.int64), NOBODY
        terms = np.array(self._waiting, dtype=np.int32)
        listings, width = len(sizes), int(terms.max(initial=-1)) + 1
        pairs = sparse.csr_matrix((np.ones(len(terms), dtype=np.bool_), terms, _starts(sizes)), (listings, width))
        turned = pairs.tocsc()
        return turned.indptr.astype(np.int64), (turned.indices + (end - listings)).astype(np.int32)

    def _main(self, term: int) -> IntArray:
        if term + 1 >= len(self._starts):
            return NOBODY
        return self._numbers[self._starts[term] : self._starts[term + 1]]


def _starts(sizes: LongArray) -> LongArray:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _without(starts: LongArray, numbers: IntArray, kept: BoolArray, renumbered: IntArray) -> tuple[LongArray, IntArray]:
    stays = kept[numbers]
    before = _starts(stays.astype(np.int64))
    return before[starts], renumbered[numbers[stays]]


def _merged(parts: list[tuple[LongArray, IntArray]]) -> tuple[LongArray, IntArray]:
    """For each term what the parts have of it, one part behind the other."""
    if not parts:
        return np.zeros(1, dtype=np.int64), NOBODY
    if len(parts) == 1:
        return parts[0]
    width = max((len(starts) - 1 for starts, _ in parts), default=0)
    sizes = np.zeros(width, dtype=np.int64)
    for starts, _ in parts:
        sizes[: len(starts) - 1] += np.diff(starts)
    merged = _starts(sizes)
    numbers = np.empty(int(merged[-1]), dtype=np.int32)
    taken = merged[:-1].copy()
    for starts, mine in parts:
        counts = np.diff(starts)
        moved = taken[: len(counts)] - starts[:-1]
        numbers[np.arange(len(mine)) + np.repeat(moved, counts)] = mine
        taken[: len(counts)] += counts
    return merged, numbers
