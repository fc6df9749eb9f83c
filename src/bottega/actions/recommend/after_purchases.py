"""No second treadmill: after a purchase its likes fall, what goes with it gains, and what runs out returns when due.

Shapes   I items, T positions of one shopper's own events.
"""

from __future__ import annotations

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


@dataclass(frozen=True)
class AfterPurchases:
    """What one shopper's purchases mean for a list made now.

    `factors` [I] are added to logarithms of scores. `gains` [I], 0 to 1, are what goes with purchases, and `because`
    [I] the positions of these. `due`: products that have probably run out; `bought`: last position of each purchase.
    """

    factors: FloatArray
    gains: FloatArray
    because: IntArray
    due: dict[int, Due] = field(default_factory=dict)
    bought: dict[int, int] = field(default_factory=dict)

    @classmethod
    def none(cls, n_items: int) -> Self:
        """Of a shopper who bought nothing."""
        nothing = np.zeros(n_items, dtype=np.float32)
        return cls(nothing, nothing, np.full(n_items, -1, dtype=np.int32))

    def ruled(self, values: FloatArray, fresh: BoolArray) -> FloatArray:
        """Calibrated `values` [I] with all three said; nothing outside `fresh` [I] comes in."""
        result = lifted(values + self.factors / STEEPNESS, GAIN * self.gains, fresh)
        for place, item in enumerate(item for item in self.due if fresh[item]):
            if place < DUE_PLACES:
                result[item] = 1.0 + 0.01 * (DUE_PLACES - place)
        return result

    def source(self, item: int) -> ListSource:
        """How the item came into the list: due, a complement, or the model's own choice."""
        if item in self.due:
            return ListSource.DUE
        return ListSource.COMPLEMENT if GAIN * float(self.gains[item]) >= LIFTED_BY else ListSource.MODEL

    def reason(self, item: int, source: ListSource) -> Reason:
        """The reason of an item that is due or a complement, and the position that it rests on."""
        if source is ListSource.DUE:
            return Reason("time_to_restock", positions=(self.bought[item],), weight=1.0)
        return Reason("goes_with_purchase", positions=(int(self.because[item]),), weight=float(self.gains[item]))

    def evidence(self, item: int, source: ListSource) -> list[dict[str, Any]]:
        """Why now: how long a product lasts this shopper, and from when to when it is needed again."""
        if source is not ListSource.DUE:
            return []
        due = self.due[item]
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
    beside: bool = False,
) -> AfterPurchases:
    """What the shopper's `own` events (one row) say at `now_ms`, with `categories` [I] and what is `durable` [I].

    `beside` a product or a cart nothing else is offered: there, purchases only make their likes fall.
    """
    factors = repurchase.factors(own, now_ms, categories)
    if beside:
        return replace(AfterPurchases.none(own.n_items), factors=factors)
    gains, because = relations.gains(own, now_ms)
    due = [one for one in repurchase.due(own, categories) if one.on(now_ms) and not durable[one.item]]
    bought = {int(own.items[place]): place for place in np.flatnonzero(own.kinds == KindCode.PURCHASE).tolist()}
    return AfterPurchases(factors, gains, because, {one.item: one for one in due}, bought)
