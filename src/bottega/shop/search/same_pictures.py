"""The same picture: products whose picture is the one just sent, resized or recompressed.

Vectors name a few candidates among the pictures that the eye has looked at, perceptual
hashes of their files decide, and their pixels where only colours differ.
"""

from __future__ import annotations

from collections.abc import Sequence

from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.vision.duplicates import WITHIN_BITS, picture_hash, same_picture
from bottega.names import FloatArray
from bottega.shop.folder import ShopFolder
from bottega.shop.search.photo_index import PhotoIndex
from bottega.store.vectors import PhotoKey

__all__ = ["same_pictures"]

_CANDIDATES = 8
_COSINE_MIN = 0.8
"""Two copies of a picture are nearer to each other than this, whatever was done to them."""


def same_pictures(shop: ShopFolder, index: PhotoIndex, photos: Sequence[Photo], vectors: FloatArray) -> list[list[str]]:
    """For each of N photos, seen as `vectors` [N, E] by the eye of the index, the ids of products that show it."""
    found = []
    for photo, vector in zip(photos, vectors, strict=True):
        numbers, cosines = index.nearest(vector, _CANDIDATES)
        found.append(_of_one(shop, photo, [index.keys[number] for number in numbers[cosines >= _COSINE_MIN].tolist()]))
    return found


def _of_one(shop: ShopFolder, photo: Photo, candidates: Sequence[PhotoKey]) -> list[str]:
    asked = picture_hash(photo)
    products = shop.store.products.get({key.product_id for key in candidates})
    found: dict[str, None] = {}
    for name, image in candidates:
        if name in products and image in products[name].images:
            try:
                other = read_inside(shop.images, image)
            except PhotoRefused:
                continue  # its file is gone or broken: nothing to compare with
            if (asked ^ picture_hash(other)).bit_count() <= WITHIN_BITS and same_picture(photo, other):
                found[name] = None
    return list(found)
