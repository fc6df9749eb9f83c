"""Drift: silent while nothing changes, and loud when something does."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from bottega.datasets.arrays import Histories
from bottega.evaluation import drift
from bottega.evaluation.drift import DEMAND_BINS, LEAST_EVENTS, by_bins, by_rate, by_share, demand_bins, psi, unserved


def test_examples_hold() -> None:
    assert doctest.testmod(drift).failed == 0


def test_the_index_by_hand() -> None:
    p, q = np.array([0.75, 0.25]), np.array([0.5, 0.5])
    expected = float(((q - p) * np.log(q / p)).sum())
    assert psi(np.array([75_000, 25_000]), np.array([50_000, 50_000])) == pytest.approx(expected, rel=1e-3)
    assert psi(np.array([100, 0]), np.array([0, 100])) > 5 and np.isfinite(psi(np.array([100, 0]), np.array([0, 100])))


@pytest.mark.parametrize("events", [LEAST_EVENTS, 2_000, 50_000])
def test_silence_while_nothing_changes(events: int) -> None:
    rng = np.random.default_rng(0)
    shares = np.array([0.6, 0.2, 0.1, 0.05, 0.03, 0.01, 0.005, 0.004, 0.001])
    for _ in range(50):
        before, now = rng.multinomial(20_000, shares), rng.multinomial(events, shares)
        assert not by_bins("kinds", before, now).alarm
        found = by_rate("unknown", rng.random(20_000) < 0.02, rng.random(events) < 0.02)
        assert not found.alarm


def test_alarm_when_something_does() -> None:
    rng = np.random.default_rng(0)
    before = rng.multinomial(20_000, [0.8, 0.1, 0.1])
    assert by_bins("kinds", before, rng.multinomial(500, [0.5, 0.1, 0.4])).alarm
    some, none = rng.random(1000) < 0.3, np.zeros(1000, dtype=np.bool_)
    assert by_rate("unknown", none, some).alarm
    assert not by_rate("unknown", some, none).alarm, "less of what is wrong is no alarm"
    assert by_share("new", 0.3).alarm and not by_share("new", 0.1).alarm


def test_too_few_events_say_nothing() -> None:
    found = by_bins("kinds", np.array([1000, 0]), np.array([0, LEAST_EVENTS - 1]))
    assert found.psi is None and not found.alarm
    empty = by_rate("unknown", np.zeros(0, dtype=np.bool_), np.ones(5000, dtype=np.bool_))
    assert (empty.before, empty.psi, empty.alarm) == (None, None, False)


@pytest.mark.filterwarnings("error")
def test_demand_does_not_drift_by_chance_alone() -> None:
    """A long tail: most items are wanted once or never, and those wanted most by chance are others next week."""
    rng = np.random.default_rng(0)
    shares = 1.0 / np.arange(1, 5001)
    shares /= shares.sum()
    known = np.ones(5000, dtype=np.bool_)

    def drawn(count: int, shift: int = 0) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return (rng.choice(5000, count, p=shares) + shift) % 5000

    bins = demand_bins(drawn(10_000), known)
    before = np.bincount(bins[drawn(10_000)], minlength=DEMAND_BINS)
    assert not by_bins("demand", before, np.bincount(bins[drawn(2_000)], minlength=DEMAND_BINS)).alarm
    assert by_bins("demand", before, np.bincount(bins[drawn(2_000, shift=900)], minlength=DEMAND_BINS)).alarm


def test_shoppers_without_events_do_not_shift_the_others() -> None:
    histories = Histories.from_lists([[], [1, 0], [], [2]], n_items=3)
    assert unserved(histories, np.array([True, True, False])).tolist() == [True, False, True]
