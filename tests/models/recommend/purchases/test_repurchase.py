"""When something is needed again, learnt from waits of which many have not ended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.errors import ModelFileBroken
from bottega.models.recommend.purchases.repurchase import Repurchase
from bottega.models.recommend.purchases.waits import Law, fit_law, log_survival, waits_of
from bottega.names import KindCode

DAY = 86_400_000
COFFEE, LAMP, SHIRT, LOOSE = range(4)
CATEGORIES = np.array([0] * 5 + [1] * 5 + [2] * 5 + [-1] * 2, dtype=np.int32)
N_ITEMS = len(CATEGORIES)


def features() -> Features:
    empty = Features.empty(N_ITEMS)
    return Features(empty.attributes, (), empty.text, (), empty.prices, CATEGORIES, ("Coffee", "Lamps", "Shirts"))


def purchases(rows: list[list[tuple[int, float]]]) -> Histories:
    """Histories of (item, day) pairs."""
    rows = [sorted(row, key=lambda pair: pair[1]) for row in rows]
    return Histories.from_lists(
        [[item for item, _ in row] for row in rows],
        n_items=N_ITEMS,
        times=[[int(day * DAY) for _, day in row] for row in rows],
    )


def shop(seed: int = 0, shoppers: int = 400) -> tuple[Histories, np.ndarray]:
    """A year: four of five drink coffee every 20 days times their pace, everybody buys one lamp, shirts whenever."""
    rng = np.random.default_rng(seed)
    pace = rng.lognormal(0, 0.3, shoppers)
    rows = []
    for shopper in range(shoppers):
        row = [(5 + int(rng.integers(5)), float(rng.uniform(0, 360)))]
        row += [(10 + int(item), float(rng.uniform(0, 360))) for item in rng.permutation(5)[: rng.integers(0, 4)]]
        day, usual = float(rng.uniform(0, 100)), int(rng.integers(5))
        while day < 365:
            row.append((usual, day))
            day += 20 * pace[shopper] * rng.lognormal(0, 0.15)
            if shopper % 5 == 0:
                break
        rows.append(row)
    return purchases(rows), pace


@pytest.fixture(scope="module")
def learnt() -> tuple[Repurchase, Histories, np.ndarray]:
    histories, pace = shop()
    return Repurchase.fit(histories, features()), histories, pace


def test_waits_by_hand() -> None:
    histories = purchases([[(0, 0.0), (0, 0.3), (1, 10.0), (5, 4.0)], [(15, 2.0), (15, 5.0), (16, 6.0)]])
    waits = waits_of(histories, CATEGORIES, 4, end_ms=30 * DAY, same_order_ms=DAY)
    # Two coffees on one day are one order; the lamp and the last coffee wait still; each loose item is its own kind.
    np.testing.assert_allclose(np.exp(waits.log_days), [10, 20, 26, 3, 25, 24])
    assert waits.open.tolist() == [False, True, True, False, True, True]
    assert waits.groups.tolist() == [0, 0, 1, 3, 3, 3] and waits.shoppers.tolist() == [0, 0, 0, 1, 1, 1]
    assert waits.same.tolist() == [False, False, False, True, False, False]


def test_open_waits_count_as_not_yet() -> None:
    # Waits of 40 days watched for 60 only: a mean over those that ended would say far less than 40.
    rng = np.random.default_rng(1)
    rows = []
    for _ in range(3000):
        start, wait = float(rng.uniform(0, 60)), float(rng.lognormal(np.log(40), 0.5))
        rows.append([(0, start)] + ([(0, start + wait)] if start + wait < 60 else []))
    waits = waits_of(purchases(rows), CATEGORIES, 1, end_ms=60 * DAY, same_order_ms=1)
    naive = float(np.exp(waits.log_days[~waits.open].mean()))
    law = fit_law(waits, groups=1, shoppers=3000, prior=1.0, rounds=200)
    assert naive < 30 and abs(float(np.exp(law.mean[0])) - 40) < 6


def test_durables_consumables_and_the_rest_are_told_apart(learnt: tuple[Repurchase, Histories, np.ndarray]) -> None:
    repurchase, _, _ = learnt
    coffee, lamp, shirt = repurchase.repeats[:3]
    assert coffee > 0.85 and lamp < 0.05 < shirt < coffee
    assert abs(repurchase.interval_days(CATEGORIES)[0] - 20) < 2 and repurchase.law.variance[0] < 0.09


def test_each_shopper_has_a_pace(learnt: tuple[Repurchase, Histories, np.ndarray]) -> None:
    repurchase, histories, pace = learnt
    drinkers = [shopper for shopper in range(len(histories)) if shopper % 5]
    found = [repurchase.pace(histories.take([shopper]), CATEGORIES) for shopper in drinkers]
    assert np.corrcoef(np.log(found), np.log(pace[drinkers]))[0, 1] > 0.9


def test_what_was_bought_falls_and_what_runs_out_returns(learnt: tuple[Repurchase, Histories, np.ndarray]) -> None:
    repurchase = learnt[0]
    history = purchases([[(0, 0.0), (5, 0.0)]])
    at = {day: repurchase.factors(history, day * DAY, CATEGORIES) for day in (1, 10, 20, 25)}
    fall = repurchase.config.fall
    for day, factors in at.items():
        np.testing.assert_allclose(factors[6:10], -fall, atol=0.5, err_msg=f"lamps stay down on day {day}")
        assert (factors[10:] == 0).all(), "nothing is said of what was not bought"
    assert at[1][1] == pytest.approx(-fall) and at[1][1] <= at[10][1] < at[20][1] <= at[25][1] == 0.0


def test_due_is_when_it_runs_out(learnt: tuple[Repurchase, Histories, np.ndarray]) -> None:
    repurchase, histories, pace = learnt
    fast = purchases([[(3, day) for day in (0.0, 10.0, 20.0, 30.0)] + [(5, 3.0), (11, 4.0)]])
    (due,) = repurchase.due(fast, CATEGORIES)
    assert due.item == 3 and due.bought_ms == 30 * DAY
    assert 9.5 < (due.expected_ms - due.bought_ms) / DAY < 13
    assert not due.on(31 * DAY) and due.on(due.expected_ms) and not due.on(100 * DAY)
    assert due.low_ms < due.expected_ms < due.high_ms
    errors = []
    for shopper in range(len(histories)):
        errors += [
            abs((one.expected_ms - one.bought_ms) / DAY / (20 * pace[shopper]) - 1)
            for one in repurchase.due(histories.take([shopper]), CATEGORIES)
            if shopper % 5 and one.item < 5
        ]
    assert len(errors) > 300 and np.median(errors) < 0.08


def test_times_that_say_nothing_do_nothing() -> None:
    rng = np.random.default_rng(0)
    histories = Histories.from_lists([rng.integers(0, N_ITEMS, 8).tolist() for _ in range(50)], n_items=N_ITEMS)
    repurchase = Repurchase.fit(histories, features())
    row = histories.take([0])
    assert not repurchase.timed and repurchase.due(row, CATEGORIES) == []
    assert (repurchase.factors(row, 10**9, CATEGORIES) == 0).all()
    assert not Repurchase.fit(Histories.from_lists([[], []], n_items=N_ITEMS), features()).timed


def test_views_are_no_purchases_and_the_future_is_not_known(learnt: tuple[Repurchase, Histories, np.ndarray]) -> None:
    repurchase = learnt[0]
    bought = purchases([[(0, 0.0)]])
    viewed = Histories(bought.offsets, bought.items, np.array([KindCode.VIEW], np.int8), bought.times, N_ITEMS)
    assert (repurchase.factors(viewed, DAY, CATEGORIES) == 0).all() and repurchase.due(viewed, CATEGORIES) == []
    later = purchases([[(0, 9.0)]])
    assert (repurchase.factors(later, DAY, CATEGORIES) == 0).all()


def test_products_newer_than_the_fit(learnt: tuple[Repurchase, Histories, np.ndarray]) -> None:
    grown = np.append(CATEGORIES, [1, 7, -1]).astype(np.int32)
    history = Histories.from_lists([[5]], n_items=len(grown))
    factors = learnt[0].factors(history, 9 * DAY, grown)
    assert factors[17] < -2 and factors[18] == 0 and factors[19] == 0


def test_hazard_of_a_log_normal_wait() -> None:
    # Against the ratio of density and survival, by hand: log-normal, median 10 days times a pace of 1.2, after 12 days.
    from scipy.stats import expon, lognorm

    one, none = np.ones(1), np.zeros(1)
    law = Law(one * 0.7, none, one * np.log(10), one * 0.25, 0.1, 0.1)
    known = lognorm(s=0.5, scale=12)
    expected = np.log(known.pdf(12) / known.sf(12) * known.mean())
    group = np.zeros(1, dtype=np.int64)
    assert law.log_hazard(np.log([12.0]), group, np.log(1.2))[0] == pytest.approx(expected, rel=1e-6)
    mixed = Law(one * 0.3, one * 0.3, one * np.log(10), one * 0.25, 1 / 40, 0.1)
    other = expon(scale=40)
    both = (known.pdf(12) + other.pdf(12)) / (known.sf(12) + other.sf(12)) * (known.mean() + other.mean()) / 2
    assert mixed.log_hazard(np.log([12.0]), group, np.log(1.2))[0] == pytest.approx(np.log(both), rel=1e-6)


def test_saved_and_loaded(learnt: tuple[Repurchase, Histories, np.ndarray], tmp_path: Path) -> None:
    repurchase, histories, _ = learnt
    repurchase.save(tmp_path)
    back, row = Repurchase.load(tmp_path), histories.take([3])
    assert back.due(row, CATEGORIES) == repurchase.due(row, CATEGORIES)
    np.testing.assert_array_equal(
        back.factors(row, 400 * DAY, CATEGORIES), repurchase.factors(row, 400 * DAY, CATEGORIES)
    )
    (tmp_path / "arrays.npz").write_bytes(b"PK")
    with pytest.raises(ModelFileBroken):
        Repurchase.load(tmp_path)


def test_a_few_logarithms_of_survival_are_those_of_many() -> None:
    z = np.concatenate([np.linspace(-30, 60, 1801), [0.0, -1e-9, 34.999, 35.0, 1e3]])
    one_by_one = np.concatenate([log_survival(z[place : place + 1]) for place in range(len(z))])
    np.testing.assert_allclose(one_by_one, log_survival(z), rtol=1e-12)
    assert log_survival(np.zeros((0,))).shape == (0,)
