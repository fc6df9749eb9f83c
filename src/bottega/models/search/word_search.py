"""Search by words over listings: what of a query does each listing hold?

Idea     Every unit of a query is held by a listing as surely as the surest of its terms that the listing has. Units
         count by how rare they are, the thing asked for more than what it shall be like; a listing's score is the share
         of the query that it holds, from 0 to 1. What is not of the kind asked for stands behind all that is.
Shapes   N listings by number, U units of a query.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bottega.languages.fold import fold, tokens
from bottega.models.blocks.best import best
from bottega.models.search.heads import is_listed, mentioned, stems_of
from bottega.models.search.inverted_index import NOBODY, InvertedIndex
from bottega.models.search.listing import BRAND, CATEGORY, Listing
from bottega.models.search.meaning import Term
from bottega.models.search.query import Query, understood
from bottega.models.search.vocabulary import ROMANCE, Phrase, Vocabulary
from bottega.names import BoolArray, FloatArray, IntArray, LongArray

__all__ = ["FoundListings", "WordSearch"]

VALUE_MOST = 60
"""Longer attribute values are prose; their words count as a description's."""
DESCRIPTION_MOST = 4000
"""Letters of a description that are read."""
PHRASE_MOST = 3
"""Words of a phrase that is looked for in titles."""
SPACES = ("value", "word", "bare", "said", "said_bare", "described", "seen")
RARITY = (0.7, 6.0)
KIND_WORTH = 1.3
KIND_LEAST = 2.6
"""The thing asked for counts this much at least."""
OF_KIND = 0.65
"""A listing is of the kind asked for when it holds that unit so surely, beside the listing that does most."""
HELD = 0.5
"""A unit is held when it is so surely, beside the listing that holds it most."""
SEPARATE = 10.0
TAIL_MOST = 500
"""Longest tail of index, or a tenth of the listings where that is more."""
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


