"""Chances are those of Thompson sampling; estimates from them are right where the truth can be counted."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.experiments import off_policy
from bottega.experiments.exploration import chances, spread
from bottega.experiments.off_policy import ChanceLog


def test_chances_are_how_often_each_comes_out_best() -> None:
    rng = np.random.default_rng(0)
    worth, deviation = np.array([0.9, 0.85, 0.8, 0.5]), np.array([0.05, 0.15, 0.1, 0.15])
    given = chances(worth, deviation, evenly=0.0)
    best = (worth + deviation * rng.standard_normal((100_000, 4))).argmax(axis=1)
    assert given == pytest.approx(np.bincount(best, minlength=4) / 100_000, abs=0.006)
    floor = chances(worth, deviation)
    assert floor == pytest.approx(0.9 * given + 0.025) and floor.sum() == pytest.approx(1.0)


def test_what_is_known_is_explored_less() -> None:
    worth = np.array([0.9, 0.8, 0.8])
    given = chances(worth, spread(np.array([100.0, 0.0, 1000.0])))
    assert given[1] > 2 * given[2]


def drawn(
    rng: np.random.Generator, shoppers: int, logged: np.ndarray, wanted: np.ndarray, rates: np.ndarray
) -> ChanceLog:
    """Two places of each shopper, who is alike at both; logs in which the shown candidate says little of the best."""
    codes = np.repeat(np.arange(shoppers), 2)
    ends = logged.cumsum()
    taken = np.searchsorted(ends, rng.random(len(codes)) * ends[-1])
    mood = np.repeat(rng.choice([0.4, 1.6], shoppers), 2)
    rewards = (rng.random(len(codes)) < rates[taken] * mood).astype(np.float64)
    full = np.ones((len(codes), 1))
    return ChanceLog(rewards, taken, full * logged, full * wanted, codes)


def test_estimates_are_right_on_average_and_their_intervals_hold() -> None:
    rng = np.random.default_rng(4)
    logged, wanted = np.array([0.6, 0.3, 0.1]), np.array([0.0, 0.5, 0.5])
    rates = np.array([0.1, 0.2, 0.4])
    truth = float(wanted @ rates)
    held = {"ips": 0, "snips": 0, "dr": 0}
    values: dict[str, list[float]] = {name: [] for name in held}
    for _ in range(200):
        tried = drawn(rng, 400, logged, wanted, rates)
        features = np.broadcast_to(np.eye(3)[:, :2], (800, 3, 2))  # a model that takes the third for worthless
        for name, found in (
            ("ips", off_policy.inverse_propensity(tried)),
            ("snips", off_policy.self_normalised(tried)),
            ("dr", off_policy.doubly_robust(tried, features)),
        ):
            values[name].append(found.value)
            held[name] += found.low <= truth <= found.high
    assert all(np.mean(each) == pytest.approx(truth, abs=0.01) for each in values.values())
    assert all(count >= 180 for count in held.values()), held
    naive = np.mean([off_policy.shown(drawn(rng, 400, logged, logged, rates)).value for _ in range(20)])
    assert naive < 0.8 * truth, "what was shown is not what is asked about"


def test_few_great_weights_are_not_enough() -> None:
    rng = np.random.default_rng(1)
    logged, rates = np.array([0.99, 0.01]), np.array([0.5, 0.5])
    assert off_policy.enough(drawn(rng, 400, logged, logged, rates))
    assert not off_policy.enough(drawn(rng, 400, logged, np.array([0.0, 1.0]), rates))
    assert off_policy.effective(drawn(rng, 400, logged, logged, rates))[0] == pytest.approx(800)
