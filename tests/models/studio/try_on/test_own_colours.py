"""Labels by a parser's chances and by the colours of the photo's own parts."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from tests.models.studio.try_on.drawn_person import COLOURS, drawn_person

from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import Photo
from bottega.models.studio.try_on.own_colours import told_by_own_colours
from bottega.names import FloatArray


def blurred(labels: np.ndarray, spread_px: float) -> FloatArray:
    """Chances [H, W, C] of a parser that sees labels [H, W] as through a mist."""
    codes = np.arange(len(PARTS))
    found = ndimage.gaussian_filter((labels[..., None] == codes).astype(np.float32), (spread_px, spread_px, 0))
    return np.asarray(found / found.sum(2, keepdims=True), np.float32)


def plain_photo(labels: np.ndarray) -> Photo:
    """Each part in its colour, with a little grain."""
    grain = np.random.default_rng(0).normal(0, 3, (*labels.shape, 3))
    return np.asarray((np.array([COLOURS[part] for part in PARTS])[labels] + grain).clip(0, 255), np.uint8)


def test_an_edge_that_the_parser_has_two_pixels_off_goes_to_where_the_colours_change() -> None:
    labels = drawn_person()
    chances = blurred(np.roll(labels, 2, axis=1), 2.5)
    before, after = (
        found != labels for found in (chances.argmax(2), told_by_own_colours(plain_photo(labels), chances))
    )
    assert before.mean() > 0.02
    assert after.mean() < 0.25 * before.mean()


def test_half_a_coat_that_is_taken_for_a_shirt_without_being_sure_is_a_coat() -> None:
    labels = drawn_person(wears=("outer", "lower"))
    coat, shirt = (PARTS.index(part) for part in ("outer", "upper"))
    chances = blurred(labels, 1.0)
    lower_half = (labels == coat) & (np.arange(len(labels))[:, None] > 110)
    chances[lower_half] = np.eye(len(PARTS))[shirt] * 0.55 + np.eye(len(PARTS))[coat] * 0.45
    assert (chances.argmax(2)[lower_half] == shirt).all()
    assert (told_by_own_colours(plain_photo(labels), chances)[lower_half] == coat).mean() > 0.95


def test_a_part_that_is_nowhere_sure_is_not_lost_where_its_colour_is_no_other_ones() -> None:
    labels = drawn_person()
    shoes = labels == PARTS.index("shoes")
    chances = blurred(labels, 0.3)
    chances[shoes] = np.eye(len(PARTS))[PARTS.index("shoes")] * 0.6 + np.eye(len(PARTS))[0] * 0.4
    assert (told_by_own_colours(plain_photo(labels), chances)[shoes] == PARTS.index("shoes")).all()


def test_one_colour_says_nothing() -> None:
    labels = drawn_person()
    chances = blurred(labels, 1.5)
    grey = np.full((*labels.shape, 3), 128, np.uint8)
    same = told_by_own_colours(grey, chances) == chances.argmax(2)
    assert same.mean() > 0.97


def test_dots_of_the_colour_of_skin_on_a_shirt_are_shirt() -> None:
    labels = drawn_person()
    shirt, skin = (PARTS.index(part) for part in ("upper", "skin"))
    chances, photo = blurred(labels, 0.3), plain_photo(labels).copy()
    low = (labels == shirt) & (np.arange(len(labels))[:, None] > 100)
    chances[low] = np.eye(len(PARTS))[shirt] * 0.68 + np.eye(len(PARTS))[skin] * 0.32
    dots = low & (np.add.outer(np.arange(len(labels)) % 6, np.arange(labels.shape[1]) % 6) == 0)
    photo[dots] = COLOURS["skin"]
    assert dots.sum() > 50
    assert (told_by_own_colours(photo, chances)[dots] == shirt).mean() > 0.95
