"""Search by words over listings: what of a query does each listing hold?

Idea     Every unit of a query is held by a listing as surely as the surest of its terms that the listing has. Units
         count by how rare they are, the thing asked for more than what it shall be like; a listing's score is the share
         of the query that it holds, from 0 to 1. What is not of the kind asked for stands behind all that is.
Shapes   N listings by number, C of them that hold anything of a query.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.languages.fold import tokens
from bottega.languages.synonyms import Synonyms
from bottega.models.search.gathering import Gathered, first
from bottega.models.search.inverted_index import NOBODY
from bottega.models.search.learnt import LearntMeanings
from bottega.models.search.listing_index import ListingIndex
from bottega.models.search.listing_terms import names_in
from bottega.models.search.meaning import DESCRIBED
from bottega.models.search.query import Query, understood
from bottega.models.search.unit import Term, Unit
from bottega.names import BoolArray, FloatArray, IntArray, LongArray

__all__ = ["FoundListings", "WordSearch"]

RARITY = (0.7, 6.0)
KIND_WORTH = 1.3
KIND_LEAST = 2.6
"""The thing asked for counts this much at least."""
OF_KIND = 0.65
"""A listing is of the kind asked for when it holds that unit so surely, beside the listing that does most."""
HELD = 0.5
"""A unit is held when it is so surely, beside the listing that holds it most."""
SEPARATE = 10.0
BEGUN_MOST = 200
"""Words that a beginning may stand for, the most frequent ones."""
K1, B = 1.2, 0.5
"""BM25's parameters, for sentences."""
CHEAP = 0.15
"""What the cheapest of those found gains where something cheap is asked for."""


@dataclass(frozen=True, slots=True)
class FoundListings:
    """Listings by id with their scores, best first; the first `close_from` are all that was asked for, others near."""

    ids: LongArray
    scores: FloatArray
    close_from: int
    query: Query
    kinds: FloatArray
    """How surely each is of the kind asked for, beside the one that is most; 1 where none is asked for."""


