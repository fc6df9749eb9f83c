"""The merchant's rules over scores and masks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bottega.models.recommend.last_mile.rules import (
    Boost,
    boosted,
    calibrated,
    complements,
    first_variant,
    lifted,
    pinned,
)


def mask(*codes: int, size: int = 6) -> np.ndarray:
    found = np.zeros(size, dtype=np.bool_)
    found[list(codes)] = True
    return found


def test_calibration_puts_best_at_one_middle_at_half_worst_at_zero() -> None:
    scores = np.array([-3.0, 10.0, 2.0, 4.0, 100.0, 9.0], dtype=np.float32)
    values = calibrated(scores, mask(0, 1, 2, 3, 4))
    assert values[[0, 3, 4]].tolist() == [0.0, 0.5, 1.0]
    assert values[5] == -np.inf  # not allowed
    assert 0.5 < values[1] < 0.6


def test_calibration_of_equal_scores_and_of_none() -> None:
    assert calibrated(np.full(3, 7.0, dtype=np.float32), mask(0, 2, size=3)).tolist() == [1.0, -np.inf, 1.0]
    nothing = calibrated(np.full(3, -np.inf, dtype=np.float32), mask(0, 1, 2, size=3))
    assert nothing.tolist() == [-np.inf] * 3


@given(st.lists(st.floats(-1e6, 1e6, width=32) | st.just(float("-inf")), min_size=1, max_size=40))
def test_calibration_keeps_order_and_range(values: list[float]) -> None:
    scores = np.array(values, dtype=np.float32)
    result = calibrated(scores, np.ones(len(scores), dtype=np.bool_))
    finite = np.isfinite(scores)
    assert (np.isfinite(result) == finite).all()
    assert ((result[finite] >= 0) & (result[finite] <= 1)).all()
    order = np.argsort(scores[finite], kind="stable")
    assert (np.diff(result[finite][order]) >= 0).all()


def test_boosts_multiply_then_add_and_never_lift_the_forbidden() -> None:
    values = np.array([1.0, 0.5, -np.inf], dtype=np.float32)
    result = boosted(values, [Boost(mask(1, 2, size=3), multiply=3.0, add=0.25), Boost(mask(0, size=3), multiply=0.0)])
    assert result.tolist() == [0.0, 1.75, -np.inf]
    assert values.tolist() == [1.0, 0.5, -np.inf]  # the argument stays as it was


def test_complements_count_less_only_in_the_anchors_own_durable_category() -> None:
    categories = np.array([0, 0, 1, -1], dtype=np.int32)
    values = np.ones(4, dtype=np.float32)
    durable = np.array([True, True, True, True])
    assert complements(values, categories, durable, [0]).tolist() == [0.5, 0.5, 1.0, 1.0]
    assert complements(values, categories, ~durable, [0]).tolist() == [1.0] * 4
    assert complements(values, categories, durable, [-1]).tolist() == [1.0] * 4  # no category, nothing alike


def test_pins_take_their_places() -> None:
    assert pinned([1, 2, 3, 4], [(9, 0)], 3) == [9, 1, 2]
    assert pinned([1, 2, 3, 4], [(9, 2), (3, 0)], 4) == [3, 1, 9, 2]
    assert pinned([1, 2], [(8, 0), (9, 0)], 4) == [8, 9, 1, 2]  # a taken place gives the next
    assert pinned([1], [(9, 3)], 5) == [1, 9]  # a short list gives its end
    assert pinned([1, 2, 3], [(9, 7)], 3) == [1, 2, 3]  # beyond the list: not shown
    assert pinned([1, 2], [(9, 0), (9, 1)], 2) == [9, 1]


@given(
    st.lists(st.integers(0, 30), unique=True, max_size=12),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=6),
    st.integers(1, 10),
)
def test_pinning_never_repeats_nor_invents(ranked: list[int], pins: list[tuple[int, int]], count: int) -> None:
    result = pinned(ranked, pins, count)
    assert len(result) <= count and len(result) == len(set(result))
    assert set(result) <= set(ranked) | {item for item, _ in pins}
    unpinned = [item for item in ranked if item not in {item for item, _ in pins}]
    assert [item for item in result if item in unpinned] == unpinned[: sum(item in unpinned for item in result)]


def test_the_first_variant_that_may_be_shown() -> None:
    assert first_variant([0, 1], np.array([False, True])) == 1
    assert first_variant([0], np.array([False, True])) == -1


def test_what_gains_moves_towards_the_top_and_nothing_comes_in() -> None:
    scores = np.array([0.5, 0.9, -np.inf, -np.inf, 1.02, 0.3], dtype=np.float32)
    gains = np.array([0.5, 0.0, 0.4, 0.4, 0.0, 1.0], dtype=np.float32)
    values = lifted(scores, gains, mask(0, 1, 2, 4, 5))
    np.testing.assert_allclose(values, [0.75, 0.9, 0.4, -np.inf, 1.02, 1.0], rtol=1e-6)
