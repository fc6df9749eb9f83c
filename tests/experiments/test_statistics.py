"""Intervals that hold at every look, the alarm of a split, the days an uplift takes, against hand-worked figures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bottega.experiments.assignment import assigned, place
from bottega.experiments.balance import ALARM, evidence, imbalance
from bottega.experiments.power import shoppers_needed, uplift_seen
from bottega.experiments.sequential import ACTIVE_LEAST, mixing, uplift, width
from bottega.experiments.sums import Sums

ALPHA = 0.05


def test_a_shopper_keeps_the_variant_and_two_experiments_divide_independently() -> None:
    names = [f"shopper {i}" for i in range(20_000)]
    one = np.array([assigned("one", [0.5, 0.5], name) for name in names])
    other = np.array([assigned("other", [0.2, 0.3, 0.5], name) for name in names])
    assert one.tolist() == [assigned("one", [0.5, 0.5], name) for name in names]
    assert np.bincount(other) / len(names) == pytest.approx([0.2, 0.3, 0.5], abs=0.015)
    assert np.bincount(other[one == 1]) / one.sum() == pytest.approx([0.2, 0.3, 0.5], abs=0.02)
    assert all(0 <= place("one", name) < 1 for name in names[:100])


def test_sums_have_the_mean_and_variance_of_its_values() -> None:
    values = np.random.default_rng(0).lognormal(size=500) * (np.arange(500) % 3 == 0)
    tally = Sums.of(values)
    assert tally.mean == pytest.approx(values.mean()) and tally.variance == pytest.approx(values.var(ddof=1))
    assert tally.active == 167
    assert math.isnan(Sums.of(np.empty(0)).mean) and Sums.of(np.zeros(5)).relative_variance == math.inf


def test_the_width_is_that_of_the_paper() -> None:
    """Theorem 2.2 of Waudby-Smith et al., for a standard deviation of 1, in one piece as it stands there."""
    t, rho2 = 5000, mixing(2000, ALPHA)
    radius = math.sqrt(2 * (t * rho2 + 1) / (t**2 * rho2) * math.log(math.sqrt(t * rho2 + 1) / ALPHA))
    assert width(t, rho2, ALPHA) / math.sqrt(t) == pytest.approx(radius)
    planned = min(range(100, 6000, 100), key=lambda n: width(2000, mixing(n, ALPHA), ALPHA))
    assert planned == pytest.approx(2000, rel=0.15), "narrowest where it was planned to be"


def test_an_interval_about_equal_groups_holds_nothing_and_needs_buyers() -> None:
    few, some = Sums(1000, ACTIVE_LEAST - 1, 500.0, 5000.0), Sums(1000, ACTIVE_LEAST, 500.0, 5000.0)
    assert uplift(few, some, rho2=mixing(2000, ALPHA)) is None
    found = uplift(some, some, rho2=mixing(2000, ALPHA))
    assert found is not None and found.ratio == 0 and not found.excludes_zero
    assert (1 + found.low) * (1 + found.high) == pytest.approx(1), "as wide up as down, on the scale of ratios"


def test_daily_looks_raise_false_alarms_for_the_usual_interval_and_not_for_this_one() -> None:
    rng = np.random.default_rng(3)
    rho2, wrong, usual = mixing(20_000, ALPHA), 0, 0
    for _ in range(100):
        paid = rng.lognormal(0, 1, (2, 28, 700)) * (rng.random((2, 28, 700)) < 0.3)
        sums = [np.cumsum(each, axis=1) for each in ((paid > 0).sum(2), paid.sum(2), (paid**2).sum(2))]
        looks = [
            [Sums((day + 1) * 700, int(sums[0][v, day]), sums[1][v, day], sums[2][v, day]) for v in (0, 1)]
            for day in range(28)
        ]
        found = [uplift(*look, rho2=rho2, alpha=ALPHA) for look in looks]
        wrong += any(one is not None and one.excludes_zero for one in found)
        errors = [math.sqrt(sum(one.relative_variance / one.shoppers for one in look)) for look in looks]
        gaps = [abs(math.log(look[1].mean / look[0].mean)) for look in looks]
        usual += any(gap > 1.96 * error for gap, error in zip(gaps, errors, strict=True))
    assert wrong <= 5 < 15 < usual


def test_evidence_is_the_ratio_of_two_probabilities() -> None:
    """With one shopper of each, by hand: a Dirichlet of 100 puts 50/100 and then 50/101 on them."""
    assert math.exp(evidence([1, 1], [0.5, 0.5])) == pytest.approx((50 / 100) * (50 / 101) / 0.25)
    assert math.exp(evidence([2, 0], [0.5, 0.5])) == pytest.approx((50 / 100) * (51 / 101) / 0.25)


def test_the_alarm_goes_for_a_broken_split_and_stays_on() -> None:
    assert imbalance([[100, 100], [5000, 5100]], [0.5, 0.5]) >= ALARM
    assert imbalance([[100, 100], [5000, 4400], [50_000, 49_900]], [0.5, 0.5]) < ALARM
    assert imbalance([[2000, 8000]], [0.2, 0.8]) == 1.0
    assert imbalance([], [0.5, 0.5]) == 1.0


def test_days_and_uplift_are_each_others_inverse_and_an_uneven_split_takes_longer() -> None:
    even = shoppers_needed(0.05, 8.0)
    assert uplift_seen(even, 8.0) == pytest.approx(0.05, abs=1e-4)
    assert shoppers_needed(0.05, 8.0, shares=(0.9, 0.1)) > 2.5 * even
    assert 3.5 * even < shoppers_needed(0.025, 8.0) < 4.5 * even
