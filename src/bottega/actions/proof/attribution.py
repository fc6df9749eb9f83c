"""What was seen, clicked, carted and sold through lists: last touch, within a window, in one currency at a time.

A purchase that names a list itself belongs to it. Any other belongs to the last click of its shopper on that product
(or a variant of it) within the window. What was shown and not clicked is told apart and in no sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.actions.proof.attribution_shapes import AttributionAnswer, AttributionRequest, AttributionRow
from bottega.currencies import exponent
from bottega.events.times import now_ms
from bottega.experiments.touches import last_touch
from bottega.names import DAY_MS, KindCode
from bottega.shop.open_shop import OpenShop
from bottega.shop.segments.crowd import Crowd
from bottega.shop.segments.names import SEGMENTS
from bottega.store.attribution import AttributionStore, ListedAs, PricedAs
from bottega.store.letters import LETTER_PREFIX

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CLICKS", "CountedEvent", "ToldEvents", "attribution", "counted_by_shopper"]

DEFAULT = "default"
"""The strategy of a list for which none was asked."""
ELSEWHERE = "elsewhere"
"""The placement of a list that the log of answers does not have, or has no more."""
CLICKS = [int(k) for k in (KindCode.CLICK, KindCode.VIEW, KindCode.WISHLIST, KindCode.ADD_TO_CART, KindCode.TRY_ON)]
NOTE = (
    "Attribution says through which list something was sold, not what would have been sold without it: many shoppers "
    "would have found it anyway. An experiment tells that (bottega experiment new)."
)
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def attribution(shop: OpenShop, request: AttributionRequest) -> AttributionAnswer:
    """What was sold through lists, by place, strategy, rule, product, segment or week."""
    until_ms = now_ms() if request.until is None else min(now_ms(), int(request.until.timestamp() * 1000))
    since_ms = until_ms - request.days * DAY_MS
    reach_ms = DAY_MS * max(request.window_days, request.view_days)
    store, currency = shop.store.attribution, shop.settings.currency
    about = None if request.products is None else store.named_alike(request.products)
    told = ToldEvents(store.frame(since_ms - reach_ms, until_ms, about), store, currency)
    touched = list(told.touched(request.window_days * DAY_MS, request.view_days * DAY_MS, since_ms))
    members = _members(shop, told, touched) if request.by == "segment" else {}
    names = _names(request.by, told, store, members, shop.settings.zone)
    counts: dict[str, _Count] = defaultdict(_Count)
    total = _Count()
    for at, what in touched:
        total.add(told, at, what)
        for name in names(at, told.source(at, what)):
            counts[name].add(told, at, what)
    went_out: dict[str, int] = defaultdict(int)
    listed = request.by in ("placement", "strategy") and about is None
    for placement, strategy, count in store.list_counts(since_ms, until_ms) if about is None else ():
        went_out[placement if request.by == "placement" else strategy or DEFAULT] += count
    for name in went_out if listed else ():
        counts.setdefault(name, _Count())
    rows = [one.row(name, went_out[name] if listed else None) for name, one in counts.items()]
    rows = [row for row in rows if request.names is None or row.name in request.names]
    rows.sort(key=lambda row: (-row.revenue, -row.clicks, row.name))
    bought = np.flatnonzero((told.kind == KindCode.PURCHASE) & (told.time_ms >= since_ms) & (told.left > 0))
    mine = bought[told.money[bought] == currency]
    shop_revenue = float((told.worth[mine] * told.left[mine]).sum())
    return AttributionAnswer(
        by=request.by,
        model=f"Last click on the product within {request.window_days} days; view-through within {request.view_days}, "
        "apart.",
        since=_moment(since_ms),
        until=_moment(until_ms),
        currency=currency,
        rows=rows[: request.n],
        total=total.row("all lists", sum(went_out.values()) if about is None else None),
        shop_purchases=len(bought),
        shop_revenue=round(shop_revenue, 2),
        share=total.revenue / shop_revenue if shop_revenue > 0 else None,
        unpriced=int((told.money[bought] == "").sum()),
        note=NOTE,
    )


class CountedEvent(NamedTuple):
    """One event that counts in a sum of `attribution`, and whose it is."""

    shopper: str
    time_ms: int
    what: str
    """clicks, carts, purchases (through lists), or sold (any purchase of the shop)."""
    lines: int
    revenue: float
    """In the shop's currency; 0 where it is none of a purchase, or in another one."""


