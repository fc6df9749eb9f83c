"""Garments cut out of photos of people, and the pairs that outfits learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.datasets.photos.reading import Photo
from bottega.models.vision.outfits_training import (
    TOGETHER_MS,
    bought_pairs,
    cropped,
    laid_out,
    pairs_within,
    slot_masks,
    worn_garments,
)
from bottega.models.vision.slots import SLOTS
from bottega.names import BoolArray, FloatArray, KindCode


@dataclass(frozen=True)
class Measured:
    lab: tuple[float, float, float]
    share: float = 1.0


def mean_colour(photo: Photo, mask: BoolArray) -> list[Measured]:
    red, green, blue = photo[mask].mean(axis=0).tolist()
    return [Measured((red, green, blue))]


def size_of(photos: Sequence[Photo]) -> FloatArray:
    return np.array([photo.shape[:2] for photo in photos], dtype=np.float32)


def test_a_garment_is_laid_on_white_and_cropped() -> None:
    photo = np.arange(300, dtype=np.uint8).reshape(10, 10, 3)
    mask = np.zeros((10, 10), dtype=np.bool_)
    mask[2:5, 3:9] = True
    mask[2, 3] = False
    found = laid_out(*cropped(photo, mask))
    assert found.shape == (3, 6, 3) and (found[0, 0] == 255).all()
    np.testing.assert_array_equal(found[1:], photo[3:5, 3:9])


def test_people_become_garments_with_slots_and_colours() -> None:
    photo = np.full((40, 20, 3), 100, dtype=np.uint8)
    top, speck = np.zeros((2, 40, 20), dtype=np.bool_)
    top[5:20] = True
    speck[0, 0] = True
    bottom = np.roll(top, 15, axis=0)
    people = [(photo, [("top", top), ("bottom", bottom)]), (photo, [("bottom", bottom), ("shoes", speck)])]
    garments, groups = worn_garments(people, size_of, mean_colour)
    assert groups.tolist() == [0, 0, 1], "what covers next to nothing is left out"
    assert [SLOTS[slot] for slot in garments.slots] == ["top", "bottom", "bottom"]
    assert garments.vectors.tolist() == [[15, 20]] * 3 and garments.colours[0, :4].tolist() == [100, 100, 100, 1]


def test_labels_become_slots_and_accessories_stay_apart() -> None:
    labels = ("null", "skin", "hat", "scarf", "suit", "coat", "jeans", "stockings")
    found = slot_masks(np.arange(8, dtype=np.uint8).reshape(2, 4), labels)
    assert [(slot, np.flatnonzero(mask).tolist()) for slot, mask in found] == [
        ("accessory", [2]),
        ("accessory", [3]),
        ("outer", [4, 5]),
        ("bottom", [6]),
    ]


def test_pairs_are_of_one_group_and_of_two_slots() -> None:
    groups, slots = np.array([0, 1, 0, 0, 1], dtype=np.int32), np.array([4, 0, 1, 1, 0], dtype=np.int32)
    assert sorted(map(tuple, pairs_within(groups, slots).tolist())) == [(2, 0), (3, 0)]
    assert pairs_within(groups[:1], slots[:1]).shape == (0, 2)


def test_bought_pairs_are_of_one_order() -> None:
    minute = 60_000
    histories = Histories.from_lists(
        [[0, 1, 2, 3], [0, 2]],
        n_items=5,
        times=[[0, minute, 2 * minute, 3 * minute + 2 * TOGETHER_MS], [0, minute]],
        kinds=[[KindCode.PURCHASE, KindCode.PURCHASE, KindCode.VIEW, KindCode.PURCHASE], [KindCode.PURCHASE] * 2],
    )
    slots = np.array([0, 1, 4, 1, -1], dtype=np.int32)
    assert sorted(map(tuple, bought_pairs(histories, slots).tolist())) == [(0, 1), (0, 2)]
    assert bought_pairs(histories, np.full(5, -1, dtype=np.int32)).shape == (0, 2)
