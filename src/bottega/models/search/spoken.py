"""What all that was said in a talk says of each listing: a score where everything counts and nothing shuts out.

Idea     A wish in a talk is told in many lines, most words of which no listing must hold. So each unit counts by how
         rare it is among the listings, once more where it is said again; words of everyday talk count little, however
         rare they are on a shelf ("version", "only"); what the thing is called counts most. What was denied counts for
         nothing here: refusing is for the wish.
Source   BM25's worth of a word (Robertson & Zaragoza 2009, https://doi.org/10.1561/1500000019, section 3), of what
         words mean as of the words themselves.
Differs  Several queries, and no lengths: benchmarks/assistant.md.
Shapes   V listings by id.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.models.search.query import Query
from bottega.models.search.unit import Term
from bottega.models.search.word_search import WordSearch
from bottega.names import FloatArray

__all__ = ["spoken_worth"]

RARE_MOST = 6.0
EVERYDAY = 0.3
"""What a word of everyday talk counts beside another."""
KIND = 3.0
"""What it counts to be of the kind of thing that the wish names, as surely as any is."""
AS_SAID = 2.0
"""What a word as it was said counts beside what it means."""
WORDS_MOST = 60
"""Words of a query that are heard."""


def spoken_worth(
    search: WordSearch, said: Sequence[Query], kinds: Sequence[Query], size: int, *, everyday: Collection[str] = ()
) -> FloatArray:
    """How much of what was `said`, the oldest first, each listing holds [V], from 0 to 1 for the best; V is `size`.
    `kinds`: names of the thing that is looked for; `everyday`: words of talk."""
    meant: dict[str, tuple[float, Mapping[Term, float]]] = {}
    words: dict[str, float] = {}
    for query in said:
        denied = {word for unit in query.excluded for word in unit.phrase}
        for unit in query.units:
            share = EVERYDAY if all(word in everyday for word in unit.phrase) else 1.0
            name = " ".join(unit.phrase)
            meant[name] = (share * (2 if name in meant else 1), unit.terms)
        small = frozenset().union(*(lexicon().stops[language] for language in query.languages)) | denied
        for word in tokens(query.text)[:WORDS_MOST]:
            if word not in small:
                words[word] = AS_SAID * (EVERYDAY if word in everyday else 1.0)
    shop = search.vocabulary
    for word, share in words.items():
        forms = {Term("word", form): 1.0 for form in shop.forms(word, shop.languages)}
        meant[f"as said: {word}"] = (share, forms)
    worth = np.zeros(size, dtype=np.float32)
    for share, terms in meant.values():
        held = search.held_by(terms, size)
        worth += np.float32(share * _rarity(held)) * held
    so = np.zeros(size, dtype=np.float32)
    for unit in (unit for query in kinds for unit in query.units):
        so = np.maximum(so, _beside_best(search.held_by(unit.terms, size)))
    worth += np.float32(KIND) * so
    return _beside_best(worth)


def _beside_best(held: FloatArray) -> FloatArray:
    return held / max(np.float32(held.max(initial=0.0)), np.float32(1e-9))


def _rarity(held: FloatArray) -> float:
    """By BM25's measure, of what so many listings hold."""
    most = float(held.max(initial=0.0))
    count = int((held > 0.5 * most).sum())
    return min(math.log1p(len(held) / (1 + count)), RARE_MOST) if most else 0.0
