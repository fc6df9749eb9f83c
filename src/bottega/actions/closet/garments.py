"""Garments as outfits see them: what a photo shows, what a shopper's closet holds, and what the shop sells.

Colours of catalogue photos are measured when first needed and kept in the store beside the eye's vectors, a few dozen
an answer; a product without them is judged by its vector alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from bottega.catalogue.product import Product
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import Colour, dominant_colours
from bottega.models.vision.eye.looks import Looks
from bottega.models.vision.outfits import Garments
from bottega.models.vision.parts.regions import PRODUCT, WHOLE, Parse, Region, regions_of
from bottega.models.vision.slots import PART_SLOT, SLOTS, heed_parts, slot_by_type
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.index import SearchIndex
from bottega.shop.search.photo_colours import COLOURS_AN_ANSWER

if TYPE_CHECKING:
    from bottega.models.vision.eye.eye import Eye

__all__ = ["Piece", "catalogue_garments", "look_at_pieces", "pieces_of", "slots_seen"]

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
    """What the eye sees in each piece; of types, those count more that the piece's part of the photo can be.

    A piece that was cut out as a garment is one: the eye need not be asked whether it shows something worn.
    """
    garment = np.array([piece.region.name not in (PRODUCT, WHOLE) for piece in pieces], dtype=bool)
    looks = eye.look([piece.picture for piece in pieces]).worn_where(garment)
    head = _type_head(eye.heads)
    if head is None or not pieces:
        return looks
    heeded = heed_parts(looks.probabilities[head], eye.heads[head], [piece.region.name for piece in pieces])
    return replace(looks, probabilities=looks.probabilities | {head: heeded})


def slots_seen(pieces: Sequence[Piece], looks: Looks, heads: Mapping[str, tuple[str, ...]]) -> list[str | None]:
    """The slot of each piece: by its part, else by the type that the eye saw."""
    head = _type_head(heads)
    by_type = slot_by_type(looks.probabilities[head], heads[head]) if head else [None] * len(pieces)
    return [PART_SLOT.get(piece.region.name, slot) for piece, slot in zip(pieces, by_type, strict=True)]


def _type_head(heads: Mapping[str, tuple[str, ...]]) -> str | None:
    return next((name for name in _TYPES if name in heads), None)


def catalogue_garments(
    shop: OpenShop,
    index: SearchIndex,
    products: Sequence[Product],
    slots: list[str],
    *,
    most: int | None = COLOURS_AN_ANSWER,
) -> Garments:
    """Products as garments, in this order; NaN where nothing was seen of a vector or of colours.

    At most so many photos have their colours measured now; all of them where `most` is None.
    """
    colours = shop.colours_of(products, most=most)
    unseen = np.full(index.eye.size, np.nan, dtype=np.float32)
    vectors = [index.vector_of(product) for product in products]
    return Garments(
        np.stack([unseen if vector is None else vector for vector in vectors]) if vectors else unseen[None][:0],
        colours,
        np.array([SLOTS.index(slot) for slot in slots], dtype=np.int32),
    )