class WordSearch:
    """Listings under whole numbers, their ids. Not safe for a change while another thread searches."""

    def __init__(self, *, described: bool = True) -> None:
        """`described`: whether descriptions are read."""
        self.vocabulary = Vocabulary()
        self._reads_descriptions = described
        self._spaces = {space: InvertedIndex() for space in SPACES}
        self._phrases: dict[tuple[str, ...], int] = {}
        """Number of each phrase of the lists that a title has: its language, its stems."""
        self._described: dict[str, int] = {}
        """Number of each word of descriptions."""
        self._described_in: dict[str, int] = {}
        self._number_of: dict[int, int] = {}
        """Number of each listing that is here, by id."""
        self._ids = array("q")
        """Id of each listing by number [N]; -1 for those that left."""
        self._prices = array("d")
        """NaN where there is none."""
        self._lengths = array("i")
        """Words of each title."""
        self._by_name: dict[str, set[int]] = {}
        self._compacted = 0

    def __len__(self) -> int:
        return len(self._number_of)

    def add(self, ids: Sequence[int], listings: Sequence[Listing]) -> None:
        """Take in listings; known ids are replaced."""
        self.remove(ids)
        for id_, listing in zip(ids, listings, strict=True):
            number = len(self._ids)
            self._ids.append(id_)
            self._number_of[id_] = number
            self._prices.append(math.nan if listing.price is None else listing.price)
            self._lengths.append(len(tokens(listing.title)))
            for name in listing.names:
                self._by_name.setdefault(_plain(name), set()).add(id_)
            self._take(number, listing)
        waiting = len(self._ids) - self._compacted
        if waiting > max(TAIL_MOST, self._compacted // 10):
            self._compact()

    def remove(self, ids: Sequence[int]) -> None:
        """Let go of listings; ids that are not here are passed over."""
        for id_ in ids:
            number = self._number_of.pop(id_, None)
            if number is not None:
                self._ids[number] = -1

    def understood(self, text: str) -> Query:
        """What a query asks of this shop."""
        return understood(text, self.vocabulary, self._described_in)

    def search(self, text: str, count: int, *, allowed: BoolArray | None = None, whole: bool = False) -> FoundListings:
        """The `count` listings that hold most of what a query asks; `allowed` says by id which may be found. `whole`:
        all that are all that was asked for, and `count` that are close."""
        named = self._by_name.get(_plain(text))
        query = Query(text) if named else self.understood(text)
        ids = np.array(self._ids)
        open_N = self._open(query, ids, allowed)
        if named:
            open_N &= np.isin(ids, list(named))
            scores, held = open_N.astype(np.float32), open_N
        elif not query.units and (query.price or query.excluded or query.cheap):
            held = open_N
            scores = open_N.astype(np.float32)
            if query.cheap:
                scores = _cheaper_first(scores, np.array(self._prices))
        else:
            scores, held = self._scored(query, open_N)
        count += int((held & (scores > 0)).sum()) if whole else 0
        places = best(np.where(scores > 0, scores + SEPARATE * held, -np.inf), count, ids=ids)
        return FoundListings(ids[places], scores[places], int(held[places].sum()), query)

    def begun(self, typed: str, allowed: BoolArray) -> LongArray:
        """Ids of the listings `allowed` whose titles have words that begin as all the words typed do, in order."""
        words = tokens(typed)
        ids = np.array(self._ids)
        open_N = self._open(Query(typed), ids, allowed) & bool(words)
        for word in words:
            mine = np.zeros(len(ids), dtype=np.bool_)
            for other in self.vocabulary.begun(word)[:BEGUN_MOST]:
                mine[self._spaces["word"].of(self.vocabulary.words[other])] = True
            open_N &= mine
        return ids[open_N]

    def finished(self, typed: str) -> str:
        """The words typed, the last one finished as the shop's most frequent word that begins so."""
        words = tokens(typed)
        begun = self.vocabulary.begun(words[-1]) if words else []
        return " ".join([*words[:-1], begun[0]]) if begun else ""

    def within(self, query: Query, allowed: BoolArray) -> BoolArray:
        """Which of those `allowed` by id a query leaves: within its prices, and nothing that it excludes."""
        ids = np.array(self._ids)
        left = np.zeros(len(allowed), dtype=np.bool_)
        left[ids[self._open(query, ids, allowed)]] = True
        return left

    def _open(self, query: Query, ids: LongArray, allowed: BoolArray | None) -> BoolArray:
        """Which listings may be found [N]."""
        open_N = ids >= 0
        if allowed is not None:
            known = open_N & (ids < len(allowed))
            open_N[known] = allowed[ids[known]]
            open_N &= known
        for unit in query.excluded:
            open_N &= self._held(unit.terms, len(ids)) < OF_KIND
        if query.price:
            open_N &= self._within(query)
        return open_N

    def _scored(self, query: Query, open_N: BoolArray) -> tuple[FloatArray, BoolArray]:
        """Each listing's share of the query [N], and whether it is all that was asked for."""
        n = len(open_N)
        total, whole, kind = np.zeros(n, np.float32), 0.0, np.zeros(n, np.float32)
        held = open_N.copy()
        any_kind = False
        for unit in query.units:
            meant_N = self._held(unit.terms, n, words_alone=query.sentence)
            worth_N = meant_N if query.sentence else np.maximum(meant_N, self._held(unit.near, n))
            most = float(worth_N.max(initial=0.0))
            if most <= 0:
                continue
            rare = math.log1p(n / (1 + int((worth_N > 0.5 * most).sum())))
            weight = rare if query.sentence else min(max(rare, RARITY[0]), RARITY[1])
            if unit.kind and not query.sentence:
                weight = max(weight * KIND_WORTH, KIND_LEAST)
                kind, any_kind = np.maximum(kind, worth_N / np.float32(most)), True
            total += np.float32(weight * unit.weight) * worth_N
            whole += weight
            if not query.sentence:
                held &= (meant_N >= HELD * most) & (meant_N > 0)
        if query.sentence:
            total *= self._brief()
        if any_kind:
            held &= kind >= OF_KIND
            total[kind < OF_KIND] *= np.float32(0.5)
        scores = np.where(open_N, total / np.float32(max(whole, 1e-9)), np.float32(0))
        if query.cheap:
            scores = _cheaper_first(scores, np.array(self._prices))
        return scores, held & open_N

    def _held(self, terms: Mapping[Term, float], n: int, *, words_alone: bool = False) -> FloatArray:
        """How surely each listing holds what these terms say [N]."""
        found = np.zeros(n, np.float32)
        for term, weight in terms.items():
            if words_alone and term.space not in ("word", "described"):
                continue
            numbers = self._numbers(term)
            found[numbers] = np.maximum(found[numbers], np.float32(weight))
        return found

    def _numbers(self, term: Term) -> IntArray:
        space, key = term
        if space in ("phrase", "bare_phrase"):
            return self._with_all(key, about=space == "bare_phrase")  # type: ignore[arg-type]
        number = key
        if space in ("said", "said_bare"):
            keys = ((one, *stems_of(key, one)) for one in self.vocabulary.languages)
            parts = [self._spaces[space].of(self._phrases[one]) for one in keys if one in self._phrases]
            return np.unique(np.concatenate(parts)) if parts else NOBODY
        if isinstance(key, str):
            known = self._described if space == "described" else self.vocabulary.words
            number = known.get(key, -1)
        return self._spaces[space].of(number) if number >= 0 else NOBODY  # type: ignore[operator, arg-type]

    def _with_all(self, phrase: Phrase, *, about: bool) -> IntArray:
        """Listings whose titles have every word of a phrase, in whatever form; that are `about` it, not about more."""
        found: IntArray | None = None
        for word in phrase:
            forms = self.vocabulary.forms(word, self.vocabulary.languages)
            parts = [self._spaces["bare" if about else "word"].of(self.vocabulary.words[form]) for form in forms]
            mine = np.unique(np.concatenate(parts)) if parts else NOBODY
            found = mine if found is None else np.intersect1d(found, mine, assume_unique=True)
        return NOBODY if found is None else found

    def _brief(self) -> FloatArray:
        """What a long title's words count less [N], as in BM25."""
        lengths = np.array(self._lengths, dtype=np.float32)
        beside = lengths / max(float(lengths.mean()), 1.0)
        return np.float32(1 + K1) / (1 + np.float32(K1) * (1 - np.float32(B) + np.float32(B) * beside))

    def _within(self, query: Query) -> BoolArray:
        """Which listings' prices are within the bounds [N]; what has no price is in none."""
        prices = np.array(self._prices)
        within: BoolArray = np.isfinite(prices)
        if query.price.least is not None:
            within &= prices >= query.price.least
        if query.price.most is not None:
            within &= prices <= query.price.most
        return within

    def _take(self, number: int, listing: Listing) -> None:
        vocabulary, spaces = self.vocabulary, self._spaces
        title = tokens(listing.title)
        prose = tokens(listing.description[:DESCRIPTION_MOST]) if self._reads_descriptions else []
        values: list[tuple[str, str]] = [(CATEGORY, level) for level in listing.category]
        for name, texts in listing.attributes.items():
            for text in texts:
                if len(text) <= VALUE_MOST:
                    values.append((name, text))
                else:
                    prose += tokens(text)
        if listing.brand:
            values.append((BRAND, listing.brand))
        named = [(field, tuple(tokens(text))) for field, text in values]
        spaces["value"].add(number, dict.fromkeys(vocabulary.value(field, name) for field, name in named if name))
        words = dict.fromkeys(title)
        spaces["word"].add(number, [vocabulary.word(word) for word in words])
        vocabulary.hear([*title, *prose[:60]])
        aside = set(words) if listing.category else mentioned(listing.title, vocabulary.languages)
        spaces["bare"].add(number, [vocabulary.word(word) for word in words if word not in aside])
        phrases = self._listed_phrases(title)
        spaces["said"].add(number, list(phrases))
        spaces["said_bare"].add(number, [phrase for phrase, head in phrases.items() if head not in aside])
        spaces["seen"].add(number, [vocabulary.word(word) for word in dict.fromkeys(listing.seen)])
        vocabulary.count(words)
        vocabulary.count(word for _, name in named for word in name)
        told = dict.fromkeys(prose)
        for word in told:
            self._described_in[word] = self._described_in.get(word, 0) + 1
        spaces["described"].add(number, [self._described.setdefault(word, len(self._described)) for word in told])

    def _listed_phrases(self, title: Sequence[str]) -> dict[int, str]:
        """Number of each phrase of the lists in a title, with the word that says what the thing is."""
        found: dict[int, str] = {}
        spoken = self.vocabulary.languages
        for size in range(2, PHRASE_MOST + 1):
            for at in range(len(title) - size + 1):
                phrase = tuple(title[at : at + size])
                for language in spoken:
                    if is_listed(phrase, language):
                        key = (language, *stems_of(phrase, language))
                        number = self._phrases.setdefault(key, len(self._phrases))
                        found.setdefault(number, phrase[0] if language in ROMANCE else phrase[-1])
        return found

    def _compact(self) -> None:
        """Everything into the flat arrays, those that left let go of."""
        ids = np.array(self._ids)
        kept = ids >= 0
        for index in self._spaces.values():
            index.compact(kept)
        self._prices = array("d", np.array(self._prices)[kept].tobytes())
        self._lengths = array("i", np.array(self._lengths)[kept].tobytes())
        self._ids = array("q", ids[kept].tobytes())
        self._number_of = {id_: number for number, id_ in enumerate(self._ids)}
        self._compacted = len(self._ids)


def _plain(name: str) -> str:
    return " ".join(fold(name).split())


def _cheaper_first(scores: FloatArray, prices: FloatArray) -> FloatArray:
    """Scores with a little more for the cheaper of those found."""
    found = np.flatnonzero((scores > 0) & np.isfinite(prices))
    if len(found) < 2:
        return scores
    order = np.argsort(np.argsort(prices[found], kind="stable"), kind="stable") / (len(found) - 1)
    raised = scores.copy()
    raised[found] += np.float32(CHEAP) * (1 - order).astype(np.float32)
    return raised
