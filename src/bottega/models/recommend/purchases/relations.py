"""Relations: what goes with a product, and what could stand in its place, learnt from orders and visits.

Idea     Products are linked when the same shopper chose both, the more the sooner one came after the other. Real shops
         are so sparse that most pairs that belong together never met: what is bought with what is bought with what
         goes with a product is counted, too (walks of three links). Complements come from links that start at a
         purchase, and from how often shoppers go on from one category to the other; substitutes from links between
         events of any kind, less what is bought in one order rather than looked at in one visit. Where categories
         tell products apart, complements stand across them and substitutes within.
Source   Links and walks: Cooper et al. 2014, https://doi.org/10.1145/2567948.2579244 (P3), with popularity divided out
         as in Paudel et al. 2016, https://doi.org/10.1145/2955101 (RP3). Complements and substitutes as two relations:
         McAuley et al. 2015, https://arxiv.org/abs/1506.08839. Category rates: the gamma-Poisson shrinker of DuMouchel
         1999, https://doi.org/10.1080/00031305.1999.10474456.
Differs  Nothing is trained on lists of complements or substitutes; links fade with the days between.
Serves   Every item of a category that has links: one with few links of its own leans on its category's.
Costs    Fit: linear in events times `reach`, then two walks for each item (walks.py); what is kept is at most
         2 * I * `most` entries of 8 bytes.
Shapes   I items, C categories, N events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.jit import kernel
from bottega.models.blocks.sparse_tables import keep_largest, scale_rows
from bottega.models.recommend.purchases.repeats import ORDER_MS
from bottega.models.recommend.purchases.walks import Walk, category_rates, links_of, walk
from bottega.names import DAY_MS, FloatArray, IntArray, KindCode
from bottega.progress import Progress, silent

__all__ = ["Relations", "RelationsConfig", "walks_of"]

_NAME = "relations"
_ROWS = 512


@dataclass(frozen=True, slots=True)
class RelationsConfig:
    """How far links reach and how much is kept. Chosen on half of the items of benchmarks/relations.py."""

    reach: int = 20
    """How many events further on an event is linked to."""
    days: float = 90.0
    """After so many days a link counts half."""
    visit_ms: int = 1_800_000
    """Events closer than this belong to one visit."""
    order_ms: int = ORDER_MS
    """Purchases closer than this belong to one order."""
    popularity: float = 0.4
    """Links are divided by both items' totals to this power: 0.5 makes a walk of them a random one."""
    links: int = 50
    """Strongest links of an item that walks follow."""
    prior_links: float = 1.0
    """How many links its category counts as in an item's row."""
    prior_pairs: float = 20.0
    """How many expected links a pair of categories needs before its rate is half believed."""
    most: int = 50
    """Products kept for each product and relation."""
    fade_days: float = 14.0
    """After so many days a purchase asks half as much for its complements."""


@dataclass(frozen=True)
class Relations:
    """`complements` and `substitutes` [I, I]: row i holds what goes with item i and what could replace it, from 0 to 1
    for the best of the row. An item is never in its own row."""

    complements: sparse.csr_matrix
    substitutes: sparse.csr_matrix
    config: RelationsConfig

    @classmethod
    def fit(
        cls,
        histories: Histories,
        features: Features,
        config: RelationsConfig | None = None,
        *,
        progress: Progress = silent,
    ) -> Self:
        """Learn both relations from the events; of the features only the categories are used."""
        config = config or RelationsConfig()
        complements, substitutes = walks_of(histories, features, config)
        tables = [_kept(one, config, progress) for one in (complements, substitutes)]
        views = histories.keep(histories.kinds != KindCode.PURCHASE)
        bought = histories.keep(histories.kinds == KindCode.PURCHASE)
        visits = links_of(views, reach=config.reach, days=config.days, within_ms=config.visit_ms)
        orders = links_of(bought, reach=config.reach, days=config.days, within_ms=config.order_ms)
        tables[1] = _seldom_in_one_order(tables[1], visits, orders)
        return cls(_ranked(tables[0], config.most), _ranked(tables[1], config.most), config)

    @classmethod
    def none(cls, n_items: int) -> Self:
        """Nothing known of any item."""
        empty = sparse.csr_matrix(np.zeros((0, n_items), dtype=np.float32))
        return cls(empty, empty, RelationsConfig())

    def gains(self, history: Histories, now_ms: int, items: IntArray | None = None) -> tuple[FloatArray, IntArray]:
        """How much the purchases of one row ask for each of `items` [N] in order of code (all [I] where absent), from 0
        to 1, and the position [N] of the purchase that asks most (-1: none).

        A purchase asks for its complements, less as days pass, and never for what was bought itself.
        """
        bought = np.flatnonzero((history.kinds == KindCode.PURCHASE) & (history.times <= now_ms))
        rows = history.items[bought]
        days = (now_ms - history.times[bought]) / DAY_MS
        weights = np.power(0.5, days / self.config.fade_days).astype(np.float32)
        gains, place = self._largest(rows, weights, items, history.n_items)
        if not len(bought):
            return gains, place
        return gains, np.where(place >= 0, bought[place], -1).astype(np.int32)

    def beside(self, asking: Sequence[int], n_items: int, items: IntArray | None = None) -> FloatArray:
        """How much some items, in a cart or on a page, ask for each of `items` [N] in order of code (all [I] where
        absent), from 0 to 1; nothing for themselves."""
        rows = np.array(asking, dtype=np.int32)
        return self._largest(rows, np.ones(len(rows), dtype=np.float32), items, n_items)[0]

    def asked_for(self, items: Iterable[int]) -> list[IntArray]:
        """The complements of each of some items, of those that have any."""
        table, known = self.complements, self.complements.shape[0]
        return [table.indices[table.indptr[item] : table.indptr[item + 1]] for item in items if item < known]

    def _largest(
        self, rows: IntArray, weights: FloatArray, items: IntArray | None, n_items: int
    ) -> tuple[FloatArray, IntArray]:
        """The largest weighted entry of these rows for each of `items` [N], and in which row it stands (-1: none)."""
        items = np.arange(n_items, dtype=np.int32) if items is None else items
        values, place = np.zeros(len(items), dtype=np.float32), np.full(len(items), -1, dtype=np.int32)
        table = self.complements
        if table.shape[0]:
            _asked_most(table.indptr, table.indices, table.data, rows, weights, items, values, place)
        return values, place

    def save(self, folder: Path) -> None:
        """Write into an existing empty folder."""
        arrays = {"complements": self.complements, "substitutes": self.substitutes}
        save_arrays(folder, model=_NAME, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=_NAME)
        return cls(saved.matrix("complements"), saved.matrix("substitutes"), saved.settings(RelationsConfig))


