"""Why somebody is written to: what they did, what became of the products, and what was written before. Pure.

Idea     A cause is a fact of the shopper's own events (left in the cart, looked at, bought) and mostly one of today (it
         is back, it costs less, it runs out). Each has a key; a key that a letter was sent for is never written of
         again. What was bought since is written of no more.
Order    The first of these that has a cause: welcome, cart, again, back, price, next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import NamedTuple

from bottega.catalogue.product import Product
from bottega.names import DAY_MS, KindCode
from bottega.shop.shoppers.letter_rules import LetterRules
from bottega.store.events import StoredEvent
from bottega.store.letters import SentLetter
from bottega.store.looks import ProductLook

__all__ = ["KINDS", "Cause", "CauseProduct", "RecipientState", "RunsOut", "causes_of", "held_back", "letters_due"]

KINDS = ("welcome", "cart", "again", "back", "price", "next")
"""Kinds of letter, the first to be written first."""
CART_DAYS = 7
"""A cart that was left longer ago is forgotten."""
INTEREST_DAYS = 90
"""What somebody looked at longer ago, they no longer wait for."""
FRESH_DAYS = 3
"""What came back or fell in price longer ago is no news."""
WELCOME_DAYS = 2
_WATCHED = (KindCode.WISHLIST, KindCode.ADD_TO_CART, KindCode.TRY_ON, KindCode.VIEW, KindCode.CLICK)
"""What shows an interest, the strongest first."""


class RunsOut(NamedTuple):
    """What this shopper buys again and again: when they bought it last, and when half of such are used up."""

    product_id: str
    bought_ms: int
    expected_ms: int


@dataclass(frozen=True, slots=True)
class CauseProduct:
    """One product of a letter, and what the shopper did with it. `before_minor`: of a price that fell."""

    product_id: str
    kind: KindCode
    time_ms: int
    before_minor: int | None = None
    expected_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why one letter is written. `keys`: what it is about, the newest first. No products: they are chosen then."""

    kind: str
    keys: tuple[str, ...]
    products: tuple[CauseProduct, ...] = ()


@dataclass(frozen=True)
class RecipientState:
    """All that the triggers look at. Events are the newest ones, in order of time."""

    shopper: str
    events: Sequence[StoredEvent] = ()
    products: Mapping[str, Product] = field(default_factory=dict)
    """Those that the events name, as far as the catalogue has them."""
    looks: Mapping[str, ProductLook] = field(default_factory=dict)
    runs_out: Sequence[RunsOut] = ()
    agreed_ms: int | None = None
    """When they agreed to be written to; None: they did not."""
    personal: bool = True
    """Whether what they did may speak in what they are told."""
    zones: Sequence[tzinfo] = (UTC,)
    sent: Sequence[SentLetter] = ()


def letters_due(state: RecipientState, rules: LetterRules, now_ms: int, *, only: str | None = None) -> list[Cause]:
    """The letter that is due now: at most one, and none while it is held back. `only`: of this kind, now."""
    if held_back(state, rules, now_ms):
        return []
    told = {key for letter in state.sent for key in letter.causes}
    for kind in KINDS if only is None else (only,):
        if kind not in rules.kinds:
            continue
        for cause in causes_of(state, rules, now_ms, kind, waits=only is None):
            if (fresh := _untold(cause, told)) is not None:
                return [fresh]
    return []


def _untold(cause: Cause, told: set[str]) -> Cause | None:
    """The cause without what was written of before; a cart is told whole, when something new is in it."""
    if cause.kind == "cart" or not cause.products:
        return cause if cause.keys[0] not in told else None
    kept = [(key, one) for key, one in zip(cause.keys, cause.products, strict=True) if key not in told]
    return Cause(cause.kind, tuple(key for key, _ in kept), tuple(one for _, one in kept)) if kept else None


def held_back(state: RecipientState, rules: LetterRules, now_ms: int) -> str:
    """Why nobody writes to this shopper now, whatever the cause; empty where nothing speaks against it."""
    if state.agreed_ms is None:
        return "no_consent"
    if rules.is_quiet(now_ms, state.zones):
        return "quiet_hours"
    day = sum(now_ms - DAY_MS < letter.time_ms for letter in state.sent)
    week = sum(now_ms - 7 * DAY_MS < letter.time_ms for letter in state.sent)
    return "enough_written" if day >= rules.per_day or week >= rules.per_week else ""


def causes_of(state: RecipientState, rules: LetterRules, now_ms: int, kind: str, *, waits: bool = True) -> list[Cause]:
    """The causes of one kind, the newest first. Without `waits` one counts though its time has not come."""
    if kind == "welcome":
        fresh = state.agreed_ms is not None and now_ms - state.agreed_ms < WELCOME_DAYS * DAY_MS
        return [Cause("welcome", ("welcome",))] if fresh or not waits else []
    if not state.personal:
        return []
    return _OF_KIND[kind](state, rules, now_ms, waits)


