"""The photos of a shop's own products with what their rows say of them, as arrays to learn from.

Shapes   N products with a readable picture in the shop's folder, P pixels a side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bottega.catalogue.addresses import is_web
from bottega.catalogue.attributes import values_of
from bottega.catalogue.product import Product
from bottega.datasets.features import words_of
from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.reading import square
from bottega.errors import BottegaError
from bottega.names import IntArray
from bottega.progress import Progress, silent

__all__ = ["ShopPhotos", "lines_of", "main_picture", "shop_photos"]

LEAST_PHOTOS = 8
"""Photos of a value, and values of an attribute times this, below which the attribute is not worth a head."""


@dataclass(frozen=True, slots=True)
class ShopPhotos:
    """`photos` uint8 [N, P, P, 3]; `labels`: head -> label of each, "" unknown; `groups` [N]: its product line."""

    ids: tuple[str, ...]
    photos: NDArray[np.uint8]
    labels: Mapping[str, tuple[str, ...]]
    words: tuple[frozenset[str], ...]
    groups: IntArray
    unreadable: Mapping[str, str]
    """Product id -> why its picture was left out."""

    def __len__(self) -> int:
        return len(self.ids)

    def frequent_words(self, *, least: int = 5, most: int = 400) -> tuple[str, ...]:
        """Words of three letters or more in at least `least` titles and at most half of them, the commonest."""
        counts = Counter(word for row in self.words for word in row)
        fit = [word for word, n in counts.items() if least <= n <= 0.5 * len(self) and len(word) > 2 and word.isalpha()]
        return tuple(sorted(fit, key=lambda word: (-counts[word], word))[:most])


def main_picture(product: Product) -> str | None:
    """The first picture that lies in the shop's folder; None where there is none."""
    return next((image for image in product.images if not is_web(image)), None)


def shop_photos(products: Sequence[Product], folder: Path, px: int, *, progress: Progress = silent) -> ShopPhotos:
    """Read the main picture of every product that has one. Those that cannot be read are named, not raised."""
    kept: list[Product] = []
    photos: list[NDArray[np.uint8]] = []
    unreadable: dict[str, str] = {}
    for done, product in enumerate(products, start=1):
        picture = main_picture(product)
        if picture is not None:
            try:
                photos.append(square(read_inside(folder, picture), px))
                kept.append(product)
            except (BottegaError, OSError) as error:
                unreadable[product.id] = str(error)
        progress("reading photos", done, len(products))
    return ShopPhotos(
        tuple(product.id for product in kept),
        np.stack(photos) if photos else np.zeros((0, px, px, 3), np.uint8),
        _labels(kept),
        tuple(frozenset(words_of(product.title)) for product in kept),
        lines_of(kept),
        unreadable,
    )


def _labels(products: Sequence[Product]) -> dict[str, tuple[str, ...]]:
    """Category levels as heads category, subcategory and type, and every attribute whose values have photos enough."""
    heads: dict[str, list[str]] = {
        "category": [product.category[0] if product.category else "" for product in products],
        "subcategory": [" > ".join(product.category[:2]) if len(product.category) > 2 else "" for product in products],
        "type": [product.category[-1] if len(product.category) > 1 else "" for product in products],
    }
    for name in sorted({name for product in products for name in product.attributes}):
        heads.setdefault(name, [(product.attributes.get(name) or ("",))[0] for product in products])
    return {head: row for head, labels in heads.items() if (row := _common(labels)) is not None}


def _common(labels: Sequence[str]) -> tuple[str, ...] | None:
    """Labels with those of too few photos taken out; None where fewer than two are left."""
    counts = Counter(label for label in labels if label)
    enough = {label for label, n in counts.items() if n >= LEAST_PHOTOS}
    return tuple(label if label in enough else "" for label in labels) if len(enough) > 1 else None


def lines_of(products: Sequence[Product]) -> IntArray:
    """The line of each product [N]: variants are one, and so are products whose titles agree but for their colours."""
    names = []
    for product in products:
        colours = {word for value in values_of(product, "color") for word in words_of(value)}
        title = " ".join(word for word in words_of(product.title) if word not in colours)
        names.append(f"group {product.group_id}" if product.group_id else f"title {title}")
    return np.unique(names, return_inverse=True)[1].astype(np.int32) if names else np.zeros(0, np.int32)
