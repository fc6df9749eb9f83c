"""Chances of a next purchase: a shop whose regulars come weekly, worked out by hand where that can be done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.arrays import Histories
from bottega.errors import ModelFileBroken
from bottega.models.recommend.purchases.chances import Chances, ChancesConfig, Odds
from bottega.models.recommend.purchases.shopper_columns import COLUMNS, carts_left_at, columns_at, returns_in
from bottega.names import DAY_MS, KindCode

VIEW, CART, OUT, BUY = KindCode.VIEW, KindCode.ADD_TO_CART, KindCode.REMOVE_FROM_CART, KindCode.PURCHASE
AT = {name: place for place, name in enumerate(COLUMNS)}


def row(*events: tuple[int, KindCode, float]) -> Histories:
    items, kinds, days = zip(*events, strict=True)
    times = [int(day * DAY_MS) for day in days]
    return Histories.from_lists([list(items)], n_items=9, kinds=[[int(kind) for kind in kinds]], times=[times])


@pytest.fixture(scope="module")
def shop() -> Histories:
    """100 shoppers who buy every week for a year, and 100 who bought on three early days and never came back."""
    regular = [[7 * week for week in range(52)] for _ in range(100)]
    gone = [[at, at + 7, at + 14] for at in range(100)]
    days = [[day + shopper % 7 for day in row] for shopper, row in enumerate([*regular, *gone])]
    return Histories.from_lists(
        [[0] * len(one) for one in days], n_items=1, times=[[day * DAY_MS for day in one] for one in days]
    )


def test_columns_by_hand() -> None:
    past = row((1, VIEW, 1), (1, BUY, 2), (2, BUY, 2.1), (1, BUY, 6), (3, BUY, 14))
    found = dict(zip(COLUMNS, columns_at(past, 20 * DAY_MS)[0], strict=True))
    assert np.expm1(found["log_days_since_order"]) == pytest.approx(6)
    assert np.exp(found["log_orders"]) == pytest.approx(3), "two purchases of one day are one order"
    assert np.expm1(found["log_mean_wait"]) == pytest.approx(6) and found["wait_spread"] == pytest.approx(1 / 3)
    assert np.expm1(found["log_orders_7_days"]) == pytest.approx(1)
    assert np.expm1(found["log_days_active"]) == pytest.approx(4) and found["one_order"] == 0


def test_later_events_change_no_earlier_column() -> None:
    past = row((1, VIEW, 1), (1, BUY, 2), (3, CART, 3), (4, VIEW, 9), (3, BUY, 10))
    before = row((1, VIEW, 1), (1, BUY, 2), (3, CART, 3))
    assert np.array_equal(columns_at(past, 5 * DAY_MS), columns_at(before, 5 * DAY_MS))


def test_carts_left_and_going_back_and_forth() -> None:
    carts = row((1, CART, 1), (2, CART, 1), (3, CART, 1), (2, BUY, 2), (3, OUT, 2), (4, CART, 2), (4, CART, 3))
    assert carts_left_at(carts, 4 * DAY_MS).tolist() == [True, False, False, False, False, False, True]
    assert carts_left_at(carts, 30 * DAY_MS).sum() == 0, "given up"
    looks = row((1, VIEW, 1), (2, VIEW, 1.1), (1, VIEW, 1.2), (2, VIEW, 1.3), (5, VIEW, 2), (1, VIEW, 20))
    assert returns_in(looks).tolist() == [False, False, True, True, False, False]


def test_regulars_are_likely_and_who_went_is_not(shop: Histories) -> None:
    chances = Chances.fit(shop)
    columns = columns_at(shop, int(shop.times.max()) + 1)
    soon, stays = chances.buys_soon(columns), chances.stays(columns)
    assert chances.leave_days == 91 and soon[:100].min() > 0.9 and soon[100:].max() < 0.1
    assert stays[:100].min() > 0.9 and stays[100:].max() < 0.1
    assert chances.has_lapsed(columns)[100:].all() and chances.is_likely(columns).sum() >= 20
    assert not (chances.is_leaving(columns) & chances.has_lapsed(columns)).any()


def test_too_little_says_nothing(shop: Histories) -> None:
    few = shop.take(range(5))
    chances = Chances.fit(few)
    columns = columns_at(few, int(few.times.max()))
    assert np.isnan(chances.buys_soon(columns)).all() and chances.leave_days == 0
    assert not chances.is_likely(columns).any() and not chances.is_leaving(columns).any()
    assert Odds.fit(columns, np.ones(5, dtype=np.bool_), ChancesConfig()) == Odds()


def test_saved_is_the_same_and_an_older_training_says_nothing(shop: Histories, tmp_path: Path) -> None:
    chances = Chances.fit(shop)
    chances.save(tmp_path / "chances.json")
    assert Chances.load(tmp_path / "chances.json") == chances
    assert Chances.load(tmp_path / "none.json") == Chances()
    (tmp_path / "chances.json").write_text('{"soon": {}}')
    with pytest.raises(ModelFileBroken):
        Chances.load(tmp_path / "chances.json")
