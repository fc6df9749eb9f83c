"""Dressed figures: what is over what, in which colours, and what was guessed, on shells of the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage
from tests.models.studio.dressed.shells import PARTS_OF, shell, squares

from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.appearance import Appearance
from bottega.models.studio.bodies.body import PARTS, body
from bottega.models.studio.bodies.figure import CROPS, figure, scene_on
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.bodies.scene import LABELS
from bottega.models.studio.bodies.skinning import posed
from bottega.models.studio.bodies.textures import NO_TEXTURES, texel, textures_of
from bottega.models.studio.dressed.covered import covered
from bottega.models.studio.dressed.dressed import NO_PIECE, Dressed, dressed
from bottega.models.studio.dressed.fitted import fitted
from bottega.models.studio.dressed.scene import dressed_scene
from bottega.models.studio.garments.cloth import Cloth

SIZE = (192, 256)
NAME = "woman_28"
LOOK = Appearance(skin="monk_5", hair="long")
RED, BLUE, GREEN = (190, 40, 40), (40, 60, 150), (40, 140, 60)
CUT_HAIR = LABELS.index("hair")


def worn(cloths: Sequence[Cloth], pose: str = "standing", **more: object) -> Dressed:
    return dressed(NAME, LOOK, pose, cloths, size=SIZE, **more)  # type: ignore[arg-type]


def plain(cut: str, colour: tuple[int, int, int], **more: float) -> Cloth:
    return shell(body(NAME), cut, squares(colour, colour), **more)


def test_without_pieces_it_is_the_figure() -> None:
    bare = figure(NAME, LOOK, "walking_left", size=SIZE)
    found = dressed(NAME, LOOK, "walking_left", [], size=SIZE)
    assert np.array_equal(found.photo, bare.photo) and np.array_equal(found.labels, bare.labels)
    assert (found.piece == NO_PIECE).all() and not found.guessed.any()


def test_the_same_request_gives_the_same_picture() -> None:
    cloths = [plain("top", RED), plain("jacket", BLUE, open_m=0.12)]
    assert np.array_equal(worn(cloths).photo, worn(cloths).photo)


@pytest.mark.parametrize("pose", ["standing", "walking_left", "hands_on_hips", "seated", "arms_up", "squatting"])
def test_no_skin_comes_through(pose: str) -> None:
    found = worn([plain("top", RED), plain("trousers", BLUE)], pose)
    for piece, cut, share in ((0, "top", 0.9), (1, "trousers", 0.93)):
        parts = [LABELS.index(part) for part in PARTS_OF[cut]]
        there = np.isin(found.labels, parts)
        assert (found.piece[there] != NO_PIECE).mean() > share, (piece, cut)


@pytest.mark.parametrize("pose", ["standing", "walking_right", "hand_on_hip", "seated", "turning_left"])
def test_a_jacket_lies_over_a_shirt_and_shows_it(pose: str) -> None:
    top, jacket = plain("top", RED), plain("jacket", BLUE, open_m=0.12)
    both = worn([jacket, top], pose)
    alone = worn([jacket], pose)
    assert both.mask(1).sum() > 100, "the shirt is seen where the jacket is open"
    # The figure grows by a millimetre, and the camera with it.
    under = ndimage.binary_erosion(alone.mask(0)) & ~both.mask(0)
    assert under.sum() < 0.02 * alone.mask(0).sum(), "nothing of the jacket is lost to the shirt"


def test_what_is_worn_over_what_is_asked_by_the_layer() -> None:
    top, trousers = plain("top", RED), plain("trousers", BLUE)
    waist = {"loose": [replace(top, vertices=_longer(top)), trousers]}
    waist["tucked in"] = [replace(waist["loose"][0], layer=1), trousers]
    loose, tucked = (worn(pieces).mask(0).sum() for pieces in waist.values())
    assert loose > 1.04 * tucked


def _longer(top: Cloth) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """A top whose hem reaches over the hips."""
    points = top.vertices.copy()
    height = points[:, 2]
    hem = height < np.quantile(height, 0.2)
    points[hem, 2] -= 0.06
    points[hem, :2] *= 1.1
    return points


def test_colours_stay_those_of_the_picture() -> None:
    for colour in (RED, BLUE, GREEN, (235, 235, 230), (25, 25, 28)):
        found = worn([plain("top", colour)])
        shown = np.median(found.photo[found.mask(0)].astype(float), axis=0)
        assert np.abs(shown - colour).max() < 26, (colour, shown)


def test_a_back_is_guessed_and_a_front_is_seen() -> None:
    cloths = [plain("top", RED)]
    assert worn(cloths).seen(0) > 0.9
    assert worn(cloths, "from_behind").seen(0) < 0.1
    assert worn(cloths, around=180).seen(0) < 0.1
    assert worn(cloths).seen(3) == 0.0, "of what nobody wears nothing is seen"


def test_a_clear_picture_shows_what_is_under_it() -> None:
    picture = squares(BLUE, BLUE)
    picture[:, 40:90, 3] = 0
    jacket = shell(body(NAME), "jacket", picture)
    found = worn([plain("top", RED), jacket])
    assert found.mask(0).sum() > 200
    assert worn([plain("top", RED), plain("jacket", BLUE)]).mask(0).sum() < 60


def test_squares_keep_their_size_and_colours() -> None:
    found = worn([shell(body(NAME), "top", squares((250, 250, 250), RED))])
    shown = found.photo[found.mask(0)].astype(int)
    red = (shown[:, 0] - shown[:, 1] > 80).mean()
    white = (np.ptp(shown, axis=1) < 25).mean()
    assert 0.35 < red < 0.65 and 0.25 < white < 0.6


def test_hair_lies_over_a_collar() -> None:
    jacket = plain("jacket", BLUE)
    behind = worn([jacket], "from_behind")
    hair = (behind.labels == CUT_HAIR) & (behind.piece == NO_PIECE)
    bare = worn([], "from_behind").labels == CUT_HAIR
    assert hair.sum() > 0.85 * bare.sum()


def test_soles_lift_the_body_that_stands_on_them() -> None:
    shoes = plain("shoes", RED)
    thick = replace(shoes, vertices=shoes.vertices - np.array([0, 0, 0.05], np.float32))
    assert fitted(body(NAME), [thick]).pieces[0].vertices[:, 2].min() < -0.04
    found = worn([thick])
    rows = np.flatnonzero(found.alpha.max(1) > 0)
    assert found.piece[rows[-2]].max() == 0, "the lowest thing in the picture is the sole"


def test_cloth_that_lies_deep_in_the_body_is_hauled_out() -> None:
    top = plain("top", RED)
    front = top.guessed == 0
    patch = front & (np.hypot(top.vertices[:, 0], top.vertices[:, 2] - 1.2) < 0.05)
    assert 3 <= patch.sum() < 60
    sunk = top.vertices.copy()
    sunk[patch, 1] = 0.0
    piece = fitted(body(NAME), [replace(top, vertices=sunk)]).pieces[0]
    moved = piece.vertices[piece.welded]
    assert np.abs(moved[patch, 1] - top.vertices[patch, 1]).max() < 0.03


def test_crops_are_those_of_the_figure() -> None:
    for crop in CROPS:
        assert worn([plain("top", RED)], crop=crop).mask(0).any()
    with pytest.raises(RequestInvalid, match="No crop is called 'knee'"):
        worn([plain("top", RED)], crop="knee")


def test_a_surface_inside_another_is_covered_and_one_beside_it_is_not() -> None:
    corners = np.array([[x, y, z] for x in (-0.1, 0.1) for y in (-0.1, 0.1) for z in (-0.1, 0.1)], np.float32)
    sides = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = np.array([[q[i] for i in order] for q in sides for order in ((0, 1, 2), (0, 2, 3))], np.int32)
    points = np.array([[0, 0, 0], [0.15, 0, 0], [-0.15, 0, 0]], np.float32)
    ways = np.array([[1, 0, 0]] * 3, np.float32)
    none = np.full(len(faces), -1, np.int16)
    places = np.zeros((8, 2), np.float32)
    found = covered(points, ways, 0.3, corners, faces, places, none, NO_TEXTURES)
    assert found.tolist() == [True, False, False], "the third meets the box from outside"
    assert not covered(points, ways, 0.05, corners, faces, places, none, NO_TEXTURES).any(), "out of reach"


def test_texels_lie_between_dots_and_sizes() -> None:
    picture = np.zeros((8, 8, 4), np.float32)
    picture[:, 4:, 0] = 1
    picture[..., 3] = 1
    found = textures_of([picture])
    out = np.zeros(4)
    for across, level, expected in (
        (0.1, 0.0, 0.0),
        (0.9, 0.0, 1.0),
        (0.5, 0.0, 0.5),
        (0.5, 1.0, 0.5),
        (0.45, 0.0, 0.1),
    ):
        texel(found.texels, found.levels, 0, level, across, 0.5, out)
        assert out[0] == pytest.approx(expected, abs=1e-5) and out[3] == pytest.approx(1)
    checks = np.ones((8, 8, 4), np.float32)
    checks[(np.indices((8, 8)).sum(0) % 2) == 0, :3] = 0
    fine = textures_of([picture, checks])
    texel(fine.texels, fine.levels, 1, 1.0, 0.3, 0.7, out)
    assert out[:3] == pytest.approx(0.5), "seen from afar, fine squares are their mean"


@pytest.mark.parametrize(("under", "ends"), [(0.03, 0.012), (0.06, 0.025), (0.4, 0.4)])
def test_shorts_end_above_a_short_hem_and_under_the_hips(under: float, ends: float) -> None:
    mesh = body(NAME)
    hips = mesh.vertices[mesh.vertex_parts == PARTS.index("hips")]
    crotch = float(hips[np.abs(hips[:, 0]) < 0.02, 2].min())
    skirt = replace(plain("trousers", RED), cut="skirt")
    short = skirt.vertices.copy()
    short[:, 2] = np.maximum(short[:, 2], crotch - under)
    person = posed(mesh, pose("standing"))
    _, scene, _ = dressed_scene(fitted(mesh, [replace(skirt, vertices=short)]), LOOK, person)
    covered_now = scene.cloth[: len(mesh.vertices)] > 0
    covered_before = scene_on(person, LOOK).cloth[: len(mesh.vertices)] > 0
    thighs = np.isin(mesh.vertex_parts, [PARTS.index("left_thigh"), PARTS.index("right_thigh")])
    assert np.array_equal(covered_now[~thighs], covered_before[~thighs])
    assert not (covered_now & ~covered_before).any()
    below = mesh.vertices[:, 2] < crotch - ends - 0.006
    assert not (covered_now & thighs & below).any()
    assert (covered_now == covered_before)[thighs & (mesh.vertices[:, 2] > crotch)].all()
