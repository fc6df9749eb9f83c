"""Cloth of a product: a shop's product, or a photo, as a piece of clothing on a body."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused, ProductUnknown, RequestInvalid
from bottega.models.studio.bodies.body import build
from bottega.models.studio.garments.cloth import Cloth
from bottega.models.studio.garments.cut_outs import cut_out
from bottega.models.studio.garments.cuts import cut_of, kind_of, refuse_underwear
from bottega.models.studio.garments.made import made
from bottega.names import FloatArray
from bottega.shop.open_shop import OpenShop

if TYPE_CHECKING:
    from bottega.models.studio.key_points.key_points import KeyPointReader

__all__ = ["cloth_of_photo", "cloth_of_product", "words_of_product"]

Parse = Callable[[Photo], LabelMap]


def cloth_of_product(shop: OpenShop, product_id: str, body_name: str, *, cut: str = "") -> Cloth:
    """A product of the shop made to a body; its cut is taken from what the shop calls it unless it is named.

    Raises `ProductUnknown`, `PhotoRefused`, and `RequestInvalid` for a product without a photo, of no cut, whose photo
    cannot carry it, or that this body must not wear.
    """
    product = shop.store.products.get([product_id]).get(product_id)
    if product is None:
        raise ProductUnknown.named(product_id)
    picture = main_picture(product)
    if picture is None:
        raise RequestInvalid(
            f"The product {product_id!r} has no photo in the shop's folder.",
            allowed="A piece is made from a product with a photo.",
            next_step="Name another product, or give it a photo.",
        )
    words = words_of_product(product)
    photo = read_inside(shop.folder.images, picture)
    return cloth_of_photo(photo, shop.models.parse, body_name, words=words, cut=cut, reader=shop.models.key_points)


def cloth_of_photo(
    photo: Photo,
    parse: Parse,
    body_name: str,
    *,
    words: Sequence[str] = (),
    cut: str = "",
    reader: Callable[[], KeyPointReader] | None = None,
) -> Cloth:
    """The piece of a photo [H, W, 3] made to a body; `words` say what it is, or `cut` does.

    Raises `RequestInvalid`, and `PhotoRefused` where the piece is not told from the rest of its photo.

    `reader` is asked how somebody stands who wears it.
    """
    refuse_underwear(words, build(body_name))
    cut = cut or cut_of(words)
    found = cut_out(photo, cut, parse)
    worn = found.labels if found.worn else None
    points = _points(found.labels, reader()) if found.worn and reader is not None else None
    return made(photo, found.mask, cut, body_name, labels=worn, key_points=points, kind=kind_of(words))


def _points(labels: LabelMap, reader: KeyPointReader) -> FloatArray | None:
    """The joints [16, 3] of who wears it; None where nobody is told, as on a photo without a head and arms."""
    try:
        seen = reader.read(labels)
    except PhotoRefused:
        return None
    return np.array([(point.x, point.y, point.confidence) for point in seen.points], np.float32)


def words_of_product(product: Product) -> list[str]:
    """What a shop calls a product, the surest first: its types, its categories from the deepest, its title."""
    types = [value for name in _TYPES for value in product.attributes.get(name, ())]
    return [*types, *reversed(product.category), product.title]


_TYPES = ("type", "product_type", "article_type", "kind")
"""Names of attributes that say what a product is."""
