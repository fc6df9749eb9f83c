"""Which listings hold a term: flat arrays for most of them, a short tail for those that came since.

Shapes   T terms, N listings by number (in the order in which they came), P pairs of a term and a listing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from bottega.names import BoolArray, IntArray, LongArray

__all__ = ["InvertedIndex"]

NOBODY = np.zeros(0, dtype=np.int32)


class InvertedIndex:
    """Numbers of the listings with each term, in order. Numbers only grow; `compact` gives out new ones."""

    def __init__(self) -> None:
        self._starts: LongArray = np.zeros(1, dtype=np.int64)
        self._numbers: IntArray = NOBODY
        self._tail: dict[int, list[int]] = defaultdict(list)

    def add(self, number: int, terms: Iterable[int]) -> None:
        """A listing with these terms, each once; its number is larger than any before."""
        for term in terms:
            self._tail[term].append(number)

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

    def compact(self, kept: BoolArray) -> None:
        """Everything in the flat arrays, without the listings [N] that are not `kept`; the others close up."""
        terms = [np.repeat(np.arange(len(self._starts) - 1), np.diff(self._starts))]
        numbers = [self._numbers]
        for term, tail in self._tail.items():
            terms.append(np.full(len(tail), term))
            numbers.append(np.array(tail, dtype=np.int32))
        term_P, number_P = np.concatenate(terms), np.concatenate(numbers)
        stays = kept[number_P]
        term_P, number_P = term_P[stays], (np.cumsum(kept) - 1).astype(np.int32)[number_P[stays]]
        order = np.argsort(term_P, kind="stable")  # a tail lies behind what the flat arrays have of its term
        self._numbers = number_P[order]
        size = int(term_P.max(initial=-1)) + 1
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(term_P, minlength=size))]).astype(np.int64)
        self._tail = defaultdict(list)

    def _main(self, term: int) -> IntArray:
        if term + 1 >= len(self._starts):
            return NOBODY
        return self._numbers[self._starts[term] : self._starts[term + 1]]
