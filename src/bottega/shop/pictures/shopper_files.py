"""Pictures of shoppers that are files in folders of the shop, one a row of the store, without metadata.

`designs/` holds what was printed, `closet_pictures/` what a shopper asked to keep, `shares/` what friends may see by a
link until it expires. A row's id is its file's name, so that no two rows share a file.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from bottega.datasets.photos.metadata import storable
from bottega.shop.folder import ShopFolder

__all__ = ["CLOSET_PICTURES", "DESIGNS", "SHARES", "ShopperFiles"]


@dataclass(frozen=True, slots=True)
class ShopperFiles:
    """Files of one folder."""

    name: str

    def keep(self, shop: ShopFolder, stem: str, content: bytes, name: str) -> str:
        """Write a picture without its metadata; returns its name there. `name` is what messages call it."""
        picture = storable(content, name)
        kept = f"{stem}{picture.suffix}"
        shop.files.write(f"{self.name}/{kept}", picture.content)
        return kept

    def read(self, shop: ShopFolder, file: str) -> bytes | None:
        """A picture; None where its file has gone."""
        return shop.files.read(f"{self.name}/{file}")

    def discard(self, shop: ShopFolder, files: Iterable[str]) -> int:
        """Delete pictures whose rows are no more; returns how many there were."""
        return sum(shop.files.remove(f"{self.name}/{file}") for file in sorted(set(files)))

    def exported(self, shop: ShopFolder, files: Iterable[str]) -> dict[str, str]:
        """Pictures, name to content in base64."""
        found = {file: self.read(shop, file) for file in sorted(set(files))}
        return {file: b64encode(content).decode() for file, content in found.items() if content is not None}


DESIGNS = ShopperFiles("designs")
CLOSET_PICTURES = ShopperFiles("closet_pictures")
SHARES = ShopperFiles("shares")
