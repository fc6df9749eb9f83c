"""What a product picture can be asked for, and what photos are in the same words: type, for whom, use, colour, worn.

Heads of people are hidden before anything here is learnt from (heads.py), and photos that are unsure are left out.

Shapes   N photos, P pixels a side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from skimage.color import rgb2lab

from bottega.datasets.photos.catalogue import codes_of
from bottega.datasets.photos.heads import hide_heads, skin
from bottega.datasets.photos.small_photos import SmallPhotos
from bottega.names import BoolArray, FloatArray, LongArray

__all__ = ["AskedNames", "AskedPictures", "asked_of", "outline", "product_lab"]

LEAST_PHOTOS = 40
"""Photos that a type needs among those learnt from to be one that can be asked for."""
SHOWS_NOBODY = frozenset({"Bags", "Belts", "Wallets", "Watches"})
"""Subcategories that are photographed without people; brown leather has the colour of skin."""
_CHUNK = 512
_AWAY = 9.0
"""Distance in Lab from the background above which a pixel is the product's."""


@dataclass(frozen=True, slots=True)
class AskedNames:
    """The words that can be asked for; the first gender and use, "", stand for any."""

    types: tuple[str, ...]
    genders: tuple[str, ...]
    usages: tuple[str, ...]

    @property
    def sizes(self) -> dict[str, int]:
        """How many there are of each."""
        return {"type": len(self.types), "gender": len(self.genders), "usage": len(self.usages)}


@dataclass(frozen=True, slots=True)
class AskedPictures:
    """Codes of type, gender and use [N], the product's colour as CIE Lab [N, 3], and whether somebody wears it [N]."""

    type: LongArray
    gender: LongArray
    usage: LongArray
    lab: FloatArray
    worn: LongArray

    def __len__(self) -> int:
        return len(self.type)

    def take(self, rows: LongArray | BoolArray) -> AskedPictures:
        """These alone."""
        return AskedPictures(self.type[rows], self.gender[rows], self.usage[rows], self.lab[rows], self.worn[rows])


def asked_of(photos: SmallPhotos) -> tuple[SmallPhotos, AskedPictures, AskedNames]:
    """Photos of types that can be asked for, without heads, and what would have to be asked to get each."""
    labels = {head: np.array(found) for head, found in photos.labels.items()}
    apparel = labels["category"] == "Apparel"
    people = ~np.isin(labels["subcategory"], sorted(SHOWS_NOBODY)) & (labels["category"] != "Footwear")
    hidden = hide_heads(photos.photos, apparel, people)
    kinds, counts = np.unique(labels["type"][~photos.held_out & ~hidden.unsure], return_counts=True)
    types = tuple(kind for kind in kinds[counts >= min(LEAST_PHOTOS, int(counts.max()))].tolist() if kind)
    kept = np.flatnonzero(np.isin(labels["type"], types) & ~hidden.unsure)
    chosen = replace(photos.take(kept), photos=hidden.photos[kept])
    names = AskedNames(
        types,
        ("", *sorted({label for label in chosen.labels["gender"] if label})),
        ("", *sorted({label for label in chosen.labels["usage"] if label})),
    )
    worn = hidden.worn[kept]
    asked = AskedPictures(
        codes_of(chosen.labels["type"], names.types).astype(np.int64),
        codes_of(chosen.labels["gender"], names.genders).clip(0).astype(np.int64),
        codes_of(chosen.labels["usage"], names.usages).clip(0).astype(np.int64),
        product_lab(chosen.photos, worn),
        worn.astype(np.int64),
    )
    return chosen, asked, names


def product_lab(photos: NDArray[np.uint8], worn: BoolArray) -> FloatArray:
    """Mean CIE Lab of the product [N, 3]: of what is not background, the middle before the edges.

    On photos of `worn` products what has the colour of skin is left out.
    """
    found = np.empty((len(photos), 3), np.float32)
    for start in range(0, len(photos), _CHUNK):
        part = photos[start : start + _CHUNK]
        px = part.shape[1]
        lab = rgb2lab(part / np.float32(255)).astype(np.float32)
        away = _away(lab)
        place = np.square(np.linspace(-1, 1, px, dtype=np.float32))
        middle = np.exp(-(place[None, :] + place[:, None]))
        bare = skin(part) & worn[start : start + _CHUNK, None, None]
        cloth = (away & ~bare) * middle
        few = cloth.mean((1, 2), keepdims=True) < 0.01
        weight = np.where(few, away * middle + 1e-3 * middle, cloth)
        found[start : start + _CHUNK] = (lab * weight[..., None]).sum((1, 2)) / weight.sum((1, 2))[:, None]
    return found


def outline(photos: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which pixels [N, P, P] of photos are not background."""
    parts = [photos[start : start + _CHUNK] for start in range(0, len(photos), _CHUNK)]
    return np.concatenate([_away(rgb2lab(part / np.float32(255)).astype(np.float32)) for part in parts])


def _away(lab: FloatArray) -> NDArray[np.bool_]:
    edge = np.median(np.concatenate([lab[:, 0], lab[:, :, 0], lab[:, :, -1]], 1), 1)
    far: NDArray[np.bool_] = np.linalg.norm(lab - edge[:, None, None], axis=3) > _AWAY
    return far
