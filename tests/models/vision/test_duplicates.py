"""Near duplicates: copies are near, everything else is far apart."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image

from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.vision.duplicates import WITHIN_BITS, picture_hash, same_picture


def apart(one: Photo, other: Photo) -> int:
    return (picture_hash(one) ^ picture_hash(other)).bit_count()


def recompressed(photo: Photo, px: int, quality: int) -> Photo:
    out = BytesIO()
    Image.fromarray(photo).resize((px, px), Image.Resampling.BICUBIC).save(out, "JPEG", quality=quality)
    return read_photo(out.getvalue())


def test_real_photos_copies_are_near_and_others_far(real_data: Callable[[str], Path]) -> None:
    photos = [read_photo(path) for path in sorted(real_data("fashion/images").iterdir())[:300:10]]
    copies = [apart(one, recompressed(one, px, 50)) for one in photos for px in (112, 224, 448)]
    assert np.mean(np.array(copies) <= WITHIN_BITS) > 0.8
    strangers = [apart(one, other) for one, other in combinations(photos, 2)]
    assert np.mean(np.array(strangers) <= WITHIN_BITS) < 0.01 and np.median(strangers) > 16


def test_a_margin_is_no_part_of_the_picture(real_data: Callable[[str], Path]) -> None:
    photo = read_photo(sorted(real_data("fashion/images").iterdir())[40])
    padded = np.full((300, 280, 3), 255, np.uint8)
    padded[50 : 50 + photo.shape[0], 10 : 10 + photo.shape[1]] = photo
    assert apart(photo, padded) <= 2 and same_picture(photo, padded)


def test_the_same_shape_in_another_colour_is_another_picture() -> None:
    red = np.full((60, 80, 3), 255, np.uint8)
    red[10:50, 20:40] = red[30:50, 20:70] = (200, 30, 40)
    green = np.where((red == 255).all(axis=2)[:, :, None], red, (40, 110, 30)).astype(np.uint8)
    assert apart(red, green) <= WITHIN_BITS and not same_picture(red, green)
    assert same_picture(red, recompressed(red, 160, 70))


def test_a_hash_has_64_bits_and_half_of_them_are_set() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (50, 70, 3), np.uint8)
    assert 0 <= picture_hash(photo) < 2**64 and picture_hash(photo).bit_count() == 32
    assert picture_hash(np.full((50, 70, 3), 9, np.uint8)) == picture_hash(np.full((8, 8, 3), 200, np.uint8)) == 0
