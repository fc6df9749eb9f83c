"""Cut-outs: what of a photo is the piece, lying, on somebody, on half of somebody, and where it is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.models.studio.try_on.drawn_person import drawn_person, photo_of, piece_of

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.studio.garments.cut_outs import cut_out, labels_of
from bottega.models.studio.garments.pictures import filled
from bottega.names import BoolArray

PERSON = drawn_person()
UPPER = np.equal(PERSON, PARTS.index("upper"))


def before_white(labels: LabelMap) -> Photo:
    photo = photo_of(labels)
    photo[labels == 0] = 255
    return photo


def alike(one: BoolArray, other: BoolArray) -> float:
    return float((one & other).sum() / (one | other).sum())


def test_a_piece_that_lies_is_all_that_is_no_background() -> None:
    photo, mask = piece_of("long")
    found = cut_out(photo, "top", lambda one: np.zeros(one.shape[:2], np.uint8))
    assert not found.worn and alike(found.mask, mask) > 0.95


def test_a_piece_on_somebody_is_theirs_without_head_and_hands() -> None:
    found = cut_out(before_white(PERSON), "top", lambda _: PERSON)
    assert found.worn and alike(found.mask, UPPER) > 0.9
    assert not (found.mask & np.isin(PERSON, [PARTS.index("skin"), PARTS.index("hair")])).any()
    assert (found.labels == PERSON).all()


def test_a_print_that_looks_like_a_thing_and_a_gap_are_of_the_piece() -> None:
    labels = PERSON.copy()
    labels[80:120, 85:115] = PARTS.index("bag")
    labels[130:132, 80:120] = PARTS.index("background")
    assert alike(cut_out(before_white(PERSON), "top", lambda _: labels).mask, UPPER) > 0.9


def test_somebody_of_whom_little_skin_is_seen_is_not_the_piece() -> None:
    skin, hair = PARTS.index("skin"), PARTS.index("hair")
    labels = np.where(np.isin(PERSON, [skin, hair]), PARTS.index("upper"), PERSON)
    labels[150:172][PERSON[150:172] == skin] = skin
    share = (labels == skin).sum() / (labels != 0).sum()
    assert 0.01 < share < 0.05
    photo = before_white(PERSON)
    found = cut_out(photo, "trousers", lambda _: labels)
    assert found.worn and alike(found.mask, labels == PARTS.index("lower")) > 0.9
    photo[labels == skin] = (120, 120, 150)  # a label of skin on what is none
    assert not cut_out(photo, "trousers", lambda _: labels).worn


def test_half_of_somebody_is_shown_to_the_parser_as_if_they_went_on() -> None:
    half = PERSON[:140]
    looked: list[tuple[int, ...]] = []

    def parse(photo: Photo) -> LabelMap:
        looked.append(photo.shape)
        top, side = round(0.1 * half.shape[0]), round(0.25 * half.shape[1])
        labels = np.zeros(photo.shape[:2], np.uint8)
        labels[top : top + half.shape[0], side : side + half.shape[1]] = half
        return labels

    found = cut_out(before_white(half), "top", parse)
    assert looked == [(140 + 14 + 112, 300, 3)]
    assert (found.labels == half).all() and alike(found.mask, UPPER[:140]) > 0.9


def test_white_cloth_before_white_is_found_where_the_parser_sees_it() -> None:
    photo = before_white(PERSON)
    photo[UPPER] = 255
    assert alike(cut_out(photo, "top", lambda _: PERSON).mask, UPPER) > 0.9


def test_what_is_not_there_or_in_scraps_is_refused() -> None:
    photo = before_white(PERSON)
    with pytest.raises(PhotoRefused, match="no jacket is found; it shows lower, bag"):
        cut_out(photo, "jacket", lambda _: np.where(UPPER, PARTS.index("bag"), PERSON).astype(np.uint8))
    across = drawn_person(across=True)
    assert cut_out(before_white(across), "top", lambda _: across).worn
    with pytest.raises(PhotoRefused, match="in scraps"):
        cut_out(before_white(across), "top", lambda _: across, whole=True)
    white = np.full((120, 120, 3), 255, np.uint8)
    with pytest.raises(PhotoRefused, match="told from its background"):
        cut_out(white, "top", lambda one: np.zeros(one.shape[:2], np.uint8))


def test_the_parser_looks_at_no_more_than_it_needs() -> None:
    looked: list[Any] = []

    def parse(photo: Photo) -> LabelMap:
        looked.append(photo.shape[:2])
        return np.full(photo.shape[:2], 3, np.uint8)

    assert labels_of(np.zeros((1280, 960, 3), np.uint8), parse).shape == (1280, 960)
    assert looked == [(640, 480)]


@pytest.mark.parametrize("px", [200, 1000])
def test_no_pale_fringe_is_taken_into_a_picture(px: int) -> None:
    photo = np.full((px, px, 3), 40, np.uint8)
    known = np.zeros((px, px), np.bool_)
    known[px // 4 : -px // 4, px // 4 : -px // 4] = True
    wide = px // 250 or 1
    inner = np.zeros_like(known)
    inner[px // 4 + wide : -px // 4 - wide, px // 4 + wide : -px // 4 - wide] = True
    photo[~inner] = 255
    assert filled(photo, known).max() < 60


def test_a_dress_of_two_colours_is_whole() -> None:
    found = cut_out(before_white(PERSON), "dress", lambda _: PERSON)
    assert alike(found.mask, np.isin(PERSON, [PARTS.index("upper"), PARTS.index("lower")])) > 0.9
