"""Synthetic shoppers follow the model, remember, tire, pay, and are the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.recommend.counted.popular import Popular
from bottega.models.recommend.counted.transitions import Transitions
from bottega.models.recommend.synthetic_habits import Habits, PriceTaste
from bottega.models.recommend.synthetic_shoppers import Choice, calibrate, draw_shoppers
from bottega.names import KindCode

N_ITEMS = 30


def walkers(shoppers: int = 300, *, straying: float = 0.0, seed: int = 0, again: float = 0.0) -> Histories:
    """Each next item is the one after, except for strays (anything) and those who look again at the last."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(shoppers):
        row = [int(rng.integers(N_ITEMS))]
        for _ in range(int(rng.integers(3, 8))):
            step = (row[-1] + 1) % N_ITEMS
            row.append(
                int(rng.integers(N_ITEMS)) if rng.random() < straying else row[-1] if rng.random() < again else step
            )
        rows.append(row)
    return Histories.from_lists(rows, n_items=N_ITEMS)


def last_events(histories: Histories) -> Holdout:
    return Holdout(histories.without_last(1), histories.items[histories.offsets[1:] - 1])


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Transitions, Habits]]:
    histories = walkers(straying=0.1)
    features = Features.empty(N_ITEMS)
    yield Transitions().fit(histories, features, rng=np.random.default_rng(0)), Habits.learn(histories, features)


def follow(histories: Histories) -> float:
    """Share of events that are the item after the one before."""
    same = histories.shoppers[1:] == histories.shoppers[:-1]
    return float(np.mean((histories.items[1:] == (histories.items[:-1] + 1) % N_ITEMS)[same]))


def test_calibrated_shoppers_walk_as_the_real_ones_do(world: tuple[Transitions, Habits]) -> None:
    model, habits = world
    held_out = walkers(400, straying=0.1, seed=7)
    choice = calibrate(model, habits, last_events(held_out))
    made = draw_shoppers(model, habits, choice, shoppers=300, rng=np.random.default_rng(1))
    assert len(made) == 300 and abs(made.lengths.mean() - held_out.lengths.mean()) < 0.5
    assert abs(follow(made) - follow(held_out)) < 0.15
    assert choice.log_likelihood > np.log(1 / N_ITEMS) + 1  # far better than any item alike


def test_the_wilder_the_shoppers_the_more_they_stray_or_the_warmer_it_is(world: tuple[Transitions, Habits]) -> None:
    model, habits = world
    made = []
    for straying in (0.05, 0.8):
        choice = calibrate(model, habits, last_events(walkers(400, straying=straying, seed=9)))
        made.append(follow(draw_shoppers(model, habits, choice, shoppers=200, rng=np.random.default_rng(2))))
    assert made[0] > made[1] + 0.3


def test_what_was_seen_palls_only_where_shoppers_do_not_look_again(world: tuple[Transitions, Habits]) -> None:
    model, habits = world
    tired = calibrate(model, habits, last_events(walkers(300, seed=3)))
    fond = calibrate(model, habits, last_events(walkers(300, again=0.6, seed=3)))
    assert tired.pall < fond.pall
    shown = np.zeros((1, N_ITEMS), dtype=np.float32)
    seen = shown.copy()
    seen[0, 4] = 2.0
    even = np.full(N_ITEMS, 1 / N_ITEMS, dtype=np.float32)
    chances = replace(tired, logarithm=False).chances(shown, seen, even)[0]
    assert chances[4] < chances[5] and chances.sum() == pytest.approx(1.0, abs=1e-5)


def test_the_same_seed_gives_the_same_shoppers_and_another_seed_others(world: tuple[Transitions, Habits]) -> None:
    model, habits = world
    one, same, other = (
        draw_shoppers(model, habits, Choice(0.3, -2.0, 0.1), shoppers=40, rng=np.random.default_rng(seed))
        for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(one.items, same.items)
    np.testing.assert_array_equal(one.times, same.times)
    assert one.items.tolist() != other.items.tolist()


def test_only_what_is_on_the_shelf_is_chosen(world: tuple[Transitions, Habits]) -> None:
    model, habits = world
    allowed = np.arange(N_ITEMS) % 3 == 0
    made = draw_shoppers(model, habits, Choice(), shoppers=100, rng=np.random.default_rng(0), allowed=allowed)
    assert (made.items % 3 == 0).all() and len(np.unique(made.items)) == 10


def test_memory_decides_what_comes_next() -> None:
    """Two worlds of items, never mixed: a synthetic shopper who begins in one stays there."""
    rng = np.random.default_rng(0)
    rows = [(rng.choice(15, 6, replace=False) + 15 * (shopper % 2)).tolist() for shopper in range(300)]
    histories, features = Histories.from_lists(rows, n_items=N_ITEMS), Features.empty(N_ITEMS)
    model, habits = (
        Transitions().fit(histories, features, rng=rng),
        Habits.learn(histories, features),
    )
    made = draw_shoppers(model, habits, Choice(0.5, -30.0, 0.0), shoppers=100, rng=np.random.default_rng(1))
    halves = [set((made.row(shopper) // 15).tolist()) for shopper in range(100)]
    assert all(len(half) == 1 for half in halves) and len(set(map(tuple, halves))) == 2
    assert all(len(set(made.row(shopper).tolist())) == len(made.row(shopper)) for shopper in range(100))


def test_a_model_that_is_mute_leaves_the_word_to_popularity() -> None:
    silence = np.full((1, 3), -np.inf, dtype=np.float32)
    popularity = np.array([0.7, 0.2, 0.1], dtype=np.float32)
    chances = Choice(stray=0.0).chances(silence, np.zeros((1, 3), dtype=np.float32), popularity)
    np.testing.assert_allclose(chances[0], popularity, rtol=1e-4)


def test_nobody_spends_more_than_the_purse_holds_and_tastes_show_in_prices() -> None:
    prices = np.where(np.arange(N_ITEMS) % 2 == 0, 10.0, 80.0).astype(np.float32)
    features = replace(Features.empty(N_ITEMS), prices=prices)
    rng = np.random.default_rng(0)
    rows = [(2 * rng.choice(15, 5) + shopper % 2).tolist() for shopper in range(300)]
    histories = Histories.from_lists(rows, n_items=N_ITEMS)
    model = Popular().fit(histories, features, rng=rng)
    habits = Habits.learn(histories, features)
    made = draw_shoppers(model, habits, Choice(1.0, 0.0, 0.5), shoppers=200, rng=np.random.default_rng(1))
    bought = made.kinds == KindCode.PURCHASE
    spent = np.bincount(made.shoppers[bought], prices[made.items[bought]], minlength=200)
    assert isinstance(habits.prices, PriceTaste)
    assert 0 < spent.max() <= habits.prices.purse.values.max() + 1e-6
    assert (made.kinds[~bought] == KindCode.VIEW).all()
    dear = np.array([(made.row(shopper)[1:] % 2).mean() for shopper in range(200)])
    assert np.mean((dear < 0.2) | (dear > 0.8)) > 0.8  # each keeps to one price level, as the real ones do
