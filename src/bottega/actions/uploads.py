"""Photos that came to a door: their names, their bytes, and how many and how large they may be."""

from __future__ import annotations

from typing import NamedTuple

from bottega.datasets.photo_files import MAX_BYTES, check_size

__all__ = ["MAX_BYTES", "UPLOADS_MAX", "Upload", "check_size"]

UPLOADS_MAX = 10
"""Most photos in one request."""


class Upload(NamedTuple):
    """A photo as it came in, not yet looked at. `name` is echoed in answers and messages."""

    name: str
    content: bytes
