"""Pictures that shoppers had printed: files in the shop's folder `designs/`, one a design, without metadata."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

from bottega.datasets.photos.metadata import storable
from bottega.shop.folder import ShopFolder

__all__ = ["discard_designs", "exported_designs", "keep_design", "read_design"]


def keep_design(shop: ShopFolder, design_id: str, content: bytes, name: str) -> str:
    """Write a design's picture; returns its name there."""
    picture = storable(content, name)
    kept = f"{design_id}{picture.suffix}"
    _folder(shop).mkdir(exist_ok=True)
    (_folder(shop) / kept).write_bytes(picture.content)
    return kept


def read_design(shop: ShopFolder, file: str) -> bytes | None:
    """The picture of a design; None where its file has gone."""
    path = _folder(shop) / file
    return path.read_bytes() if path.exists() else None


def discard_designs(shop: ShopFolder, files: Iterable[str]) -> int:
    """Delete the pictures of designs that are no more; returns how many there were."""
    gone = 0
    for file in sorted(set(files)):
        path = _folder(shop) / file
        gone += path.exists()
        path.unlink(missing_ok=True)
    return gone


def exported_designs(shop: ShopFolder, files: Iterable[str]) -> dict[str, str]:
    """Pictures of designs, name to content in base64."""
    found = {file: read_design(shop, file) for file in sorted(set(files))}
    return {file: b64encode(content).decode() for file, content in found.items() if content is not None}


def _folder(shop: ShopFolder) -> Path:
    return shop.root / "designs"
