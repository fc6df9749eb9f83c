"""Words that look like a slip of the keyboard: which known word was meant?

Source   Candidates by shared pairs of letters, then edits, neighbours swapped included: Zobel & Dart 1995,
         https://doi.org/10.1002/spe.4380250307; Damerau 1964, https://doi.org/10.1145/363958.363994; the library
         RapidFuzz counts them ("optimal string alignment").
Shapes   W words by number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from bottega.models.search.inverted_index import InvertedIndex
from bottega.models.search.numbered import Numbered
from bottega.names import IntArray

__all__ = ["Speller", "edits"]

SHARED = 0.3
"""Words that share a smaller part of their pairs of letters are not compared."""
LEAST = 0.6
"""Least share of letters that need no edit."""
ONE_EDIT_IN = 3
"""Letters of a word that may hold one slip."""
LONGER_MOST = 2
"""Letters that a word meant has more or less at most."""
SAME_START = 0.04
"""What a word with the same first letter is ahead: slips are rare there."""
NEAR_THE_BEST = 0.06
FREQUENT = 0.02
"""What each e-fold of listings a word is ahead, up to `FREQUENT_AT_MOST` of them."""
FREQUENT_AT_MOST = 6.0
COMPARED_MOST = 4000
"""Words compared letter by letter: those that share most pairs, where there are more."""


class Speller:
    """Words by their pairs of letters; grows."""

    def __init__(self, words: Numbered) -> None:
        """`words`: those that may be meant, each put there before `add` gets its number."""
        self._words = words
        self._pairs = Numbered()
        self._with_pair = InvertedIndex()

    @classmethod
    def of(cls, words: Iterable[str]) -> Speller:
        """These words."""
        speller = cls(Numbered())
        for word in words:
            speller.add(speller._words.put(word))
        return speller

    @classmethod
    def from_arrays(cls, words: Numbered, arrays: Mapping[str, NDArray[Any]]) -> Speller:
        """What `arrays` gave."""
        speller = cls(words)
        speller._pairs = Numbered.from_arrays(arrays, "pairs")
        speller._with_pair = InvertedIndex.from_arrays(arrays, "with_pair")
        return speller

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What it knows, as flat arrays."""
        self._with_pair.compact()
        return self._pairs.arrays("pairs") | self._with_pair.arrays("with_pair")

    def add(self, number: int) -> None:
        """The word of this number may be meant."""
        self._with_pair.add(number, [self._pairs.put(pair) for pair in _pairs(self._words.name(number))])

    def near(
        self, word: str, frequency: Callable[[str], int], most: int = 3, *, far: bool = False
    ) -> list[tuple[str, float]]:
        """Up to `most` words that look like it and how much (1: the same), the likeliest first. Who slips on
        the first letter slips but once; `far`: or more often."""
        if len(word) < ONE_EDIT_IN or not word.isalpha():
            return []
        slips_most = max(1, len(word) // ONE_EDIT_IN)
        found = []
        for number in self._sharing(_pairs(word)).tolist():
            other = self._words.name(number)
            if abs(len(other) - len(word)) > LONGER_MOST:
                continue
            slips = edits(word, other, most=slips_most)
            alike = 1 - slips / max(len(word), len(other)) + SAME_START * (other[0] == word[0])
            if slips <= slips_most and (far or slips <= 1 or _same_start(word, other)) and alike >= LEAST:
                found.append((other, alike))
        best = max((alike for _, alike in found), default=0.0)

        def likely(pair: tuple[str, float]) -> tuple[float, str]:
            frequent = min(math.log1p(frequency(pair[0])), FREQUENT_AT_MOST)
            return -(pair[1] + FREQUENT * frequent), pair[0]

        return sorted((pair for pair in found if pair[1] >= best - NEAR_THE_BEST), key=likely)[:most]

    def _sharing(self, mine: set[str]) -> IntArray:
        """Words that share enough of these pairs, by number."""
        held = [self._with_pair.of(number) for pair in mine if (number := self._pairs.number(pair)) >= 0]
        if not held:
            return np.zeros(0, dtype=np.int32)
        shared = np.bincount(np.concatenate(held), minlength=len(self._words))
        numbers = np.flatnonzero(shared >= SHARED * len(mine)).astype(np.int32)
        if len(numbers) > COMPARED_MOST:
            numbers = numbers[np.argsort(-shared[numbers], kind="stable")[:COMPARED_MOST]]
        return numbers


def edits(one: str, other: str, most: int | None = None) -> int:
    """Letters to put in, take out, change, or swap with the next one, to make one word of the other; any number above
    `most` where there are more."""
    return int(OSA.distance(one, other, score_cutoff=most))


def _same_start(one: str, other: str) -> bool:
    return one[0] == other[0] or one[:2] == other[1::-1]


def _pairs(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[at : at + 2] for at in range(len(marked) - 1)}
