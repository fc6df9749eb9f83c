"""Videos that were staged anew: files in the shop's folder `videos/`, under names that nobody can guess."""

from __future__ import annotations

import re
from pathlib import Path

from bottega.errors import InputError, disk_full
from bottega.shop.folder import ShopFolder
from bottega.shop.runs import drawn_name

__all__ = ["MEDIA_TYPES", "put_video", "video_path"]

MEDIA_TYPES = {".mp4": "video/mp4", ".webp": "image/webp"}
_NAME = re.compile(r"v-[0-9a-f]{24}\.(mp4|webp)")


def put_video(shop: ShopFolder, content: bytes, media_type: str) -> str:
    """Keep a video; returns its name there. Raises `DiskFull`, and `InputError` where the disk refuses it."""
    suffix = next(suffix for suffix, said in MEDIA_TYPES.items() if said == media_type)
    target = _folder(shop) / f"v-{drawn_name(shop, 'video', 12)}{suffix}"
    beside = target.with_suffix(".new")
    try:
        target.parent.mkdir(exist_ok=True)
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise disk_full(error) or InputError(
            f"The video {target.name} cannot be kept: {error.strerror}.", next_step="Mend the disk and ask again."
        ) from error
    return target.name


def video_path(shop: ShopFolder, name: str) -> Path:
    """Where a video lies. Raises `InputError` for a name that is none of them."""
    path = _folder(shop) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise InputError(
            f"There is no video {name[:80]!r}.",
            allowed="A job `restage` that is done says the name of its video.",
            next_step="GET /v1/jobs/{number} shows what came of a job.",
        )
    return path


def _folder(shop: ShopFolder) -> Path:
    return shop.root / "videos"
