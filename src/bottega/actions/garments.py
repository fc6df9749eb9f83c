"""Garments as outfits see them: what a photo shows, what a shopper's closet holds, and what the shop sells.

Colours of catalogue photos are measured when first needed and kept in the store beside the eye's vectors, a few dozen
an answer; a product without them is judged by its vector alone.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image

from bottega.actions.answerer import Answerer
from bottega.actions.search_index import SearchIndex
from bottega.actions.shop import Shop
from bottega.catalogue.product import Product
from bottega.datasets.photo_masks import PARTS, LabelMap
from bottega.datasets.photos import Photo, read_photo
from bottega.errors import PhotoRefused
from bottega.models.vision.colours import Colour, dominant_colours
from bottega.models.vision.eye import Eye, Looks
from bottega.models.vision.harmony import COLOURS, colour_row
from bottega.models.vision.outfits import Garments
from bottega.models.vision.regions import PRODUCT, WHOLE, Parse, Region, regions_of
from bottega.models.vision.slots import PART_SLOT, SLOTS, heed_parts, slot_by_type
from bottega.names import FloatArray
from bottega.store.vectors import PhotoKey

__all__ = ["Piece", "catalogue_garments", "look_at_pieces", "pieces_of", "slots_seen"]

COLOUR_MAKER, COLOUR_VERSION = "colours", "1"
"""Stamp of the colour rows [C] of catalogue photos."""
COLOURS_AN_ANSWER = 48
"""Most catalogue photos whose colours are measured before one answer."""
_TYPES = ("type", "articleType")


@dataclass(frozen=True)
class Piece:
    """One garment on a photo: where, what of it is garment, and its colours."""

    region: Region
    picture: Photo
    """The region's box, with what is around it: the eye knows garments better so than cut out."""
    colours: list[Colour]


def pieces_of(photo: Photo, parse: Parse) -> list[Piece]:
    """The garments that a photo shows, the largest first."""
    seen: list[LabelMap] = []

    def remember(small: Photo) -> LabelMap:
        seen.append(parse(small))
        return seen[0]

    found = []
    for region in regions_of(photo, remember):
        box = slice(region.top, region.bottom), slice(region.left, region.right)
        if region.name in (PRODUCT, WHOLE):
            picture = photo[box]
            found.append(Piece(region, picture, dominant_colours(picture)))
            continue
        size = photo.shape[1], photo.shape[0]
        labels = np.asarray(Image.fromarray(seen[0]).resize(size, Image.Resampling.NEAREST))
        found.append(Piece(region, photo[box], dominant_colours(photo[box], labels[box] == PARTS.index(region.name))))
    return found


def look_at_pieces(eye: Eye, pieces: Sequence[Piece]) -> Looks:
    """What the eye sees in each piece; of types, those count more that the piece's part of the photo can be."""
    looks = eye.look([piece.picture for piece in pieces])
    head = _type_head(eye.heads)
    if head is None or not pieces:
        return looks
    heeded = heed_parts(looks.probabilities[head], eye.heads[head], [piece.region.name for piece in pieces])
    return replace(looks, probabilities=looks.probabilities | {head: heeded})


def slots_seen(pieces: Sequence[Piece], looks: Looks, heads: dict[str, tuple[str, ...]]) -> list[str | None]:
    """The slot of each piece: by its part, else by the type that the eye saw."""
    head = _type_head(heads)
    by_type = slot_by_type(looks.probabilities[head], heads[head]) if head else [None] * len(pieces)
    return [PART_SLOT.get(piece.region.name, slot) for piece, slot in zip(pieces, by_type, strict=True)]


def _type_head(heads: Mapping[str, tuple[str, ...]]) -> str | None:
    return next((name for name in _TYPES if name in heads), None)


def catalogue_garments(
    answerer: Answerer,
    index: SearchIndex,
    products: Sequence[Product],
    slots: list[str],
    *,
    most: int | None = COLOURS_AN_ANSWER,
) -> Garments:
    """Products as garments, in this order; NaN where nothing was seen of a vector or of colours.

    At most so many photos have their colours measured now; all of them where `most` is None.
    """
    colours = _colours(answerer, products, most)
    unseen = np.full(index.eye.size, np.nan, dtype=np.float32)
    vectors = [index.vector_of(product) for product in products]
    return Garments(
        np.stack([unseen if vector is None else vector for vector in vectors]) if vectors else unseen[None][:0],
        colours,
        np.array([SLOTS.index(slot) for slot in slots], dtype=np.int32),
    )


class _ColourTable:
    """Colour rows of catalogue photos, in step with the store."""

    def __init__(self) -> None:
        self.rows: dict[PhotoKey, FloatArray] = {}
        self.refused: set[PhotoKey] = set()
        self.newest = 0
        self.lock = threading.Lock()

    def refresh(self, shop: Shop) -> None:
        fresh = shop.store.vectors.all(COLOUR_MAKER, COLOUR_VERSION, after=self.newest)
        self.newest = fresh.newest
        for id_, image, row in zip(fresh.ids, fresh.images, fresh.matrix, strict=True):
            self.rows[PhotoKey(id_, image)] = row.astype(np.float32)

    def measure(self, shop: Shop, keys: Sequence[PhotoKey]) -> None:
        made: dict[PhotoKey, FloatArray] = {}
        for key in keys:
            try:
                made[key] = colour_row(dominant_colours(read_photo(shop.images / key.image), count=COLOURS))
            except PhotoRefused:
                self.refused.add(key)
        if made:
            shop.store.vectors.put(COLOUR_MAKER, COLOUR_VERSION, list(made), np.stack(list(made.values())))
            self.rows |= made


_TABLES: WeakKeyDictionary[Answerer, _ColourTable] = WeakKeyDictionary()
_TABLES_LOCK = threading.Lock()


def _colours(answerer: Answerer, products: Sequence[Product], most: int | None) -> FloatArray:
    with _TABLES_LOCK:
        table = _TABLES.setdefault(answerer, _ColourTable())
    keys = [next((PhotoKey(one.id, image) for image in one.images if "://" not in image), None) for one in products]
    with table.lock:
        table.refresh(answerer.shop)
        new = [key for key in keys if key is not None and key not in table.rows and key not in table.refused]
        table.measure(answerer.shop, new[:most])
        unknown = np.full(4 * COLOURS, np.nan, dtype=np.float32)
        rows = [table.rows.get(key, unknown) if key is not None else unknown for key in keys]
    return np.stack(rows) if rows else unknown[None][:0]
