"""Heads on drawn people are hidden, what lies flat is left alone, and what is unsure is said to be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.heads import hide_heads, skin

SKIN, BLUE, WHITE = (205, 150, 120), (40, 60, 170), (252, 252, 250)
YES, NO = np.array([True]), np.array([False])


def person(*, shirt: tuple[int, int, int] = BLUE, px: int = 64) -> NDArray[np.uint8]:
    """Dark hair, a face, a neck, shoulders, arms."""
    photo = np.full((px, px, 3), WHITE, np.uint8)
    photo[2:6, 28:36] = (30, 20, 20)
    photo[6:16, 28:36] = SKIN
    photo[16:19, 30:34] = SKIN
    photo[19:56, 18:46] = shirt
    photo[30:50, 12:18] = photo[30:50, 46:52] = SKIN
    return photo


def test_a_head_goes_and_the_shirt_stays() -> None:
    photo = person()
    found = hide_heads(photo[None], YES, YES)
    assert found.worn.all() and not found.unsure.any()
    assert (found.photos[0, :18] == WHITE).all(), "hair, face and neck"
    assert (found.photos[0, 19:] == photo[19:]).all()
    assert photo[8, 30].tolist() == list(SKIN), "the photo that came in is as it was"


def test_what_lies_flat_is_left_alone() -> None:
    photo = np.full((64, 64, 3), WHITE, np.uint8)
    photo[10:50, 16:48] = BLUE
    photo[8:10, 28:36] = BLUE
    found = hide_heads(photo[None], YES, YES)
    assert not found.worn.any() and not found.unsure.any() and (found.photos[0] == photo).all()


def test_a_face_without_shoulders_is_unsure() -> None:
    photo = np.full((64, 64, 3), WHITE, np.uint8)
    photo[4:60, 8:56] = SKIN
    found = hide_heads(photo[None], YES, YES)
    assert found.unsure.all() and not found.worn.any()
    white_shirt = person(shirt=WHITE)
    assert hide_heads(white_shirt[None], YES, YES).unsure.all(), "nothing tells where its shoulders are"


def test_brown_shoes_show_nobody() -> None:
    photo = np.full((64, 64, 3), WHITE, np.uint8)
    photo[5:40, 10:54] = (150, 95, 60)
    assert skin(photo[None]).any()
    assert not hide_heads(photo[None], NO, NO).unsure.any()
    found = hide_heads(photo[None], NO, YES)
    assert found.unsure.all() and (found.photos[0] == photo).all()
