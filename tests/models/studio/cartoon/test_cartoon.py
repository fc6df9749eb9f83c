"""The cartoon style: flat where there was grain, edges where they were, the photo's colours, the rest left alone."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import rgb2lab

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.cartoon.cartoon import MOST_PX, CartoonStyle, cartoon

RED, BLUE = (200, 40, 30), (30, 60, 170)


def halves(noise: float = 8.0) -> Photo:
    """Red left and blue right, with grain."""
    photo = np.empty((120, 160, 3), np.float32)
    photo[:, :80], photo[:, 80:] = RED, BLUE
    photo += np.random.default_rng(0).normal(0, noise, photo.shape)
    return photo.clip(0, 255).astype(np.uint8)


def test_grain_goes_and_the_border_between_colours_stays_where_it_was() -> None:
    found = cartoon(halves(), CartoonStyle(lines=0)).astype(int)
    for part, colour in ((found[:, :76], RED), (found[:, 84:], BLUE)):
        assert np.abs(np.diff(part, axis=1)).mean() < 1, "grain of 8 levels is gone"
        apart = rgb2lab(part.mean((0, 1)) / 255) - rgb2lab(np.array(colour) / 255)
        assert np.linalg.norm(apart) < 5
    step = np.abs(found[:, 79] - found[:, 80]).sum(1) + np.abs(found[:, 78] - found[:, 81]).sum(1)
    assert (step > 200).all()


def test_there_are_no_more_colours_than_asked() -> None:
    rng = np.random.default_rng(1)
    photo = np.kron(rng.integers(0, 255, (6, 8, 3)), np.ones((20, 20, 1))).astype(np.uint8)
    for count in (2, 5):
        found = cartoon(photo, CartoonStyle(colours=count, smooth=0, lines=0))
        inside = found.reshape(6, 20, 8, 20, 3)[:, 8:12, :, 8:12]  # away from borders, where two colours mix
        assert len(np.unique(inside.reshape(-1, 3), axis=0)) <= count


def test_lines_are_drawn_along_edges_and_nowhere_else() -> None:
    photo = np.full((100, 100, 3), 230, np.uint8)
    photo[30:70, 30:70] = (120, 160, 90)
    with_lines, without = (cartoon(photo, CartoonStyle(lines=dark)).astype(int).sum(2) for dark in (1.0, 0.0))
    darker = without - with_lines > 60
    assert darker[30:70, 30:34].any(axis=1).mean() > 0.8, "along the left edge"
    assert not darker[:22].any() and not darker[45:55, 45:55].any()


def test_with_a_mask_the_rest_of_the_photo_stays_as_it_is() -> None:
    photo, mask = halves(), np.zeros((120, 160), bool)
    mask[20:100, 20:70] = True
    found = cartoon(photo, mask=mask)
    assert np.array_equal(found[:, 90:], photo[:, 90:]) and np.array_equal(found[:10], photo[:10])
    assert np.abs(np.diff(found[30:90, 30:60].astype(int), axis=1)).mean() < 1


@pytest.mark.parametrize("colour", [0, 128, 255])
def test_a_photo_of_one_colour_stays_one(colour: int) -> None:
    photo = np.full((40, 50, 3), colour, np.uint8)
    assert np.abs(cartoon(photo).astype(int) - colour).max() <= 1


def test_large_photos_are_drawn_smaller() -> None:
    assert cartoon(np.full((2000, 1500, 3), 90, np.uint8)).shape == (MOST_PX, MOST_PX * 3 // 4, 3)