@kernel
def _asked_most(
    indptr: IntArray,
    indices: IntArray,
    data: FloatArray,
    rows: IntArray,
    weights: FloatArray,
    items: IntArray,
    values: FloatArray,
    place: IntArray,
) -> None:
    """The largest weighted entry of some rows [T] for each of some items in order [N], and the first row it stands in;
    nothing for the rows' own items."""
    for t in range(len(rows)):
        if rows[t] >= len(indptr) - 1:
            continue
        for p in range(indptr[rows[t]], indptr[rows[t] + 1]):
            value = data[p] * weights[t]
            at = np.searchsorted(items, indices[p])
            if at < len(items) and items[at] == indices[p] and value > values[at]:
                values[at] = value
                place[at] = t
    for t in range(len(rows)):
        at = np.searchsorted(items, rows[t])
        if at < len(items) and items[at] == rows[t]:
            values[at] = 0.0
            place[at] = -1


def walks_of(histories: Histories, features: Features, config: RelationsConfig | None = None) -> tuple[Walk, Walk]:
    """The walks to complements and to substitutes, before anything is left out."""
    config = config or RelationsConfig()
    after = links_of(histories, reach=config.reach, days=config.days, purchased_first=True)
    bought_only = bool((histories.kinds == KindCode.PURCHASE).all())
    ever = after if bought_only else links_of(histories, reach=config.reach, days=config.days)
    alike, categories = _alike(features.categories), features.categories
    rates = category_rates(after, categories, config.prior_pairs)
    most, popularity, prior = config.links, config.popularity, config.prior_links
    return (
        walk(
            after, categories, most=most, popularity=popularity, prior_links=prior, same=alike, other=1.0, rates=rates
        ),
        walk(ever, categories, most=most, popularity=popularity, prior_links=prior, same=1.0, other=alike),
    )


def _kept(found: Walk, config: RelationsConfig, progress: Progress) -> sparse.csr_matrix:
    """Rows of all items [I, I], their strongest entries."""
    n_items, parts = found.start.shape[0], []
    for first in range(0, n_items, _ROWS):
        items = np.arange(first, min(first + _ROWS, n_items))
        parts.append(found.rows(items, keep=2 * config.most))
        progress("finding what belongs together", int(items[-1]) + 1, n_items)
    return sparse.csr_matrix(sparse.vstack(parts, format="csr")) if parts else found.start


def _alike(categories: IntArray) -> float:
    """The probability that two products share their category: near 1, categories say nothing of them."""
    shares = np.bincount(categories[categories >= 0]) / max(len(categories), 1)
    return float((shares**2).sum()) if (categories >= 0).any() else 1.0


def _seldom_in_one_order(
    table: sparse.csr_matrix, visits: sparse.csr_matrix, orders: sparse.csr_matrix
) -> sparse.csr_matrix:
    """Entries times the share of visits in what visits and orders say of the pair; 1 for each where neither met it."""
    if visits.sum() <= 0 or orders.sum() <= 0:
        return table
    entries = table.tocoo()
    seen, taken = (
        np.asarray(each[entries.row, entries.col]).ravel() * (each.nnz / each.sum()) + 1.0 for each in (visits, orders)
    )
    return sparse.csr_matrix((entries.data * seen / (seen + taken), (entries.row, entries.col)), shape=table.shape)


def _ranked(table: sparse.csr_matrix, most: int) -> sparse.csr_matrix:
    """The `most` largest of each row, divided by its largest."""
    best = keep_largest(table, most)
    top = np.zeros(table.shape[0], dtype=np.float32)
    np.maximum.at(top, np.repeat(np.arange(table.shape[0]), np.diff(best.indptr)), best.data)
    return scale_rows(best, (1 / np.where(top > 0, top, 1.0)).astype(np.float32))
