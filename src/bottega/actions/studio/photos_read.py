"""What verbs of photos share: those that can be read, and why the others cannot."""

from __future__ import annotations

from collections.abc import Sequence

from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import PhotoRefused
from bottega.shop.shape import Upload

__all__ = ["photos_read"]


def photos_read(uploads: Sequence[Upload]) -> tuple[dict[int, Photo], dict[int, PhotoRefused]]:
    """Photos by their place, and the refusals of the rest."""
    read: dict[int, Photo] = {}
    refusals: dict[int, PhotoRefused] = {}
    for place, upload in enumerate(uploads):
        try:
            read[place] = read_photo(upload.content, name=upload.name)
        except PhotoRefused as refusal:
            refusals[place] = refusal
    return read, refusals
