"""Colours of catalogue photos, measured when first needed and kept in the store beside the eye's vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from bottega.catalogue.addresses import is_web
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import read_inside
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import dominant_colours
from bottega.models.vision.harmony import COLOURS, colour_row
from bottega.names import FloatArray
from bottega.shop.folder import ShopFolder
from bottega.store.vectors import PhotoKey, PhotoVectors, Stamp

__all__ = ["COLOURS_AN_ANSWER", "PhotoColours"]

COLOUR_STAMP = Stamp("colours", "1")
"""Stamp of the colour rows [C] of catalogue photos."""
COLOURS_AN_ANSWER = 48
"""Most catalogue photos whose colours are measured before one answer."""


class PhotoColours:
    """Colour rows of catalogue photos. Safe to call from several threads; no lock is held while a file is read."""

    def __init__(self, folder: ShopFolder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._rows: dict[PhotoKey, FloatArray] = {}
        self._refused: set[PhotoKey] = set()

    def take(self, measured: PhotoVectors) -> None:
        """Take in rows that the store has."""
        rows = map(PhotoKey, measured.ids, measured.images), measured.matrix.astype(np.float32)
        with self._lock:
            self._rows.update(zip(*rows, strict=True))

    def of(self, products: Sequence[Product], *, most: int | None = COLOURS_AN_ANSWER) -> FloatArray:
        """The colours of each product's first picture [N, C], NaN where they are not known.

        At most so many photos are measured now; all of them where `most` is None.
        """
        keys = [next((PhotoKey(one.id, image) for image in one.images if not is_web(image)), None) for one in products]
        with self._lock:
            known = self._rows.keys() | self._refused
            new = [key for key in dict.fromkeys(keys) if key is not None and key not in known]
        self._measure(new[:most])
        unknown = np.full(4 * COLOURS, np.nan, dtype=np.float32)
        with self._lock:
            rows = [self._rows.get(key, unknown) if key is not None else unknown for key in keys]
        return np.stack(rows) if rows else unknown[None][:0]

    def _measure(self, keys: Sequence[PhotoKey]) -> None:
        made: dict[PhotoKey, FloatArray] = {}
        refused = set()
        for key in keys:
            try:
                made[key] = colour_row(dominant_colours(read_inside(self._folder.images, key.image), count=COLOURS))
            except PhotoRefused:
                refused.add(key)
        if made:
            stamp = COLOUR_STAMP
            self._folder.store.vectors.put(stamp, list(made), np.stack(list(made.values())))
        with self._lock:
            self._rows |= made
            self._refused |= refused
