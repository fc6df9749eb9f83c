"""Lookbooks: folders below the shop's `lookbooks/`, each a page, its pictures, and what stands on them as JSON.

A lookbook is there when its JSON is, which is written last and removed first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from bottega.errors import LookbookUnknown
from bottega.shop.folder import ShopFolder
from bottega.shop.marks import drawn_name

__all__ = [
    "LOOKBOOK",
    "MEDIA_TYPES",
    "PAGE",
    "lookbook_file",
    "lookbook_names",
    "new_name",
    "put_lookbook",
    "remove_lookbook",
]

PAGE, LOOKBOOK = "index.html", "lookbook.json"
MEDIA_TYPES = {".html": "text/html", ".json": "application/json", ".jpg": "image/jpeg"}
_FOLDER = "lookbooks"
_NAME = re.compile(r"l-[0-9a-f]{16}")
_FILE = re.compile(r"index\.html|lookbook\.json|[0-9]{2}\.jpg")


def new_name(shop: ShopFolder) -> str:
    """A name for a lookbook that is about to be made."""
    return f"l-{drawn_name(shop, 'lookbook', 8)}"


def put_lookbook(shop: ShopFolder, name: str, files: Mapping[str, bytes]) -> None:
    """Write a lookbook, in the place of one of the same name, as an earlier attempt at a job left it.

    Raises `DiskFull`, `FilesUnavailable`, and `InputError` where the disk refuses it.
    """
    shop.files.remove(f"{_FOLDER}/{name}/{LOOKBOOK}")
    shop.files.remove_all(f"{_FOLDER}/{name}")
    for file in sorted(files, key=lambda one: one == LOOKBOOK):
        shop.files.write(f"{_FOLDER}/{name}/{file}", files[file])


def lookbook_names(shop: ShopFolder) -> list[str]:
    """The lookbooks that there are, by name."""
    found = [PurePosixPath(name) for name in shop.files.names(_FOLDER)]
    return [path.parent.name for path in found if path.name == LOOKBOOK and _NAME.fullmatch(path.parent.name)]


def lookbook_file(shop: ShopFolder, name: str, file: str = LOOKBOOK) -> bytes:
    """The content of a file of a lookbook. Raises `LookbookUnknown`, `FilesUnavailable`."""
    told = _NAME.fullmatch(name) and _FILE.fullmatch(file)
    content = shop.files.read(f"{_FOLDER}/{name}/{file}") if told else None
    if content is None:
        raise LookbookUnknown(
            f"There is no {file[:40]!r} of a lookbook {name[:80]!r}.",
            allowed="A lookbook has index.html, lookbook.json, and its pictures 01.jpg, 02.jpg and so on.",
            next_step="`bottega lookbooks` and GET /v1/studio/lookbooks list them.",
        )
    return content


def remove_lookbook(shop: ShopFolder, name: str) -> None:
    """Delete a lookbook with its pictures. Raises `LookbookUnknown`, `FilesUnavailable`."""
    lookbook_file(shop, name)
    shop.files.remove(f"{_FOLDER}/{name}/{LOOKBOOK}")
    shop.files.remove_all(f"{_FOLDER}/{name}")
