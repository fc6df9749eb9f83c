"""Colours of catalogue photos, measured when first needed and kept in the store beside the eye's vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np

from bottega.catalogue.addresses import is_web
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import read_inside
from bottega.errors import PhotoRefused
from bottega.models.vision.colours import dominant_colours
from bottega.models.vision.harmony import COLOURS, colour_row
from bottega.names import FloatArray
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.vectors import PhotoKey

__all__ = ["COLOURS_AN_ANSWER", "COLOUR_MAKER", "COLOUR_VERSION", "colours_of"]

COLOUR_MAKER, COLOUR_VERSION = "colours", "1"
"""Stamp of the colour rows [C] of catalogue photos."""


COLOURS_AN_ANSWER = 48
"""Most catalogue photos whose colours are measured before one answer."""


class _ColourTable:
    """Colour rows of catalogue photos, in step with the store."""

    def __init__(self) -> None:
        self.rows: dict[PhotoKey, FloatArray] = {}
        self.refused: set[PhotoKey] = set()
        self.newest = 0
        self.lock = threading.Lock()

    def refresh(self, shop: ShopFolder) -> None:
        fresh = shop.store.vectors.all(COLOUR_MAKER, COLOUR_VERSION, after=self.newest)
        self.newest = fresh.newest
        for id_, image, row in zip(fresh.ids, fresh.images, fresh.matrix, strict=True):
            self.rows[PhotoKey(id_, image)] = row.astype(np.float32)

    def measure(self, shop: ShopFolder, keys: Sequence[PhotoKey]) -> None:
        made: dict[PhotoKey, FloatArray] = {}
        for key in keys:
            try:
                made[key] = colour_row(dominant_colours(read_inside(shop.images, key.image), count=COLOURS))
            except PhotoRefused:
                self.refused.add(key)
        if made:
            shop.store.vectors.put(COLOUR_MAKER, COLOUR_VERSION, list(made), np.stack(list(made.values())))
            self.rows |= made


_TABLES: WeakKeyDictionary[OpenShop, _ColourTable] = WeakKeyDictionary()


_TABLES_LOCK = threading.Lock()


def colours_of(answerer: OpenShop, products: Sequence[Product], most: int | None) -> FloatArray:
    with _TABLES_LOCK:
        table = _TABLES.setdefault(answerer, _ColourTable())
    keys = [next((PhotoKey(one.id, image) for image in one.images if not is_web(image)), None) for one in products]
    with table.lock:
        table.refresh(answerer.folder)
        new = [key for key in keys if key is not None and key not in table.rows and key not in table.refused]
        table.measure(answerer.folder, new[:most])
        unknown = np.full(4 * COLOURS, np.nan, dtype=np.float32)
        rows = [table.rows.get(key, unknown) if key is not None else unknown for key in keys]
    return np.stack(rows) if rows else unknown[None][:0]
