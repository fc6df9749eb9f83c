"""The same picture: products whose picture is the one just sent, resized or recompressed.

Vectors name a few candidates among the pictures that the eye has looked at, perceptual hashes of their files decide.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from bottega.datasets.item_photos import MAKER
from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.vision.duplicates import WITHIN_BITS, picture_hash
from bottega.names import FloatArray
from bottega.shop.folder import ShopFolder
from bottega.store.store import Store

__all__ = ["same_pictures"]

_CANDIDATES = 8
_COSINE_MIN = 0.8
"""Two copies of a picture are nearer to each other than this, whatever was done to them."""


class _Seen:
    """Vectors of the catalogue's pictures by one version of the eye, read on where they ended."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._lock = threading.Lock()
        self._newest = 0
        self._keys: list[tuple[str, str]] = []
        self._matrix: FloatArray = np.zeros((0, 0), dtype=np.float32)

    def nearest(self, store: Store, vector: FloatArray) -> list[tuple[str, str]]:
        """Product and picture of the vectors [V, D] nearest to one [D]."""
        with self._lock:
            more = store.vectors.all(MAKER, self._version, after=self._newest)
            self._newest = more.newest
            if more.ids:
                self._keys += zip(more.ids, more.images, strict=True)
                parts = [part for part in (self._matrix, more.matrix.astype(np.float32)) if len(part)]
                self._matrix = np.concatenate(parts)
            keys, matrix = self._keys[:], self._matrix
        if not keys:
            return []
        likeness = matrix @ vector
        best = np.argsort(-likeness, kind="stable")[:_CANDIDATES]
        return [keys[row] for row in best[likeness[best] >= _COSINE_MIN].tolist()]


@lru_cache(maxsize=8)
def _seen(root: Path, version: str) -> _Seen:
    return _Seen(version)


def same_pictures(shop: ShopFolder, version: str, photos: Sequence[Photo], vectors: FloatArray) -> list[list[str]]:
    """For each of N photos, seen as `vectors` [N, D] by the eye of `version`, the ids of products that show it."""
    seen = _seen(shop.root, version)
    return [
        _of_one(shop, photo, seen.nearest(shop.store, vector)) for photo, vector in zip(photos, vectors, strict=True)
    ]


def _of_one(shop: ShopFolder, photo: Photo, candidates: Sequence[tuple[str, str]]) -> list[str]:
    asked = picture_hash(photo)
    products = shop.store.products.get({name for name, _ in candidates})
    found: dict[str, None] = {}
    for name, image in candidates:
        if name in products and image in products[name].images:
            try:
                other = picture_hash(read_inside(shop.images, image))
            except PhotoRefused:
                continue  # its file is gone or broken: nothing to compare with
            if (asked ^ other).bit_count() <= WITHIN_BITS:
                found[name] = None
    return list(found)
