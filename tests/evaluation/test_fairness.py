"""Figures by group, and skin tones measured from pixels of known colour."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from skimage.color import lab2rgb

from bottega.evaluation import fairness
from bottega.evaluation.fairness import FEW, TONES, by_group, gap, skin_angle, tone_of


def painted(lightness: float, yellow: float) -> np.ndarray:
    """A photo of one CIE Lab colour."""
    color = lab2rgb(np.array([[[lightness, 12.0, yellow]]]))
    return np.asarray(np.broadcast_to((color * 255).round().astype(np.uint8), (16, 16, 3)))


def test_examples_run() -> None:
    outcome = doctest.testmod(fairness)
    assert outcome.failed == 0 and outcome.attempted >= 6


@pytest.mark.parametrize(
    ("lightness", "yellow", "tone"),
    [
        (76, 16, "very light"),  # arctan(26/16) = 58.4
        (70, 18, "light"),  # 48.0
        (63, 20, "intermediate"),  # 33.0
        (57, 22, "tan"),  # 17.7
        (45, 20, "brown"),  # -14.0
        (30, 14, "dark"),  # -55.0
    ],
)
def test_the_angle_of_painted_skin_is_the_one_worked_out_by_hand(lightness: float, yellow: float, tone: str) -> None:
    angle = skin_angle(painted(lightness, yellow), np.ones((16, 16), dtype=bool))
    assert angle == pytest.approx(np.degrees(np.arctan((lightness - 50) / yellow)), abs=1.5)
    assert tone_of(angle) == tone and tone in TONES


def test_only_skin_is_measured_and_little_skin_is_not() -> None:
    photo, skin = painted(70, 18).copy(), np.zeros((16, 16), dtype=bool)
    photo[:, 8:] = (0, 0, 255)
    skin[:, :8] = True
    assert tone_of(skin_angle(photo, skin)) == "light"
    skin[6:] = False
    assert np.isnan(skin_angle(photo, skin)) and tone_of(skin_angle(photo, skin)) == ""


def test_groups_are_counted_and_small_ones_not_compared() -> None:
    values = np.array([1.0] * 40 + [0.0] * 20 + [1.0, 0.0] * 20 + [0.0] * 3 + [1.0, np.nan])
    groups = ["women"] * 60 + ["men"] * 40 + ["unisex"] * 3 + ["", "men"]
    found = by_group(values, groups, np.random.default_rng(0))
    assert {name: group.photos for name, group in found.items()} == {"women": 60, "men": 40, "unisex": 3}
    women, men = found["women"].figure, found["men"].figure
    assert women.mean == pytest.approx(2 / 3) and women.low < women.mean < women.high
    assert men.low < men.mean == 0.5 < men.high
    assert found["unisex"].too_few and not found["men"].too_few
    assert gap(found) == pytest.approx(2 / 3 - 1 / 2)
    assert np.isnan(gap({"men": found["men"], "unisex": found["unisex"]})) and FEW == 30
    assert found["unisex"].as_dict() == {"photos": 3, "mean": 0.0, "low": 0.0, "high": 0.0, "too_few": True}
