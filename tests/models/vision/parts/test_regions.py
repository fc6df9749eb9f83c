"""Regions of drawn photos, where the boxes are known, and of real ones, where the parser's part is played by masks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bottega.datasets.photos.masks import LABELS, PARTS, LabelMap, part_codes
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.vision.parts.regions import WHOLE, Region, crop, regions_of

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def white(*boxes: Box, size: tuple[int, int] = (200, 300)) -> Photo:
    """Red rectangles on white."""
    photo = np.full((*size, 3), 255, dtype=np.uint8)
    for left, top, right, bottom in boxes:
        photo[top:bottom, left:right] = (180, 30, 40)
    return photo


def street(*garments: tuple[str, Box], size: tuple[int, int] = (200, 150)) -> tuple[Photo, LabelMap]:
    """A noisy photo, and where its garments are."""
    labels = np.zeros(size, dtype=np.uint8)
    for name, (left, top, right, bottom) in garments:
        labels[top:bottom, left:right] = PARTS.index(name)
    return np.random.default_rng(0).integers(0, 255, (*size, 3)).astype(np.uint8), labels


def overlap(region: Region, box: Box) -> float:
    """Intersection over union of two boxes."""
    left, top, right, bottom = box
    across = min(region.right, right) - max(region.left, left)
    down = min(region.bottom, bottom) - max(region.top, top)
    both = max(across, 0) * max(down, 0)
    area = (region.right - region.left) * (region.bottom - region.top)
    return both / (area + (right - left) * (bottom - top) - both)


def test_each_piece_on_a_plain_background_is_a_product_with_air_round_it() -> None:
    boxes = [(20, 30, 110, 170), (180, 60, 270, 150)]
    found = regions_of(white(*boxes))
    assert [region.name for region in found] == ["product", "product"]
    for region, box in zip(found, boxes, strict=True):
        assert overlap(region, box) > 0.6
        assert region.left < box[0] and region.top < box[1] and region.right > box[2] and region.bottom > box[3]
    assert found[0].share > found[1].share


def test_a_pair_of_shoes_is_one_and_dust_is_none() -> None:
    found = regions_of(white((60, 60, 140, 130), (145, 60, 225, 130), (280, 180, 284, 184)))
    assert len(found) == 1 and overlap(found[0], (60, 60, 225, 130)) > 0.6


def test_a_product_that_fills_the_photo_is_the_photo() -> None:
    [region] = regions_of(white((6, 6, 294, 194)))
    assert region == Region(WHOLE, 0, 0, 300, 200, 1.0)
    photo = white((6, 6, 294, 194))
    np.testing.assert_array_equal(crop(photo, region), photo)


@pytest.mark.parametrize("photo", [white(), np.zeros((5, 4, 3), np.uint8), np.full((1, 1, 3), 9, np.uint8)])
def test_nothing_to_see_is_one_region(photo: Photo) -> None:
    assert [region.name for region in regions_of(photo)] == [WHOLE]


def test_garments_of_a_street_photo() -> None:
    jacket, shirt, shoes = (40, 40, 110, 100), (65, 45, 85, 95), (45, 180, 60, 190)
    photo, labels = street(("outer", jacket), ("upper", shirt), ("shoes", shoes), ("shoes", (90, 180, 105, 190)))
    found = {region.name: region for region in regions_of(photo, lambda _: labels)}
    assert set(found) == {"outer", "upper", "shoes"}, "a jacket over a shirt gives both"
    assert overlap(found["upper"], shirt) > 0.5 and overlap(found["outer"], jacket) > 0.6
    assert found["shoes"].left <= 45 and found["shoes"].right >= 105, "a pair in one box"
    assert crop(photo, found["upper"]).shape[0] >= 50


def test_a_bag_and_a_hat_are_two() -> None:
    photo, labels = street(("bag", (60, 5, 90, 20)), ("bag", (20, 120, 50, 150)), ("lower", (60, 90, 100, 180)))
    found = regions_of(photo, lambda _: labels)
    assert sorted(region.name for region in found) == ["bag", "bag", "lower"]


def test_skin_specks_and_far_scraps_are_no_products() -> None:
    photo, labels = street(("skin", (10, 10, 60, 60)), ("lower", (50, 100, 100, 160)), ("lower", (2, 2, 6, 6)))
    labels[190, 140] = PARTS.index("bag")
    [region] = regions_of(photo, lambda _: labels)
    assert region.name == "lower" and region.top > 80
    assert [one.name for one in regions_of(photo)] == [WHOLE], "no parser, no garments"


def test_large_photos_are_looked_at_small_and_boxes_are_in_their_own_pixels() -> None:
    sizes = []

    def parse(photo: Photo) -> LabelMap:
        sizes.append(photo.shape)
        labels = np.zeros(photo.shape[:2], dtype=np.uint8)
        labels[: len(labels) // 2] = PARTS.index("upper")
        return labels

    photo = np.random.default_rng(0).integers(0, 255, (1600, 1200, 3)).astype(np.uint8)
    photo[::2] = photo[::2] // 2
    found = regions_of(np.kron(photo[:200, :150], np.ones((8, 8, 1), np.uint8)).astype(np.uint8), parse)
    assert max(sizes[0]) <= 480
    assert found[0].name == "upper" and found[0].right == 1200 and 780 <= found[0].bottom <= 950


@pytest.mark.real_data
def test_real_photos(real_data: Callable[[str], Path]) -> None:
    fashion, parsing = real_data("fashion/images"), real_data("parsing/photos")
    codes = part_codes(LABELS)
    for path in sorted(fashion.glob("*.jpg"))[:40]:
        for region in regions_of(read_photo(path)):
            assert min(crop(read_photo(path), region).shape[:2]) >= 8
    for path in sorted(parsing.glob("*.jpg"))[:8]:
        photo = read_photo(path)
        labels = codes[np.asarray(Image.open(path.parents[1] / "masks" / f"{path.stem}.png"))]
        found = regions_of(photo, partial(_resized, labels))
        names = [region.name for region in found if region.name != "bag"]
        assert found[0].name != WHOLE and len(set(names)) == len(names)
        for region in found:
            inside = crop(labels[..., None], region)
            assert (inside == PARTS.index(region.name)).any()


def _resized(labels: LabelMap, photo: Photo) -> LabelMap:
    return np.asarray(Image.fromarray(labels).resize(photo.shape[1::-1], Image.Resampling.NEAREST))
