"""Together: how many shoppers took two products, or looked at two of one kind, and how much more often than by chance.

Idea     What is said of two products ("goes with", "instead of") is a count that a shopper can be shown. Across kinds
         it is who bought both or put both in a cart, within a kind who looked at both. Where two products met too
         seldom, their kinds may speak: who took a lamp and a plant.
Source   Lift ("interest") of association rules, as in Motwani et al. 1997, https://doi.org/10.1145/253262.253327.
Differs  Chance is what shuffling would give that leaves every shopper as busy and every product as wanted as it is (the
         pairs of each side over all pairs), since busy shoppers take anything with anything. A count is kept only where
         chance would hardly give so many.
Serves   Pairs of products that were there at training; kinds also for products that came since.
Costs    Fit: the squares of the shoppers' newest `newest` products, a block of products at a time; what is kept is at
         most `most` counts a product.
Shapes   I items, C categories.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple, Self, get_args

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.sparse_tables import keep_largest, membership
from bottega.names import BoolArray, FloatArray, IntArray, KindCode

__all__ = ["Count", "Deed", "Together", "TogetherConfig"]

Deed = Literal["cart", "bought", "looked"]
"""Had in the cart, bought or not; bought, in a shop that tells of no carts; looked at."""

_NAME = "together"
_BLOCK = 2048
_ROWS_KEPT = 4096
_TAKEN = (KindCode.PURCHASE, KindCode.ADD_TO_CART)


@dataclass(frozen=True, slots=True)
class TogetherConfig:
    """When a count may be told."""

    newest: int = 50
    """So many of a shopper's newest products are counted with one another."""
    shoppers: int = 3
    """Fewer shoppers than these are no reason, and would be told apart."""
    times: float = 1.5
    """Least number of times as often as by chance."""
    luck: float = 1e-3
    """Kinds, and products of kinds that go together, are told where chance gives so many with a smaller probability."""
    lone_luck: float = 1e-6
    """The same for products whose kinds do not, of whose pairs there are very many."""
    most: int = 50
    """Counts kept for each product."""


class Count(NamedTuple):
    """So many shoppers, and how many times as many as by chance. A tuple, because an answer makes many."""

    shoppers: int
    times: float
    of_kinds: bool = False
    """Whether the two kinds were counted, not the two products."""
    deed: Deed = "cart"
    """What they did with both."""


@dataclass(frozen=True)
class _Table:
    """Symmetric counts, and what chance would give in the same places."""

    shoppers: sparse.csr_matrix
    chance: sparse.csr_matrix
    of_kinds: bool = False
    deed: Deed = "looked"
    _rows: dict[int, dict[int, tuple[float, float]]] = field(default_factory=dict, compare=False, repr=False)
    """Rows that answers asked about, as they ask."""

    @classmethod
    def empty(cls, size: int) -> Self:
        """No counts of so many things."""
        nothing = np.zeros(0, dtype=np.float32)
        places = np.zeros(0, dtype=np.int32)
        empty = sparse.csr_matrix((nothing, (places, places)), shape=(size, size))
        return cls(empty, empty)

    def count(self, one: int, other: int) -> Count | None:
        """Of a pair."""
        found = self._rows.get(one)
        if found is None:
            found = self._row(one)
            if len(self._rows) >= _ROWS_KEPT:
                self._rows.clear()
            self._rows[one] = found
        if (pair := found.get(other)) is None:
            return None
        return Count(int(pair[0]), pair[1], self.of_kinds, self.deed)

    def _row(self, one: int) -> dict[int, tuple[float, float]]:
        """Shoppers and times as often of each other thing."""
        table = self.shoppers
        if not 0 <= one < table.shape[0]:
            return {}
        row = slice(table.indptr[one], table.indptr[one + 1])
        counts, chances = table.data[row], self.chance.data[row]
        times = np.round(counts / np.maximum(chances, 1e-9), 4)
        return dict(zip(table.indices[row].tolist(), zip(counts.tolist(), times.tolist(), strict=True), strict=True))


