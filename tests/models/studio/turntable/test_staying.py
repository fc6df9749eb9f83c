"""What stays of round things: their outline, and as much of their picture as was nearest to the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.models.studio.turntable.made import ball_mask, striped

from bottega.models.studio.turntable.framing import framed
from bottega.models.studio.turntable.product_turn import product_turn
from bottega.models.studio.turntable.relief import Relief
from bottega.models.studio.turntable.shapes_by_kind import shape_by_rule
from bottega.models.studio.turntable.staying import Stays, between_outlines, roundness, share_fitted, texture
from bottega.models.studio.turntable.turntable import Turntable


def test_round_is_what_is_called_round_and_as_thick_as_that() -> None:
    inside = ball_mask(64)
    ball = shape_by_rule("turned", inside)
    plate = Relief(inside, ball.front * 0.1, ball.back * 0.1, 0.0)
    assert roundness({"lathe": 0.9, "car": 0.1}, plate) == 1
    assert roundness({"blob": 0.9}, ball) == 1 and roundness({"blob": 0.9}, plate) == 0
    assert roundness({"car": 0.9, "lathe": 0.1}, ball) == 0
    assert 0 < roundness({"lathe": 0.5}, ball) < 1, "no step from one to the other"


def test_outlines_meet_halfway() -> None:
    small, large = (ball_mask(100, radius).astype(np.float32) for radius in (0.2, 0.4))
    half = between_outlines(small, large, 0.5)
    assert np.sqrt((half > 0.5).sum() / np.pi) == pytest.approx(30, abs=1)
    assert between_outlines(small, large, 0.0) is small and between_outlines(small, large, 1.0) is large


def test_shares_are_found_where_they_are_known() -> None:
    rng = np.random.default_rng(0)
    rows = []
    for textured in np.linspace(-0.5, 1, 12):
        photo, noise = (rng.normal(0, wide, 400).astype(np.float32) for wide in (0.1, 0.01))
        rows.append((float(textured), photo, photo * np.float32(0.6 - 0.3 * textured) + noise))
    first, second = share_fitted(rows)
    assert first == pytest.approx(0.6, abs=0.02) and second == pytest.approx(0.3, abs=0.03)
    smooth, textured = (Stays.of(1.0, at, (first, second)).picture for at in (-0.5, 1.0))
    assert smooth > textured and Stays.of(0.0, -0.5, (first, second)) == Stays()


def test_stripes_are_more_textured_than_a_plain_disc() -> None:
    alpha = ball_mask(64).astype(np.float32)
    plain = np.full((64, 64, 3), 0.5, np.float32)
    stripes = np.where((np.arange(64) // 4 % 2 > 0)[None, :, None], np.float32(0.9), plain).astype(np.float32)
    assert texture(stripes, alpha) > texture(plain, alpha) + 1


def test_a_round_thing_keeps_its_outline_and_moves_what_is_painted_on_it() -> None:
    shipped = Turntable.shipped()
    assert shipped is not None
    photo = framed(striped(), ball_mask())
    turn = product_turn(photo, "turned", shipped)
    assert turn.stays.outline == 1 and 0 <= turn.stays.picture < 1
    drawn = turn.draw(30.0, 96)
    _, alpha = photo.at(96)
    assert float(((drawn.alpha > 0.5) ^ (alpha > 0.5)).mean()) < 0.01
    blue = drawn.picture[48, :, 2] > drawn.picture[48, :, 0]
    assert (blue & (alpha[48] > 0.5)).sum() > 0.55 * (alpha[48] > 0.5).sum(), "the camera went to the right"
    free = replace(turn, stays=Stays()).draw(30.0, 96)
    assert not np.allclose(free.alpha, drawn.alpha)
