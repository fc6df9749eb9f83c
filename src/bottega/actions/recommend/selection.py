"""From scores to a list: the merchant's rules, no second treadmill, dials; list_filling.py makes the list of it.

Shapes   I items, V products (rows of the shelf).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bottega.actions.recommend.after_purchases import GAIN, LIFTED_BY, AfterPurchases
from bottega.actions.recommend.list_filling import (
    Chosen,
    Places,
    fill,
    keep_place_for_new,
    limits,
    named,
    pad_out,
    pin,
)
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.models.blocks.best import best
from bottega.models.recommend.affinity.declared_tastes import DeclaredGains
from bottega.models.recommend.last_mile.dials import Dials, Tastes, dealt
from bottega.models.recommend.last_mile.diversity import CANDIDATES, own_spread
from bottega.models.recommend.last_mile.leaning import own_price_level
from bottega.models.recommend.last_mile.rules import Boost, boosted, calibrated, complements, lifted
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.shop.floor import Floor
from bottega.shop.shelf import items_with

__all__ = ["DECLARED", "Chosen", "Situation", "select"]

DECLARED = "declared"
"""Source of a place in a list that a declared taste brought in."""
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

    def source(self, item: int) -> str:
        """What brought the item in beside the model: a purchase, a declared taste, or neither (empty)."""
        return self.after.source(item) or (DECLARED if DECLARED_GAIN * self.declared.gains[item] >= LIFTED_BY else "")


def select(floor: Floor, request: RecommendationRequest, situation: Situation, scores: FloatArray) -> _Answer:
    """The list for one request; `scores` [I] are the model's. Names what stood in where the model had too little."""
    count = request.n or floor.settings.count
    rows, allowed = floor.shelf.allowed(request.filter)
    forbidden = _forbidden(floor, request, situation)
    allowed = allowed & ~forbidden
    fresh = allowed & ~_seen(floor, situation)
    values = _learnt_rules(floor, request, situation, calibrated(scores, fresh), fresh)
    worth = _worth_showing(floor, request, values, count)
    values = _boosted(floor, request, _dialled(floor, request, situation, values, worth))
    wanted = Places(floor, request, worth, rows)
    fill(wanted, best(values, None if limits(request) else max(CANDIDATES, 2 * count)).tolist(), values)
    wanted.chosen = [replace(one, source=situation.source(one.item)) for one in wanted.chosen]
    fallback = None
    if worth < count:
        wanted.count = min(count, worth + len(request.pin))
    else:
        fallback = pad_out(wanted, scores, allowed, fresh, forbidden)
        keep_place_for_new(wanted, floor, fresh, values)
    pin(wanted, request, floor, forbidden, values)
    return _Answer(wanted.chosen[: wanted.count], fallback, max(0, count - len(wanted.chosen)) if worth < count else 0)


@dataclass(frozen=True)
class _Answer:
    chosen: list[Chosen]
    fallback: str | None
    left_out: int
    """Places that the cut-off left empty."""


def _forbidden(floor: Floor, request: RecommendationRequest, situation: Situation) -> BoolArray:
    """Items [I] that no rule may bring back: excluded, anchors, durables already bought."""
    forbidden = np.zeros(len(floor.items), dtype=np.bool_)
    codes = floor.items.codes(request.exclude_ids)
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
    floor: Floor, request: RecommendationRequest, situation: Situation, values: FloatArray, fresh: BoolArray
) -> FloatArray:
    if request.placement == "cart":
        values = complements(values, floor.features.categories, floor.durable, situation.anchors)
        beside = floor.side_models.relations.beside(situation.anchors, len(values))
        values = lifted(values, GAIN * beside, fresh)
    return lifted(situation.after.ruled(values, fresh), DECLARED_GAIN * situation.declared.gains, fresh)


def _worth_showing(floor: Floor, request: RecommendationRequest, values: FloatArray, count: int) -> int:
    """How many of `count` places are worth filling: all, unless the request wants the list cut.

    The curve is that of the trained model; what another strategy scores is not cut.
    """
    if not request.cutoff or named(request):
        return count
    shown = values[best(values, count)]
    worth = floor.side_models.last_mile.worth_showing(shown, floor.settings.cutoff_share)
    return worth if worth < len(shown) else count


def _dialled(
    floor: Floor, request: RecommendationRequest, situation: Situation, values: FloatArray, count: int
) -> FloatArray:
    """Values [I] after the dials. Boosts come later, so that a merchant's rule has the last word."""
    settings = floor.settings
    dials = Dials(
        diversity=settings.diversity if request.diversity is None else request.diversity,
        novelty=settings.novelty if request.novelty is None else request.novelty,
        price_fit=settings.price_fit if request.price_fit is None else request.price_fit,
        method=request.diversity_method or settings.diversity_method,
    )
    if not dials:
        return values
    head = best(values, max(CANDIDATES, count)).astype(np.int32)
    usual = floor.side_models.last_mile.usual_spread
    levels = floor.price_levels() if dials.price_fit else None
    tastes = Tastes(
        rows=floor.unit_attributes,
        shoppers=floor.shoppers,
        levels=levels,
        own_level=None if levels is None else own_price_level(levels, situation.purchases),
        own_spread=own_spread(floor.unit_attributes, situation.history, usual=usual) if dials.diversity else None,
    )
    return dealt(values, head, dials, tastes, count=count)


def _boosted(floor: Floor, request: RecommendationRequest, values: FloatArray) -> FloatArray:
    if not request.boost:
        return values
    n_items = len(values)
    item = floor.shelf.item
    boosts = [
        Boost(items_with(floor.shelf.matching(boost.filter), item, n_items), boost.multiply, boost.add)
        for boost in request.boost
    ]
    return boosted(values, boosts)