def counted_by_shopper(shop: OpenShop, since_ms: int, until_ms: int, *, window_days: int = 7) -> Iterator[CountedEvent]:
    """What the sums of `attribution` of the same time are sums of."""
    store, currency = shop.store.attribution, shop.settings.currency
    told = ToldEvents(store.frame(since_ms - window_days * DAY_MS, until_ms), store, currency)

    def counted(at: int, what: str) -> CountedEvent:
        left, mine = int(told.left[at]), told.money[at] == currency
        bought = what in ("purchases", "sold")
        revenue = float(told.worth[at]) * left if bought and mine else 0.0
        return CountedEvent(told.shopper[at], int(told.time_ms[at]), what, int(left > 0) if bought else 1, revenue)

    for at, what in told.touched(window_days * DAY_MS, DAY_MS, since_ms):
        if what in ("clicks", "carts", "purchases"):
            yield counted(at, what)
    for at in np.flatnonzero((told.kind == KindCode.PURCHASE) & (told.time_ms >= since_ms)).tolist():
        yield counted(at, "sold")


def _moment(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat("T", "seconds")


class ToldEvents:
    """The events as arrays [E], by time."""

    def __init__(self, frame: pl.DataFrame, store: AttributionStore, currency: str) -> None:
        self.currency = currency
        self.shopper = frame["shopper"].to_numpy()
        self.kind = frame["kind"].to_numpy()
        self.time_ms: Ints = frame["time_ms"].to_numpy()
        self.left: Ints = (frame["quantity"] - frame["returned"]).to_numpy()
        self.returned = frame["returned"].to_numpy()
        self.list = frame["recommendation_id"].fill_null("").to_numpy()
        names = frame["product_id"].to_list()
        lists = sorted({name for name in self.list.tolist() if name})
        self.lists = store.lists(lists)
        self.talks = store.talks([name for name in lists if name not in self.lists])
        listed = {name for one in self.lists.values() if one.rules for name in one.products}
        priced = store.priced(sorted({*names, *listed}))
        none = PricedAs("", None, None)
        self._items = {name: one.item for name, one in priced.items()}
        self.item = [self._items.get(name, name) for name in names]
        values = frame["value"].to_list()
        money, worth = [], []
        for name, value in zip(names, values, strict=True):
            one = priced.get(name, none)
            if value is not None:
                money.append(currency)
                worth.append(value)
            elif one.price_minor is not None and one.currency is not None:
                money.append(one.currency)
                worth.append(one.price_minor / 10 ** exponent(one.currency))
            else:
                money.append("")
                worth.append(0.0)
        self.money, self.worth = np.array(money, dtype=object), np.array(worth, dtype=np.float64)
        self._codes = _codes(self.shopper.tolist()), _codes(self.item)
        self._touch: dict[tuple[int, str], int] = {}

    def source(self, at: int, what: str) -> int:
        """The event that names the list to which one belongs."""
        return self._touch.get((at, what), at)

    def same(self, listed: ListedAs, place: int, at: int) -> bool:
        """Whether an event is about the product that stood at a place of a list, or a variant of it."""
        name = listed.products[place] if place < len(listed.products) else ""
        item: str = self.item[at]
        return self._items.get(name, name) == item

    def touched(self, window_ms: int, view_ms: int, since_ms: int) -> Iterable[tuple[int, str]]:
        """Each event that counts, with what it counts as."""
        named = self.list != ""
        clicks = np.flatnonzero(named & np.isin(self.kind, CLICKS))
        shown = np.flatnonzero(named & (self.kind == KindCode.IMPRESSION))
        inside = self.time_ms >= since_ms
        for what, places in (("impressions", shown), ("clicks", clicks)):
            keys = [(self.list[at], self.shopper[at], self.item[at]) for at in places[inside[places]].tolist()]
            first = dict(zip(reversed(keys), reversed(places[inside[places]].tolist()), strict=True))
            yield from ((at, what) for at in first.values())
        for what, kind in (("carts", KindCode.ADD_TO_CART), ("purchases", KindCode.PURCHASE)):
            goals = np.flatnonzero(inside & (self.kind == kind))
            by_click = self._last(clicks, goals, window_ms)
            by_view = self._last(shown, goals, view_ms) if kind is KindCode.PURCHASE else np.full(len(goals), -1)
            for at, click, view in zip(goals.tolist(), by_click.tolist(), by_view.tolist(), strict=True):
                if named[at]:
                    yield at, what
                elif click >= 0:
                    self._touch[at, what] = click
                    yield at, what
                elif view >= 0:
                    self._touch[at, "views"] = view
                    yield at, "views"

    def _last(self, touches: Ints, goals: Ints, window_ms: int) -> Ints:
        """The place of the last touch before each goal, or -1."""
        shoppers, items = self._codes
        found = last_touch(
            shoppers[touches],
            items[touches],
            self.time_ms[touches],
            shoppers[goals],
            items[goals],
            self.time_ms[goals],
            window_ms=window_ms,
        )
        return np.where(found >= 0, touches[np.maximum(found, 0)] if len(touches) else -1, -1)


def _codes(names: list[str]) -> Ints:
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)


