"""Which products a line points at: by place, by focus, by words that tell one from the others, by what was bought."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.filter import Filter
from bottega.models.dialogue.commands import Pointing, PointingWay
from bottega.models.dialogue.state import TalkState
from bottega.shop.open_shop import OpenShop

__all__ = ["pointed_at"]

DAY_MS = 86_400_000
MEANT_MOST = 6


def pointed_at(
    shop: OpenShop, state: TalkState, one: Pointing, shopper: str | None, *, now_ms: int | None = None
) -> tuple[str, ...]:
    """Ids of the products that are meant, the likeliest first; nothing where that cannot be told."""
    shown = [product.product_id for product in state.shown]
    if one.way is PointingWay.PLACE:
        places = [place - 1 if place > 0 else len(shown) + place for place in one.places]
        return tuple(shown[place] for place in places if 0 <= place < len(shown))
    if one.way is PointingWay.ALL:
        return tuple(shown)
    if one.way is PointingWay.FOCUS:
        return (state.focus,) if state.focus else tuple(shown) if len(shown) == 1 else ()
    if one.way is PointingWay.WORDS:
        return _among(shop, shown, one.words)
    if shopper is None:
        return ()
    bought = _bought(shop, shopper, one.days, now_ms if now_ms is not None else time.time_ns() // 1_000_000)
    return _among(shop, bought, one.words) if one.words.strip() else bought[:MEANT_MOST]


def _among(shop: OpenShop, ids: Sequence[str], words: str) -> tuple[str, ...]:
    """Those of some products that are all that the words ask for; of one only its own kind of thing counts."""
    if not ids or not words.strip():
        return ()
    request = SearchRequest(text=words[:500], filter=Filter(ids=list(ids)), n=len(ids))
    answer = search_text(shop, request)
    found = [hit.product_id for hit in answer.items[: answer.close_from]]
    return tuple(id_ for id_ in found if id_ in ids)[:MEANT_MOST]


def _bought(shop: OpenShop, shopper: str, days: int | None, now_ms: int) -> tuple[str, ...]:
    """What a profile bought within some days, the newest first."""
    with shop.floor() as floor:
        past = floor.past(shopper)
        names = past.touched(floor.items)
        rows = [(time_ms, names[code]) for code, time_ms in past.purchases.items()]
    since = now_ms - days * DAY_MS if days is not None else 0
    return tuple(name for time_ms, name in sorted(rows, reverse=True) if time_ms >= since)
