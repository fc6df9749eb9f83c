"""Postures: backs, sides and crossed arms are refused, whoever stands straight is not."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.appearance import Appearance
from bottega.models.studio.bodies.figure import figure
from bottega.models.studio.garments.postures import refuse_posture
from bottega.names import FloatArray


def points_of(pose_name: str, around: float = 0.0) -> FloatArray:
    drawn = figure("woman_24", Appearance(), pose_name, around=around, size=(96, 128))
    return np.array([(point.x, point.y, 1.0) for point in drawn.key_points], np.float32)


@pytest.mark.parametrize("pose_name", ["standing", "hand_on_hip", "walking_left", "arms_away", "arms_up"])
def test_who_stands_before_the_camera_is_taken(pose_name: str) -> None:
    refuse_posture(points_of(pose_name), "shirt")


def test_backs_sides_and_crossed_arms_are_refused() -> None:
    with pytest.raises(RequestInvalid, match="from behind"):
        refuse_posture(points_of("standing", 180), "shirt")
    with pytest.raises(RequestInvalid, match="from the side"):
        refuse_posture(points_of("standing", 90), "trousers")
    with pytest.raises(RequestInvalid, match="arms are crossed"):
        refuse_posture(points_of("arms_crossed"), "shirt")
    refuse_posture(points_of("arms_crossed"), "trousers")


def test_joints_that_are_not_sure_say_nothing() -> None:
    points = points_of("standing", 180)
    points[:, 2] = 0.2
    refuse_posture(points, "shirt")
