"""Intervals cover the truth as often as they claim, and pairing sees what overlap hides."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from bottega.evaluation import intervals as room
from bottega.evaluation.intervals import difference, interval, intervals


def test_examples_run() -> None:
    outcome = doctest.testmod(room)
    assert outcome.failed == 0 and outcome.attempted >= 4


def test_the_interval_agrees_with_the_normal_approximation() -> None:
    values = np.random.default_rng(1).normal(3.0, 2.0, 4000)
    found = interval(values, np.random.default_rng(2), resamples=2000)
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert found.mean == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=half / 8)
    assert found.high == pytest.approx(values.mean() + half, abs=half / 8)


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        found = interval((rng.random(300) < 0.1).astype(float), rng, level=0.9, resamples=300)
        covered += found.low <= 0.1 <= found.high
    assert 0.82 <= covered / 200 <= 0.97


def test_a_small_steady_gap_is_sure_although_the_intervals_overlap() -> None:
    rng = np.random.default_rng(4)
    easy = rng.normal(0.5, 0.4, 500)
    one, other = easy + rng.normal(0.01, 0.02, 500), easy
    alone = intervals({"one": one, "other": other}, rng)
    assert alone["one"].low < alone["other"].high
    assert difference(one, other, rng).excludes_zero
    assert not difference(one, rng.permutation(one), rng).excludes_zero


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(5).random(70)
    one, again, other = (interval(values, np.random.default_rng(seed)) for seed in (6, 6, 7))
    assert one == again != other


def test_undefined_shoppers_are_left_out() -> None:
    found = interval(np.array([1.0, np.nan, 3.0]), np.random.default_rng(0))
    assert found.mean == 2.0 and found.low == 1.0 and found.high == 3.0
    nobody = interval(np.array([np.nan, np.nan]), np.random.default_rng(0))
    assert np.isnan(nobody.mean) and np.isnan(nobody.low) and not nobody.excludes_zero
    assert np.isnan(interval(np.array([]), np.random.default_rng(0)).mean)
    assert intervals({}, np.random.default_rng(0)) == {}


def test_measures_of_one_model_share_their_resamples() -> None:
    values = np.random.default_rng(8).random(100)
    found = intervals({"a": values, "b": 2 * values}, np.random.default_rng(0))
    assert found["b"].low == pytest.approx(2 * found["a"].low)
