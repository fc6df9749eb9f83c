"""What begins as somebody types: words by how they begin, small slips forgiven, and texts by the words they hold.

Idea     Words lie sorted, so those that begin with something lie side by side. Where none does, whatever is one slip
         away (a letter changed, left out, too many, two swapped) is looked up instead, all such beginnings in turn.
Costs    A beginning: a binary search. A slip: about a thousand of them for a word of eight letters.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bottega.languages.fold import tokens

__all__ = ["Texts", "WordStarts"]

SLIP_FROM = 4
"""A beginning of fewer letters holds no slip: it could be anything."""
ALPHABET_MOST = 60
"""Letters tried where one may be wrong, the commonest first."""
_LAST = "\U0010ffff"


class WordStarts:
    """Words, sorted. Grows."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = sorted(set(words))
        self._alphabet: list[str] = []
        self._counted = 0

    def __len__(self) -> int:
        return len(self._words)

    def add(self, word: str) -> None:
        """One more, that is not here yet."""
        insort(self._words, word)

    def of(self, start: str) -> list[str]:
        """The words that begin so, itself included."""
        return self._words[bisect_left(self._words, start) : bisect_left(self._words, start + _LAST)]

    def having(self, letters: str) -> list[str]:
        """The words that have these letters somewhere."""
        return [word for word in self._words if letters in word]

    def near(self, start: str) -> list[str]:
        """The words that begin so but for one slip; none for a beginning of a few letters."""
        if len(start) < SLIP_FROM or not start.isalpha():
            return []
        found: dict[str, None] = {}
        for other in self._slips(start):
            found.update(dict.fromkeys(self.of(other)))
        return list(found)

    def _slips(self, start: str) -> Iterator[str]:
        """Beginnings that somebody may have meant who typed this one, each that some word has."""
        letters = self._letters()
        for at in range(len(start)):
            before, after = start[:at], start[at + 1 :]
            if not self._has(before):
                return  # nor has any word a longer beginning of these letters
            if at + 1 < len(start):
                yield before + start[at + 1] + start[at] + after[1:]
            yield before + after
            for letter in letters:
                if self._has(before + letter):
                    yield before + letter + after
                    yield before + letter + start[at:]

    def _has(self, start: str) -> bool:
        at = bisect_left(self._words, start)
        return at < len(self._words) and self._words[at].startswith(start)

    def _letters(self) -> list[str]:
        if len(self._words) > 1.1 * self._counted:
            counts: dict[str, int] = defaultdict(int)
            for word in self._words:
                for letter in word:
                    counts[letter] += letter.isalpha()
            self._alphabet = sorted(counts, key=lambda letter: -counts[letter])[:ALPHABET_MOST]
            self._counted = len(self._words)
        return self._alphabet


class Texts:
    """Texts with a weight each, found by how their words begin."""

    def __init__(self, texts: Sequence[str], weights: Sequence[float]) -> None:
        self._texts, self._weights = list(texts), list(weights)
        self._folded = [" ".join(tokens(text)) for text in texts]
        self._with: dict[str, list[int]] = defaultdict(list)
        for number, folded in enumerate(self._folded):
            for word in dict.fromkeys(folded.split()):
                self._with[word].append(number)
        self._starts = WordStarts(self._with)

    def find(self, typed: str, n: int) -> list[int]:
        """Numbers of the `n` texts whose words begin as all the words typed do; those that begin with it come first.

        >>> Texts(["red shoes", "shoes", "red hat"], [1, 5, 2]).find("sho", 2)
        [1, 0]
        >>> Texts(["red shoes", "shoes"], [1, 5]).find("red sheos", 1)
        [0]
        """
        words = tokens(typed)
        if not words:
            return []
        found: set[int] | None = None
        for word in words:
            mine = {
                number for other in self._starts.of(word) or self._starts.near(word) for number in self._with[other]
            }
            found = mine if found is None else found & mine
            if not found:
                return []
        start = " ".join(words)

        def rank(number: int) -> tuple[bool, float, int, str]:
            folded = self._folded[number]
            return not folded.startswith(start), -self._weights[number], len(folded), folded

        return sorted(found or (), key=rank)[:n]
