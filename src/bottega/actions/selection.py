"""From scores to a list: the merchant's rules, no second treadmill, diversity, and what fills a list that is short.

Shapes   I items, V products (rows of the shelf).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from bottega.actions.floor import DEFAULT_STRATEGY, Floor
from bottega.actions.requests import Pin, RecommendationRequest
from bottega.actions.treadmill import AfterPurchases
from bottega.datasets.shelf import items_with
from bottega.models.recommend.rerank import CANDIDATES, own_spread
from bottega.models.recommend.rerank_dials import Dials, Tastes, dealt
from bottega.models.recommend.rerank_lean import own_price_level
from bottega.models.recommend.rules import Boost, boosted, calibrated, complements, first_variant, pinned
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["Chosen", "Situation", "select"]

NEW_LIST = 5
"""Lists at least this long keep one place for a product that came after the last training."""
PADDED_SEEN = "padded:seen"
PADDED_POPULAR = "padded:popular"


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


@dataclass(frozen=True)
class Chosen:
    """One place of the list. `source` is empty where the model itself chose."""

    row: int
    item: int
    score: float
    source: str = ""


@dataclass
class _List:
    """A list in the making: products with the groups they take up."""

    floor: Floor
    request: RecommendationRequest
    count: int
    usable: BoolArray
    taken: set[int] = field(default_factory=set)
    groups: Counter[tuple[str, int]] = field(default_factory=Counter)
    chosen: list[Chosen] = field(default_factory=list)

    def add(self, item: int, score: float, source: str = "") -> bool:
        """Show the item's first product that may be shown; all of them where variants may stand side by side."""
        if item in self.taken or len(self.chosen) >= self.count:
            return False
        rows = self.floor.shelf.rows_of(item)
        row = first_variant(rows, self.usable)
        if row < 0:
            return False
        groups = [((kind, self.floor.shelf.group(row, kind)), most) for kind, most in _limits(self.request).items()]
        groups = [(group, most) for group, most in groups if group[1] >= 0]  # -1: no brand, no category, no limit
        room = min([self.count - len(self.chosen), *(most - self.groups[group] for group, most in groups)])
        if room <= 0:
            return False
        shown = ([one for one in rows if self.usable[one]] if self.request.group_by == "none" else [row])[:room]
        self.groups.update({group: len(shown) for group, _ in groups})
        self.taken.add(item)
        self.chosen += [Chosen(one, item, score, source) for one in shown]
        return True


def select(floor: Floor, request: RecommendationRequest, situation: Situation, scores: FloatArray) -> _Answer:
    """The list for one request; `scores` [I] are the model's. Names what stood in where the model had too little."""
    count = request.n or floor.settings.count
    rows, allowed = floor.shelf.allowed(request.filter)
    forbidden = _forbidden(floor, request, situation)
    allowed = allowed & ~forbidden
    fresh = allowed & ~_seen(floor, situation)
    values = _treadmill(floor, request, situation, calibrated(scores, fresh), fresh)
    worth = _worth_showing(floor, request, values, count)
    values = _boosted(floor, request, _dialled(floor, request, situation, values, worth))
    wanted = _List(floor, request, worth, rows)
    _fill(wanted, _order(values, None if _limits(request) else max(CANDIDATES, 2 * count)), values)
    wanted.chosen = [replace(one, source=situation.after.source(one.item)) for one in wanted.chosen]
    fallback = None
    if worth < count:
        wanted.count = min(count, worth + len(request.pin))
    else:
        fallback = _pad_out(wanted, scores, allowed, fresh, forbidden)
        _show_new(wanted, floor, fresh, values)
    _pin(wanted, request, floor, forbidden, values)
    return _Answer(wanted.chosen[: wanted.count], fallback, max(0, count - len(wanted.chosen)) if worth < count else 0)


def _pad_out(
    wanted: _List, scores: FloatArray, allowed: BoolArray, fresh: BoolArray, forbidden: BoolArray
) -> str | None:
    """Fill a list that is short, and name with what."""
    floor, request, count = wanted.floor, wanted.request, wanted.count
    fallback = None
    if len(wanted.chosen) < count and (not _named(request) or not request.strict):
        fallback = _pad(wanted, floor, fresh)
    if len(wanted.chosen) < count:
        seen = calibrated(scores, allowed & ~fresh)
        if _fill(wanted, _order(seen), np.where(np.isfinite(seen), 0.0, -np.inf), source="seen"):
            fallback = PADDED_SEEN
    if len(wanted.chosen) < count and not request.strict:
        wanted.usable, everything = floor.shelf.allowed(None)
        fallback = _pad(wanted, floor, everything & ~forbidden) or fallback
    return fallback


@dataclass(frozen=True)
class _Answer:
    chosen: list[Chosen]
    fallback: str | None
    left_out: int
    """Places that the cut-off left empty."""


def _limits(request: RecommendationRequest) -> dict[str, int]:
    """How many of one brand and of one category the list may hold, where that is limited."""
    limits = {"brand": request.max_per_brand, "category": request.max_per_category}
    if request.group_by in limits:
        limits[request.group_by] = 1
    return {kind: most for kind, most in limits.items() if most is not None}


def _named(request: RecommendationRequest) -> bool:
    """Whether the request asks for one recommender instead of the default."""
    return request.strategy not in (None, DEFAULT_STRATEGY)


