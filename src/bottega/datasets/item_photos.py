"""What another room saw in the catalogue's photos, as one vector an item.

Vectors are stamped with their maker and version; those of two versions mean nothing together. A model that learnt with
vectors remembers their stamp (`FeatureSpace.photos`), and is only ever given vectors that bear it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Self

import numpy as np

from bottega.names import FloatArray, IntArray
from bottega.store.store import Store
from bottega.store.vectors import Stamp

__all__ = ["MAKER", "ItemPhotos"]

MAKER = "eye"
"""Who makes the vectors that recommenders hear."""


class ItemPhotos:
    """Vectors of one maker and version: of each product that of its first photo that has one."""

    def __init__(self, stamp: Stamp) -> None:
        self.stamp = stamp
        """Who made them; of size 0 until one is known."""
        self._vectors: dict[str, tuple[int, FloatArray]] = {}

    @classmethod
    def newest(cls, store: Store, *, maker: str = MAKER) -> Self | None:
        """The vectors of the version that wrote last; None where nobody has looked at a photo."""
        version = store.vectors.newest_version(maker)
        if version is None:
            return None
        found = cls(Stamp(maker, version))
        found.read(store)
        return found if found.stamp.size else None

    def read(self, store: Store, product_ids: Iterable[str] | None = None) -> None:
        """Take in the vectors of these products; of all where none are named."""
        stamp = self.stamp
        if product_ids is None:
            more = store.vectors.all(stamp)
        else:
            more = store.vectors.of_products(product_ids, [stamp])[stamp]
        for name, place, vector in zip(more.ids, more.positions.tolist(), more.matrix, strict=True):
            if name not in self._vectors or place <= self._vectors[name][0]:
                self._vectors[name] = (place, vector.astype(np.float32))
        if more.ids:
            assert stamp.size in (0, more.matrix.shape[1]), "one version makes vectors of one length"
            self.stamp = replace(stamp, size=more.matrix.shape[1])

    def of(self, product_ids: Sequence[str], item_of: IntArray, n_items: int) -> FloatArray:
        """Vectors [I, E] of items by their products and the item of each [V]: that of the first product that has one,
        NaN where none has."""
        table = np.full((n_items, self.stamp.size), np.nan, dtype=np.float32)
        for name, item in zip(reversed(product_ids), reversed(item_of.tolist()), strict=True):
            if name in self._vectors:
                table[item] = self._vectors[name][1]
        return table
