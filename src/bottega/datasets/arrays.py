"""The array types that models learn from. No rows, no ids, no database: only numpy and scipy.

Shapes   S shoppers, N events in all, I items, A attribute values, W words, E length of a given vector.
An item is what models learn about: a product, or a group of variants that share one code. Codes run from 0 to I - 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bottega.names import KIND_WEIGHT, LEARNT_AS, BoolArray, FloatArray, Int8Array, IntArray, KindCode, LongArray

__all__ = ["Features", "Histories", "Holdout", "PastCounts", "learnt_kinds"]

_LEARNT = np.array([LEARNT_AS.get(kind, kind) for kind in KindCode], dtype=np.int8)


def learnt_kinds(kinds: Int8Array) -> Int8Array:
    """Kinds of events [N] as networks tell them apart (`names.LEARNT_AS`)."""
    return _LEARNT[kinds]


@dataclass(frozen=True, slots=True)
class Histories:
    """What each shopper did, oldest first, as ragged arrays.

    `offsets` [S + 1]: shopper s owns positions offsets[s] to offsets[s + 1] of the others. `items` [N]: item codes.
    `kinds` [N]: `KindCode` values. `times` [N]: UTC milliseconds. `n_items`: I, the size of the code space.
    """

    offsets: LongArray
    items: IntArray
    kinds: Int8Array
    times: LongArray
    n_items: int

    def __post_init__(self) -> None:
        assert self.offsets.ndim == 1 and self.offsets[0] == 0 and self.offsets[-1] == len(self.items)
        assert len(self.items) == len(self.kinds) == len(self.times)

    @classmethod
    def from_lists(
        cls,
        items: Sequence[Sequence[int]],
        *,
        n_items: int,
        kinds: Sequence[Sequence[int]] | None = None,
        times: Sequence[Sequence[int]] | None = None,
    ) -> Histories:
        """One list of item codes a shopper; kinds default to purchase, times to 0, 1, 2 ... ms."""
        offsets = np.concatenate([[0], np.cumsum([len(row) for row in items])]).astype(np.int64)

        def flat(rows: Sequence[Sequence[int]], dtype: type) -> np.ndarray[tuple[int], np.dtype]:
            return np.fromiter((value for row in rows for value in row), dtype=dtype, count=int(offsets[-1]))

        return cls(
            offsets=offsets,
            items=flat(items, np.int32),
            kinds=flat(kinds, np.int8) if kinds is not None else np.full(int(offsets[-1]), KindCode.PURCHASE, np.int8),
            times=flat(times, np.int64) if times is not None else flat([range(len(row)) for row in items], np.int64),
            n_items=n_items,
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def n_events(self) -> int:
        return len(self.items)

    @property
    def lengths(self) -> LongArray:
        """Events of each shopper [S]."""
        return np.diff(self.offsets)

    @property
    def shoppers(self) -> LongArray:
        """The shopper of each event [N]."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.lengths)

    def row(self, shopper: int) -> IntArray:
        """Item codes of one shopper, oldest first."""
        return self.items[self.offsets[shopper] : self.offsets[shopper + 1]]

    def keep(self, events: BoolArray) -> Histories:
        """Only the events where the mask [N] is true; shoppers stay, perhaps with nothing."""
        counts = np.concatenate([[0], np.cumsum(events)])
        return Histories(
            counts[self.offsets].astype(np.int64),
            self.items[events],
            self.kinds[events],
            self.times[events],
            self.n_items,
        )

    def take(self, shoppers: Iterable[int] | LongArray | slice) -> Histories:
        """Only these shoppers, in this order."""
        index = np.arange(len(self))[shoppers] if isinstance(shoppers, slice) else np.asarray(shoppers, dtype=np.int64)
        lengths = self.lengths[index]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        where = np.repeat(self.offsets[index] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Histories(offsets, self.items[where], self.kinds[where], self.times[where], self.n_items)

    def last(self, count: int) -> Histories:
        """Only the newest `count` events of each shopper."""
        position_from_end = np.repeat(self.offsets[1:], self.lengths) - np.arange(self.n_events)
        return self.keep(position_from_end <= count)

    def without_last(self, count: int = 1) -> Histories:
        """Everything but the newest `count` events of each shopper."""
        position_from_end = np.repeat(self.offsets[1:], self.lengths) - np.arange(self.n_events)
        return self.keep(position_from_end > count)

    def weights(self) -> FloatArray:
        """Weight of each event by its kind [N] (`names.KIND_WEIGHT`)."""
        return _weights_of(self.kinds)

    def matrix(self, values: FloatArray | None = None) -> sparse.csr_matrix:
        """Shoppers by items [S, I], float32: the sum of `values` [N] over repeated events, or 1 where there is any."""
        data = np.ones(self.n_events, dtype=np.float32) if values is None else values
        # A copy, because summing duplicates sorts in place and would reorder the histories.
        matrix = sparse.csr_matrix((data, self.items, self.offsets), shape=(len(self), self.n_items), copy=True)
        matrix.sum_duplicates()
        if values is None:
            matrix.data[:] = 1.0
        return matrix


@dataclass(frozen=True, slots=True)
class PastCounts:
    """What was done with items in months of which the shop keeps counts alone: P rows.

    `items` [P], `kinds` [P]: names.KindCode; `times` [P]: the middle of the month, UTC ms; `shoppers` [P]: how many,
    each once a day.
    """

    items: IntArray
    kinds: Int8Array
    times: LongArray
    shoppers: LongArray

    def weights(self) -> FloatArray:
        """Weight of each row by its kind and how many did it [P]."""
        return _weights_of(self.kinds) * self.shoppers.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of each item besides who wanted it.

    `attributes` [I, A]: 1.0 where an item has an attribute value; `attribute_names` [A] such as "color=red", brand and
    every category level included. `text` [I, W]: tf-idf rows of length 1 over `words` [W]. `prices` [I]: in major
    units of the shop's currency, NaN where unknown. `categories` [I]: code of the item's deepest category in
    `category_names`, -1 where it has none. `vectors` [I, E]: what another room made of each item (of its picture, say),
    any scale, a row of NaN where it made nothing; None where there are none at all. `taste_attributes`: the attributes
    that the merchant says tastes are about; empty where the events shall say. `past`: counts of what was folded; None
    where every event is kept.
    """

    attributes: sparse.csr_matrix
    attribute_names: tuple[str, ...]
    text: sparse.csr_matrix
    words: tuple[str, ...]
    prices: FloatArray
    categories: IntArray
    category_names: tuple[str, ...]
    vectors: FloatArray | None = None
    taste_attributes: tuple[str, ...] = ()
    past: PastCounts | None = None

    @property
    def n_items(self) -> int:
        return int(self.attributes.shape[0])

    def stack(self, more: Features) -> Features:
        """These items with `more` behind them; the columns must be the same."""
        assert self.attribute_names == more.attribute_names and self.words == more.words
        given = [vectors for vectors in (self.vectors, more.vectors) if vectors is not None]
        assert len(given) != 1, "vectors must be there for both or for neither"
        return Features(
            attributes=sparse.csr_matrix(sparse.vstack([self.attributes, more.attributes])),
            attribute_names=self.attribute_names,
            text=sparse.csr_matrix(sparse.vstack([self.text, more.text])),
            words=self.words,
            prices=np.concatenate([self.prices, more.prices]),
            categories=np.concatenate([self.categories, more.categories]),
            category_names=self.category_names,
            vectors=np.concatenate(given) if given else None,
            taste_attributes=self.taste_attributes,
            past=self.past,
        )

    @classmethod
    def empty(cls, n_items: int) -> Features:
        """Nothing known of any item."""
        return cls.from_attributes([[] for _ in range(n_items)])

    @classmethod
    def from_attributes(cls, values: Sequence[Sequence[str]]) -> Features:
        """Only attribute values, a list of names an item (as in the Amazon files)."""
        names = tuple(sorted({name for row in values for name in row}))
        code = {name: i for i, name in enumerate(names)}
        offsets = np.concatenate([[0], np.cumsum([len(set(row)) for row in values])]).astype(np.int64)
        columns = np.array([code[name] for row in values for name in sorted(set(row))], dtype=np.int32)
        shape = (len(values), len(names))
        return cls(
            attributes=sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, offsets), shape=shape),
            attribute_names=names,
            text=sparse.csr_matrix(np.zeros((len(values), 0), dtype=np.float32)),
            words=(),
            prices=np.full(len(values), np.nan, dtype=np.float32),
            categories=np.full(len(values), -1, dtype=np.int32),
            category_names=(),
        )


@dataclass(frozen=True, slots=True)
class Holdout:
    """Questions with known answers: `inputs` are histories, `targets` [S] the item each shopper took next."""

    inputs: Histories
    targets: IntArray

    def __post_init__(self) -> None:
        assert len(self.inputs) == len(self.targets)

    def __len__(self) -> int:
        return len(self.targets)


def _weights_of(kinds: Int8Array) -> FloatArray:
    table = np.zeros(len(KindCode), dtype=np.float32)
    for kind, weight in KIND_WEIGHT.items():
        table[kind] = weight
    return table[kinds]
