"""Looking at the catalogue: what the shop's eye sees in the pictures of products, kept in the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bottega.datasets.item_photos import MAKER
from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.vision.eye.looks import Looks
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.store.vectors import PhotoKey, Stamp

if TYPE_CHECKING:
    from bottega.models.vision.eye.eye import Eye

__all__ = ["PHOTOS_A_SEARCH", "WORDS_MAKER", "look_at", "look_at_catalogue"]

WORDS_MAKER = "eye.words"
"""Stamp of the chances [W] of the eye's words, kept beside the vectors of `MAKER`."""
PHOTOS_A_SEARCH = 32
"""Most photos looked at before one answer."""
_AT_A_TIME = 256
"""Photos looked at before their vectors are written: what a stop in the middle can lose."""


def look_at_catalogue(shop: ShopFolder, eye: Eye, *, revision: int = 0, progress: Progress = silent) -> int:
    """Make and keep the vectors of catalogue photos that have none of this eye yet; returns how many were made.

    With `revision`, only products written after it are asked about. A photo that cannot be read has no vector; it is
    tried again next time. Vectors are written a few hundred at a time, so a stop loses little.
    """
    missing = shop.store.vectors.missing(Stamp(MAKER, eye.version), revision=revision)
    made = 0
    for start in range(0, len(missing), _AT_A_TIME):
        made += look_at(shop, eye, missing[start : start + _AT_A_TIME])
        progress("looking at the catalogue", min(start + _AT_A_TIME, len(missing)), len(missing))
    return made


def look_at(shop: ShopFolder, eye: Eye, keys: Sequence[PhotoKey]) -> int:
    """Look at these pictures of products and keep their vectors, and the chances of the words that a title might hold.

    Returns how many could be read.
    """
    keys, photos = _readable(shop, keys)
    if keys:
        looks: Looks = eye.look(photos)
        shop.store.vectors.put(Stamp(MAKER, eye.version), keys, looks.vectors)
        if eye.words:
            shop.store.vectors.put(Stamp(WORDS_MAKER, eye.version), keys, looks.words)
    return len(keys)


def _readable(shop: ShopFolder, keys: Sequence[PhotoKey]) -> tuple[list[PhotoKey], list[Photo]]:
    found = list(_read(shop, keys))
    return [key for key, _ in found], [photo for _, photo in found]


def _read(shop: ShopFolder, keys: Sequence[PhotoKey]) -> Iterator[tuple[PhotoKey, Photo]]:
    for key in keys:
        try:
            yield key, read_inside(shop.images, key.image)
        except (PhotoRefused, OSError):
            continue
