"""Text search: which listings hold these words?

Idea     BM25 over the words of a listing, and with less weight over the words that a model read off its photos. A word
         nobody wrote is taken for the most similar ones that somebody did. All forms of a word asked for are one term:
         as rare as the most frequent of them, and a listing is paid for its best one.
Source   Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", section 3; the index of the library bm25s
         (Lù 2024, https://arxiv.org/abs/2407.03618). Misspelt words: candidates by
         shared n-grams, then edits (Zobel & Dart 1995, https://doi.org/10.1002/spe.4380250307).
Differs  Listings that came after the index was made wait in a short tail, scored with the index's word counts, until
         there are enough of them to make it anew; so a listing is found the moment it is added.
Costs    Making the index: about 0.1 ms a listing. A search: the listings that hold one of the words.
Shapes   L listings in the index, T in the tail.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import bm25s  # type: ignore[import-untyped]
import numpy as np

from bottega.models.blocks.best import best
from bottega.names import BoolArray, FloatArray, LongArray

__all__ = ["Found", "TextConfig", "TextSearch"]

_SEEN = "\x00"
"""Stands before a word that was read off a photo, so that it has its own counts."""
_ENDINGS = ("s", "es")
_PAIRS_SHARED = 0.3
"""Words that share a smaller part of their pairs of letters are not compared."""
_GUESSED_FROM = 3
"""Words of fewer letters are not guessed at."""


@dataclass(frozen=True, slots=True)
class TextConfig:
    """How words count."""

    k1: float = 1.2
    """How much a word's second occurrence in a listing still adds."""
    b: float = 0.5
    """How much a long listing's words count less, 0 to 1."""
    seen_weight: float = 0.4
    """What a word read off a photo counts beside one that was written."""
    form_weight: float = 0.9
    """What another form of a word (its plural) counts beside the word itself."""
    likeness: float = 0.65
    """Least share of letters that need no edit for a word to stand in for an unknown one; also its weight."""
    stand_ins: int = 3
    """Most words that stand in for an unknown one."""
    tail_most: int = 500
    """Longest tail, or a tenth of the listings where that is more."""


@dataclass(frozen=True, slots=True)
class Found:
    """Listings with their scores, best first. `read_as` names the stand-ins of words that no listing holds."""

    ids: LongArray
    scores: FloatArray
    read_as: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    """Words without a stand-in: they counted for nothing."""


@dataclass
class _Main:
    """What was indexed last: word counts, and for each word the listings that hold it with their scores."""

    ids: LongArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    retriever: bm25s.BM25 | None = None
    length: float = 1.0

    def postings(self, word: str) -> tuple[LongArray, FloatArray]:
        """Places [P] of the listings with this word, and what it adds to their scores."""
        if self.retriever is None or word not in self.retriever.vocab_dict:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        held, column = self.retriever.scores, self.retriever.vocab_dict[word]
        span = slice(held["indptr"][column], held["indptr"][column + 1])
        return held["indices"][span], held["data"][span]

    def rarity(self, holding: int) -> float:
        """What the scores of a word that so many listings hold were multiplied by."""
        return _rarity(len(self.ids), holding)


