"""Tilts that were planted are found within a degree, or not claimed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.datasets.photos.drawn import draw_photos
from bottega.datasets.photos.reading import Photo
from bottega.models.studio.rescue.level import MOST_DEGREES, levelled, tilt_of


def turned(photo: Photo, degrees: float) -> Photo:
    return np.array(Image.fromarray(photo).rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)))


def shirt() -> Photo:
    """Something like a T-shirt, the same left and right."""
    picture = Image.new("RGB", (240, 240), "white")
    outline = [(60, 60), (95, 48), (120, 58), (145, 48), (180, 60), (205, 100), (180, 112), (172, 95), (172, 200)]
    outline += [(68, 200), (68, 95), (60, 112), (35, 100)]
    ImageDraw.Draw(picture).polygon(outline, fill=(40, 60, 130))
    return np.array(picture)


def shelves() -> Photo:
    """A wall with boards; no plain background."""
    rng = np.random.default_rng(0)
    photo = rng.integers(120, 150, (200, 260, 3)).astype(np.uint8)
    for top in (30, 80, 130, 180):
        photo[top : top + 9] = (70, 50, 40)
    for left in (40, 140, 220):
        photo[:, left : left + 6] = (60, 45, 35)
    return photo


@pytest.mark.parametrize("degrees", [-9.0, -4.0, -1.5, 2.0, 6.5, 11.0])
def test_a_symmetric_product_is_levelled_within_a_degree(degrees: float) -> None:
    tilted = turned(shirt(), degrees)
    tilt = tilt_of(tilted)
    assert tilt.is_known and tilt.degrees == pytest.approx(degrees, abs=1)
    left = tilt_of(levelled(tilted, tilt))
    assert left.is_known and abs(left.degrees) <= 1


@pytest.mark.parametrize("degrees", [-7.0, -2.0, 3.0, 8.0])
def test_straight_edges_tell_the_tilt_of_a_room(degrees: float) -> None:
    whole = np.array(Image.fromarray(shelves()).rotate(-degrees, Image.Resampling.BICUBIC))
    tilted = whole[30:-30, 30:-30]
    tilt = tilt_of(tilted)
    assert tilt.by == "edges" and tilt.degrees == pytest.approx(degrees, abs=1)
    back = levelled(tilted, tilt)
    assert back.shape[0] < tilted.shape[0] and back.min() > 0, "no corner from beyond the photo's edge"


def test_what_is_level_stays_as_it_is() -> None:
    for photo in (shirt(), shelves()):
        assert abs(tilt_of(photo).degrees) < 0.5 and levelled(photo, tilt_of(photo)) is photo


def test_nothing_is_claimed_where_nothing_tells() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (120, 120, 3)).astype(np.uint8)
    assert not tilt_of(noise).is_known
    disc = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(disc).ellipse((40, 40, 160, 160), fill="navy")
    assert not tilt_of(np.array(disc)).is_known, "a disc is level at every angle"


def test_drawn_products_that_are_level_are_not_turned_far() -> None:
    tilts = [tilt_of(photo) for photo in draw_photos(20, 160, seed=5).photos]
    assert all(abs(tilt.degrees) <= MOST_DEGREES for tilt in tilts)
    assert np.mean([tilt.is_known and abs(tilt.degrees) > 1 for tilt in tilts]) <= 0.1
