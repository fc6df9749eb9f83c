"""What is known of shoppers at one moment, as columns: how often and how lately they bought and came; hesitation.

Idea     Recency and frequency say most of who buys next; how regular the waits were, and what was done lately, say the
         rest. All of it is counted from the events before the moment alone.
Source   Recency and frequency: Fader, Hardie & Lee 2005, https://doi.org/10.1287/mksc.1040.0098. Waits and their
         regularity: Platzer & Reutterer 2016, https://doi.org/10.1287/mksc.2015.0963. Returning to the same products
         as a sign that a purchase is being weighed: Moe 2003, https://doi.org/10.1207/S15327663JCP13-1&2_03; carts
         that are left: Kukar-Kinney & Close 2010, https://doi.org/10.1007/s11747-009-0141-5.
Costs    A few passes over the events; of one shopper 0.2 ms.
Shapes   S shoppers, N events, F columns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.arrays import Histories
from bottega.names import DAY_MS, BoolArray, KindCode, LongArray

__all__ = [
    "CART_DAYS",
    "CART_KINDS",
    "COLUMNS",
    "HESITATION",
    "ORDERS",
    "Double",
    "carts_left_at",
    "columns_at",
    "hesitation_at",
    "returns_in",
]

Double = NDArray[np.float64]

VISIT_MS = 1_800_000
"""Events further apart than this are of two visits; the time between them was not spent on the first."""
CART_DAYS = 7
"""A cart left longer ago than this was given up."""
RETURN_DAYS = 7
"""Looking at a product again counts as coming back to it within so many days."""

ORDERS = (
    "log_days_since_order",
    "log_days_since_first_order",
    "log_orders",
    "log_mean_wait",
    "one_order",
    "wait_spread",
    "late",
    "log_days_since_order_squared",
    "recency_times_frequency",
    "log_orders_7_days",
    "log_orders_28_days",
    "log_orders_91_days",
    "log_orders_182_days",
)
"""Columns of who bought; 0 of others. A wait is the time between days with an order; `late`: the logarithm of how many
mean waits have passed since the last one; `wait_spread`: their standard deviation over their mean."""
VISITS = (
    "log_days_since_event",
    "log_days_since_first_event",
    "log_days_active",
    "log_days_active_7_days",
    "log_days_active_28_days",
    "log_looks_7_days",
    "log_looks_28_days",
)
"""Columns of everybody. A day is active on which anything was done."""
COLUMNS = ("constant", *ORDERS, *VISITS)
HESITATION = ("log_carts_left", "log_returns", "log_dwell_minutes")
"""Of the last 7 days: products put into the cart and not bought since; looks at a product that was looked at before,
another one in between (back and forth); minutes between events of one visit. They add nothing to `COLUMNS` that
benchmarks/chances.py could see, so no chance is made of them."""
CART_KINDS = (KindCode.ADD_TO_CART, KindCode.REMOVE_FROM_CART, KindCode.PURCHASE)
"""What puts a product into the cart, and what ends that."""
_LOOKS = (KindCode.VIEW, KindCode.CLICK, KindCode.TRY_ON)


def columns_at(histories: Histories, now_ms: int) -> Double:
    """The columns [S, F] in the order of `COLUMNS`, of what was done before `now_ms` (UTC)."""
    past = histories.keep(histories.times < now_ms)
    shoppers, count = past.shoppers, len(past)
    bought = past.kinds == KindCode.PURCHASE
    ordered, order_times = _days(shoppers[bought], past.times[bought])
    came, came_times = _days(shoppers, past.times)
    found = dict.fromkeys(COLUMNS, np.zeros(count))
    found["constant"] = np.ones(count)
    found |= _orders(ordered, order_times, count, now_ms)
    found |= _visits(came, came_times, count, now_ms)
    looked = np.isin(past.kinds, _LOOKS)
    for days in (7, 28):
        lately = looked & (past.times >= now_ms - days * DAY_MS)
        found[f"log_looks_{days}_days"] = np.log1p(np.bincount(shoppers[lately], minlength=count))
    return np.stack([found[name] for name in COLUMNS], axis=1)


def hesitation_at(histories: Histories, now_ms: int) -> Double:
    """The columns [S, 3] of `HESITATION`."""
    past = histories.keep(histories.times < now_ms)
    shoppers, count, week = past.shoppers, len(past), now_ms - 7 * DAY_MS
    carts = np.bincount(shoppers[carts_left_at(past, now_ms)], minlength=count)
    returns = np.bincount(shoppers[returns_in(past) & (past.times >= week)], minlength=count)
    return np.log1p(np.stack([carts, returns, _dwell_ms(past, week) / 60_000], axis=1))


def returns_in(histories: Histories) -> BoolArray:
    """Which events [N] are looks at a product that this shopper had looked at in the `RETURN_DAYS` before, with another
    one in between; runs on one product must be collapsed, as histories are."""
    places = np.flatnonzero(np.isin(histories.kinds, _LOOKS))
    shoppers, items, times = histories.shoppers[places], histories.items[places], histories.times[places]
    order = np.lexsort((places, items, shoppers))
    again = np.zeros(len(places), dtype=np.bool_)
    one, two = order[:-1], order[1:]
    again[two] = (
        (shoppers[one] == shoppers[two])
        & (items[one] == items[two])
        & (places[two] - places[one] > 1)
        & (times[two] - times[one] <= RETURN_DAYS * DAY_MS)
    )
    found = np.zeros(histories.n_events, dtype=np.bool_)
    found[places[again]] = True
    return found


def _days(shoppers: LongArray, times: LongArray) -> tuple[LongArray, LongArray]:
    """Of events in order, the first of each day of each shopper."""
    days = times // DAY_MS
    fresh = np.ones(len(days), dtype=np.bool_)
    fresh[1:] = (days[1:] != days[:-1]) | (shoppers[1:] != shoppers[:-1])
    return shoppers[fresh], times[fresh]


def _orders(shoppers: LongArray, times: LongArray, count: int, now_ms: int) -> dict[str, Double]:
    many = np.bincount(shoppers, minlength=count)
    has, ends = many > 0, np.cumsum(many)
    since, first = np.zeros(count), np.zeros(count)
    since[has] = np.log1p((now_ms - times[ends[has] - 1]) / DAY_MS)
    first[has] = np.log1p((now_ms - times[ends[has] - many[has]]) / DAY_MS)
    logs = np.log(np.maximum(many, 1))
    same = shoppers[1:] == shoppers[:-1]
    whose, waits = shoppers[1:][same], np.diff(times)[same] / DAY_MS
    number = np.maximum(many - 1, 1)
    mean = np.bincount(whose, weights=waits, minlength=count) / number
    square = np.bincount(whose, weights=waits**2, minlength=count) / number
    spread = np.sqrt(np.maximum(square - mean**2, 0.0)) / np.maximum(mean, 0.1)
    wait = np.log1p(mean)
    found = {
        "log_days_since_order": since,
        "log_days_since_first_order": first,
        "log_orders": logs,
        "log_mean_wait": wait,
        "one_order": (many == 1).astype(np.float64),
        "wait_spread": spread,
        "late": np.where(many > 1, since - wait, 0.0),
        "log_days_since_order_squared": since**2,
        "recency_times_frequency": since * logs,
    }
    for days in (7, 28, 91, 182):
        lately = times >= now_ms - days * DAY_MS
        found[f"log_orders_{days}_days"] = np.log1p(np.bincount(shoppers[lately], minlength=count))
    return found


def _visits(shoppers: LongArray, times: LongArray, count: int, now_ms: int) -> dict[str, Double]:
    many = np.bincount(shoppers, minlength=count)
    has, ends = many > 0, np.cumsum(many)
    since, first = np.zeros(count), np.zeros(count)
    since[has] = np.log1p((now_ms - times[ends[has] - 1]) / DAY_MS)
    first[has] = np.log1p((now_ms - times[ends[has] - many[has]]) / DAY_MS)
    found = {
        "log_days_since_event": since,
        "log_days_since_first_event": first,
        "log_days_active": np.log1p(many),
    }
    for days in (7, 28):
        lately = times >= now_ms - days * DAY_MS
        found[f"log_days_active_{days}_days"] = np.log1p(np.bincount(shoppers[lately], minlength=count))
    return found


def carts_left_at(past: Histories, now_ms: int) -> BoolArray:
    """Which events [N] put a product into the cart in the last `CART_DAYS` that was not bought or taken out since; of
    several of one product the last."""
    carted = past.kinds == KindCode.ADD_TO_CART
    settled = np.flatnonzero(np.isin(past.kinds, CART_KINDS))
    key = past.shoppers[settled] * max(past.n_items, 1) + past.items[settled]
    _, from_end = np.unique(key[::-1], return_index=True)
    left = np.zeros(past.n_events, dtype=np.bool_)
    left[settled[len(settled) - 1 - from_end]] = True
    return np.asarray(left & carted & (past.times >= now_ms - CART_DAYS * DAY_MS))


def _dwell_ms(past: Histories, since_ms: int) -> Double:
    """Time that each shopper [S] spent between events of one visit."""
    shoppers, gaps = past.shoppers, np.diff(past.times)
    inside = (shoppers[1:] == shoppers[:-1]) & (gaps < VISIT_MS) & (past.times[1:] >= since_ms)
    return np.bincount(shoppers[1:][inside], weights=gaps[inside], minlength=len(past)).astype(np.float64)
