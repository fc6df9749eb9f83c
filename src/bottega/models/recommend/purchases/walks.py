"""Walks over links between products: who was chosen with whom, and with whom those were.

Idea     Products are linked when one shopper chose both, the more the sooner one came after the other. Where most pairs
         that belong together never met, a walk of three links still joins them.
Source   P3: Cooper et al. 2014, https://doi.org/10.1145/2567948.2579244; popularity divided out as in RP3, Paudel et
         al. 2016, https://doi.org/10.1145/2955101. Category rates: the gamma-Poisson shrinker of DuMouchel 1999,
         https://doi.org/10.1080/00031305.1999.10474456.
Differs  Both ends are divided by a power of their totals, so that links stay symmetric; links fade with the days.
Costs    Linking: linear in events times `reach`. A row: links**2 products, and as many again as are kept half-way.
Shapes   I items, C categories, N events, Q rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bottega.datasets.arrays import Histories
from bottega.models.blocks.sparse_tables import keep_largest, membership, scale_rows
from bottega.names import DAY_MS, FloatArray, IntArray, KindCode

__all__ = ["Walk", "category_rates", "links_of", "strongest", "walk"]


@dataclass(frozen=True)
class Walk:
    """Walks of three links: `start` [I, I] is the first, `steps` [I, I] each of the others. Entries count `same` where
    both items share their category and `other` where they do not, times the rate of the two (`rates` [C, C])."""

    start: sparse.csr_matrix
    steps: sparse.csr_matrix
    categories: IntArray
    same: float
    other: float
    rates: FloatArray | None = None

    def rows(self, items: NDArray[np.integer], *, keep: int | None = None) -> sparse.csr_matrix:
        """How strongly each of `items` [Q] leads to every item [Q, I], itself left out.

        With `keep` only the so many strongest of a row are followed and returned: quicker by far, and the best ones
        hardly differ.
        """
        table = sparse.csr_matrix(self.start[items] @ self.steps)
        table = sparse.csr_matrix((strongest(table, keep) if keep else table) @ self.steps)
        entries = (strongest(table, keep) if keep else table).tocoo()
        one, two = self.categories[items[entries.row]], self.categories[entries.col]
        both = (one >= 0) & (two >= 0)
        data = entries.data * np.where(both, np.where(one == two, self.same, self.other), 1.0)
        if self.rates is not None:
            data = data * np.where(both, self.rates[np.maximum(one, 0), np.maximum(two, 0)], 1.0)
        data[items[entries.row] == entries.col] = 0.0
        return sparse.csr_matrix((data.astype(np.float32), (entries.row, entries.col)), shape=entries.shape)


def walk(
    links: sparse.csr_matrix,
    categories: IntArray,
    *,
    most: int,
    popularity: float,
    prior_links: float,
    same: float,
    other: float,
    rates: FloatArray | None = None,
) -> Walk:
    """Prepare walks over the `most` strongest links of each item, divided by both totals to the power `popularity`.

    An item's first step is mixed with the mean one of its category, as if that had been seen `prior_links` times.
    """
    totals = np.asarray(links.sum(axis=1)).ravel()
    scale = np.where(totals > 0, np.maximum(totals, 1e-9) ** -popularity, 0.0).astype(np.float32)
    steps = keep_largest(scale_rows(scale_rows(links, scale).T.tocsr(), scale), most)
    steps = sparse.csr_matrix(steps.maximum(steps.T))
    member = membership(categories)
    sizes = np.asarray(member.sum(axis=0)).ravel()
    mean = strongest(sparse.csr_matrix(sparse.diags(1 / np.maximum(sizes, 1)) @ member.T @ steps), 2 * most)
    lean = np.where(categories >= 0, prior_links / (prior_links + totals), 0.0).astype(np.float32)
    start = sparse.csr_matrix(scale_rows(steps, 1 - lean) + scale_rows(sparse.csr_matrix(member @ mean), lean))
    return Walk(start, steps, categories, same, other, rates)


def links_of(
    histories: Histories, *, reach: int, days: float, purchased_first: bool = False, within_ms: int | None = None
) -> sparse.csr_matrix:
    """How strongly items are linked by the shoppers they share [I, I], symmetric.

    Each pair of a shopper's events at most `reach` apart counts the product of its kinds' weights, less the more days
    lie between (half after `days`), less the longer the history. `purchased_first` takes only pairs that begin with a
    purchase; `within_ms` only those so close.
    """
    n_items, shoppers = histories.n_items, histories.shoppers
    weights = histories.weights() * np.maximum(histories.lengths, 2)[shoppers] ** -0.25
    nobody = histories.take([]).matrix()
    total = sparse.csr_matrix(nobody.T @ nobody)
    for lag in range(1, min(reach, int(histories.lengths.max(initial=0)) - 1) + 1):
        first = np.flatnonzero(shoppers[lag:] == shoppers[:-lag])
        gap = histories.times[first + lag] - histories.times[first]
        keep = histories.items[first] != histories.items[first + lag]
        if within_ms is not None:
            keep &= gap < within_ms
        if purchased_first:
            keep &= histories.kinds[first] == KindCode.PURCHASE
        first, gap = first[keep], gap[keep]
        values = weights[first] * weights[first + lag] / (1 + gap / (days * DAY_MS))
        pairs = (histories.items[first], histories.items[first + lag])
        total = total + sparse.csr_matrix((values.astype(np.float32), pairs), shape=(n_items, n_items))
    return sparse.csr_matrix(total + total.T)


def category_rates(links: sparse.csr_matrix, categories: IntArray, prior: float) -> FloatArray:
    """How many times as often as by chance links join two categories [C, C], small numbers shrunk to 1."""
    member = membership(categories)
    joined = np.asarray((member.T @ links @ member).todense(), dtype=np.float64)
    total = max(float(joined.sum()), 1e-9)
    expected = joined.sum(axis=1, keepdims=True) * joined.sum(axis=0) / total
    return np.asarray((joined + prior) / (expected + prior), dtype=np.float32)


def strongest(table: sparse.csr_matrix, count: int) -> sparse.csr_matrix:
    """The `count` largest entries of each row, quickly where rows are long; which of equal ones is left open."""
    kept = []
    for start, end in pairwise(table.indptr.tolist()):
        size = end - start
        order = (
            np.argpartition(table.data[start:end], size - count)[size - count :] if size > count else np.arange(size)
        )
        kept.append(start + order)
    where = np.concatenate(kept) if kept else np.zeros(0, dtype=np.int64)
    indptr = np.concatenate([[0], np.cumsum([len(one) for one in kept])])
    return sparse.csr_matrix((table.data[where], table.indices[where], indptr), shape=table.shape)
