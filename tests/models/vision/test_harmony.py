"""Colour relations against values worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from bottega.models.vision.harmony import FEATURES, RELATIONS, colour_row, harmony, stands
from bottega.names import FloatArray


@dataclass(frozen=True)
class Colour:
    lab: tuple[float, float, float]
    share: float = 1.0


def row(*colours: Colour) -> FloatArray:
    return colour_row(colours)


def named(one: FloatArray, other: FloatArray) -> dict[str, float]:
    return dict(zip(FEATURES, harmony(one, other).tolist(), strict=True))


BLACK, WHITE = row(Colour((5, 0, 0))), row(Colour((95, 0, 0)))
RED, GREEN = row(Colour((50, 40, 0))), row(Colour((50, -40, 0)))


def test_black_and_white_are_two_neutrals_far_apart_in_lightness() -> None:
    found = named(BLACK, WHITE)
    assert found["lightness gap"] == pytest.approx(90 / 50) and found["both neutral"] > 0.95
    assert found["same colour"] < 0.01 and found["both dark"] < 0.01


def test_red_and_green_are_opposite() -> None:
    found = named(RED, GREEN)
    assert found["same hue"] == pytest.approx(-2.0) and found["hue on one axis"] == pytest.approx(2.0)
    assert found["lightness gap"] == 0 and found["both vivid"] == pytest.approx(2.0)


def test_a_garment_beside_itself_is_the_same_colour() -> None:
    found = named(RED, RED)
    assert found["same colour"] == pytest.approx(1.0) and found["near colour"] == pytest.approx(1.0)


def test_the_average_over_all_colours_weighs_by_share() -> None:
    striped = row(Colour((95, 0, 0), 0.75), Colour((5, 0, 0), 0.25))
    found = named(striped, WHITE)
    assert found["lightness gap"] == 0
    assert found["lightness gap, all colours"] == pytest.approx(0.25 * 1.8)


def test_order_does_not_matter_and_rows_broadcast() -> None:
    rng = np.random.default_rng(0)
    ones, others = (np.stack([row(*(Colour(tuple(rng.uniform(-40, 80, 3)), 0.3) for _ in range(3))) for _ in range(n)])
                    for n in (4, 5))  # fmt: skip
    table = harmony(ones[:, None], others[None])
    assert table.shape == (4, 5, 2 * len(RELATIONS)) and np.isfinite(table).all()
    np.testing.assert_allclose(table[1, 2], harmony(others[2], ones[1]), rtol=1e-4, atol=1e-5)


def test_a_garment_without_colours_is_no_error() -> None:
    assert np.isfinite(harmony(np.zeros(12, dtype=np.float32), RED)).all()


def test_only_what_is_clear_is_named() -> None:
    def clear(one: FloatArray, other: FloatArray) -> set[str]:
        return {name for name, on in zip(RELATIONS, stands(harmony(one, other)[: len(RELATIONS)]), strict=True) if on}

    assert clear(BLACK, WHITE) == {"lightness gap", "lightness gap squared", "both neutral"}
    assert clear(RED, GREEN) == {"hue on one axis", "both vivid"}
    assert clear(RED, RED) == {"same hue", "both vivid", "same colour", "near colour"}
