"""What the eye has against photos: said where it is sure and knows the thing, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.looks import Looks, Thing
from bottega.models.vision.upright import Upright, UprightConfig
from bottega.shop.listings.eye_faults import eye_faults
from bottega.shop.listings.told_by_eye import chance_of_category

TYPES = ("Casual Shoes", "Heels", "Shirts", "Watches")


def looks(*rows: tuple[float, ...], worn: float = 1.0, chair: float = 0.0) -> Looks:
    n = len(rows)
    thing = Thing(
        "Furniture",
        ("chair", "table"),
        np.full(n, chair, np.float32),
        np.tile(np.array([0.9, 0.1], np.float32), (n, 1)),
        0.5,
    )
    return Looks(
        np.zeros((n, 128), np.float32),
        {"type": np.array(rows, np.float32)},
        np.zeros((n, 0), np.float32),
        {"type": np.full(n, worn, np.float32)},
        (thing,),
    )


@pytest.mark.parametrize(
    ("category", "chance"),
    [
        (("Men", "Casual Shoes"), 0.7),
        (("Shoes",), 0.9),
        (("Damen", "Schuhe"), 0.9),
        (("Camisas",), 0.06),
        (("Home", "Chairs"), 0.0),
        (("Home",), None),
        (("Shoes", "New ones"), None),
        (("Sale",), None),
        (("Gadgets",), None),
        ((), None),
    ],
)
def test_a_category_is_read_in_five_languages_by_its_narrowest_word(
    category: tuple[str, ...], chance: float | None
) -> None:
    (found,) = chance_of_category(looks((0.7, 0.2, 0.06, 0.04)), [category], TYPES)
    assert np.isnan(found) if chance is None else found == pytest.approx(chance, abs=1e-5)


def test_other_kinds_of_things_count_by_how_likely_they_are_shown() -> None:
    (found,) = chance_of_category(looks((0.7, 0.2, 0.06, 0.04), worn=0.1, chair=0.9), [("chair",)], TYPES)
    assert found == pytest.approx(0.81, abs=1e-5)


class _Sees(Eye):
    """An eye whose answers are known."""

    def __init__(self, told: Looks, features: np.ndarray) -> None:
        fresh = Eye.fresh({"type": TYPES}, (), rng=np.random.default_rng(0))
        super().__init__(fresh.config, fresh.network)
        self._told, self._features = told, features

    def look_at_squares(self, squares: np.ndarray) -> Looks:
        return self._told

    def features(self, squares: np.ndarray) -> np.ndarray:
        return self._features


def test_faults_are_said_where_they_can_be_known() -> None:
    told = looks((0.99, 0.005, 0.004, 0.001), (0.99, 0.005, 0.004, 0.001), (0.996, 0.001, 0.001, 0.002))
    features = np.array([[0, 5], [0, 5], [5, 0]], np.float32)
    eye = _Sees(told, features)
    weights = np.array([[5, -5, -5], [-5, 5, 0], [0, 0, 0]], np.float32)
    upright = Upright(UprightConfig(eye.version, 0.9), weights)
    squares = np.zeros((3, 32, 32, 3), np.uint8)
    categories = [("Casual Shoes",), ("Casual Shoes",), ("Watches",)]
    found = eye_faults(squares, [True, False, True], categories, eye, upright)
    assert found.turned.tolist() == [True, False, False], "only before a plain background"
    assert found.another.tolist() == [False, False, True]
    anywhere = eye_faults(squares, [False] * 3, categories, eye, upright)
    assert anywhere.another.tolist() == [False, False, False], "0.002 is not little enough elsewhere"
    other = Upright(replace(upright.config, eye="another"), weights)
    assert not eye_faults(squares, [True] * 3, categories, eye, other).turned.any()
    nothing = eye_faults(squares[:0], [], [], eye, upright)
    assert len(nothing.turned) == len(nothing.another) == 0
