"""Another colour and the same shape: of a few pictures drawn, the one that has both.

Idea     A generator that is asked for another colour with the same noise moves outlines, too, and does not always draw
         the colour it was asked for. Three things are tried: what lays the outline out, a first layer or the first
         steps, goes on hearing of the colour before; it is told a colour farther off, by as much as it fell short; a
         little of the noise is drawn anew. Every picture is measured (product_lab, outline), and the best recipe stays.
         No pixel is painted over: all of it is drawn by the generator.
Costs    Eleven pictures are drawn for one, and measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000

from bottega.datasets.photos.asked import outline, product_lab
from bottega.models.studio.products.generator import ProductGenerator
from bottega.models.studio.products.turns import PictureRecipe, neighbour
from bottega.models.studio.products.usual import Lab
from bottega.names import FloatArray

__all__ = ["ENOUGH_ALIKE", "ENOUGH_COLOUR", "another_colour", "colour_gaps", "overlaps"]

ENOUGH_ALIKE, ENOUGH_COLOUR = 0.8, 15.0
"""What of the outline shall stay (intersection over union), and how far the colour may be off (CIEDE2000)."""
_FARTHER = (0.6, 1.2)
"""How much farther off a colour is told than it was missed."""
_NEIGHBOURS = (0.98, 0.95)
"""How alike noise is that is drawn partly anew."""


def another_colour(
    generator: ProductGenerator, before: Sequence[PictureRecipe], after: Sequence[PictureRecipe]
) -> list[PictureRecipe]:
    """For each recipe `after`, which is that of `before` in another colour, the best of some in that colour."""
    shapes = outline(generator.draw_recipes(before))
    labs = np.array([one.lab for one in after], np.float32)
    rng = np.random.default_rng([number for one in after for number, _ in one.noise])
    formed = [replace(one, form=old.form or old.told or old.lab) for one, old in zip(after, before, strict=True)]
    halfway = [replace(one, form=_between(one.form or one.lab, one.lab)) for one in formed]
    tried = [list(after), formed, halfway]
    measured = [_measured(generator, one, labs, shapes) for one in tried]
    for step in _FARTHER:
        for way in range(3):
            told = labs + step * (labs - measured[way][1])
            tried.append([replace(one, told=_lab(lab)) for one, lab in zip(tried[way], told, strict=True)])
    for alike in _NEIGHBOURS:
        tried.append([neighbour(one, alike, rng) for one in tried[5]])
    measured += [_measured(generator, one, labs, shapes) for one in tried[3:]]
    best = np.stack([worth for worth, _ in measured]).argmin(0)
    return [tried[place][row] for row, place in enumerate(best.tolist())]


def overlaps(shapes: NDArray[np.bool_], others: NDArray[np.bool_]) -> FloatArray:
    """Intersection over union of two outlines each [N, P, P]."""
    both, either = (shapes & others).sum((1, 2)), (shapes | others).sum((1, 2))
    return np.asarray(both / np.maximum(either, 1), np.float32)


def colour_gaps(drawn: FloatArray, asked: FloatArray) -> FloatArray:
    """CIEDE2000 between colours [N, 3]."""
    return np.asarray(deltaE_ciede2000(drawn, asked), np.float32)  # type: ignore[no-untyped-call]


def _measured(
    generator: ProductGenerator, recipes: Sequence[PictureRecipe], labs: FloatArray, shapes: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """How far each picture is from what is enough, by the worse of the two [N], and its colour [N, 3]."""
    pictures = generator.draw_recipes(recipes)
    drawn = product_lab(pictures, np.array([one.worn for one in recipes], dtype=np.bool_))
    lost = (1 - overlaps(outline(pictures), shapes)) / (1 - ENOUGH_ALIKE)
    return np.maximum(lost, colour_gaps(drawn, labs) / ENOUGH_COLOUR), drawn


def _between(one: Lab, other: Lab) -> Lab:
    return _lab((np.array(one, np.float32) + np.array(other, np.float32)) * np.float32(0.5))


def _lab(values: FloatArray) -> Lab:
    lightness, a, b = values.astype(float).tolist()
    return round(min(max(lightness, 0.0), 100.0), 2), round(min(max(a, -128), 128), 2), round(min(max(b, -128), 128), 2)
