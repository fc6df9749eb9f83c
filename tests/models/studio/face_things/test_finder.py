"""Faces are found where they are, on people of every skin; what is no face, too small or turned away is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.models.studio.face_things.faces import finder, one_face, person, true_eyes

from bottega.errors import PhotoRefused
from bottega.models.studio.face_things.finder import FaceFinder, the_face
from bottega.models.studio.face_things.points import MIRRORED, POINTS, Face, frame_of


@pytest.mark.parametrize(("name", "around"), [("ada", 0), ("femi", 8), ("imani", -12), ("henrik", 5), ("edda", -6)])
def test_eyes_lie_where_the_mesh_has_them(name: str, around: float) -> None:
    drawn = person(name, around)
    (face,) = finder().faces(drawn.photo)
    eyes = true_eyes(drawn)
    apart = float(np.hypot(*(eyes[1] - eyes[0])))
    assert np.hypot(*(face.eyes - eyes).T).max() < 0.08 * apart
    assert abs(face.roll - np.degrees(np.arctan2(*(eyes[1] - eyes[0])[::-1]))) < 5


def test_the_turn_of_a_head_has_its_sign() -> None:
    left, right = (the_face(finder().faces(person("ada", around).photo), (384, 288)) for around in (20, -20))
    assert left.yaw * right.yaw < 0 and min(abs(left.yaw), abs(right.yaw)) > 8


def test_a_leaning_head_is_found_leaning() -> None:
    photo = person("ada").photo
    leaning = np.asarray(Image.fromarray(photo).rotate(25, fillcolor=tuple(photo[0, 0].tolist())))
    face = the_face(finder().faces(leaning), leaning.shape)
    assert face.roll == pytest.approx(-25, abs=6)


def test_a_mirror_swaps_the_sides() -> None:
    names = [POINTS[place] for place in MIRRORED]
    assert sorted(MIRRORED.tolist()) == list(range(len(POINTS)))
    assert all(
        there.startswith("right") == here.startswith("left")
        for here, there in zip(POINTS, names, strict=True)
        if here.startswith(("left", "right"))
    )


def test_a_frame_grows_and_turns_with_its_face() -> None:
    _, face = one_face()
    middle, size, roll = np.split(frame_of(face.points[None])[0], [2, 3])
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    again = frame_of((2 * face.points @ turn.T + 7).astype(np.float32)[None])[0]
    assert again[2] == pytest.approx(2 * float(size[0]), rel=1e-4)
    assert again[3] - float(roll[0]) == pytest.approx(np.pi / 2, abs=1e-4)
    assert again[:2] == pytest.approx(2 * middle @ turn.T + 7, rel=1e-3)


def test_no_face_several_small_and_cut_ones_are_refused_in_words() -> None:
    rng = np.random.default_rng(0)
    noise = np.repeat(np.repeat(rng.integers(0, 255, (30, 20, 3), np.uint8), 8, 0), 8, 1)
    with pytest.raises(PhotoRefused, match="No face is found well enough"):
        the_face(finder().faces(noise), noise.shape)
    both = np.concatenate([person("bela").photo, person("femi").photo], 1)
    with pytest.raises(PhotoRefused, match="2 people look out of the photo"):
        the_face(finder().faces(both), both.shape)
    _, face = one_face()
    small = Face(face.points * np.float32(20 / face.height), 1.0, 0.0)
    with pytest.raises(PhotoRefused, match="20 pixels high"):
        the_face([small], (100, 100))
    with pytest.raises(PhotoRefused, match="turned aside by about 48 degrees"):
        the_face([Face(face.points, 1.0, -48.0)], (1000, 1000))
    with pytest.raises(PhotoRefused, match="cuts the face off"):
        the_face([Face(face.points - face.eyes[0] - 1, 1.0, 0.0)], (1000, 1000))


def test_from_behind_and_from_the_side_nothing_is_laid_on() -> None:
    for around in (90, 180):
        photo = person("carmen", around).photo
        with pytest.raises(PhotoRefused):
            the_face(finder().faces(photo), photo.shape)


def test_saved_and_read_back_it_says_the_same(tmp_path: Path) -> None:
    finder().save(tmp_path)
    again = FaceFinder.load(tmp_path)
    photo, face = one_face()
    (found,) = again.faces(photo)
    assert np.array_equal(found.points, face.points) and again.version == finder().version


def test_a_face_is_followed_to_the_next_picture_and_lost_where_it_goes() -> None:
    photo, face = one_face()
    moved = np.roll(photo, 5, 1)
    found = finder().followed(moved, face.points)
    assert found is not None
    assert found.eyes[:, 0] - face.eyes[:, 0] == pytest.approx(5, abs=1.2)
    assert finder().followed(np.full_like(photo, 128), face.points) is None
