"""From scores to candidates: what may be shown, no second treadmill, dials, boosts; list_filling.py makes the list.

Shapes   I items, V products (rows of the shelf).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from bottega.actions.recommend.after_purchases import GAIN, LIFTED_BY, AfterPurchases
from bottega.actions.recommend.list_filling import Candidates, FilledList, fill_list
from bottega.actions.recommend.list_rules import ListRules
from bottega.actions.recommend.list_source import ListSource
from bottega.models.blocks.best import best
from bottega.models.recommend.affinity.declared_tastes import DeclaredGains
from bottega.models.recommend.last_mile.dials import DialInputs, dealt
from bottega.models.recommend.last_mile.diversity import CANDIDATES, own_spread
from bottega.models.recommend.last_mile.leaning import own_price_level
from bottega.models.recommend.last_mile.rules import Boost, boosted, calibrated, complements, lifted
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.shop.floor import Floor
from bottega.shop.shelf import items_with

__all__ = ["Situation", "select"]

DECLARED_GAIN = 0.9
"""How much of the way to the top of a list a product goes that has all that a shopper declared just now."""


@dataclass(frozen=True)
class Situation:
    """Who is asked about, in codes."""

    history: IntArray
    """Items of the shopper's own events [T]."""
    anchors: list[int]
    """Items the request stands beside."""
    purchases: set[int]
    """Items the shopper bought."""
    after: AfterPurchases
    """What these purchases mean for a list made now."""
    declared: DeclaredGains
    """What the shopper's declared tastes ask for."""

    @classmethod
    def of_nobody(cls, anchors: list[int], *, n_items: int) -> Self:
        """Beside these items, whoever looks at them."""
        nothing = AfterPurchases.none(n_items), DeclaredGains.nothing(n_items)
        return cls(np.zeros(0, dtype=np.int32), anchors, set(), *nothing)

    def source(self, item: int) -> ListSource:
        """What brought the item in: a purchase, a declared taste, or the model alone."""
        source = self.after.source(item)
        if source is ListSource.MODEL and DECLARED_GAIN * self.declared.gains[item] >= LIFTED_BY:
            return ListSource.DECLARED
        return source


def select(floor: Floor, rules: ListRules, situation: Situation, scores: FloatArray) -> FilledList:
    """The list for one request; `scores` [I] are the model's."""
    rows, allowed = floor.shelf.allowed(rules.filter)
    forbidden = _forbidden(floor, rules, situation)
    allowed = allowed & ~forbidden
    fresh = allowed & ~_seen(floor, situation)
    ruled = _learnt_rules(floor, rules, situation, calibrated(scores, fresh), fresh)
    worth = _worth_showing(floor, rules, ruled)
    dialled = _dialled(floor, rules, situation, ruled, worth)
    values = _boosted(floor, rules, dialled)  # behind the dials, so that a merchant's rule has the last word
    candidates = Candidates(scores, values, allowed, fresh, forbidden, rows, situation.source)
    return fill_list(floor, rules, candidates, worth)


def _forbidden(floor: Floor, rules: ListRules, situation: Situation) -> BoolArray:
    """Items [I] that no rule may bring back: excluded, anchors, durables already bought."""
    forbidden = np.zeros(len(floor.items), dtype=np.bool_)
    codes = floor.items.codes(rules.exclude_ids)
    forbidden[codes[codes >= 0]] = True
    forbidden[situation.anchors] = True
    if floor.settings.exclude_purchased_durables:
        forbidden[[item for item in situation.purchases if floor.durable[item]]] = True
    return forbidden


def _seen(floor: Floor, situation: Situation) -> BoolArray:
    """Items [I] of the history, but for consumables bought before, which may well be wanted again."""
    seen = np.zeros(len(floor.items), dtype=np.bool_)
    seen[situation.history] = True
    seen[[item for item in situation.purchases if not floor.durable[item]]] = False
    return seen


def _learnt_rules(
    floor: Floor, rules: ListRules, situation: Situation, values: FloatArray, fresh: BoolArray
) -> FloatArray:
    """Calibrated `values` [I] after what is learnt of carts, purchases and declared tastes."""
    if rules.for_cart:
        values = complements(values, floor.features.categories, floor.durable, situation.anchors)
        beside = floor.side_models.relations.beside(situation.anchors, len(values))
        values = lifted(values, GAIN * beside, fresh)
    return lifted(situation.after.ruled(values, fresh), DECLARED_GAIN * situation.declared.gains, fresh)


def _worth_showing(floor: Floor, rules: ListRules, values: FloatArray) -> int:
    """How many places are worth filling: all, unless the list shall be cut.

    The curve is that of the trained model; what another strategy scores is not cut.
    """
    if not rules.cutoff or rules.named:
        return rules.count
    shown = values[best(values, rules.count)]
    worth = floor.side_models.last_mile.worth_showing(shown, floor.settings.cutoff_share)
    return worth if worth < len(shown) else rules.count


def _dialled(floor: Floor, rules: ListRules, situation: Situation, values: FloatArray, count: int) -> FloatArray:
    """Values [I] dealt out anew among the best, as the dials have it."""
    dials = rules.dials
    if not dials:
        return values
    head = best(values, max(CANDIDATES, count)).astype(np.int32)
    usual = floor.side_models.last_mile.usual_spread
    levels = floor.price_levels() if dials.price_fit else None
    inputs = DialInputs(
        rows=floor.unit_attributes,
        shopper_counts=floor.shopper_counts,
        levels=levels,
        own_level=None if levels is None else own_price_level(levels, situation.purchases),
        own_spread=own_spread(floor.unit_attributes, situation.history, usual=usual) if dials.diversity else None,
    )
    return dealt(values, head, dials, inputs, count=count)


def _boosted(floor: Floor, rules: ListRules, values: FloatArray) -> FloatArray:
    if not rules.boosts:
        return values
    n_items = len(values)
    item = floor.shelf.item
    boosts = [
        Boost(items_with(floor.shelf.matching(boost.filter), item, n_items), boost.multiply, boost.add)
        for boost in rules.boosts
    ]
    return boosted(values, boosts)