class WordSearch(ListingIndex):
    """Listings, searched by words. Not safe for a change while another thread searches."""

    def __init__(self, *, described: bool = True) -> None:
        """`described`: whether descriptions are read."""
        super().__init__(described=described)
        self.synonyms = Synonyms()
        """Of the merchant."""
        self.learnt = LearntMeanings()
        """From shoppers."""

    def understood(
        self,
        text: str,
        *,
        exact: bool = False,
        as_typed: frozenset[str] = frozenset(),
        prose: bool = True,
        learnt: bool = True,
    ) -> Query:
        """What a query asks of this shop; `exact`: no word is read as another, nor is any of those `as_typed`;
        `prose`: whether so many words as only prose has are read as such; without `learnt`, as if nothing had been
        learnt from shoppers."""
        self._settle()
        return understood(
            text,
            self.vocabulary,
            self._told,
            synonyms=self.synonyms,
            learnt=self.learnt if learnt else None,
            exact=exact,
            as_typed=as_typed,
            prose=prose,
        )

    def search(
        self,
        text: str,
        count: int,
        *,
        allowed: BoolArray | None = None,
        whole: bool = False,
        exact: bool = False,
        prose: bool = True,
    ) -> FoundListings:
        """The `count` listings that hold most of what a query asks; `allowed` says by id which may be found. `whole`:
        all that are all that was asked for, and `count` that are close; `prose` as `understood` takes it."""
        self._settle()
        named = self._named(text)
        query = Query(text) if len(named) else self.understood(text, exact=exact, prose=prose)
        if len(named) or (not query.units and (query.price or query.excluded or query.cheap)):
            numbers = named if len(named) else np.arange(len(self._ids), dtype=np.int32)
            numbers = numbers[self._open(numbers, query, allowed)]
            scores, held = np.ones(len(numbers), np.float32), np.ones(len(numbers), np.bool_)
            kinds = np.ones(len(numbers), np.float32)
            if query.cheap:
                scores = _cheaper_first(scores, self._prices.array[numbers])
        else:
            numbers, scores, held, kinds = self._scored(query, allowed)
        count += int((held & (scores > 0)).sum()) if whole else 0
        ids = self._ids.array[numbers]
        places = first(np.where(scores > 0, scores + np.float32(SEPARATE) * held, np.float32(0)), count, ids)
        return FoundListings(ids[places], scores[places], int(held[places].sum()), query, kinds[places])

    def _named(self, text: str) -> IntArray:
        """The listings whose id or number a text is, or holds."""
        for name in names_in(text):
            own = self._known.own_names.number(name)
            named = self._spaces["own"].of(own) if own >= 0 else NOBODY
            here = named[self._ids.array[named] >= 0]
            if len(here):
                return here
        return NOBODY

    def begun(self, typed: str, allowed: BoolArray) -> LongArray:
        """Ids of the listings `allowed` whose titles have words that begin as all the words typed do, in order."""
        self._settle()
        words = tokens(typed)
        if not words:
            return np.zeros(0, dtype=np.int64)
        begun_N = np.ones(len(self._ids), dtype=np.bool_)
        for word in words:
            mine_N = np.zeros(len(self._ids), dtype=np.bool_)
            for other in self.vocabulary.begun(word, BEGUN_MOST):
                mine_N[self._spaces["word"].of(self.vocabulary.words.number(other))] = True
            begun_N &= mine_N
        numbers = np.flatnonzero(begun_N).astype(np.int32)
        ids: LongArray = self._ids.array[numbers[self._open(numbers, Query(typed), allowed)]]
        return ids

    def spelt(self, word: str) -> list[str]:
        """Words of titles and values that look most like one that means nothing here."""
        near = self.vocabulary.speller.near(word, self.vocabulary.frequency, far=True)
        return [other for other, _ in near if other != word]

    def finished(self, typed: str) -> str:
        """The words typed, the last one finished as the shop's most frequent word that begins so."""
        words = tokens(typed)
        begun = self.vocabulary.begun(words[-1], 1) if words else []
        return " ".join([*words[:-1], begun[0]]) if begun else ""

    def within(self, query: Query, allowed: BoolArray) -> BoolArray:
        """Which of those `allowed` by id a query leaves: within its prices, and nothing that it excludes."""
        self._settle()
        numbers = np.arange(len(self._ids), dtype=np.int32)
        left = np.zeros(len(allowed), dtype=np.bool_)
        left[self._ids.values[self._open(numbers, query, allowed)]] = True
        return left

    def _open(self, numbers: IntArray, query: Query, allowed: BoolArray | None) -> BoolArray:
        """Which of these listings [C] may be found."""
        ids = self._ids.array[numbers]
        open_C: BoolArray = ids >= 0
        if allowed is not None:
            open_C &= ids < len(allowed)
            open_C[open_C] = allowed[ids[open_C]]
        for unit in query.excluded:
            open_C &= ~self._with_any(unit.terms, OF_KIND)[numbers]
        if query.price:
            open_C &= _within(self._prices.array[numbers], query)
        return open_C

    def _scored(self, query: Query, allowed: BoolArray | None) -> tuple[IntArray, FloatArray, BoolArray, FloatArray]:
        """Listings with anything of a query [C], each one's share of it, whether it is all that was asked for, and how
        surely it is of the kind."""
        n = len(self._ids)
        meant = [self._weighed(unit.terms, words_alone=query.sentence) for unit in query.units]
        near = [[] if query.sentence else self._weighed(unit.near) for unit in query.units]
        gathered = Gathered(n, [*meant, *near])
        numbers = gathered.numbers
        open_C = self._open(numbers, query, allowed)
        total, whole, kind = np.zeros(len(numbers), np.float32), 0.0, np.zeros(len(numbers), np.float32)
        held = open_C.copy()
        loosely: list[BoolArray] = []
        any_kind, asks_kind = False, any(unit.kind for unit in query.units)
        for unit, by_meaning, by_nearness in zip(query.units, meant, near, strict=True):
            meant_C = gathered.held(by_meaning)
            worth_C = gathered.held(by_nearness, meant_C.copy()) if by_nearness else meant_C
            most = float(worth_C.max(initial=0.0))
            if most <= 0:
                continue
            rare = math.log1p(n / (1 + int((worth_C > 0.5 * most).sum())))
            weight = rare if query.sentence else min(max(rare, RARITY[0]), RARITY[1])
            if unit.kind and not query.sentence:
                weight = max(weight * KIND_WORTH, KIND_LEAST)
                kind, any_kind = np.maximum(kind, worth_C / np.float32(most)), True
            total += np.float32(weight * unit.weight) * worth_C
            whole += weight
            if not query.sentence:
                holds = self._or_untold(unit, numbers, (meant_C >= HELD * most) & (meant_C > 0))
                if not unit.kind and asks_kind and (unit.mood or unit.behind or most <= DESCRIBED):
                    loosely.append(holds)
                else:
                    held &= holds
        if query.sentence:
            total *= self._brief(numbers)
        for unit in query.units:
            if unit.against:
                others = self._with_any({Term("value", value): 1.0 for value in unit.against}, 1.0)
                others &= ~self._with_any(unit.terms, OF_KIND, only="value")
                held &= ~others[numbers]
                total[others[numbers]] *= np.float32(0.5)
        if any_kind:
            held &= kind >= OF_KIND
            for holds in loosely:  # what the thing is wanted for, and what it may be like: where any is so
                if (held & holds).any():
                    held &= holds
            total[kind < OF_KIND] *= np.float32(0.5)
        scores = np.where(open_C, total / np.float32(max(whole, 1e-9)), np.float32(0))
        if query.cheap:
            scores = _cheaper_first(scores, self._prices.array[numbers])
        return numbers, scores, held, kind if any_kind else np.ones(len(numbers), np.float32)

    def _or_untold(self, unit: Unit, numbers: IntArray, holds: BoolArray) -> BoolArray:
        """Which listings [C] hold a unit, or where it says for whom, say nothing of that: they are for anybody."""
        if not unit.people:
            return holds
        return holds | ~self._with_any({Term("value", value): 1.0 for value in unit.people}, 1.0)[numbers]

    def _with_any(self, terms: Mapping[Term, float], least: float, *, only: str = "") -> BoolArray:
        """Which listings [N] hold what any of these terms says, of those that say it as surely as `least`; `only`: of
        this space."""
        found = np.zeros(len(self._ids), dtype=np.bool_)
        for weight, mine in self._weighed({term: one for term, one in terms.items() if only in ("", term.space)}):
            if weight >= least:
                found[mine] = True
        return found

    def _weighed(self, terms: Mapping[Term, float], *, words_alone: bool = False) -> list[tuple[float, IntArray]]:
        """Lists of the listings that hold what these terms say, and how surely they do."""
        return [
            (weight, numbers)
            for term, weight in terms.items()
            if (not words_alone or term.space in ("word", "described")) and len(numbers := self._numbers(term))
        ]

    def _brief(self, numbers: IntArray) -> FloatArray:
        """What a long title's words count less [C], as in BM25."""
        beside = self._lengths.array[numbers] / np.float32(max(float(self._lengths.values.mean()), 1.0))
        return ((1 + K1) / (1 + K1 * (1 - B + B * beside))).astype(np.float32)


def _within(prices: NDArray[np.float64], query: Query) -> BoolArray:
    """Which prices [C] are within the bounds; what has no price is in none."""
    within: BoolArray = np.isfinite(prices)
    if query.price.least is not None:
        within &= prices >= query.price.least
    if query.price.most is not None:
        within &= prices <= query.price.most
    return within


def _cheaper_first(scores: FloatArray, prices: NDArray[np.float64]) -> FloatArray:
    """Scores with a little more for the cheaper of those found."""
    found = np.flatnonzero((scores > 0) & np.isfinite(prices))
    if len(found) < 2:
        return scores
    order = np.argsort(np.argsort(prices[found], kind="stable"), kind="stable") / (len(found) - 1)
    raised = scores.copy()
    raised[found] += np.float32(CHEAP) * (1 - order).astype(np.float32)
    return raised
