"""Reliefs against what geometry says: a ball turned is a ball, a plane's places move by the cosine."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.studio.turntable.made import ball_mask

from bottega.models.studio.turntable.relief import AWAY, BACK, FRONT, Relief, axes, solid_grid, turned
from bottega.models.studio.turntable.shapes_by_kind import kind_of_words, shape_by_rule


def test_a_ball_turned_has_the_outline_of_a_ball() -> None:
    mask = ball_mask(64)
    solid = solid_grid(shape_by_rule("turned", mask))
    for around in (-50, -20, 35):
        seen = turned(solid, around, 0.0, 64).layer >= 0
        shared = (seen & mask).sum() / (seen | mask).sum()
        assert shared > 0.9, around


def test_the_mesh_is_closed_and_looks_outwards() -> None:
    solid = solid_grid(shape_by_rule("inflated", ball_mask(32)))
    edges = np.sort(np.concatenate([solid.faces[:, [0, 1]], solid.faces[:, [1, 2]], solid.faces[:, [2, 0]]]), 1)
    _, counts = np.unique(edges, axis=0, return_counts=True)
    assert (counts == 2).all(), "each edge belongs to two faces"
    corners = solid.points[solid.faces].astype(np.float64)
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    assert volume > 0, "faces run counter-clockwise from outside"


def test_a_camera_that_goes_right_sees_the_middle_go_where_a_pinhole_says() -> None:
    """A bump on a plate: the point at the middle, `d` before the axis, must come to lie where one computes it."""
    mask = np.ones((65, 65), bool)
    near = np.full((65, 65), -0.2, np.float32)
    relief = Relief(mask, near, near + 0.3, 0.0)
    seen = turned(solid_grid(relief), 20.0, 0.0, 200)
    angle = np.radians(20)
    x, depth = -0.2 * np.sin(angle), -0.2 * np.cos(angle)
    expected = 0.5 + x * AWAY / (AWAY + depth)
    row = seen.places[100]
    front = seen.layer[100] == FRONT
    found = (np.flatnonzero(front)[np.abs(row[front, 0] - 0.5).argmin()] + 0.5) / 200
    assert found == pytest.approx(expected, abs=0.006)


def test_from_behind_the_back_is_seen_mirrored() -> None:
    seen = turned(solid_grid(shape_by_rule("inflated", ball_mask(48))), 180.0, 0.0, 48)
    assert (seen.layer[16:32, 16:32] == BACK).all()
    places = seen.places[24, 10:38, 0]
    assert (np.diff(places) < 0).all(), "the photo's right lies on the left"


def test_axes_are_square_and_go_to_the_right() -> None:
    found = axes(90.0, 0.0)
    assert found @ found.T == pytest.approx(np.eye(3), abs=1e-6)
    assert found[1] == pytest.approx([-1, 0, 0], abs=1e-6), "from the right one looks to the left"


@pytest.mark.parametrize("kind", ["turned", "extruded", "inflated", "card"])
def test_rules_put_the_back_behind_the_front(kind: str) -> None:
    found = shape_by_rule(kind, ball_mask(64))  # type: ignore[arg-type]
    assert (found.back >= found.front)[found.inside].all()
    assert 0.05 < (found.back - found.front)[found.inside].max() < 1


def test_words_name_shapes() -> None:
    said = ("Water Bottle", "T-Shirts", "Watches", "Cushions", "Casual Shoes", "Dresses", "")
    found = [kind_of_words(words) for words in said]
    assert found[:4] == ["turned", "card", "extruded", "inflated"]
    assert (found[4], found[5], found[6]) == ("learnt", "card", "learnt")
