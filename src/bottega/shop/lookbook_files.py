"""Lookbooks: folders below the shop's `lookbooks/`, each a page, its pictures, and what stands on them as JSON."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from bottega.errors import InputError, LookbookUnknown, disk_full
from bottega.shop.folder import ShopFolder
from bottega.shop.runs import drawn_name

__all__ = [
    "LOOKBOOK",
    "MEDIA_TYPES",
    "PAGE",
    "lookbook_names",
    "lookbook_path",
    "new_name",
    "put_lookbook",
    "remove_lookbook",
]

PAGE, LOOKBOOK = "index.html", "lookbook.json"
MEDIA_TYPES = {".html": "text/html", ".json": "application/json", ".jpg": "image/jpeg"}
_NAME = re.compile(r"l-[0-9a-f]{16}")
_FILE = re.compile(r"index\.html|lookbook\.json|[0-9]{2}\.jpg")


def new_name(shop: ShopFolder) -> str:
    """A name for a lookbook that is about to be made."""
    return f"l-{drawn_name(shop, 'lookbook', 8)}"


def put_lookbook(shop: ShopFolder, name: str, files: Mapping[str, bytes]) -> Path:
    """Write a lookbook, in the place of one of the same name; it is there when it is whole.

    Raises `DiskFull`, and `InputError` where the disk refuses it.
    """
    target = _folder(shop) / name
    beside = target.with_suffix(".new")
    try:
        shutil.rmtree(beside, ignore_errors=True)  # left by an attempt that was killed
        beside.mkdir(parents=True)
        for file, content in files.items():
            (beside / file).write_bytes(content)
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise disk_full(error) or InputError(
            f"The lookbook {name} cannot be kept: {error.strerror}.", next_step="Mend the disk and ask again."
        ) from error
    return target


def lookbook_names(shop: ShopFolder) -> list[str]:
    """The lookbooks that there are, the newest first."""
    found = [path for path in _folder(shop).glob("l-*") if _NAME.fullmatch(path.name)]
    return [path.name for path in sorted(found, key=lambda path: (-path.stat().st_mtime_ns, path.name))]


def lookbook_path(shop: ShopFolder, name: str, file: str = LOOKBOOK) -> Path:
    """Where a file of a lookbook lies. Raises `LookbookUnknown`."""
    path = _folder(shop) / name / file
    if not _NAME.fullmatch(name) or not _FILE.fullmatch(file) or not path.is_file():
        raise LookbookUnknown(
            f"There is no {file[:40]!r} of a lookbook {name[:80]!r}.",
            allowed="A lookbook has index.html, lookbook.json, and its pictures 01.jpg, 02.jpg and so on.",
            next_step="`bottega lookbooks` and GET /v1/studio/lookbooks list them.",
        )
    return path


def remove_lookbook(shop: ShopFolder, name: str) -> None:
    """Delete a lookbook with its pictures. Raises `LookbookUnknown`."""
    shutil.rmtree(lookbook_path(shop, name).parent)


def _folder(shop: ShopFolder) -> Path:
    return shop.root / "lookbooks"
