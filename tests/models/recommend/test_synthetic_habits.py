"""Habits come back out as they went in: visits, pauses, kinds, first products, prices, purses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.synthetic_habits import VISIT_GAP_MS, Habits, PriceTaste, Quantiles
from bottega.names import KindCode

DAY = 86_400_000
VIEW, CART, BUY = KindCode.VIEW, KindCode.ADD_TO_CART, KindCode.PURCHASE


def two_visits(shoppers: int = 50) -> Histories:
    """Everyone views, carts and buys within a minute, comes back after a day to view twice, and begins with item 2."""
    times = [[shopper * 1000 + step for step in (0, 30_000, 60_000, DAY, DAY + 5000)] for shopper in range(shoppers)]
    return Histories.from_lists(
        [[2, 1, 1, 0, 3]] * shoppers, n_items=4, kinds=[[VIEW, CART, BUY, VIEW, VIEW]] * shoppers, times=times
    )


def test_quantiles_draw_what_they_were_learnt_from() -> None:
    numbers = np.random.default_rng(0).gamma(2.0, 10.0, 5000)
    drawn = Quantiles.of(numbers, otherwise=0.0).draw(20_000, np.random.default_rng(1))
    assert drawn.min() >= numbers.min() and drawn.max() <= numbers.max()
    np.testing.assert_allclose(np.quantile(drawn, [0.1, 0.5, 0.9]), np.quantile(numbers, [0.1, 0.5, 0.9]), rtol=0.05)
    assert Quantiles.of(np.zeros(0), otherwise=4.0).draw(3, np.random.default_rng(0)).tolist() == [4.0, 4.0, 4.0]


def test_visits_are_told_apart_by_silence() -> None:
    habits = Habits.learn(two_visits(), Features.empty(4))
    assert set(habits.visits.values) == {2.0} and {2.0, 3.0} <= set(habits.visit_events.values)
    assert habits.pauses_ms.values.max() <= VISIT_GAP_MS < habits.gaps_ms.values.min()
    assert habits.visit_events.values.min() == 2 and habits.visit_events.values.max() == 3


def test_a_plan_has_the_rhythm_of_the_shop() -> None:
    habits = Habits.learn(two_visits(), Features.empty(4))
    offsets, times, kinds = habits.plan(400, np.random.default_rng(0))
    lengths = np.diff(offsets)
    assert lengths.min() >= 4 and lengths.max() <= 6 and 4.7 < lengths.mean() < 5.3
    gaps = np.diff(times)
    inside = np.delete(gaps, offsets[1:-1] - 1)
    assert (inside >= 0).all()
    long = inside > VISIT_GAP_MS
    assert long.sum() == 400 and (inside[~long] <= 30_000).all() and (inside[long] >= DAY - 60_000).all()
    starts = times[offsets[:-1]]
    assert starts.min() >= 0 and starts.max() <= 49_000
    assert (kinds[offsets[:-1]] == VIEW).all()
    after = kinds[1:][kinds[:-1] == CART]
    assert set(after.tolist()) <= {int(BUY), int(VIEW)}


def test_kinds_follow_each_other_as_they_did() -> None:
    chances = Habits.learn(two_visits(), Features.empty(4)).kinds
    np.testing.assert_allclose(chances.sum(axis=1), 1.0)
    assert chances[VIEW, CART] == pytest.approx(0.5) and chances[VIEW, VIEW] == pytest.approx(0.5)
    assert chances[CART, BUY] == 1.0 and chances[-1, VIEW] == 1.0


def test_most_begin_with_what_others_began_with_and_some_with_what_is_popular() -> None:
    first = Habits.learn(two_visits(), Features.empty(4)).first_items
    assert first.sum() == pytest.approx(1.0) and first.argmax() == 2 and first[2] > 0.85
    assert first[1] == pytest.approx(2 * first[0]) and first[1] > 0


def priced(prices: list[float], categories: list[int]) -> Features:
    return replace(
        Features.empty(len(prices)),
        prices=np.array(prices, dtype=np.float32),
        categories=np.array(categories, dtype=np.int32),
        category_names=("lamps", "mugs"),
    )


def test_a_price_taste_is_what_one_pays_beside_the_category() -> None:
    # Lamps cost 100 or 400, mugs 1 or 4: cheap or dear within their category, by the same factor.
    features = priced([100, 400, 1, 4], [0, 0, 1, 1])
    rng = np.random.default_rng(0)
    rows = [(rng.permutation([0, 2, 0, 2]) + dear).tolist() for dear in (0, 1) for _ in range(30)]
    taste = PriceTaste.learn(Histories.from_lists(rows, n_items=4), features)
    assert taste is not None
    np.testing.assert_allclose(taste.levels[[0, 1]], taste.levels[[2, 3]], atol=1e-5)
    assert taste.between > 10 * taste.within  # a shopper is one or the other
    odds = taste.log_odds(taste.levels[[1]])
    assert (odds[0, [1, 3]] > 0).all() and (odds[0, [0, 2]] < 0).all()
    assert taste.purse.values.min() >= 200 and taste.purse.values.max() <= 808


def test_without_prices_there_is_no_price_taste() -> None:
    histories = two_visits()
    assert Habits.learn(histories, Features.empty(4)).prices is None
    one_price = PriceTaste.learn(histories, priced([5, np.nan, np.nan, np.nan], [0, 0, 1, 1]))
    assert one_price is None  # nobody bought item 0


def test_an_item_without_price_is_neither_liked_nor_disliked() -> None:
    rows = [[0, 1, 0, 1]] * 40
    taste = PriceTaste.learn(Histories.from_lists(rows, n_items=3), priced([1, 4, np.nan], [0, 0, 0]))
    assert taste is not None and taste.log_odds(taste.draw(5, np.random.default_rng(0)))[:, 2].tolist() == [0.0] * 5