@dataclass(frozen=True)
class Together:
    """`across` [I, I]: who took two products of different kinds. `kinds` [C, C]: who took something of both. `within`
    [I, I]: who looked at two products of one kind. Only what may be told is in them."""

    across: _Table
    kinds: _Table
    within: _Table
    deed: Deed
    """What was counted across kinds; looks stand in where nobody bought or put in a cart anything."""
    config: TogetherConfig

    @classmethod
    def fit(cls, histories: Histories, features: Features, config: TogetherConfig | None = None) -> Self:
        """Count; of the features only the categories are used."""
        config = config or TogetherConfig()
        newest = _newest(histories, config.newest)
        taken = histories.keep(np.isin(histories.kinds, _TAKEN))
        deed: Deed = "looked" if not taken.n_events else "bought"
        if (taken.kinds == KindCode.ADD_TO_CART).any():
            deed = "cart"
        took = _newest(taken, config.newest) if taken.n_events else newest
        member, categories = membership(features.categories), features.categories
        kinds = _told(_met(sparse.csr_matrix(took @ member)), config, luck=config.luck)
        kinds = _unrelated(kinds, np.arange(member.shape[1], dtype=np.int32), features.category_names)
        across = _unrelated(_across(took, categories, kinds, config), categories, features.category_names)
        within = _within(newest, categories, config)
        return cls(replace(across, deed=deed), replace(kinds, of_kinds=True, deed=deed), within, deed, config)

    @classmethod
    def none(cls, n_items: int) -> Self:
        """Nothing counted."""
        empty = _Table.empty(n_items)
        return cls(empty, empty, empty, "cart", TogetherConfig())

    def goes_with(self, one: int, other: int, kinds: tuple[int, int]) -> Count | None:
        """Who took both of two items, or else of their `kinds`; None where that says nothing, or they are one kind."""
        if kinds[0] == kinds[1] and kinds[0] >= 0:
            return None
        return self.across.count(one, other) or self.kinds.count(*kinds)

    def instead_of(self, one: int, other: int) -> Count | None:
        """Who looked at both of two items of one kind; None where that says nothing."""
        return self.within.count(one, other)

    def save(self, folder: Path) -> None:
        """Write into an existing empty folder."""
        tables = {"across": self.across, "kinds": self.kinds, "within": self.within}
        arrays = {f"{name}.{part}": getattr(table, part) for name, table in tables.items() for part in _PARTS}
        arrays["deed"] = np.array([get_args(Deed).index(self.deed)])
        save_arrays(folder, model=_NAME, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path, n_items: int) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete. Older trainings have no counts."""
        if not folder.exists():
            return cls.none(n_items)
        saved = load_arrays(folder, model=_NAME)
        deed: Deed = get_args(Deed)[int(saved.array("deed")[0])]

        def table(name: str, of_kinds: bool, deed: Deed) -> _Table:
            return _Table(saved.matrix(f"{name}.shoppers"), saved.matrix(f"{name}.chance"), of_kinds, deed)

        across, kinds, within = (
            table("across", False, deed),
            table("kinds", True, deed),
            table("within", False, "looked"),
        )
        return cls(across, kinds, within, deed, saved.settings(TogetherConfig))


_PARTS = ("shoppers", "chance")


def _newest(histories: Histories, count: int) -> sparse.csr_matrix:
    """Who chose what among their newest events [B, I], 1 each."""
    found = histories.last(count).matrix().tocsr()
    found.data[:] = 1.0
    return sparse.csr_matrix(found, dtype=np.float32)


def _met(chosen: sparse.csr_matrix) -> tuple[sparse.csr_matrix, FloatArray]:
    """How many shoppers [N, N] chose two things of [B, N], and how many pairs each has [N]."""
    chosen = sparse.csr_matrix(chosen, dtype=np.float32, copy=True)
    chosen.data[:] = 1.0
    return _without_self(sparse.csr_matrix(chosen.T @ chosen), 0), _pairs(chosen)


def _pairs(chosen: sparse.csr_matrix) -> FloatArray:
    """In how many pairs of one shopper's things each thing is [N]."""
    others = np.maximum(np.asarray(chosen.sum(axis=1)).ravel() - 1.0, 0.0)
    return np.asarray(chosen.T @ others, dtype=np.float32).ravel()


def _chance(pairs: FloatArray, one: IntArray, other: IntArray) -> FloatArray:
    """How many shoppers chance would give two things that have so many `pairs` [N], of which none is with itself."""
    share = pairs / max(float(pairs.sum()), 1.0)
    with_itself = min(float((share**2).sum()), 0.99)
    return np.asarray(pairs[one] * share[other] / (1.0 - with_itself), dtype=np.float32)


def _without_self(table: sparse.csr_matrix, first: int) -> sparse.csr_matrix:
    """Rows from `first` on of a square table without its diagonal."""
    entries = table.tocoo()
    keep = entries.row + first != entries.col
    places = (entries.row[keep], entries.col[keep])
    return sparse.csr_matrix((entries.data[keep].astype(np.float32), places), shape=table.shape)


def _told(met: tuple[sparse.csr_matrix, FloatArray], config: TogetherConfig, *, luck: float, first: int = 0) -> _Table:
    """What may be told of the counts in rows from `first` on, given how many pairs each thing has."""
    table, pairs = met
    entries = table.tocoo()
    chance = _chance(pairs, entries.row + first, entries.col)
    keep = _beyond(entries.data, chance, config, luck)
    return _table(entries.row[keep], entries.col[keep], entries.data[keep], chance[keep], table.shape)


def _beyond(counts: FloatArray, chance: FloatArray, config: TogetherConfig, luck: float | FloatArray) -> BoolArray:
    """Which counts are enough, and more than luck."""
    from scipy import special  # only whoever counts pays for it: a sixth of a second, 18 MB

    enough = (counts >= config.shoppers) & (counts >= config.times * chance)
    return np.asarray(enough & (special.gammainc(counts, np.maximum(chance, 1e-12)) < luck), dtype=np.bool_)


