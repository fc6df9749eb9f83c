"""What led to what: each purchase to the last time before it that its shopper met that product in a list.

Idea     Last touch within a window: of all touches of the same product by the same shopper, the newest one that is not
         after the purchase and not older than the window. Touches are clicks; impressions are asked about apart.
Differs  It says through which list something was sold, not what would have been sold without: shoppers who click on
         what they would have bought anyway count in full. benchmarks/experiments.md measures by how much; an experiment
         is what tells.
Shapes   T touches, P purchases.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["last_touch"]

Ints = NDArray[np.int64]


def last_touch(
    touchers: Ints, touched: Ints, touch_ms: Ints, buyers: Ints, bought: Ints, buy_ms: Ints, *, window_ms: int
) -> Ints:
    """For each purchase [P] the place of its last touch in [T], or -1.

    Shoppers and products are codes from 0 on; times UTC milliseconds. A touch at the very moment of the purchase
    counts; of several at one moment, the last in the array does.

    >>> one = lambda *values: np.array(values, dtype=np.int64)
    >>> last_touch(one(0, 0, 1), one(5, 5, 5), one(10, 20, 25), one(0, 1, 0), one(5, 6, 5), one(30, 30, 500),
    ...            window_ms=100).tolist()
    [1, -1, -1]
    """
    found = np.full(len(buyers), -1, dtype=np.int64)
    if not len(touchers) or not len(buyers):
        return found
    products = 1 + max(int(touched.max()), int(bought.max()))
    known, pairs = np.unique(touchers * products + touched, return_inverse=True)
    wanted = buyers * products + bought
    at = np.searchsorted(known, wanted)
    there = (at < len(known)) & (known[np.minimum(at, len(known) - 1)] == wanted)
    first = min(int(touch_ms.min()), int(buy_ms.min()))
    span = 1 + max(int(touch_ms.max()), int(buy_ms.max())) - first
    assert len(known) * span < 2**63, "pairs of shopper and product, and the time between first and last, fit 64 bits"
    moments = pairs * span + (touch_ms - first)
    order = np.argsort(moments, kind="stable")
    goal = at * span + (buy_ms - first)
    place = np.searchsorted(moments[order], goal, side="right") - 1
    last = order[np.maximum(place, 0)]
    fits = there & (place >= 0) & (pairs[last] == at) & (buy_ms - touch_ms[last] <= window_ms)
    found[fits] = last[fits]
    return found
