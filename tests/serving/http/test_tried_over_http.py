"""What was tried on counts from the next request on, is a reason of its own, and goes along with a log-in."""

from __future__ import annotations

from typing import Any

from bottega.actions.closet.tried import tell_tried
from bottega.events.aliases import kind_of
from bottega.events.kinds import proposal
from bottega.names import KIND_WEIGHT, EventKind, KindCode

VISITOR = "v-0123456789abcdef0123"


def test_what_was_tried_on_speaks_for_what_is_like_it(door: Any) -> None:
    before = door.ids(shopper="new one", n=10)
    tell_tried(door.shop, "new one", ["coffee-1", "coffee-1", "tea-2"])
    rows = door.shop.folder.store.events.of_shopper("new one", 9)
    assert sorted((row.product_id, row.kind, row.source) for row in rows) == [
        ("coffee-1", KindCode.TRY_ON, "dressing room"),
        ("tea-2", KindCode.TRY_ON, "dressing room"),
    ]
    answer = door.ask(shopper="new one", n=10)
    assert answer["fallback"] is None and [item["product_id"] for item in answer["items"]] != before
    told = {reason["code"] for item in answer["items"] for reason in item["reasons"]}
    assert "because_you_tried_on" in told and "because_you_viewed" not in told


def test_nobody_tries_nothing_on_and_a_log_in_takes_it_along(door: Any) -> None:
    tell_tried(door.shop, None, ["coffee-1"])
    tell_tried(door.shop, "", ["coffee-1"])
    tell_tried(door.shop, VISITOR, [])
    assert not door.shop.folder.store.events.of_shopper(VISITOR, 9)
    tell_tried(door.shop, VISITOR, ["coffee-1"])
    event = {"shopper_id": "ana", "anonymous_id": VISITOR, "kind": "view", "product_id": "tea-2"}
    door.post("/v1/events", event)
    assert {row.product_id for row in door.shop.folder.store.events.of_shopper("ana", 9)} == {"coffee-1", "tea-2"}


def test_a_try_on_counts_more_than_a_click_and_less_than_a_wish() -> None:
    assert KIND_WEIGHT[KindCode.CLICK] < KIND_WEIGHT[KindCode.TRY_ON] < KIND_WEIGHT[KindCode.WISHLIST]
    assert kind_of("Virtual Try-On") is EventKind.TRY_ON and kind_of("dressed") is EventKind.TRY_ON
    assert proposal("shirt try on opened") is EventKind.TRY_ON and proposal("address changed") is not EventKind.TRY_ON
    assert proposal("entry_on_page") is not EventKind.TRY_ON
