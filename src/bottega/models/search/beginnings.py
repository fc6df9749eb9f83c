"""What begins as somebody types: words by how they begin, small slips forgiven, and texts by the words they hold.

Idea     Words lie sorted, so those that begin with something lie side by side. Where none does, whatever is one slip
         away (a letter changed, left out, too many, two swapped) is looked up instead, all such beginnings in turn.
Costs    A beginning: a binary search. A slip: about a thousand of them for a word of eight letters.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from bottega.languages.fold import tokens
from bottega.models.search.inverted_index import NOBODY
from bottega.names import IntArray

__all__ = ["Texts", "WordStarts"]

SLIP_FROM = 4
"""A beginning of fewer letters holds no slip: it could be anything."""
ALPHABET_MOST = 60
"""Letters tried where one may be wrong, the commonest first."""
COUNTED_MOST = 20_000
"""Words whose letters are counted for it, evenly out of all."""
LISTED_MOST = 512
"""So many words are taken off the order at once, where nearly all of them are looked at."""
_LAST = "\U0010ffff"
_STEP = 64
"""Every so many words in order one is kept in memory, between which to look."""


class WordStarts:
    """Words, sorted. Grows."""

    def __init__(
        self, words: Iterable[str] = (), *, order: IntArray = NOBODY, name: Callable[[int], str] | None = None
    ) -> None:
        """`order`: numbers of further words in their order, which may lie in a mapped file; `name` says them."""
        self._words = sorted(set(words))
        self._order, self._name = order, name
        self._marks = [self._at(place) for place in range(0, len(order), _STEP)]
        self._alphabet: list[str] = []
        self._counted = 0

    def __len__(self) -> int:
        return len(self._words) + len(self._order)

    def add(self, word: str) -> None:
        """One more, that is not here yet."""
        insort(self._words, word)

    def of(self, start: str) -> list[str]:
        """The words that begin so, itself included."""
        ordered = map(self._named, self.numbers_of(start).tolist())
        return [*ordered, *self.beside(start)]

    def numbers_of(self, start: str) -> IntArray:
        """Those of the words in order that begin so, by number."""
        return self._order[self._place(start) : self._place(start + _LAST)]

    def beside(self, start: str) -> list[str]:
        """Those of the others."""
        return self._words[bisect_left(self._words, start) : bisect_left(self._words, start + _LAST)]

    def having(self, letters: str) -> list[str]:
        """The words that have these letters somewhere."""
        return [word for word in self if letters in word]

    def __iter__(self) -> Iterator[str]:
        yield from map(self._named, self._order.tolist())
        yield from self._words

    def _named(self, number: int) -> str:
        assert self._name is not None
        return self._name(number)

    def _at(self, place: int) -> str:
        return self._named(int(self._order[place]))

    def _place(self, start: str) -> int:
        """The first place in the order of a word that is not before this one."""
        block = bisect_left(self._marks, start)
        low, high = max(block - 1, 0) * _STEP, min(block * _STEP, len(self._order))
        return bisect_left(range(high), start, low, high, key=self._at)

    def near(self, start: str) -> list[str]:
        """The words that begin so but for one slip; none for a beginning of a few letters."""
        if len(start) < SLIP_FROM or not start.isalpha():
            return []
        found: dict[str, None] = {}
        letters, within = self._letters(), self
        for at in range(len(start)):
            before, after = start[:at], start[at + 1 :]
            if within is self and len(self.numbers_of(before)) <= LISTED_MOST:
                within = WordStarts(self.of(before))  # all that is left to look through
            if not within._has(before):
                break  # nor has any word a longer beginning of these letters
            others = [before + start[at + 1] + start[at] + after[1:]] if at + 1 < len(start) else []
            others.append(before + after)
            for letter in letters:
                if within._has(before + letter):
                    others += [before + letter + after, before + letter + start[at:]]
            for other in others:
                if within._has(other):
                    found.update(dict.fromkeys(within.of(other)))
        return list(found)

    def _has(self, start: str) -> bool:
        at, place = bisect_left(self._words, start), self._place(start)
        beside = at < len(self._words) and self._words[at].startswith(start)
        return beside or (place < len(self._order) and self._at(place).startswith(start))

    def _letters(self) -> list[str]:
        if len(self) > 1.1 * self._counted:
            counts: dict[str, int] = defaultdict(int)
            apart = -(-len(self._order) // COUNTED_MOST) or 1
            for word in chain(self._words, map(self._at, range(0, len(self._order), apart))):
                for letter in word:
                    counts[letter] += letter.isalpha()
            self._alphabet = sorted(counts, key=lambda letter: -counts[letter])[:ALPHABET_MOST]
            self._counted = len(self)
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