def _cart(state: RecipientState, rules: LetterRules, now_ms: int, waits: bool) -> list[Cause]:
    left: dict[str, int] = {}
    for event in state.events:
        if event.product_id is None:
            continue
        if event.kind is KindCode.ADD_TO_CART:
            left[event.product_id] = event.time_ms
        elif event.kind is KindCode.REMOVE_FROM_CART:
            left.pop(event.product_id, None)
        elif event.kind is KindCode.PURCHASE:
            group = _group(state, event.product_id)
            left = {one: at for one, at in left.items() if _group(state, one) != group}
    found = [
        CauseProduct(one, KindCode.ADD_TO_CART, at)
        for one, at in left.items()
        if _sold(state, one) and (not waits or now_ms - at < CART_DAYS * DAY_MS)
    ]
    found.sort(key=lambda one: (-one.time_ms, one.product_id))
    if not found or (waits and now_ms - found[0].time_ms < rules.cart_ms):
        return []
    return [Cause("cart", tuple(f"cart:{one.product_id}:{one.time_ms}" for one in found), tuple(found))]


def _again(state: RecipientState, rules: LetterRules, now_ms: int, waits: bool) -> list[Cause]:
    found = [
        CauseProduct(one.product_id, KindCode.PURCHASE, one.bought_ms, expected_ms=one.expected_ms)
        for one in state.runs_out
        if _sold(state, one.product_id)
        and not _bought(state, one.product_id, after_ms=one.bought_ms)
        and now_ms <= one.expected_ms
        and (not waits or one.expected_ms - now_ms <= rules.lead_ms)
    ]
    return _each("again", found, lambda one: one.time_ms)


def _back(state: RecipientState, rules: LetterRules, now_ms: int, waits: bool) -> list[Cause]:
    def news(look: ProductLook) -> int | None:
        return look.back_ms

    found = [one for one, _ in _news(state, now_ms, news, waits)]
    return _each("back", found, lambda one: state.looks[one.product_id].back_ms or 0)


def _price(state: RecipientState, rules: LetterRules, now_ms: int, waits: bool) -> list[Cause]:
    def news(look: ProductLook) -> int | None:
        product = state.products[look.product_id]
        before, now = look.before_minor, product.price_minor
        same = product.currency == look.currency and look.dropped_ms is not None
        if not same or before is None or now is None or now > before * (1 - rules.price_drop):
            return None
        return look.dropped_ms

    found = [
        CauseProduct(one.product_id, one.kind, one.time_ms, before_minor=look.before_minor)
        for one, look in _news(state, now_ms, news, waits)
    ]
    return _each("price", found, lambda one: state.looks[one.product_id].dropped_ms or 0)


def _next(state: RecipientState, rules: LetterRules, now_ms: int, waits: bool) -> list[Cause]:
    bought = [event.time_ms for event in state.events if _is_purchase(event)]
    if not bought:
        return []
    rested = now_ms - max(bought)
    if waits and not rules.next_ms <= rested < rules.next_ms + FRESH_DAYS * DAY_MS:
        return []
    return [Cause("next", (f"next:{max(bought)}",))]


_OF_KIND: Mapping[str, Callable[[RecipientState, LetterRules, int, bool], list[Cause]]] = {
    "cart": _cart,
    "again": _again,
    "back": _back,
    "price": _price,
    "next": _next,
}


def _news(
    state: RecipientState, now_ms: int, news: Callable[[ProductLook], int | None], waits: bool
) -> Iterable[tuple[CauseProduct, ProductLook]]:
    """Products that this shopper showed an interest in before something became of them, and never bought."""
    for product_id, look in sorted(state.looks.items()):
        if not _sold(state, product_id) or (at := news(look)) is None or _bought(state, product_id):
            continue
        if waits and now_ms - at >= FRESH_DAYS * DAY_MS:
            continue
        interest = [
            event
            for event in state.events
            if event.product_id == product_id
            and event.kind in _WATCHED
            and event.time_ms < at
            and at - event.time_ms < INTEREST_DAYS * DAY_MS
        ]
        if interest:
            best = min(interest, key=lambda event: (_WATCHED.index(event.kind), -event.time_ms))
            yield CauseProduct(product_id, best.kind, best.time_ms), look


def _each(kind: str, found: Sequence[CauseProduct], moment: Callable[[CauseProduct], int]) -> list[Cause]:
    """One letter for all products of one kind; another one when another is added."""
    ordered = sorted(found, key=lambda one: (-moment(one), one.product_id))
    if not ordered:
        return []
    return [Cause(kind, tuple(f"{kind}:{one.product_id}:{moment(one)}" for one in ordered), tuple(ordered))]


def _sold(state: RecipientState, product_id: str) -> bool:
    product = state.products.get(product_id)
    return product is not None and product.recommendable


def _group(state: RecipientState, product_id: str) -> str:
    product = state.products.get(product_id)
    return (product.group_id if product is not None else None) or product_id


def _is_purchase(event: StoredEvent) -> bool:
    return event.kind is KindCode.PURCHASE and event.returned < event.quantity


def _bought(state: RecipientState, product_id: str, *, after_ms: int = -1) -> bool:
    """Whether it, or a variant of it, was bought and kept."""
    group = _group(state, product_id)
    return any(
        _is_purchase(event)
        and event.time_ms > after_ms
        and event.product_id is not None
        and _group(state, event.product_id) == group
        for event in state.events
    )
