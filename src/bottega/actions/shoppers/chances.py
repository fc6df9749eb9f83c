"""Chances and segments of all shoppers: who will probably buy, who is leaving, and how many are of which segment."""

from __future__ import annotations

import numpy as np

from bottega.actions.shoppers.chance_shapes import (
    ChancesAnswer,
    ChancesRequest,
    SegmentSize,
    SegmentSizesAnswer,
    SegmentSizesRequest,
    ShopperChances,
)
from bottega.errors import ShopperUnknown
from bottega.events.times import now_ms
from bottega.models.recommend.purchases.shopper_columns import COLUMNS
from bottega.names import BoolArray
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.segments.crowd import Crowd
from bottega.shop.segments.names import LOVES, SEGMENTS
from bottega.shop.slow_counts import SlowCounts

__all__ = ["shopper_chances", "shopper_segments"]

_AT = {name: place for place, name in enumerate(COLUMNS)}
_COUNTED = tuple(name for name in SEGMENTS if name != "new")
"""Who is new is in no history."""


def shopper_chances(shop: OpenShop, request: ChancesRequest) -> ChancesAnswer:
    """Shoppers by the chance that they buy soon, or that they have left. Raises `ShopperUnknown`."""
    at_ms = now_ms()
    with shop.floor() as floor:
        crowd = Crowd.everybody(shop.store, floor)
        columns, chances = crowd.columns(at_ms), crowd.chances
        soon, leaves = chances.buys_soon(columns), 1 - chances.stays(columns)
        kept = np.ones(len(crowd.shoppers), dtype=np.bool_)
        if request.segment is not None:
            kept &= crowd.of(request.segment, at_ms)
        if request.shopper is not None:
            kept &= _only(shop, crowd, request.shopper)
        order = soon if request.order == "buys_soon" else leaves
        found = np.flatnonzero(kept)
        found = found[np.lexsort((found, -np.nan_to_num(order[found], nan=-1.0)))]
        page = found[request.after : request.after + request.n].tolist()
        of = {name: crowd.of(name, at_ms) for name in _COUNTED} if page else {}
    bought = columns[:, _AT["log_days_since_first_order"]] > 0
    shoppers = [
        ShopperChances(
            shopper=crowd.shoppers[at],
            buys_soon=_told(soon[at]),
            leaves=_told(leaves[at]),
            orders=round(float(np.exp(columns[at, _AT["log_orders"]]))) if bought[at] else 0,
            days_since_order=int(np.expm1(columns[at, _AT["log_days_since_order"]])) if bought[at] else None,
            segments=[name for name, members in of.items() if members[at]],
        )
        for at in page
    ]
    end = request.after + len(page)
    return ChancesAnswer(
        soon_days=chances.config.soon_days,
        leave_days=chances.leave_days,
        shoppers=shoppers,
        total=len(found),
        next=end if end < len(found) else None,
    )


def shopper_segments(shop: OpenShop, request: SegmentSizesRequest) -> SegmentSizesAnswer:
    """How many shoppers are of which segment: counted at most every five minutes, by whoever waits for it."""
    what = (tuple(request.also), request.loved)
    count = _SIZES.of(shop, lambda: _count(shop, request), what) if request.wait else _SIZES.last(shop, what)
    if count is None:
        return SegmentSizesAnswer(segments=[], shoppers=0, chances_known=False, lapsed_days=0.0, counted_at=None)
    return count.found.model_copy(update={"counted_at": count.at})


_SIZES: SlowCounts[SegmentSizesAnswer] = SlowCounts()


def _count(shop: OpenShop, request: SegmentSizesRequest) -> SegmentSizesAnswer:
    at_ms = now_ms()
    with shop.floor() as floor:
        crowd = Crowd.everybody(shop.store, floor)
        names = dict.fromkeys([*_COUNTED, *request.also, *_loved(floor, request.loved)])
        sizes = {name: int(crowd.of(name, at_ms).sum()) for name in names}
        chances, count = crowd.chances, len(crowd.shoppers)
    return SegmentSizesAnswer(
        segments=[
            SegmentSize(name=name, means=_means(name), shoppers=size, share=round(size / count, 4) if count else 0.0)
            for name, size in sizes.items()
        ],
        shoppers=count,
        chances_known=bool(chances.soon.weights or chances.first.weights),
        lapsed_days=round(chances.lapsed_days, 1),
        counted_at=None,
    )


def _told(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _only(shop: OpenShop, crowd: Crowd, name: str) -> BoolArray:
    profile = shop.profile(name)
    found = np.array([one == profile for one in crowd.shoppers], dtype=np.bool_)
    if not found.any():
        raise ShopperUnknown(
            f"No event of a shopper {name!r} on a product is known, or they are not to be counted.",
            allowed="Shoppers are counted who did something and said no to neither analytics nor personalisation.",
            next_step="Check the id.",
        )
    return found


def _means(name: str) -> str:
    field, _, value = name.partition(":")
    return SEGMENTS.get(name) or f"Half of what they did in the last 90 days was about the {field} {value}."


def _loved(floor: Floor, most: int) -> list[str]:
    """The brands and categories of most products, as segments."""
    counts = np.asarray(floor.features.attributes.sum(axis=0)).ravel()
    names = [name.replace("=", ":", 1) for name in floor.features.attribute_names]
    known = [place for place, name in enumerate(names) if name.startswith(LOVES)]
    return [names[place] for place in sorted(known, key=lambda place: -counts[place])[:most]]
