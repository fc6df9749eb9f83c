"""Photo vectors of the catalogue as one eye saw it: the one place in memory that holds them, for searches of all kinds.

Shapes   S photos, E length of a vector.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

import numpy as np

from bottega.catalogue.product import Product
from bottega.datasets.item_photos import MAKER
from bottega.models.blocks.vector_index import IndexConfig, VectorIndex
from bottega.models.vision.eye.config import MakesVectors
from bottega.names import BoolArray, FloatArray, LongArray
from bottega.store.vectors import PhotoKey, PhotoVectors, Stamp

__all__ = ["PhotoIndex"]


class PhotoIndex:
    """Photos by number, in the order they came. Safe to call from several threads; nothing here waits for a file."""

    def __init__(self, eye: MakesVectors) -> None:
        self.stamp = Stamp(MAKER, eye.version)
        self.keys: list[PhotoKey] = []
        """Product and picture of each number [S]."""
        self._number: dict[str, dict[str, int]] = {}
        """Product id -> picture -> number."""
        self._index = VectorIndex(IndexConfig(width=eye.size))
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._index)

    def take(self, seen: PhotoVectors) -> list[int]:
        """Take in vectors; those known already are replaced. Returns their numbers."""
        if not seen.ids:
            return []
        numbers = []
        with self._lock:
            for key in map(PhotoKey, seen.ids, seen.images):
                mine = self._number.setdefault(key.product_id, {})
                if key.image not in mine:
                    mine[key.image] = len(self.keys)
                    self.keys.append(key)
                numbers.append(mine[key.image])
            self._index.add(np.array(numbers), seen.matrix.astype(np.float32))
        return numbers

    def drop_hidden(self, product_id: str, shown: Collection[str]) -> None:
        """Let go of pictures that a product no longer shows, as it shows these."""
        with self._lock:
            mine = self._number.get(product_id, {})
            for image in [image for image in mine if image not in shown]:
                self._index.remove(np.array([mine.pop(image)]))

    def has(self, key: PhotoKey) -> bool:
        """Whether this picture of a product was looked at."""
        return key.image in self._number.get(key.product_id, ())

    def numbers_of(self, product_id: str) -> list[int]:
        """Numbers of a product's photos."""
        with self._lock:
            return list(self._number.get(product_id, {}).values())

    def nearest(self, vector: FloatArray, count: int, allowed: BoolArray | None = None) -> tuple[LongArray, FloatArray]:
        """Numbers of the photos most like a vector [E], and their cosines; `allowed` says by number which may be."""
        with self._lock:
            numbers, scores = self._index.search(vector, count, allowed=allowed)
        found = numbers[0] >= 0
        return numbers[0][found], scores[0][found]

    def here(self, numbers: LongArray) -> LongArray:
        """Those of some photos that a product still shows."""
        with self._lock:
            shown = {number for mine in self._number.values() for number in mine.values()}
        return np.array([number for number in numbers.tolist() if number in shown], dtype=np.int64)

    def vectors(self, numbers: LongArray) -> FloatArray:
        """The vectors [S, E] of photos by number."""
        with self._lock:
            return self._index.vectors_of(numbers)

    def likenesses(self, vector: FloatArray, product_ids: Sequence[str]) -> dict[str, float]:
        """The cosine of a vector [E] and the photo of each product that is most like it; those without are left out."""
        with self._lock:
            mine = {id_: list(self._number[id_].values()) for id_ in product_ids if self._number.get(id_)}
            if not mine:
                return {}
            cosines = self._index.vectors_of(np.array([one for numbers in mine.values() for one in numbers])) @ vector
        starts = np.cumsum([0, *(len(numbers) for numbers in mine.values())])[:-1]
        return dict(zip(mine, np.maximum.reduceat(cosines, starts).tolist(), strict=True))

    def vector_of(self, product: Product) -> FloatArray | None:
        """The vector [E] of a product's first photo that has one."""
        with self._lock:
            mine = self._number.get(product.id, {})
            number = next((mine[image] for image in product.images if image in mine), None)
            return None if number is None else self._index.vectors_of(np.array([number]))[0]