def _forbidden(floor: Floor, request: RecommendationRequest, situation: Situation) -> BoolArray:
    """Items [I] that no rule may bring back: excluded, anchors, durables already bought."""
    forbidden = np.zeros(len(floor.live.items), dtype=np.bool_)
    codes = floor.live.items.codes(request.exclude_ids)
    forbidden[codes[codes >= 0]] = True
    forbidden[situation.anchors] = True
    if floor.settings.exclude_purchased_durables:
        forbidden[[item for item in situation.purchases if floor.durable[item]]] = True
    return forbidden


def _seen(floor: Floor, situation: Situation) -> BoolArray:
    """Items [I] of the history, but for consumables bought before, which may well be wanted again."""
    seen = np.zeros(len(floor.live.items), dtype=np.bool_)
    seen[situation.history] = True
    seen[[item for item in situation.purchases if not floor.durable[item]]] = False
    return seen


def _treadmill(
    floor: Floor, request: RecommendationRequest, situation: Situation, values: FloatArray, fresh: BoolArray
) -> FloatArray:
    if request.placement == "cart":
        values = complements(values, floor.features.categories, floor.durable, situation.anchors)
    return situation.after.ruled(values, fresh)


def _worth_showing(floor: Floor, request: RecommendationRequest, values: FloatArray, count: int) -> int:
    """How many of `count` places are worth filling: all, unless the request wants the list cut.

    The curve is that of the trained model; what another strategy scores is not cut.
    """
    if not request.cutoff or _named(request):
        return count
    best = values[_order(values, count)[:count]]
    worth = floor.companions.last_mile.worth_showing(best, floor.settings.cutoff_share)
    return worth if worth < len(best) else count


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
    head = np.array(_order(values, max(CANDIDATES, count))[: max(CANDIDATES, count)], dtype=np.int32)
    usual = floor.companions.last_mile.usual_spread
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


def _order(values: FloatArray, count: int | None = None) -> list[int]:
    """Items by falling score, those at -inf left out; equal scores by code."""
    finite = np.flatnonzero(np.isfinite(values))
    if count is not None and len(finite) > count:
        edge = np.partition(values[finite], len(finite) - count)[len(finite) - count]
        finite = finite[values[finite] >= edge]
    order: list[int] = finite[np.argsort(-values[finite], kind="stable")].tolist()
    return order


def _fill(wanted: _List, items: Iterable[int], values: FloatArray, source: str = "") -> bool:
    grew = False
    for item in items:
        if len(wanted.chosen) >= wanted.count:
            break
        grew |= wanted.add(item, float(values[item]), source)
    return grew


def _pad(wanted: _List, floor: Floor, allowed: BoolArray) -> str | None:
    """Popular products from `allowed` [I] behind what is there; products without any event come last."""
    order = floor.by_popularity()
    nothing = np.zeros(len(allowed), dtype=np.float32)
    return PADDED_POPULAR if _fill(wanted, order[allowed[order]], nothing, source="popular") else None


def _show_new(wanted: _List, floor: Floor, fresh: BoolArray, values: FloatArray) -> None:
    """Keep one place for a product newer than the model, which would else wait for the next training to be seen.

    The one that scores best; where nothing is known of the shopper, the newest.
    """
    count = len(wanted.chosen)
    trained = floor.trained
    unasked = not _named(wanted.request) and wanted.request.group_by == "item_group_id" and not _limits(wanted.request)
    if floor.untrained or not unasked or count < NEW_LIST or any(one.item >= trained for one in wanted.chosen):
        return
    new = np.flatnonzero(fresh[trained:]) + trained
    if not len(new):
        return
    known = np.where(np.isfinite(values[new]), values[new], -1.0)
    item = int(new[len(new) - 1 - int(np.argmax(known[::-1]))])
    row = first_variant(floor.shelf.rows_of(item), wanted.usable)
    if row >= 0:
        place = count * 2 // 3
        wanted.chosen.insert(place, Chosen(row, item, float(max(known.max(), 0.0)), "new"))
        wanted.chosen.pop()


def _pin(wanted: _List, request: RecommendationRequest, floor: Floor, forbidden: BoolArray, values: FloatArray) -> None:
    """Put pinned products at their ranks. They obey every rule but the model's opinion; strict: the filter too."""
    if not request.pin:
        return
    rows = floor.shelf.allowed(request.filter if request.strict else None)[0]
    places: list[tuple[int, int]] = []
    shown: dict[int, Chosen] = {}
    for place, pin in enumerate(request.pin):
        name, rank = (pin.item_id, pin.rank - 1) if isinstance(pin, Pin) else (pin, place)
        item = floor.live.items.code(name)
        if item < 0 or forbidden[item] or item in shown:
            continue
        own = floor.shelf.row.get(name, -1)
        row = own if own >= 0 and rows[own] else -1
        if own < 0:
            row = first_variant(floor.shelf.rows_of(item), rows)
        if row >= 0:
            score = float(values[item]) if np.isfinite(values[item]) else 0.0
            shown[item] = Chosen(row, item, score, "pin")
            places.append((item, rank))
    rest = [one for one in wanted.chosen if one.item not in shown]
    # Numbers beyond the last item stand for places in `rest`, where variants of one item may stand side by side.
    n_items = len(values)
    order = pinned([n_items + place for place in range(len(rest))], places, wanted.count)
    wanted.chosen = [shown[one] if one < n_items else rest[one - n_items] for one in order]
