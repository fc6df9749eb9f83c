"""No second treadmill: after a purchase its likes fall, what goes with it gains, and what runs out returns when due.

Shapes   I items, C of them candidates, T positions of one shopper's own events.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from bottega.actions.recommend.list_source import ListSource
from bottega.datasets.arrays import Histories
from bottega.models.recommend.last_mile.reasons import Reason
from bottega.models.recommend.last_mile.rules import lifted
from bottega.models.recommend.purchases.relations import Relations
from bottega.models.recommend.purchases.repurchase import Due, Repurchase
from bottega.names import DAY_MS, BoolArray, FloatArray, IntArray, KindCode

__all__ = ["GAIN", "LIFTED_BY", "AfterPurchases", "after_purchases"]

DUE_PLACES = 2
"""At most so many places of a list remind of what runs out; the soonest needed come first."""
STEEPNESS = 6.0
"""Logarithms of a score that the scale of a list stands for, from 0 for the worst product to 1 for the best."""
GAIN = 0.7
"""How much of the way to the top of a list the best complement of something just bought goes."""
LIFTED_BY = 0.1
"""What gained at least so much, of a scale from 0 to 1, stands in the list because of a purchase."""
WANTS_HOLD_MS = 60_000
"""Needs are told to the minute."""


@dataclass(frozen=True)
class AfterPurchases:
    """What one shopper's purchases mean for a list made now of some items.

    `factors` [C] are added to logarithms of scores. `gains` [C], 0 to 1, are what goes with purchases, and `because`
    [C] the positions of these. `due`: places of products that have probably run out; `bought`: the last position of
    each item bought.
    """

    factors: FloatArray
    gains: FloatArray
    because: IntArray
    due: dict[int, Due] = field(default_factory=dict)
    bought: dict[int, int] = field(default_factory=dict)

    @classmethod
    def none(cls, items: IntArray) -> Self:
        """Of a shopper who bought nothing."""
        nothing = np.zeros(len(items), dtype=np.float32)
        return cls(nothing, nothing, np.full(len(items), -1, dtype=np.int32))

    def ruled(self, values: FloatArray, fresh: BoolArray) -> FloatArray:
        """Calibrated `values` [C] with all three said; nothing outside `fresh` [C] comes in."""
        if not (self.due or self.gains.any() or self.factors.any()):
            return values
        result = lifted(values + self.factors / STEEPNESS, GAIN * self.gains, fresh)
        for rank, place in enumerate(place for place in self.due if fresh[place]):
            if rank < DUE_PLACES:
                result[place] = 1.0 + 0.01 * (DUE_PLACES - rank)
        return result

    def source(self, place: int) -> ListSource:
        """How what stands at a place of the items came into the list: due, a complement, or the model's own choice."""
        if place in self.due:
            return ListSource.DUE
        return ListSource.COMPLEMENT if GAIN * float(self.gains[place]) >= LIFTED_BY else ListSource.MODEL

    def restock(self, place: int) -> Reason:
        """The reason of an item that is due, and the position that it rests on."""
        return Reason("time_to_restock", positions=(self.bought[self.due[place].item],), weight=1.0)

    def evidence(self, place: int) -> list[dict[str, Any]]:
        """Why now: how long a product that is due lasts this shopper, and from when to when it is needed again."""
        due = self.due[place]
        days = round((due.expected_ms - due.bought_ms) / DAY_MS, 1)
        return [{"lasts_days": days, "due_ms": due.expected_ms, "due_from_ms": due.low_ms, "due_until_ms": due.high_ms}]


def after_purchases(
    repurchase: Repurchase,
    relations: Relations,
    own: Histories,
    now_ms: int,
    *,
    categories: IntArray,
    durable: BoolArray,
    items: IntArray | None = None,
    beside: bool = False,
    states: Callable[[Hashable, Callable[[], Any]], Any] = lambda _, make: make(),
) -> AfterPurchases:
    """What the shopper's `own` events (one row) say at `now_ms` of `items` [C], in order of code; of all where absent.

    `categories` [I], and what is `durable` [I]. `beside` a product or a cart nothing else is offered: there, purchases
    only make their likes fall. `states` keeps what was worked out from the same purchases before: who needs what,
    which moves with the days, for as long as `WANTS_HOLD_MS`.
    """
    items = np.arange(own.n_items, dtype=np.int32) if items is None else items
    period = now_ms // WANTS_HOLD_MS
    wants = states(("wants", period), lambda: repurchase.wants(own, now_ms, categories))
    factors = wants.of(items, categories)
    places = np.flatnonzero(own.kinds == KindCode.PURCHASE)
    bought = dict(zip(own.items[places].tolist(), places.tolist(), strict=True))
    if beside:
        return replace(AfterPurchases.none(items), factors=factors, bought=bought)
    gains, because = relations.gains(own, now_ms, items)
    due = {}
    for one in states("due", lambda: repurchase.due(own, categories)):
        place = int(np.searchsorted(items, one.item))
        if one.on(now_ms) and not durable[one.item] and place < len(items) and items[place] == one.item:
            due[place] = one
    return AfterPurchases(factors, gains, because, due, bought)
