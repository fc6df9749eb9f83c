"""Another colour and the same shape: what is measured, and that the best of what was tried is taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.models.studio.products.drawing import NAMES, generator, usual

from bottega.datasets.photos.asked import outline, product_lab
from bottega.models.studio.products.keeping import another_colour, colour_gaps, overlaps
from bottega.models.studio.products.turns import AskedProduct, PictureRecipe, first_recipes

BLUE = (47.0, 5.0, -24.0)


def squares(colour: tuple[int, int, int], left: int) -> np.ndarray:
    photos = np.full((1, 64, 64, 3), 255, np.uint8)
    photos[0, 20:44, left : left + 24] = colour
    return photos


def test_outlines_and_colours_are_measured() -> None:
    one, half, light = (
        outline(squares(*said)) for said in (((0, 0, 200), 10), ((0, 200, 0), 22), ((250, 250, 250), 10))
    )
    assert one.sum() == 24 * 24 and not light.any(), "hardly off the background"
    assert overlaps(one, one)[0] == 1 and np.isclose(overlaps(one, half)[0], 1 / 3)
    lab = product_lab(squares((0, 0, 200), 20), np.zeros(1, np.bool_))
    assert colour_gaps(lab, lab)[0] < 1e-3 and colour_gaps(lab, np.array([[50, 60, 40]], np.float32))[0] > 30


def test_the_best_of_what_was_tried_is_taken_and_always_the_same() -> None:
    made = generator()
    before = first_recipes(usual(), NAMES, AskedProduct(type="Shirts"), 6, 1)
    after = [replace(one, lab=BLUE) for one in before]
    found = another_colour(made, before, after)
    assert found == another_colour(made, before, after)
    assert all(
        (one.lab, one.type, one.gender) == (BLUE, old.type, old.gender) for one, old in zip(found, after, strict=True)
    )
    shapes = outline(made.draw_recipes(before))

    def worst(recipes: list[PictureRecipe]) -> np.ndarray:
        drawn = made.draw_recipes(recipes)
        gaps = colour_gaps(
            product_lab(drawn, np.zeros(len(drawn), np.bool_)), np.array([BLUE] * len(drawn), np.float32)
        )
        lost: np.ndarray = np.maximum((1 - overlaps(outline(drawn), shapes)) / 0.2, gaps / 15)
        return lost

    assert (worst(found) <= worst(after) + 1e-4).all()
