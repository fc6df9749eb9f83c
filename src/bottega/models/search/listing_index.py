"""Which listings hold a term: the lists of every space, and what each listing is: its id, price, length.

Listings are numbered in the order in which they came. One that changes comes again under another number; those that
left are let go of now and then. All of it can be flat arrays, which a shop maps when it opens.
Shapes   N listings by number.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.growing import GrowingColumn
from bottega.languages.fold import tokens
from bottega.models.search.inverted_index import NOBODY, InvertedIndex
from bottega.models.search.listing import Listing
from bottega.models.search.listing_terms import SPACES, ListingTerms, phrase_name
from bottega.models.search.unit import Term
from bottega.models.search.vocabulary import Phrase, Vocabulary
from bottega.names import BoolArray, FloatArray, IntArray, LongArray

__all__ = ["ListingIndex"]

TAIL_MOST = 500
"""Longest tail of index, or a tenth of the listings where that is more."""


class ListingIndex:
    """Listings under whole numbers from 0 on, their ids. Not safe for a change while another thread reads."""

    def __init__(self, *, described: bool = True) -> None:
        """`described`: whether descriptions are read."""
        self._place({}, described)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """What `arrays` gave, which may be mapped files."""
        search = cls()
        search._place(arrays, bool(arrays["reads_descriptions"][0]))
        return search

    def _place(self, arrays: Mapping[str, NDArray[Any]], described: bool) -> None:
        def column(name: str, kind: type[np.generic]) -> GrowingColumn:
            return GrowingColumn(np.array(arrays.get(name, ()), dtype=kind))  # a copy: it is written to

        self._known = ListingTerms(described=described, arrays=arrays)
        self._spaces = {
            space: InvertedIndex.from_arrays(arrays, space) if arrays else InvertedIndex() for space in SPACES
        }
        self._ids = column("ids", np.int64)
        """Id of each listing by number [N]; -1 for those that left."""
        self._prices = column("prices", np.float64)
        """NaN where there is none [N]."""
        self._lengths = column("lengths", np.int32)
        """Words of each title [N]."""
        self._number_of = column("number_of", np.int32)
        """Number of the listing of each id; -1 where none is here."""
        self._compacted = len(self._ids)
        self._waits = False
        """Whether listings that came many at once wait to be put in their places."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything as flat arrays."""
        self._compact()
        arrays: dict[str, NDArray[Any]] = {
            "ids": self._ids.values,
            "prices": self._prices.values,
            "lengths": self._lengths.values,
            "number_of": self._number_of.values,
        }
        for space, index in self._spaces.items():
            arrays |= index.arrays(space)
        return arrays | self._known.arrays()

    @property
    def vocabulary(self) -> Vocabulary:
        """What words the shop has."""
        return self._known.vocabulary

    def __len__(self) -> int:
        return int((self._ids.values >= 0).sum())

    def add(self, ids: Sequence[int], listings: Sequence[Listing]) -> None:
        """Take in listings; known ids are replaced."""
        self.remove(ids)
        many = len(ids) > TAIL_MOST
        if many:
            self._waits = True
        else:
            self._settle()
        titles = [tokens(listing.title) for listing in listings]
        for title, listing in zip(titles, listings, strict=True):
            self._known.hear(title, listing)
        first = len(self._ids)
        self._ids = self._ids.grown(ids)
        self._prices = self._prices.grown([math.nan if one.price is None else one.price for one in listings])
        self._lengths = self._lengths.grown([len(title) for title in titles])
        missing = max(ids, default=-1) + 1 - len(self._number_of)
        if missing > 0:
            self._number_of = self._number_of.grown([-1] * missing)
        self._number_of.array[np.array(ids, dtype=np.int64)] = np.arange(first, first + len(ids))
        for number, (title, listing) in enumerate(zip(titles, listings, strict=True), start=first):
            for space, terms in self._known.terms(title, listing).items():
                if many:
                    self._spaces[space].add_many(terms)
                else:
                    self._spaces[space].add(number, terms)
        if not many and len(self._ids) - self._compacted > max(TAIL_MOST, self._compacted // 10):
            self._compact()

    def see(self, id_: int, words: Collection[str]) -> None:
        """Further words read off the photos of a listing that is here."""
        self._settle()
        number = int(self._number_of.array[id_])
        self._spaces["seen"].add(number, [self.vocabulary.word(word) for word in words])

    def remove(self, ids: Sequence[int]) -> None:
        """Let go of listings; ids that are not here are passed over."""
        known = len(self._number_of)
        here = [id_ for id_ in ids if id_ < known]
        numbers = self._number_of.array[here]
        self._ids.array[numbers[numbers >= 0]] = -1
        self._number_of.array[here] = -1

    def held_by(self, terms: Mapping[Term, float], size: int) -> FloatArray:
        """How surely each listing holds what these terms say, by id [size]."""
        found = np.zeros(size, dtype=np.float32)
        for term, weight in terms.items():
            rows = self.rows_with(term, size)
            found[rows] = np.maximum(found[rows], np.float32(weight))
        return found

    def told_in(self, fields: Iterable[str], size: int) -> BoolArray:
        """Which listings say anything in one of these fields, by id [size]."""
        said = {Term("value", value): 1.0 for field in fields for value in self.vocabulary.of_field(field)}
        return self.held_by(said, size) > 0

    def rows_with(self, term: Term, size: int) -> LongArray:
        """Ids below `size` of the listings that have a term."""
        self._settle()
        ids: LongArray = self._ids.array[self._numbers(term)]
        return ids[(ids >= 0) & (ids < size)]

    def _numbers(self, term: Term) -> IntArray:
        space, key = term
        if space in ("phrase", "bare_phrase"):
            return self._with_all(key, about=space == "bare_phrase")  # type: ignore[arg-type]
        if space in ("said", "said_bare"):
            known = (self._known.phrases.number(phrase_name(key, one)) for one in self.vocabulary.languages)  # type: ignore[arg-type]
            parts = [self._spaces[space].of(number) for number in known if number >= 0]
            return np.concatenate(parts) if parts else NOBODY
        number = key
        if isinstance(key, str):
            tables = {"described": self._known.prose, "own": self._known.own_names}
            number = tables.get(space, self.vocabulary.words).number(key)
        return self._spaces[space].of(number) if number >= 0 else NOBODY  # type: ignore[operator, arg-type]

    def _with_all(self, phrase: Phrase, *, about: bool) -> IntArray:
        """Listings whose titles have every word of a phrase, in whatever form; that are `about` it, not about more."""
        n = len(self._ids)
        found_N = np.ones(n, dtype=np.bool_)
        for word in phrase:
            mine_N = np.zeros(n, dtype=np.bool_)
            for form in self.vocabulary.forms(word, self.vocabulary.languages):
                mine_N[self._spaces["bare" if about else "word"].of(self.vocabulary.words.number(form))] = True
            found_N &= mine_N
        return np.flatnonzero(found_N).astype(np.int32)

    def _told(self, word: str) -> int:
        """How many descriptions hold a word."""
        number = self._known.prose.number(word)
        return self._spaces["described"].count(number) if number >= 0 else 0

    def _settle(self) -> None:
        """Put in their places those that came many at once."""
        if self._waits:
            self._compact()

    def _compact(self) -> None:
        """Everything into the flat arrays, those that left let go of."""
        kept = self._ids.values >= 0
        for index in self._spaces.values():
            index.compact(kept)
        self._prices = GrowingColumn(self._prices.values[kept])
        self._lengths = GrowingColumn(self._lengths.values[kept])
        self._ids = GrowingColumn(self._ids.values[kept])
        self._number_of.array[self._ids.values] = np.arange(len(self._ids))
        self._compacted = len(self._ids)
        self._waits = False
