"""Interests in words: what this shopper is likely to look for next, told from the products the model ranks highest.

Idea     The best candidates, each counting for its chance to be the one wanted, are added up by category. Of each
         category the words are told that set its candidates apart from the catalogue, and the searches by which
         several shoppers came to just these products.
Source   Queries as a readable form of interests: Li et al. 2023 (GPT4Rec), https://arxiv.org/abs/2304.03879. Words by
         their contribution to the Kullback-Leibler divergence from the catalogue: Carpineto et al. 2001,
         https://doi.org/10.1145/366836.366860, section 3.
Differs  Nothing is generated: words and searches are the shop's own, so an interest can be searched for as it stands.
         A search is told to others only when several shoppers made it.
Shapes   C candidates, I items, W words, Q searches, N pairs of search and item.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features
from bottega.names import FloatArray, IntArray
from bottega.saved import ModelFile

__all__ = ["Interest", "Searches", "interests", "rank_chances"]

COMMON = 5.0
"""So many products are added to those a search led to, so that rare searches do not win by luck."""
LEAST_SHARE = 0.05
"""A category with less of the whole is no interest."""


@dataclass(frozen=True, slots=True)
class Interest:
    """A category (-1: products without one), its share of all chances, and its words and searches, strongest first."""

    category: int
    share: float
    words: tuple[str, ...]
    searches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Searches:
    """Which items each search led to: `texts` [Q], and of each pair [N] the search, the item and how many shoppers."""

    texts: tuple[str, ...]
    search: IntArray
    item: IntArray
    shoppers: IntArray

    @classmethod
    def none(cls) -> Self:
        """Nobody searched."""
        nothing = np.zeros(0, dtype=np.int32)
        return cls((), nothing, nothing, nothing)

    def matrix(self, n_items: int) -> sparse.csr_matrix:
        """Shoppers [Q, I] whom each search led to each item."""
        pairs = (self.shoppers.astype(np.float32), (self.search, self.item))
        return sparse.csr_matrix(pairs, shape=(len(self.texts), n_items))

    def save(self, path: Path) -> None:
        """Write as JSON."""
        arrays = {name: getattr(self, name).tolist() for name in ("search", "item", "shoppers")}
        path.write_text(json.dumps({"texts": self.texts, **arrays}, ensure_ascii=False))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote; a run from before there was such a file knows none. `ModelFileBroken`."""
        if not path.exists():
            return cls.none()
        with ModelFile(path):
            table = json.loads(path.read_text())
            arrays = [np.array(table[name], dtype=np.int32) for name in ("search", "item", "shoppers")]
            return cls(tuple(table["texts"]), *arrays)


def rank_chances(count: int) -> FloatArray:
    """What each place [C] counts where nothing better was learnt: one over its rank."""
    return np.asarray(1.0 / np.arange(1, count + 1), dtype=np.float32)


def interests(
    items: IntArray,
    chances: FloatArray,
    features: Features,
    searches: Searches,
    *,
    count: int = 3,
    words: int = 4,
) -> list[Interest]:
    """The strongest interests; `items` [C] are the model's best candidates, `chances` [C] what each counts."""
    if not len(items):
        return []
    shares = chances / chances.sum()
    categories = features.categories[items]
    found, where = np.unique(categories, return_inverse=True)
    total = np.bincount(where, weights=shares)
    usual = np.asarray(features.text.mean(axis=0), dtype=np.float32).ravel()
    leading = searches.matrix(features.n_items) if searches.texts else None
    told = []
    for place in np.argsort(-total, kind="stable")[:count].tolist():
        if total[place] < LEAST_SHARE:
            break
        inside = where == place
        weights = shares[inside] / total[place]
        told.append(
            Interest(
                category=int(found[place]),
                share=float(total[place]),
                words=_words(items[inside], weights, features, usual, words),
                searches=_searches(items[inside], weights, searches, leading, words),
            )
        )
    return told


def _words(items: IntArray, weights: FloatArray, features: Features, usual: FloatArray, count: int) -> tuple[str, ...]:
    """Words that these items use more than the catalogue does, by their part of the divergence between the two."""
    mean = np.asarray(features.text[items].T @ weights).ravel()
    said = np.flatnonzero(mean > 0)
    telling = mean[said] * np.log(mean[said] / np.maximum(usual[said], 1e-9))
    best = said[np.argsort(-telling, kind="stable")]
    named = [features.words[column] for column in best[: 3 * count].tolist()]
    return tuple([word for word in named if not word.isdigit()][:count])


def _searches(
    items: IntArray, weights: FloatArray, searches: Searches, leading: sparse.csr_matrix | None, count: int
) -> tuple[str, ...]:
    """Searches that led to these items rather than to others: the weighted share of their finds that lies here."""
    if leading is None:
        return ()
    here = np.asarray(leading[:, items] @ weights).ravel()
    everywhere = np.asarray(leading.sum(axis=1)).ravel()
    fit = here / (everywhere + COMMON)
    best = np.argsort(-fit, kind="stable")[:count]
    return tuple(searches.texts[row] for row in best.tolist() if fit[row] > 0)
