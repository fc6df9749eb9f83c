"""White balance and exposure: planted casts and darkness go, and what is right stays to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import rgb2lab

from bottega.datasets.photos.drawn import draw_photos
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import foreground
from bottega.models.studio.rescue.light import light_of, linear, relit, srgb


def lit(photo: Photo, gains: tuple[float, float, float]) -> Photo:
    found: Photo = np.rint(srgb(linear(photo) * np.array(gains, np.float32))).clip(0, 255).astype(np.uint8)
    return found


def apart(one: Photo, other: Photo) -> float:
    return float(np.linalg.norm(rgb2lab(one / 255.0) - rgb2lab(other / 255.0), axis=2).mean())


@pytest.fixture(scope="module")
def products() -> list[Photo]:
    """Drawn products, cut out and laid on white."""
    drawn = draw_photos(12, 96, seed=3).photos
    return [np.where(foreground(photo)[..., None], photo, 250).astype(np.uint8) for photo in drawn]


def test_light_and_its_numbers_are_inverse() -> None:
    values = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(np.rint(srgb(linear(values))), values)


@pytest.mark.parametrize("gains", [(0.5, 0.5, 0.5), (0.35, 0.3, 0.25), (1.0, 0.9, 0.75)])
def test_planted_light_is_taken_out(products: list[Photo], gains: tuple[float, float, float]) -> None:
    before = [apart(lit(photo, gains), photo) for photo in products]
    after = [apart(relit(lit(photo, gains), light_of(lit(photo, gains))), photo) for photo in products]
    assert np.mean(after) < 0.35 * np.mean(before)


def test_a_photo_whose_light_is_right_stays_as_it_is(products: list[Photo]) -> None:
    for photo in products:
        light = light_of(photo)
        assert light.is_right and relit(photo, light) is photo


def test_a_dark_room_is_lightened_without_cutting_off_its_lamp() -> None:
    rng = np.random.default_rng(0)
    room = rng.integers(5, 60, (80, 80, 3)).astype(np.uint8)
    room[10:14, 10:14] = 255
    light = light_of(room)
    assert not light.plain and light.brightness > 1.5
    found = relit(room, light)
    assert found.mean() > room.mean() + 20 and found[12, 12].min() >= 250 and found[40:, 40:].max() < 250


def test_a_red_wall_is_a_colour_and_no_cast() -> None:
    wall = np.full((60, 60, 3), (200, 40, 30), np.uint8)
    assert not light_of(wall).has_cast and light_of(wall).brightness == 1
