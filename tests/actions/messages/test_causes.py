"""Why somebody is written to: each trigger by its events, with its time, its caps and what it must never say."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bottega.actions.messages.causes import (
    KINDS,
    RecipientState,
    RunsOut,
    causes_of,
    held_back,
    letters_due,
)
from bottega.actions.messages.look import seen_anew
from bottega.catalogue.product import Product
from bottega.names import DAY_MS, Availability, KindCode
from bottega.settings import ShopSettings
from bottega.shop.shoppers.letter_rules import LetterRules, zones_of
from bottega.store.events import StoredEvent
from bottega.store.letters import SentLetter
from bottega.store.looks import ProductLook

NOW = int(datetime(2026, 11, 5, 12, 0, tzinfo=UTC).timestamp() * 1000)
HOUR = 3_600_000
RULES = LetterRules.of(ShopSettings.model_validate({}))
PRODUCTS = {
    name: Product(id=name, group_id=group, title=name.title(), price_minor=price, currency="EUR")
    for name, group, price in [("lamp", None, 2000), ("mug-s", "mug", 900), ("mug-m", "mug", 900), ("tea", None, 500)]
}


def did(kind: KindCode, product: str, ago_ms: int, *, returned: int = 0, seq: int = 0) -> StoredEvent:
    return StoredEvent(
        seq, "ana", f"e{seq}", "ana", None, None, kind, product, NOW - ago_ms, 1, None, None, None, None, None, None,
        returned,
    )  # fmt: skip


def state(*events: StoredEvent, **more: object) -> RecipientState:
    ordered = sorted(events, key=lambda one: one.time_ms)
    given = {"products": PRODUCTS, "agreed_ms": NOW - 30 * DAY_MS, **more}
    return RecipientState("ana", ordered, **given)  # type: ignore[arg-type]


def due(one: RecipientState, rules: LetterRules = RULES, now: int = NOW) -> list[tuple[str, list[str]]]:
    return [(cause.kind, [each.product_id for each in cause.products]) for cause in letters_due(one, rules, now)]


def sent(kind: str, cause: str, ago_ms: int) -> SentLetter:
    return SentLetter(f"l-{cause}", "ana", kind, [cause], [], "en", "smtp", "sent", NOW - ago_ms)


CART = did(KindCode.ADD_TO_CART, "lamp", 5 * HOUR)


def test_a_cart_is_left_after_hours_and_forgotten_after_days() -> None:
    assert due(state(CART)) == [("cart", ["lamp"])]
    assert due(state(did(KindCode.ADD_TO_CART, "lamp", 3 * HOUR))) == []
    assert due(state(did(KindCode.ADD_TO_CART, "lamp", 8 * DAY_MS))) == []
    assert due(state(CART, did(KindCode.REMOVE_FROM_CART, "lamp", HOUR))) == []
    assert due(state(CART, did(KindCode.ADD_TO_CART, "mug-s", 2 * HOUR))) == [], "they are still at it"
    assert causes_of(state(did(KindCode.ADD_TO_CART, "lamp", HOUR)), RULES, NOW, "cart", waits=False)


def test_nothing_bought_is_written_of_nor_a_variant_of_it() -> None:
    mug = did(KindCode.ADD_TO_CART, "mug-s", 6 * HOUR)
    assert due(state(mug)) == [("cart", ["mug-s"])]
    assert due(state(mug, did(KindCode.PURCHASE, "mug-m", 5 * HOUR))) == []
    assert due(state(mug, did(KindCode.PURCHASE, "tea", 5 * HOUR))) == [("cart", ["mug-s"])]
    look = {"mug-s": ProductLook("mug-s", True, 900, "EUR", back_ms=NOW - HOUR)}
    seen = did(KindCode.VIEW, "mug-s", 9 * DAY_MS)
    assert due(state(seen, looks=look)) == [("back", ["mug-s"])]
    assert due(state(seen, did(KindCode.PURCHASE, "mug-m", 20 * DAY_MS), looks=look)) == []
    returned = did(KindCode.PURCHASE, "mug-m", 20 * DAY_MS, returned=1)
    assert due(state(seen, returned, looks=look)) == [("back", ["mug-s"])]


def test_what_cannot_be_bought_is_not_written_of() -> None:
    gone = {"lamp": PRODUCTS["lamp"].model_copy(update={"availability": Availability.OUT_OF_STOCK})}
    assert due(state(CART, products=gone)) == [] and due(state(CART, products={})) == []


def test_back_and_price_need_an_interest_from_before_and_are_news_for_days() -> None:
    back = {"lamp": ProductLook("lamp", True, 2000, "EUR", back_ms=NOW - HOUR)}
    assert due(state(did(KindCode.VIEW, "lamp", DAY_MS), looks=back)) == [("back", ["lamp"])]
    assert due(state(did(KindCode.VIEW, "lamp", 0), looks=back)) == []
    assert due(state(did(KindCode.VIEW, "lamp", DAY_MS), looks=back), now=NOW + 4 * DAY_MS) == []
    for before, expected in ((2500, [("price", ["lamp"])]), (2100, [])):
        look = {"lamp": ProductLook("lamp", True, 2000, "EUR", dropped_ms=NOW - HOUR, before_minor=before)}
        assert due(state(did(KindCode.WISHLIST, "lamp", DAY_MS), looks=look)) == expected


def test_runs_out_within_days_unless_bought_since() -> None:
    bought = did(KindCode.PURCHASE, "tea", 28 * DAY_MS)
    soon = [RunsOut("tea", bought.time_ms, NOW + 2 * DAY_MS)]
    assert due(state(bought, runs_out=soon)) == [("again", ["tea"])]
    assert due(state(bought, runs_out=[RunsOut("tea", bought.time_ms, NOW + 9 * DAY_MS)])) == []
    assert due(state(bought, runs_out=[RunsOut("tea", bought.time_ms, NOW - 1)])) == []
    assert due(state(bought, did(KindCode.PURCHASE, "tea", DAY_MS), runs_out=soon)) == []


def test_next_comes_so_many_days_after_a_purchase_and_welcome_after_the_yes() -> None:
    assert due(state(did(KindCode.PURCHASE, "tea", 15 * DAY_MS))) == [("next", [])]
    assert due(state(did(KindCode.PURCHASE, "tea", 13 * DAY_MS))) == []
    assert due(state(agreed_ms=NOW - HOUR)) == [("welcome", [])]
    assert due(state(CART, agreed_ms=NOW - HOUR)) == [("welcome", [])], "one letter at a time"


def test_never_twice_for_the_same_cause() -> None:
    told = f"cart:lamp:{CART.time_ms}"
    assert due(state(CART, sent=[sent("cart", told, 3 * DAY_MS)])) == []
    again = did(KindCode.ADD_TO_CART, "mug-s", 9 * HOUR // 2)
    assert due(state(CART, again, sent=[sent("cart", told, 3 * DAY_MS)])) == [("cart", ["mug-s", "lamp"])]
    look = {name: ProductLook(name, True, 2000, "EUR", back_ms=NOW - HOUR) for name in ("lamp", "tea")}
    seen = [did(KindCode.VIEW, name, DAY_MS) for name in look]
    letter = sent("back", f"back:lamp:{NOW - HOUR}", 2 * DAY_MS)
    assert due(state(*seen, looks=look, sent=[letter])) == [("back", ["tea"])]


def test_caps_count_hours_and_days_back() -> None:
    other = [sent("next", f"next:{place}", place * DAY_MS + HOUR) for place in range(1, 4)]
    assert held_back(state(CART, sent=other), RULES, NOW) == "enough_written"
    assert due(state(CART, sent=other[:2])) == [("cart", ["lamp"])]
    assert due(state(CART, sent=[sent("next", "next:0", 23 * HOUR)])) == []


@pytest.mark.parametrize(
    ("hour", "country", "quiet"),
    [
        (12, None, False),
        (22, None, True),
        (7, None, True),
        (8, None, False),
        (20, "DE", True),
        (7, "DE", False),
        (13, "US", True),
        (19, "US", False),
    ],
)
def test_quiet_hours_are_those_of_the_shopper(hour: int, country: str | None, quiet: bool) -> None:
    now = NOW + (hour - 12) * HOUR
    one = state(CART, zones=zones_of(country, UTC))
    assert (held_back(one, RULES, now) == "quiet_hours") is quiet
    never = LetterRules.of(ShopSettings.model_validate({"letters_quiet": "0-0"}))
    assert held_back(one, never, now) == ""


def test_who_told_no_country_has_the_clock_of_the_shop() -> None:
    assert zones_of(None, ZoneInfo("Asia/Tokyo")) == (ZoneInfo("Asia/Tokyo"),)
    assert ZoneInfo("Europe/Berlin") in zones_of("DE", UTC)


def test_only_with_consent_and_only_kinds_that_are_on() -> None:
    assert held_back(state(CART, agreed_ms=None), RULES, NOW) == "no_consent" and due(state(CART, agreed_ms=None)) == []
    assert due(state(CART, personal=False)) == []
    assert due(state(CART), LetterRules.of(ShopSettings.model_validate({"letters": ["back"]}))) == []
    assert set(KINDS) == set(ShopSettings.model_validate({}).letters)


def test_a_look_notices_what_came_back_and_what_fell_in_price() -> None:
    lamp = PRODUCTS["lamp"]
    out = lamp.model_copy(update={"availability": Availability.OUT_OF_STOCK})
    first = seen_anew(out, None, 1)
    assert (first.back_ms, first.dropped_ms) == (None, None)
    back = seen_anew(lamp, first, 2)
    assert back.back_ms == 2 and seen_anew(lamp, back, 3) == back
    cheap = seen_anew(lamp.model_copy(update={"price_minor": 1500}), back, 4)
    assert (cheap.dropped_ms, cheap.before_minor, cheap.back_ms) == (4, 2000, 2)
    assert seen_anew(lamp, cheap, 5).dropped_ms is None, "it rose again"
    dollars = seen_anew(lamp.model_copy(update={"price_minor": 100, "currency": "USD"}), back, 6)
    assert dollars.dropped_ms is None, "another currency is no lower price"
