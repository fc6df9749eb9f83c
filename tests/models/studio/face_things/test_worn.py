"""Glasses, lipstick, hats and earrings lie where they belong, and leave the rest of the photo as it was."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import rgb2lab
from tests.models.studio.face_things.faces import cap, glasses, one_face, person, true_eyes

from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import foreground
from bottega.models.studio.face_things.earrings import wear_earrings
from bottega.models.studio.face_things.glasses import eye_line, wear_glasses
from bottega.models.studio.face_things.glasses_front import front_of_glasses
from bottega.models.studio.face_things.hats import wear_hat
from bottega.models.studio.face_things.lips import colour_lips, lips_of
from bottega.models.studio.face_things.points import BROWS, POINTS, Face


@pytest.mark.parametrize("aside", [False, True])
def test_a_front_has_two_equal_lenses_and_no_temples(aside: bool) -> None:
    photo = glasses(aside=aside)
    front = front_of_glasses(photo, foreground(photo))
    height, wide = front.alpha.shape
    solid, mirrored = front.alpha > 0.5, front.alpha[:, ::-1] > 0.5
    assert (solid & mirrored).sum() / (solid | mirrored).sum() > 0.9
    lens = front.lens > 0.5
    assert 0.35 < lens.sum() / solid.sum() < 0.95
    assert not lens[:, wide // 2 - 2 : wide // 2 + 2].any(), "the bridge is no lens"
    assert np.abs(np.median(front.colours[lens], axis=0) - (60, 90, 70)).max() < 12
    assert 0.2 < front.eye_row / height < 0.6
    assert (front.turned > 10) == aside


def test_what_is_no_pair_of_glasses_is_refused() -> None:
    ball = np.full((200, 200, 3), 255, np.uint8)
    ball[60:140, 60:140] = 40
    with pytest.raises(PhotoRefused, match="front of the glasses is not seen"):
        front_of_glasses(ball, foreground(ball))


@pytest.mark.parametrize("name", ["bela", "femi", "daichi"])
def test_glasses_lie_on_the_true_eye_line(name: str) -> None:
    drawn = person(name)
    photo, face = one_face(name)
    eyes = true_eyes(drawn)
    apart = float(np.hypot(*(eyes[1] - eyes[0])))
    centre, along, left, right = eye_line(face)
    away = np.abs(-(eyes[:, 0] - centre[0]) * along[1] + (eyes[:, 1] - centre[1]) * along[0])
    assert away.max() < 0.08 * apart
    assert 1.6 * apart < left + right < 2.7 * apart
    front = front_of_glasses(glasses(aside=True), foreground(glasses(aside=True)))
    worn = wear_glasses(photo, face, front)
    changed = (worn != photo).any(2)
    for x, y in eyes:
        assert changed[int(y), int(x)], "an eye is behind its lens"
    rows, columns = np.nonzero(changed)
    assert abs(columns.mean() - centre[0]) < 0.25 * apart
    assert rows.max() < face.points[POINTS.index("outer_lip_0"), 1], "the mouth stays free"
    assert not changed[: int(face.points[POINTS.index("forehead"), 1])].any()


def test_a_dark_lens_hides_more_of_the_eye_than_a_light_one() -> None:
    photo, face = one_face()
    left = face.eyes[0].astype(int)
    spread = []
    for lens in ((30, 30, 30), (225, 225, 235)):
        picture = glasses(aside=False, lens=lens)
        worn = wear_glasses(photo, face, front_of_glasses(picture, foreground(picture)))
        part = slice(left[1] - 3, left[1] + 4), slice(left[0] - 5, left[0] + 6)
        spread.append(float(worn[part].astype(float).std() / max(1.0, photo[part].astype(float).std())))
    assert spread[0] < 0.5 * spread[1]


def test_hair_lies_over_the_temples() -> None:
    photo, face = one_face()
    front = front_of_glasses(glasses(aside=True), foreground(glasses(aside=True)))
    bare, covered = (
        (wear_glasses(photo, face, front, hair=np.full(photo.shape[:2], chance, np.float32)) != photo).any(2).sum()
        for chance in (0.0, 1.0)
    )
    assert covered <= bare


def test_lipstick_takes_the_colour_on_the_lips_alone() -> None:
    photo, face = one_face()
    asked = (40.0, 50.0, 20.0)
    red = colour_lips(photo, face, asked, strength=1.0)
    mask = lips_of(photo.shape[:2], face)
    changed = (red != photo).any(2)
    assert changed.any() and not changed[mask == 0].any()
    inside = mask > 0.95
    assert np.abs(np.median(rgb2lab(red)[inside], axis=0) - asked).max() < 12
    none = colour_lips(photo, face, asked, strength=0.0)
    assert np.abs(none.astype(int) - photo).max() <= 1
    shade = rgb2lab(photo)[..., 0][inside], rgb2lab(red)[..., 0][inside]
    assert np.corrcoef(*shade)[0, 1] > 0.9, "folds and light of the lips stay"


def test_a_mouth_of_a_few_pixels_is_not_coloured() -> None:
    _, face = one_face()
    tiny = Face(face.points * np.float32(4 / 20), 1.0, 0.0)
    wide = np.hypot(*(tiny.points[20] - tiny.points[14]))
    assert wide < 6
    with pytest.raises(PhotoRefused, match="mouth on the photo is"):
        lips_of((100, 100), tiny)


def test_a_cap_sits_between_brows_and_hair_and_is_as_wide_as_the_head() -> None:
    photo, face = one_face()
    worn = wear_hat(photo, face, cap())
    changed = (worn != photo).any(2)
    rows, columns = np.nonzero(np.abs(worn.astype(int) - (120, 20, 30)).max(2) < 6)
    brows, forehead = face.points[list(BROWS)].mean(0)[1], face.points[POINTS.index("forehead")][1]
    assert forehead < rows.max() < brows + 1
    assert not changed[int(face.eyes[:, 1].max()) :].any(), "eyes and what is below stay as they are"
    assert face.width < np.ptp(columns) < 1.7 * face.width


def test_a_hat_from_the_side_is_refused() -> None:
    photo, face = one_face()
    with pytest.raises(PhotoRefused, match="not seen from the front"):
        wear_hat(photo, face, cap(aside=True))


def test_earrings_hang_from_the_lobes_that_are_seen() -> None:
    photo, face = one_face()
    pair = np.zeros((60, 40, 4), np.uint8)
    pair[5:55, 10:30] = (220, 180, 40, 255)
    free = np.zeros(photo.shape[:2], np.float32)
    worn = wear_earrings(photo, face, pair, hair=free)
    changed = (worn != photo).any(2)
    for name in ("left_lobe", "right_lobe"):
        x, y = face.points[POINTS.index(name)].astype(int)
        assert changed[y + 3, x] and not changed[y - 4, x]
    half = free.copy()
    half[:, : int(face.eyes.mean(0)[0])] = 1
    one = (wear_earrings(photo, face, pair, hair=half) != photo).any(2)
    assert one.sum() == pytest.approx(changed.sum() / 2, rel=0.2)
    with pytest.raises(PhotoRefused, match="No ear is seen"):
        wear_earrings(photo, face, pair, hair=free + 1)
