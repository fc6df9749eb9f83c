"""Videos that were staged anew: files in the shop's folder `videos/`, under names that nobody can guess."""

from __future__ import annotations

import re
from pathlib import Path

from bottega.errors import InputError
from bottega.shop.folder import ShopFolder
from bottega.shop.marks import drawn_name

__all__ = ["MEDIA_TYPES", "put_video", "video_path"]

MEDIA_TYPES = {".mp4": "video/mp4", ".webp": "image/webp"}
_FOLDER = "videos"
_NAME = re.compile(r"v-[0-9a-f]{24}\.(mp4|webp)")


def put_video(shop: ShopFolder, content: bytes, media_type: str) -> str:
    """Keep a video; returns its name there.

    Raises `DiskFull`, `FilesUnavailable`, and `InputError` where the disk refuses it.
    """
    suffix = next(suffix for suffix, said in MEDIA_TYPES.items() if said == media_type)
    name = f"v-{drawn_name(shop, 'video', 12)}{suffix}"
    shop.files.write(f"{_FOLDER}/{name}", content)
    return name


def video_path(shop: ShopFolder, name: str) -> Path:
    """Where a video lies on this machine. Raises `InputError` for a name that is none of them, `FilesUnavailable`."""
    path = shop.files.local(f"{_FOLDER}/{name}") if _NAME.fullmatch(name) else None
    if path is None or not path.is_file():
        raise InputError(
            f"There is no video {name[:80]!r}.",
            allowed="A job `restage` that is done says the name of its video.",
            next_step="GET /v1/jobs/{number} shows what came of a job.",
        )
    return path
