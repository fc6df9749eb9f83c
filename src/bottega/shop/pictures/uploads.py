"""Photos that came to a door: their names, their bytes, and how many and how large they may be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bottega.datasets.photos.files import MAX_BYTES, check_size
from bottega.errors import SourceUnreadable
from bottega.shop.shape import Upload

__all__ = ["MAX_BYTES", "UPLOADS_MAX", "check_size", "read_uploads"]

UPLOADS_MAX = 10
"""Most photos in one request."""


def read_uploads(paths: Sequence[Path], *, as_typed: bool = False) -> list[Upload]:
    """Photo files as if they had been sent, under their names, or `as_typed` with their folders.

    Raises `SourceUnreadable`, and `PhotoRefused` for one too large.
    """
    uploads = []
    for path in paths:
        try:
            name = str(path) if as_typed else path.name
            check_size(path.stat().st_size, name)
            uploads.append(Upload(name=name, content=path.read_bytes()))
        except OSError as error:
            raise SourceUnreadable(f"{path} cannot be read: {error.strerror}.", next_step="Check the path.") from error
    return uploads
