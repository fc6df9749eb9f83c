"""Leaning towards the less known and towards the shopper's price level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.models.recommend.last_mile.leaning import fame, lean, own_price_level, price_distance, price_levels


def test_price_levels_are_places_within_a_category() -> None:
    prices = np.array([10, 20, 20, 40, 50, 7, 1000, np.nan], dtype=np.float32)
    categories = np.array([0, 0, 0, 0, 0, 1, -1, 0], dtype=np.int32)
    levels = price_levels(prices, categories)
    # Category 0, by hand: 10 first, the two 20s share places 1 and 2 of 4. Category 1 and none: among all seven.
    assert levels[:7].tolist() == pytest.approx([0.0, 0.375, 0.375, 0.75, 1.0, 0.0, 1.0])
    assert np.isnan(levels[7])
    assert np.isnan(price_levels(np.array([np.nan], dtype=np.float32), np.array([-1], dtype=np.int32))).all()
    assert price_levels(np.array([3.0], dtype=np.float32), np.array([-1], dtype=np.int32)).tolist() == [0.5]


def test_the_shoppers_level_starts_from_the_middle() -> None:
    levels = np.array([0.0, 1.0, np.nan], dtype=np.float32)
    assert own_price_level(levels, [1]) == pytest.approx((1.0 + 0.5) / 2)
    assert own_price_level(levels, [1, 1, 0]) == pytest.approx((2.0 + 0.5) / 4)
    assert own_price_level(levels, [2]) is None and own_price_level(levels, []) is None


def test_the_dial_says_how_far_the_mean_cost_goes() -> None:
    rng = np.random.default_rng(1)
    relevance = np.sort(rng.random(60))[::-1].astype(np.float32)
    cost = fame(rng.integers(0, 500, 60).astype(np.int32))

    def mean(dial: float, scores: np.ndarray) -> float:
        return float(cost[np.argsort(-lean(scores, cost, dial=dial, count=10), kind="stable")[:10]].mean())

    plain, least = float(cost[:10].mean()), float(np.sort(cost)[:10].mean())
    for scores in (relevance, relevance**8):  # two models that rank alike on different scales
        assert mean(0.0, scores) == pytest.approx(plain)
        assert mean(1.0, scores) == pytest.approx(least)
        # At the middle it lands just below the half: at the first step of the trade-off that gets there.
        assert mean(0.5, scores) <= (plain + least) / 2 + 1e-6
        assert mean(0.5, scores) > least


def test_unknown_costs_are_neutral() -> None:
    relevance = np.array([1.0, 0.9, 0.8, 0.7], dtype=np.float32)
    cost = price_distance(np.array([1.0, np.nan, 0.0, np.nan], dtype=np.float32), 0.0)
    order = np.argsort(-lean(relevance, cost, dial=1.0, count=2), kind="stable").tolist()
    assert order[0] == 2 and order[1] == 1  # the fitting one, then the best that is not known to be far off
    nothing = lean(relevance, np.full(4, np.nan, dtype=np.float32), dial=1.0, count=2)
    assert nothing.tolist() == relevance.tolist()


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(0, 9, width=32)), min_size=1, max_size=30))
def test_more_dial_never_costs_more(rows: list[tuple[float, float]]) -> None:
    rows.sort(key=lambda row: -row[0])
    relevance = np.array([row[0] for row in rows], dtype=np.float32)
    cost = np.array([row[1] for row in rows], dtype=np.float32)
    means = []
    for dial in (0.0, 0.3, 0.6, 1.0):
        best = np.argsort(-lean(relevance, cost, dial=dial, count=5), kind="stable")[:5]
        means.append(float(cost[best].mean()))
    assert all(later <= means[0] + 1e-5 for later in means)
