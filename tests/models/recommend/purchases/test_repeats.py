"""Durable or consumable, learnt from who buys what again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.arrays import Histories
from bottega.errors import ModelFileBroken
from bottega.models.recommend.purchases.repeats import RepeatConfig, RepeatRates
from bottega.names import KindCode

DAY = 86_400_000
BUY, VIEW = int(KindCode.PURCHASE), int(KindCode.VIEW)


def purchases(rows: list[list[tuple[int, float]]], n_items: int, kind: int = BUY) -> Histories:
    """Histories of (item, day) pairs."""
    return Histories.from_lists(
        [[item for item, _ in row] for row in rows],
        n_items=n_items,
        kinds=[[kind] * len(row) for row in rows],
        times=[[int(day * DAY) for _, day in row] for row in rows],
    )


def test_rates_by_hand() -> None:
    # Category 0: items 0, 1; category 1: item 2. Each shopper's last purchase has no chance to be repeated.
    rows = [[(0, 1.0), (2, 3.0), (2, 9.0), (1, 20.0)], [(2, 1.0), (2, 1.4), (0, 5.0)]]
    rates = RepeatRates.fit(purchases(rows, 3), np.array([0, 0, 1], dtype=np.int32), RepeatConfig(prior_strength=4.0))
    # Chances: item 0 (not repeated), 2 (repeated), 2 (not); second shopper 2 once (the other is the same order), not.
    assert rates.mean == pytest.approx(1 / 4)
    np.testing.assert_allclose(rates.rates, [(0 + 4 * 0.25) / (1 + 4), (1 + 4 * 0.25) / (3 + 4)], rtol=1e-6)


def shop(seed: int = 0) -> tuple[Histories, np.ndarray]:
    """300 shoppers over 400 days: category 0 is bought once, category 1 every month, category 2 hardly ever."""
    rng = np.random.default_rng(seed)
    rows = []
    for shopper in range(300):
        monthly = 10 + int(rng.integers(0, 10))
        row = [(monthly, day + float(rng.random())) for day in range(0, 400, 30) if rng.random() < 0.8]
        row += [(int(item), float(rng.random() * 400)) for item in rng.permutation(10)[:3]]
        if shopper < 3:
            row.append((20, 50.0))
        rows.append(sorted(row, key=lambda pair: pair[1]))
    return purchases(rows, 22), np.array([0] * 10 + [1] * 10 + [2, -1], dtype=np.int32)


def test_durables_and_consumables_are_told_apart() -> None:
    histories, categories = shop()
    rates = RepeatRates.fit(histories, categories)
    assert rates.durable[:10].all() and not rates.durable[10:20].any()
    # Three purchases prove nothing: the category leans on the shop, most of whose purchases are repeated.
    assert not rates.durable[20] and not rates.durable[21]
    assert rates.rates[0] < 0.05 and rates.rates[1] > 0.5


def test_views_say_nothing() -> None:
    histories, categories = shop()
    views = Histories(
        histories.offsets, histories.items, np.full_like(histories.kinds, VIEW), histories.times, histories.n_items
    )
    assert RepeatRates.fit(views, categories).mean == 0.0


def test_new_and_absent_categories_get_the_mean() -> None:
    histories, categories = shop()
    rates = RepeatRates.fit(histories, categories)
    np.testing.assert_allclose(rates.of(np.array([-1, 99, 0], dtype=np.int32))[:2], rates.mean, rtol=1e-6)


def test_no_purchases_at_all() -> None:
    rates = RepeatRates.fit(Histories.from_lists([[], []], n_items=2), np.array([0, -1], dtype=np.int32))
    assert rates.mean == 0.0 and rates.durable.tolist() == [True, True]


def test_order_of_shoppers_does_not_matter() -> None:
    histories, categories = shop()
    turned = histories.take(np.arange(len(histories))[::-1].astype(np.int64))
    first, second = (RepeatRates.fit(one, categories) for one in (histories, turned))
    np.testing.assert_array_equal(first.rates, second.rates)


def test_saved_and_loaded(tmp_path: Path) -> None:
    histories, categories = shop()
    rates = RepeatRates.fit(histories, categories)
    rates.save(tmp_path / "repeats.json")
    back = RepeatRates.load(tmp_path / "repeats.json")
    np.testing.assert_allclose(back.rates, rates.rates, rtol=1e-6)
    np.testing.assert_array_equal(back.durable, rates.durable)
    (tmp_path / "repeats.json").write_text('{"rates": [')
    with pytest.raises(ModelFileBroken, match=r"repeats\.json"):
        RepeatRates.load(tmp_path / "repeats.json")
