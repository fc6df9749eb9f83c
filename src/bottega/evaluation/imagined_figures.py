"""How pictures by words keep to them: what a turn of colour leaves of the outline, and which real products are found.

Refining  Pictures are drawn as a visitor would get them who says nothing more than "anything"; then another colour is
          asked for, and the answer is measured: intersection over union of its outline with that of before, CIEDE2000
          from the product's mean colour to the one asked for. Nothing is painted over.
Search    Photos kept aside say what is asked for (their type and the name of their colour). The picture's vector alone
          finds the nearest of other photos kept aside; whether the type, and the colour's name, are among the first
          ten. Beside it stand a photo of the very product asked for, and photos drawn by lot.
Shapes    N pictures, G photos that can be found, E numbers of a vector.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.asked import outline, product_lab
from bottega.datasets.photos.small_photos import SmallPhotos
from bottega.models.studio.products.generator import ProductGenerator
from bottega.models.studio.products.keeping import (
    ENOUGH_ALIKE,
    ENOUGH_COLOUR,
    another_colour,
    colour_gaps,
    overlaps,
)
from bottega.models.studio.products.turns import AskedProduct, PictureRecipe, first_recipes
from bottega.models.studio.products.usual import Lab, Usual
from bottega.names import FloatArray

__all__ = ["FoundFigures", "RefinedFigures", "found_by_pictures", "named_colour", "refined"]

COLOURS = ("Black", "White", "Blue", "Red", "Green", "Pink", "Yellow", "Brown")
"""Asked for in turns, where the catalogue has them."""
FIRST = 10
Looks = Callable[[NDArray[np.uint8]], FloatArray]
"""Pictures to vectors [N, E] of length 1."""


@dataclass(frozen=True, slots=True)
class RefinedFigures:
    """Means over pictures, and shares of them."""

    pictures: int
    overlap: float
    kept: float
    """Share whose outline overlaps by `ENOUGH_ALIKE`."""
    gap: float
    """Median distance to the colour asked for."""
    coloured: float
    """Share nearer than `ENOUGH_COLOUR`."""
    both: float

    def line(self) -> str:
        """As cells of a table."""
        return f"{self.overlap:.3f} | {self.kept:.3f} | {self.gap:.1f} | {self.coloured:.3f} | {self.both:.3f}"


@dataclass(frozen=True, slots=True)
class FoundFigures:
    """Shares of the pictures whose first ten hold what was asked for, and of photos in their place."""

    pictures: int
    type: float
    colour: float
    type_by_photo: float
    colour_by_photo: float
    type_by_lot: float
    colour_by_lot: float

    def rounded(self) -> dict[str, float]:
        return {name: round(float(value), 4) for name, value in asdict(self).items()}


def named_colour(usual: Usual, name: str) -> Lab:
    """Where a colour of the catalogue lies."""
    lightness, a, b = usual.labs[usual.colours.index(name)].astype(float).round(2).tolist()
    return lightness, a, b


def refined(generator: ProductGenerator, *, pictures: int, seed: int) -> dict[str, RefinedFigures]:
    """What another colour leaves of pictures: with the noise alone kept, with the outline told, and as turns do it."""
    rng = np.random.default_rng(seed)
    before = first_recipes(generator.usual, generator.names, AskedProduct(), pictures, seed)
    names = [name for name in COLOURS if name in generator.usual.colours]
    asked = [named_colour(generator.usual, names[place]) for place in rng.integers(0, len(names), pictures)]
    plain = [replace(one, lab=lab) for one, lab in zip(before, asked, strict=True)]
    told = [replace(one, form=old.lab) for one, old in zip(plain, before, strict=True)]
    ways = {"noise kept": plain, "outline told": told, "best of some": another_colour(generator, before, plain)}
    shapes, labs = outline(generator.draw_recipes(before)), np.array(asked, np.float32)
    return {name: _refined(generator, recipes, shapes, labs) for name, recipes in ways.items()}


def _refined(
    generator: ProductGenerator, recipes: list[PictureRecipe], shapes: NDArray[np.bool_], labs: FloatArray
) -> RefinedFigures:
    drawn = generator.draw_recipes(recipes)
    alike = overlaps(outline(drawn), shapes)
    gaps = colour_gaps(product_lab(drawn, np.array([one.worn for one in recipes], dtype=np.bool_)), labs)
    kept, coloured = alike >= ENOUGH_ALIKE, gaps <= ENOUGH_COLOUR
    return RefinedFigures(
        len(recipes),
        float(alike.mean()),
        float(kept.mean()),
        float(np.median(gaps)),
        float(coloured.mean()),
        float((kept & coloured).mean()),
    )


def found_by_pictures(
    generator: ProductGenerator, photos: SmallPhotos, looks: Looks, *, pictures: int, gallery: int, seed: int
) -> FoundFigures:
    """Whether pictures find what they were asked for among photos kept aside."""
    rng = np.random.default_rng(seed)
    colours = set(generator.usual.colours)
    known = np.array([colour in colours for colour in photos.labels["color"]], dtype=bool)
    aside = rng.permutation(np.flatnonzero(photos.held_out & known))
    pictures = min(pictures, len(aside) // 3)
    asking, there = photos.take(aside[:pictures]), photos.take(aside[pictures : pictures + gallery])
    recipes = [
        first_recipes(
            generator.usual,
            generator.names,
            AskedProduct(type=kind, lab=named_colour(generator.usual, colour)),
            1,
            seed + place,
        )[0]
        for place, (kind, colour) in enumerate(zip(asking.labels["type"], asking.labels["color"], strict=True))
    ]
    vectors = looks(np.asarray(there.photos))
    shares = []
    for made in (generator.draw_recipes(recipes), np.asarray(asking.photos)):
        first = np.argsort(-(looks(made) @ vectors.T), axis=1, kind="stable")[:, :FIRST]
        shares += [_among(first, asking.labels[head], there.labels[head]) for head in ("type", "color")]
    lot = np.stack([rng.choice(len(there), FIRST, replace=False) for _ in range(pictures)])
    shares += [_among(lot, asking.labels[head], there.labels[head]) for head in ("type", "color")]
    return FoundFigures(pictures, *shares)


def _among(first: NDArray[np.integer], asked: tuple[str, ...], there: tuple[str, ...]) -> float:
    """Share of the lists [N, 10] that hold the label asked for."""
    labels = np.array(there)
    return float(np.mean([asked[row] in labels[places] for row, places in enumerate(first)]))