class _Count:
    """What one row adds up to."""

    def __init__(self) -> None:
        self.of: dict[str, int] = defaultdict(int)
        self.pieces, self.revenue, self.refunded, self.view_revenue = 0, 0.0, 0.0, 0.0
        self.others: dict[str, float] = defaultdict(float)

    def add(self, told: ToldEvents, at: int, what: str) -> None:
        if what not in ("purchases", "views"):
            self.of[what] += 1
            return
        left, worth, money = int(told.left[at]), float(told.worth[at]), told.money[at]
        self.of[what] += left > 0
        mine = money == told.currency
        if what == "views":
            self.view_revenue += worth * left if mine else 0.0
            return
        self.pieces += left
        if mine:
            self.revenue += worth * left
            self.refunded += worth * int(told.returned[at])
        elif money:
            self.others[money] += worth * left

    def row(self, name: str, lists: int | None) -> AttributionRow:
        return AttributionRow(
            name=name,
            lists=lists,
            impressions=self.of["impressions"],
            clicks=self.of["clicks"],
            carts=self.of["carts"],
            purchases=self.of["purchases"],
            pieces=self.pieces,
            revenue=round(self.revenue, 2),
            refunded=round(self.refunded, 2),
            view_purchases=self.of["views"],
            view_revenue=round(self.view_revenue, 2),
            other_currencies={currency: round(amount, 2) for currency, amount in sorted(self.others.items())},
        )


Namer = Callable[[int, int], list[str]]
Members = dict[tuple[int, str], list[str]]
"""Day and shopper -> segments."""


def _members(shop: OpenShop, told: ToldEvents, touched: Iterable[tuple[int, str]]) -> Members:
    """Who was of which segment at the beginning of a day, for each day of a list's touch."""
    days = sorted({int(told.time_ms[told.source(at, what)]) // DAY_MS for at, what in touched})
    found: Members = {}
    with shop.floor() as floor:
        crowd = Crowd.everybody(shop.store, floor)
        for day in days:
            of = {name: np.flatnonzero(crowd.of(name, day * DAY_MS)) for name in SEGMENTS if name not in _EXACT}
            for name, places in of.items():
                for place in places.tolist():
                    found.setdefault((day, crowd.shoppers[place]), []).append(name)
    return found


_EXACT = ("new", "returning", "buyers")
"""Segments that are told to the millisecond, of which a shopper is of one."""


def _names(by: str, told: ToldEvents, store: AttributionStore, members: Members, zone: tzinfo) -> Namer:
    """To which rows an event belongs, given the one that names its list."""

    def listed(source: int) -> ListedAs | None:
        return told.lists.get(told.list[source])

    def placement(at: int, source: int) -> list[str]:
        name = told.list[source]
        if (found := listed(source)) is not None:
            return [found.placement]
        return ["letters" if name.startswith(LETTER_PREFIX) else "talks" if name in told.talks else ELSEWHERE]

    def strategy(at: int, source: int) -> list[str]:
        found = listed(source)
        return [ELSEWHERE if found is None else found.strategy or DEFAULT]

    def rule(at: int, source: int) -> list[str]:
        found = listed(source)
        if found is None or not found.rules:
            return []
        there = {name for name, places in found.rules.items() for place in places if told.same(found, place, at)}
        return sorted(there)

    def product(at: int, source: int) -> list[str]:
        return [told.item[at]]

    def week(at: int, source: int) -> list[str]:
        day = datetime.fromtimestamp(int(told.time_ms[source]) / 1000, zone).date()
        return [str(day - timedelta(days=day.weekday()))]

    def segment(at: int, source: int) -> list[str]:
        came, bought = first_times.get(told.shopper[at], (0, None))
        when = int(told.time_ms[source])
        first = "buyers" if bought is not None and bought < when else "returning" if came < when else "new"
        return [first, *members.get((when // DAY_MS, told.shopper[at]), ())]

    first_times = store.first_times(sorted(set(told.shopper.tolist()))) if by == "segment" else {}
    found: dict[str, Namer] = {
        "placement": placement,
        "strategy": strategy,
        "rule": rule,
        "product": product,
        "segment": segment,
        "week": week,
    }
    return found[by]