class TextSearch:
    """Listings under whole numbers. Not safe for a change while another thread searches."""

    def __init__(self, config: TextConfig | None = None) -> None:
        self.config = config or TextConfig()
        self._words: dict[int, tuple[str, ...]] = {}
        """Words of every listing that is here, those read off photos marked."""
        self._tail: dict[int, Counter[str]] = {}
        self._main = _Main()
        self._stale: set[int] = set()
        """Listings of the index that were removed or replaced since."""
        self._tail_counts: Counter[str] | None = None
        self._pairs: dict[str, set[str]] | None = None

    def __len__(self) -> int:
        return len(self._words)

    def add(self, ids: Iterable[int], written: Iterable[Sequence[str]], seen: Iterable[Sequence[str]]) -> None:
        """Take in listings: the words written of each and those read off its photos. Known ids are replaced."""
        for one, listed, read in zip(ids, written, seen, strict=True):
            self.remove([one])
            self._words[one] = (*listed, *(_SEEN + word for word in read))
            self._tail[one] = Counter(self._words[one])
        self._tail_counts = self._pairs = None

    def remove(self, ids: Iterable[int]) -> None:
        """Let go of listings; ids that are not here are passed over."""
        for one in ids:
            if self._words.pop(one, None) is not None and self._tail.pop(one, None) is None:
                self._stale.add(one)
        self._tail_counts = None

    def search(self, words: Sequence[str], count: int, *, allowed: BoolArray | None = None) -> Found:
        """The `count` listings that hold most of what the words ask for; `allowed` says by id which may be found.

        Only listings that hold a word, another form of it or a stand-in are found; so there may be fewer.
        """
        self._compact()
        terms = []
        read_as: dict[str, tuple[str, ...]] = {}
        unknown = []
        for word in dict.fromkeys(words):
            forms = self._forms(word)
            if not forms:
                forms = self._stand_ins(word)
                read_as |= {word: tuple(forms)} if forms else {}
                unknown += [] if forms else [word]
            seen = {_SEEN + form: weight * self.config.seen_weight for form, weight in forms.items()}
            terms.append(forms | seen)
        ids, scores = self._scores(terms)
        kept = scores > 0
        if allowed is not None:
            known = ids < len(allowed)
            kept &= known
            kept[known] &= allowed[ids[known]]
        ids, scores = ids[kept], scores[kept]
        chosen = best(scores, count, ids=ids)
        return Found(ids[chosen], scores[chosen], read_as, tuple(unknown))

    def _scores(self, terms: Sequence[dict[str, float]]) -> tuple[LongArray, FloatArray]:
        """Every listing's score, those of the index first; a term is the forms of one word with their weights."""
        main = np.zeros(len(self._main.ids), dtype=np.float32)
        tail = np.zeros(len(self._tail), dtype=np.float32)
        for term in terms:
            rarity = self._rarity(max((self._holding(form) for form in term), default=0))
            worth = np.zeros_like(main)
            for form, weight in term.items():
                places, values = self._main.postings(form)
                if len(places):
                    scale = np.float32(weight * rarity / self._main.rarity(len(places)))
                    worth[places] = np.maximum(worth[places], scale * values)
            main += worth
            tail += rarity * self._tail_worth(term)
        main[np.isin(self._main.ids, list(self._stale))] = 0.0
        return np.append(self._main.ids, np.array(list(self._tail), dtype=np.int64)), np.append(main, tail)

    def _tail_worth(self, term: dict[str, float]) -> FloatArray:
        """What a term adds to the listings of the tail [T], before its rarity."""
        k1, b = self.config.k1, self.config.b
        worth = np.zeros(len(self._tail), dtype=np.float32)
        for place, listing in enumerate(self._tail.values()):
            if found := [(listing[form], weight) for form, weight in term.items() if form in listing]:
                room = k1 * (1 - b + b * listing.total() / self._length())
                worth[place] = max(weight * times / (times + room) for times, weight in found)
        return worth

    def _length(self) -> float:
        """Mean number of words of a listing."""
        if len(self._main.ids):
            return self._main.length
        return max(sum(listing.total() for listing in self._tail.values()) / max(len(self._tail), 1), 1.0)

    def _rarity(self, holding: int) -> float:
        """Inverse document frequency of what so many listings hold."""
        return _rarity(len(self._main.ids) + len(self._tail), holding)

    def _forms(self, word: str) -> dict[str, float]:
        """The word and its plural or singular, where a listing holds them."""
        others = [word + ending for ending in _ENDINGS] + [word.removesuffix(end) for end in _ENDINGS if len(word) > 4]
        return {
            form: 1.0 if form == word else self.config.form_weight
            for form in dict.fromkeys([word, *others])
            if self._holding(form) + self._holding(_SEEN + form)
        }

    def _holding(self, word: str) -> int:
        """How many listings hold a word; those of the index that are gone count until it is made anew."""
        if self._tail_counts is None:
            self._tail_counts = Counter(one for listing in self._tail.values() for one in listing)
        return len(self._main.postings(word)[0]) + self._tail_counts[word]

    def _stand_ins(self, word: str) -> dict[str, float]:
        """Words of listings that look like an unknown one, the most alike first."""
        if len(word) < _GUESSED_FROM:
            return {}
        if self._pairs is None:
            self._pairs = {}
            for one in {one.removeprefix(_SEEN) for words in self._words.values() for one in words}:
                for pair in _pairs(one):
                    self._pairs.setdefault(pair, set()).add(one)
        mine = _pairs(word)
        shared = Counter(other for pair in mine for other in self._pairs.get(pair, ()))
        near = [
            other for other, n in shared.items() if n >= _PAIRS_SHARED * len(mine) and abs(len(other) - len(word)) < 3
        ]
        alike = {other: 1 - _edits(word, other) / max(len(word), len(other)) for other in near}
        near = [other for other in near if alike[other] >= max(self.config.likeness, max(alike.values()) - 0.1)]
        near.sort(key=lambda other: (-round(alike[other], 1), -self._holding(other), other))
        return {other: alike[other] for other in near[: self.config.stand_ins]}

    def _compact(self) -> None:
        """Make the index anew once the tail or the gaps in it are too long."""
        if max(len(self._tail), len(self._stale)) <= max(self.config.tail_most, len(self._main.ids) // 10):
            return
        words = [list(self._words[one]) for one in self._words]
        self._main = _Main(np.array(list(self._words), dtype=np.int64))
        if any(words):
            self._main.retriever = bm25s.BM25(k1=self.config.k1, b=self.config.b, method="lucene")
            self._main.retriever.index(words, show_progress=False)
            self._main.length = sum(map(len, words)) / len(words)
        self._tail, self._tail_counts, self._stale = {}, None, set()


def _rarity(listings: int, holding: int) -> float:
    return math.log(1 + (listings - holding + 0.5) / (holding + 0.5))


def _edits(one: str, other: str) -> int:
    """Letters to put in, take out, change, or swap with the next one, to make one word of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            best_so_far = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best_so_far = min(best_so_far, last[j - 2] + 1)
            row.append(best_so_far)
    return row[-1]


def _pairs(word: str) -> set[str]:
    """Pairs of neighbouring letters, with the start and the end of the word."""
    marked = f"^{word}$"
    return {marked[i : i + 2] for i in range(len(marked) - 1)}
