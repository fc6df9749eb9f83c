"""Street photos with garment labels as three data sets: whole scenes, single garments, and places without a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import Photo, square
from bottega.models.vision.eye.material import Known

__all__ = ["GARMENT_TYPES", "street_sets"]

GARMENT_TYPES: Mapping[str, str] = {
    "t-shirt": "Tshirts",
    "shirt": "Shirts",
    "blouse": "Tops",
    "top": "Tops",
    "jeans": "Jeans",
    "shorts": "Shorts",
    "skirt": "Skirts",
    "dress": "Dresses",
    "sweater": "Sweaters",
    "sweatshirt": "Sweatshirts",
    "jacket": "Jackets",
    "blazer": "Blazers",
    "bag": "Handbags",
    "purse": "Handbags",
    "sunglasses": "Sunglasses",
    "hat": "Hat",
    "scarf": "Scarves",
    "leggings": "Leggings",
    "pants": "Trousers",
    "belt": "Belts",
    "heels": "Heels",
    "pumps": "Heels",
    "sandals": "Sandals",
    "flats": "Flats",
    "loafers": "Casual Shoes",
    "sneakers": "Casual Shoes",
    "tie": "Ties",
    "watch": "Watches",
    "wallet": "Wallets",
    "tights": "Tights",
    "stockings": "Stockings",
    "swimwear": "Swimwear",
}
"""Street label -> catalogue type, where the two mean the same."""

_LEAST_PIXELS = 250
"""Smaller garments say nothing at this size."""
_TRIES = 4
"""Places looked at in each photo for one without a person."""


def street_sets(
    photos: Sequence[Photo],
    masks: Sequence[NDArray[np.integer]],
    labels: Sequence[str],
    px: int,
    *,
    rng: np.random.Generator,
) -> list[Known]:
    """`masks` [H, W] hold places in `labels`, where 0 is nobody. Returns the sets street, garments and nothing."""
    present = [frozenset(labels[code] for code in np.unique(mask) if code) for mask in masks]
    street = Known("street", np.stack([square(photo, px) for photo in photos]), "worn", {}, {"garments": present})
    crops: list[NDArray[np.uint8]] = []
    types: list[str] = []
    empty: list[NDArray[np.uint8]] = []
    for photo, mask in zip(photos, masks, strict=True):
        for code in np.unique(mask):
            kind = GARMENT_TYPES.get(labels[code])
            if kind is not None and (mask == code).sum() > _LEAST_PIXELS:
                crops.append(square(_around(photo, mask == code), px))
                types.append(kind)
        place = _nobody(photo, mask, rng)
        if place is not None:
            empty.append(square(place, px))
    found = [street]
    if crops:
        found.append(Known("garments", np.stack(crops), "worn", {"type": types}, {}))
    blank = _blank(max(len(empty) // 3, 8), px, rng)
    found.append(Known("nothing", np.concatenate([np.stack(empty), blank]) if empty else blank, "none", {}, {}))
    return found


def _around(photo: Photo, mask: NDArray[np.bool_]) -> Photo:
    """The garment with a little of what is round it; single stray pixels do not stretch the box."""
    rows, columns = np.nonzero(mask)
    top, bottom = np.quantile(rows, (0.01, 0.99))
    left, right = np.quantile(columns, (0.01, 0.99))
    margin = 0.12 * max(bottom - top, right - left) + 4
    height, width = mask.shape
    return photo[
        max(0, int(top - margin)) : min(height, int(bottom + margin) + 1),
        max(0, int(left - margin)) : min(width, int(right + margin) + 1),
    ]


def _nobody(photo: Photo, mask: NDArray[np.integer], rng: np.random.Generator) -> Photo | None:
    """A piece of the photo with hardly a person in it, if a few tries find one."""
    height, width = mask.shape
    for _ in range(_TRIES):
        side = int(rng.integers(min(48, width - 1), max(49, min(150, width))))
        if side >= min(height, width):
            continue
        top, left = int(rng.integers(0, height - side)), int(rng.integers(0, width - side))
        if (mask[top : top + side, left : left + side] != 0).mean() < 0.01:
            return photo[top : top + side, left : left + side]
    return None


def _blank(count: int, px: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Pictures of nothing [count, px, px, 3]: flat colours, slopes and noise."""
    corners = rng.uniform(0, 255, (count, 2, 2, 3))
    slope = np.linspace(0, 1, px)
    across = corners[:, :, :1] * (1 - slope)[None, None, :, None] + corners[:, :, 1:] * slope[None, None, :, None]
    pictures = across[:, :1] * (1 - slope)[None, :, None, None] + across[:, 1:] * slope[None, :, None, None]
    pictures[::3] = pictures[::3, :1, :1]
    pictures[1::3] += rng.normal(0, 60, pictures[1::3].shape)
    return pictures.clip(0, 255).astype(np.uint8)