def _table(rows: IntArray, columns: IntArray, counts: FloatArray, chance: FloatArray, shape: tuple[int, int]) -> _Table:
    shoppers, expected = (
        sparse.csr_matrix((data, (rows, columns)), shape=shape, dtype=np.float32) for data in (counts, chance)
    )
    shoppers.sort_indices()
    expected.sort_indices()
    return _Table(shoppers, expected)


def _unrelated(table: _Table, categories: IntArray, names: tuple[str, ...]) -> _Table:
    """Without those of which one's category lies within the other's: who knows whether they are of one kind."""
    entries = table.shoppers.tocoo()
    one, two = categories[entries.row], categories[entries.col]
    pairs, place = np.unique(np.stack([one, two]), axis=1, return_inverse=True)
    apart = np.array([not _nested(names, *pair) for pair in pairs.T.tolist()], dtype=np.bool_)
    keep = apart[place.ravel()] if len(apart) else np.zeros(0, dtype=np.bool_)
    chance = table.chance.data[keep]
    return _table(entries.row[keep], entries.col[keep], entries.data[keep], chance, table.shoppers.shape)


def _nested(names: tuple[str, ...], one: int, other: int) -> bool:
    if one < 0 or other < 0 or one >= len(names) or other >= len(names):
        return False
    shorter, longer = sorted((names[one], names[other]), key=len)
    return longer == shorter or longer.startswith(f"{shorter} > ")


def _most(table: _Table, count: int) -> _Table:
    """Only the counts of each row that are furthest beyond chance."""
    shoppers, chance = table.shoppers, table.chance
    beyond = sparse.csr_matrix(
        ((shoppers.data - chance.data) / np.sqrt(chance.data + 1.0), shoppers.indices, shoppers.indptr),
        shape=shoppers.shape,
    )
    kept = keep_largest(beyond, count)
    if kept.nnz == shoppers.nnz:
        return table
    rows = np.repeat(np.arange(kept.shape[0], dtype=np.int32), np.diff(kept.indptr))
    counts = np.asarray(shoppers[rows, kept.indices]).ravel()
    return _table(rows, kept.indices, counts, np.asarray(chance[rows, kept.indices]).ravel(), shoppers.shape)


def _blocks(n_items: int) -> Iterator[slice]:
    for first in range(0, n_items, _BLOCK):
        yield slice(first, min(first + _BLOCK, n_items))


def _across(took: sparse.csr_matrix, categories: IntArray, kinds: _Table, config: TogetherConfig) -> _Table:
    """Items of different kinds that were taken together, a block of rows at a time."""
    n_items, pairs = took.shape[1], _pairs(took)
    by_item = took.tocsc()
    parts: list[_Table] = []
    for block in _blocks(n_items):
        entries = _without_self(sparse.csr_matrix(by_item[:, block].T @ took), block.start).tocoo()
        one, two = categories[entries.row + block.start], categories[entries.col]
        if not entries.nnz:
            parts.append(_table(entries.row, entries.col, entries.data, entries.data, entries.shape))
            continue
        chance = _chance(pairs, entries.row + block.start, entries.col)
        together = np.asarray(kinds.shoppers[np.maximum(one, 0), np.maximum(two, 0)]).ravel() > 0
        luck = np.where(together & (one >= 0) & (two >= 0), config.luck, config.lone_luck)
        keep = ((one != two) | (one < 0)) & _beyond(entries.data, chance, config, luck)
        found = _table(entries.row[keep], entries.col[keep], entries.data[keep], chance[keep], entries.shape)
        parts.append(_most(found, config.most))
    return _stacked(parts, n_items)


def _within(newest: sparse.csr_matrix, categories: IntArray, config: TogetherConfig) -> _Table:
    """Items of one kind that were looked at by the same shoppers, a kind at a time."""
    n_items = newest.shape[1]
    by_item = newest.tocsc()
    order = np.argsort(categories, kind="stable")
    starts = np.searchsorted(categories[order], np.arange(int(categories.max(initial=-1)) + 2))
    rows, columns, counts, chances = [], [], [], []
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        items = order[start:end].astype(np.int32)
        if len(items) < 2:
            continue
        found = _most(_told(_met(by_item[:, items].tocsr()), config, luck=config.luck), config.most)
        entries = found.shoppers.tocoo()
        rows.append(items[entries.row])
        columns.append(items[entries.col])
        counts.append(entries.data)
        chances.append(found.chance.data)
    if not rows:
        return _Table.empty(n_items)
    joined = (np.concatenate(counts), np.concatenate(chances))
    return _table(np.concatenate(rows), np.concatenate(columns), *joined, (n_items, n_items))


def _stacked(parts: list[_Table], n_items: int) -> _Table:
    if not parts:
        return _Table.empty(n_items)
    return _Table(
        sparse.csr_matrix(sparse.vstack([one.shoppers for one in parts], format="csr")),
        sparse.csr_matrix(sparse.vstack([one.chance for one in parts], format="csr")),
    )
