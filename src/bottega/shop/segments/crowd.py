"""A crowd: some shoppers with what they did, and who of them is of a segment at a moment. One shopper is a crowd, too.

Idea     Nothing is kept of who is of which segment: it follows from what they did, so that it is of this moment, and
         who is forgotten is of none. Chances are those of chances.py.
Costs    A pass over the events for each sort of segment asked for; of one shopper 0.3 ms at most, once a minute.
Shapes   S shoppers, N events, I items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.datasets.load import histories_of
from bottega.models.recommend.purchases.chances import Chances, has_bought
from bottega.models.recommend.purchases.shopper_columns import CART_KINDS, Double, carts_left_at, columns_at, returns_in
from bottega.names import DAY_MS, BoolArray, KindCode
from bottega.shop.segments.names import LOVES, SEGMENTS

if TYPE_CHECKING:
    from bottega.shop.floor import Floor
    from bottega.shop.shoppers.histories import Past
    from bottega.store.store import Store

__all__ = ["LOVE_EVENTS", "RETURNS", "Crowd", "Whom"]

RETURNS = 2
"""Times that somebody came back to a product within a week, with another one in between, before they hesitate."""
LOVE_EVENTS = 3
"""Events on a brand or category, of two products at least, before somebody is drawn to it."""
LOVE_DAYS = 90
"""Of late: within so many days."""


class Crowd:
    """Shoppers [S] with what they did with products of one floor."""

    def __init__(self, floor: Floor, histories: Histories, carts: Histories, shoppers: Sequence[str] = ()) -> None:
        """`histories`: as models learn from them; `carts`: every event that puts into the cart, takes out or buys."""
        self._floor, self._chances = floor, floor.side_models.chances
        self._histories, self._carts = histories, carts
        self.shoppers = shoppers
        self._columns: dict[int, Double] = {}

    @classmethod
    def everybody(cls, store: Store, floor: Floor) -> Self:
        """All shoppers that may be compared, with as many events as answers look at."""
        import polars as pl

        frame = store.events.frame(floor.settings.personalisation_consent, analytics=True)
        histories, names, _ = histories_of(frame, floor.items)
        most, place = floor.settings.history_events, {name: number for number, name in enumerate(names)}
        kinds = [int(kind) for kind in CART_KINDS]
        carts = frame.filter(pl.col("kind").is_in(kinds), pl.col("product_id").is_not_null())
        codes = floor.items.codes(carts["product_id"].to_list())
        whose = np.array([place.get(name, -1) for name in carts["shopper"].to_list()], dtype=np.int64)
        kept = (codes >= 0) & (whose >= 0)
        lengths = np.bincount(whose[kept], minlength=len(names))
        acts = Histories(
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            codes[kept].astype(np.int32),
            carts["kind"].to_numpy()[kept].astype(np.int8),
            carts["time_ms"].to_numpy()[kept].astype(np.int64),
            len(floor.items),
        )
        return cls(floor, histories.last(most), acts.last(most), names)

    @property
    def chances(self) -> Chances:
        """What tells chances, of the floor."""
        return self._chances

    def columns(self, now_ms: int) -> Double:
        """What is known of each [S, F] at a moment."""
        if now_ms not in self._columns:
            self._columns = {now_ms: columns_at(self._histories, now_ms)}
        return self._columns[now_ms]

    def of(self, segment: str, now_ms: int) -> BoolArray:
        """Who is of a segment at a moment [S]."""
        for start in LOVES:
            if segment.startswith(start):
                return self._loves(self._floor.of_kind(start[:-1], segment[len(start) :]), now_ms)
        return _SEGMENTS[segment](self, now_ms)

    def _loves(self, items: BoolArray, now_ms: int) -> BoolArray:
        past = self._histories
        lately = (past.times < now_ms) & (past.times >= now_ms - LOVE_DAYS * DAY_MS)
        mine = lately & items[past.items]
        shoppers, count, weights = past.shoppers, len(past), past.weights()
        every = np.bincount(shoppers[lately], weights=weights[lately], minlength=count)
        here = np.bincount(shoppers[mine], weights=weights[mine], minlength=count)
        events = np.bincount(shoppers[mine], minlength=count)
        pairs = np.unique(shoppers[mine] * max(past.n_items, 1) + past.items[mine])
        different = np.bincount(pairs // max(past.n_items, 1), minlength=count)
        return (2 * here >= every) & (events >= LOVE_EVENTS) & (different > 1)

    def _new(self, now_ms: int) -> BoolArray:
        return ~self._returning(now_ms)

    def _returning(self, now_ms: int) -> BoolArray:
        past = self._histories
        return np.bincount(past.shoppers[past.times < now_ms], minlength=len(past)) > 0

    def _buyers(self, now_ms: int) -> BoolArray:
        return has_bought(self.columns(now_ms))

    def _likely(self, now_ms: int) -> BoolArray:
        return self._returning(now_ms) & self._chances.is_likely(self.columns(now_ms))

    def _leaving(self, now_ms: int) -> BoolArray:
        return self._chances.is_leaving(self.columns(now_ms))

    def _lapsed(self, now_ms: int) -> BoolArray:
        return self._chances.has_lapsed(self.columns(now_ms))

    def _left_cart(self, now_ms: int) -> BoolArray:
        carts = self._carts.keep(self._carts.times < now_ms)
        return np.bincount(carts.shoppers[carts_left_at(carts, now_ms)], minlength=len(carts)) > 0

    def _hesitating(self, now_ms: int) -> BoolArray:
        past = self._histories.keep(self._histories.times < now_ms)
        shoppers, count = past.shoppers, len(past)
        came_back = returns_in(past) & (past.times >= now_ms - 7 * DAY_MS)
        bought = past.kinds == KindCode.PURCHASE
        last = np.full((2, count), -1, dtype=np.int64)
        np.maximum.at(last[0], shoppers[came_back], past.times[came_back])
        np.maximum.at(last[1], shoppers[bought], past.times[bought])
        often = np.bincount(shoppers[came_back], minlength=count) >= RETURNS
        return np.asarray(often & (last[1] <= last[0]))


_SEGMENTS: dict[str, Callable[[Crowd, int], BoolArray]] = {
    "new": Crowd._new,
    "returning": Crowd._returning,
    "buyers": Crowd._buyers,
    "likely_to_buy": Crowd._likely,
    "likely_to_leave": Crowd._leaving,
    "lapsed": Crowd._lapsed,
    "left_cart": Crowd._left_cart,
    "hesitating": Crowd._hesitating,
}
assert _SEGMENTS.keys() == SEGMENTS.keys()


class Whom:
    """One shopper at one moment. Nothing is worked out before it is asked for, and then kept for a minute."""

    __slots__ = ("_crowd", "_floor", "_minute", "_past", "_states")

    def __init__(self, floor: Floor, past: Past, now_ms: int) -> None:
        self._floor, self._past = floor, past
        self._crowd: Crowd | None = None
        self._minute = now_ms // 60_000
        self._states = floor.answering.states.of(past) if past else None

    def any_of(self, segments: Iterable[str]) -> bool:
        """Whether they are of any of these segments."""
        return any(self.is_of(name) for name in segments)

    def is_of(self, segment: str) -> bool:
        """Whether they are of a segment."""
        past, states = self._past, self._states
        if states is None:
            return segment == "new"
        match segment:
            case "new":
                return False
            case "returning":
                return True
            case "buyers":
                return bool(past.purchases)
        known: dict[str, bool] = states(("segments", self._minute), dict)
        if segment not in known:
            if self._crowd is None:
                self._crowd = Crowd(self._floor, past.history, past.carts(self._floor.items))
            known[segment] = bool(self._crowd.of(segment, (self._minute + 1) * 60_000)[0])
        return known[segment]
