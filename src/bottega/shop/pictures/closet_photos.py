"""Photos that shoppers asked to keep: files in the shop's folder `closet/`, without metadata, by content and owner."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import blake2b

from bottega.datasets.photos.metadata import storable
from bottega.shop.folder import ShopFolder

__all__ = ["discard", "exported", "is_kept", "keep"]

_FOLDER = "closet"
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}\.[a-z]+")


def keep(shop: ShopFolder, shopper: str, content: bytes, name: str) -> str:
    """Write a photo without EXIF and the like; returns its name here. Two shoppers never share a file."""
    picture = storable(content, name)
    digest = blake2b(
        picture.content, digest_size=16, key=blake2b(shopper.encode(), digest_size=32).digest()
    ).hexdigest()
    kept = f"{digest[:2]}/{digest[2:]}{picture.suffix}"
    shop.files.write(f"{_FOLDER}/{kept}", picture.content)
    return kept


def is_kept(name: str) -> bool:
    """Whether this is the name of a kept photo, not of one that was only looked at."""
    return bool(_NAME.fullmatch(name))


def discard(shop: ShopFolder, names: Iterable[str]) -> int:
    """Delete kept photos that no closet needs any more; returns how many."""
    kept = {name for name in names if is_kept(name)}
    unused = kept - shop.store.closet.photos_left(kept)
    return sum(shop.files.remove(f"{_FOLDER}/{name}") for name in sorted(unused))


def exported(shop: ShopFolder, names: Iterable[str]) -> dict[str, str]:
    """Kept photos, name to content in base64."""
    found = {name: shop.files.read(f"{_FOLDER}/{name}") for name in sorted(set(names)) if is_kept(name)}
    return {name: b64encode(content).decode() for name, content in found.items() if content is not None}
