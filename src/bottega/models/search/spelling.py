"""Words that look like a slip of the keyboard: which known word was meant?

Source   Candidates by shared pairs of letters, then edits, neighbours swapped included: Zobel & Dart 1995,
         https://doi.org/10.1002/spe.4380250307; Damerau 1964, https://doi.org/10.1145/363958.363994.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable

__all__ = ["Speller", "edits"]

SHARED = 0.3
"""Words that share a smaller part of their pairs of letters are not compared."""
LEAST = 0.6
"""Least share of letters that need no edit."""
ONE_EDIT_IN = 3
"""Letters of a word that may hold one slip."""
SAME_START = 0.04
"""What a word with the same first letter is ahead: slips are rare there."""
NEAR_THE_BEST = 0.06
FREQUENT = 0.02
"""What each e-fold of listings a word is ahead, up to `FREQUENT_AT_MOST` of them."""
FREQUENT_AT_MOST = 6.0


class Speller:
    """Words by their pairs of letters; grows."""

    def __init__(self) -> None:
        self._by_pair: dict[str, set[str]] = defaultdict(set)

    def add(self, word: str) -> None:
        """A word that may be meant."""
        for pair in _pairs(word):
            self._by_pair[pair].add(word)

    def near(self, word: str, frequency: Callable[[str], int], most: int = 3) -> list[tuple[str, float]]:
        """Up to `most` words that look like it and how much (1: the same), the likeliest first."""
        if len(word) < ONE_EDIT_IN or not word.isalpha():
            return []
        mine = _pairs(word)
        shared = Counter(other for pair in mine for other in self._by_pair.get(pair, ()))
        found = []
        for other, n in shared.items():
            if n < SHARED * len(mine) or abs(len(other) - len(word)) > 2:
                continue
            slips = edits(word, other)
            alike = 1 - slips / max(len(word), len(other)) + SAME_START * (other[0] == word[0])
            if slips <= max(1, len(word) // ONE_EDIT_IN) and alike >= LEAST:
                found.append((other, alike))
        best = max((alike for _, alike in found), default=0.0)

        def likely(pair: tuple[str, float]) -> tuple[float, str]:
            frequent = min(math.log1p(frequency(pair[0])), FREQUENT_AT_MOST)
            return -(pair[1] + FREQUENT * frequent), pair[0]

        return sorted((pair for pair in found if pair[1] >= best - NEAR_THE_BEST), key=likely)[:most]


def edits(one: str, other: str) -> int:
    """Letters to put in, take out, change, or swap with the next one, to make one word of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            fewest = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                fewest = min(fewest, last[j - 2] + 1)
            row.append(fewest)
    return row[-1]


def _pairs(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[at : at + 2] for at in range(len(marked) - 1)}
