"""A list in the making: what takes its places, what fills it when it is short, what stands at a fixed rank.

Shapes   I items, V products (rows of the shelf).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from bottega.actions.recommend.shapes import Pin, RecommendationRequest
from bottega.models.blocks.best import best
from bottega.models.recommend.last_mile.rules import calibrated, first_variant, pinned
from bottega.names import BoolArray, FloatArray
from bottega.shop.floor import DEFAULT_STRATEGY, Floor

__all__ = ["Chosen", "Places", "fill", "keep_place_for_new", "limits", "named", "pad_out", "pin"]

NEW_LIST = 5
"""Lists at least this long keep one place for a product that came after the last training."""
PADDED_SEEN = "padded:seen"
PADDED_POPULAR = "padded:popular"


@dataclass(frozen=True)
class Chosen:
    """One place of the list. `source` is empty where the model itself chose."""

    row: int
    item: int
    score: float
    source: str = ""


@dataclass
class Places:
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
        groups = [((kind, self.floor.shelf.group(row, kind)), most) for kind, most in limits(self.request).items()]
        groups = [(group, most) for group, most in groups if group[1] >= 0]  # -1: no brand, no category, no limit
        room = min([self.count - len(self.chosen), *(most - self.groups[group] for group, most in groups)])
        if room <= 0:
            return False
        shown = ([one for one in rows if self.usable[one]] if self.request.group_by == "none" else [row])[:room]
        self.groups.update({group: len(shown) for group, _ in groups})
        self.taken.add(item)
        self.chosen += [Chosen(one, item, score, source) for one in shown]
        return True


def limits(request: RecommendationRequest) -> dict[str, int]:
    """How many of one brand and of one category the list may hold, where that is limited."""
    limits = {"brand": request.max_per_brand, "category": request.max_per_category}
    if request.group_by in limits:
        limits[request.group_by] = 1
    return {kind: most for kind, most in limits.items() if most is not None}


def named(request: RecommendationRequest) -> bool:
    """Whether the request asks for one recommender instead of the default."""
    return request.strategy not in (None, DEFAULT_STRATEGY)


def fill(wanted: Places, items: Iterable[int], values: FloatArray, source: str = "") -> bool:
    """Add `items` in their order with their `values` [I] as scores while there is room; whether any came in."""
    grew = False
    for item in items:
        if len(wanted.chosen) >= wanted.count:
            break
        grew |= wanted.add(item, float(values[item]), source)
    return grew


def _pad(wanted: Places, floor: Floor, allowed: BoolArray) -> str | None:
    """Popular products from `allowed` [I] behind what is there; products without any event come last."""
    order = floor.by_popularity()
    nothing = np.zeros(len(allowed), dtype=np.float32)
    return PADDED_POPULAR if fill(wanted, order[allowed[order]], nothing, source="popular") else None


def pad_out(
    wanted: Places, scores: FloatArray, allowed: BoolArray, fresh: BoolArray, forbidden: BoolArray
) -> str | None:
    """Fill a list that is short, and name with what."""
    floor, request, count = wanted.floor, wanted.request, wanted.count
    fallback = None
    if len(wanted.chosen) < count and (not named(request) or not request.strict):
        fallback = _pad(wanted, floor, fresh)
    if len(wanted.chosen) < count:
        seen = calibrated(scores, allowed & ~fresh)
        if fill(wanted, best(seen).tolist(), np.where(np.isfinite(seen), 0.0, -np.inf), source="seen"):
            fallback = PADDED_SEEN
    if len(wanted.chosen) < count and not request.strict:
        wanted.usable, everything = floor.shelf.allowed(None)
        fallback = _pad(wanted, floor, everything & ~forbidden) or fallback
    return fallback


def keep_place_for_new(wanted: Places, floor: Floor, fresh: BoolArray, values: FloatArray) -> None:
    """Keep one place for a product newer than the model, which would else wait for the next training to be seen.

    The one that scores best; where nothing is known of the shopper, the newest.
    """
    count = len(wanted.chosen)
    trained = floor.trained
    unasked = not named(wanted.request) and wanted.request.group_by == "item_group_id" and not limits(wanted.request)
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


def pin(wanted: Places, request: RecommendationRequest, floor: Floor, forbidden: BoolArray, values: FloatArray) -> None:
    """Put pinned products at their ranks. They obey every rule but the model's opinion; strict: the filter too."""
    if not request.pin:
        return
    rows = floor.shelf.allowed(request.filter if request.strict else None)[0]
    places: list[tuple[int, int]] = []
    shown: dict[int, Chosen] = {}
    for place, wish in enumerate(request.pin):
        name, rank = (wish.product_id, wish.rank - 1) if isinstance(wish, Pin) else (wish, place)
        item = floor.items.code(name)
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
