"""Refunds take purchases out of histories, whichever arrives first, and however often."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from bottega.events.event import Event
from bottega.events.numbers import ALL_PIECES
from bottega.names import EventKind, KindCode
from bottega.store.store import Store


def event(kind: str, event_id: str, **fields: Any) -> Event:
    return Event.model_validate({"kind": kind, "event_id": event_id, "time_ms": 1000, **fields})


def bought(event_id: str, product: str, quantity: int = 1, **fields: Any) -> Event:
    return event("purchase", event_id, **{"shopper_id": "ada", "product_id": product, "quantity": quantity, **fields})


def left(store: Store) -> dict[str, int]:
    """Product -> pieces that are still bought, as everything that learns sees it."""
    frame = store.events.frame()
    assert set(frame["kind"].to_list()) <= {int(KindCode.PURCHASE), int(KindCode.VIEW)}
    return {
        row["product_id"]: row["quantity"] for row in frame.iter_rows(named=True) if row["kind"] == KindCode.PURCHASE
    }


def test_a_line_of_an_order_comes_back_whole_or_in_part(store: Store) -> None:
    order: dict[str, Any] = {"order_id": "o1"}
    store.events.add([bought("1", "mug", 3, **order), bought("2", "pot", **order), bought("3", "tin", order_id="o2")])
    store.events.add([event("refund", "r1", shopper_id="ada", product_id="mug", quantity=2, time_ms=2000, **order)])
    assert left(store) == {"mug": 1, "pot": 1, "tin": 1}
    store.events.add([event("refund", "r2", shopper_id="ada", product_id="pot", time_ms=2000, **order)])
    assert left(store) == {"mug": 1, "tin": 1}
    assert [row[3] for row in store.events.brief_of_shopper("ada", 9) if row[2] == KindCode.PURCHASE] == ["tin", "mug"]
    kept = {row.product_id: row.returned for row in store.events.of_shopper("ada", 9) if row.kind is KindCode.PURCHASE}
    assert kept == {"mug": 2, "pot": 1, "tin": 0}, "the rows stay"


def test_a_refund_without_a_product_takes_the_whole_order_back_and_what_comes_of_it_later(store: Store) -> None:
    store.events.add([bought("1", "mug", 3, order_id="o1")])
    store.events.add([event("refund", "r", shopper_id="ada", order_id="o1", time_ms=2000)])
    store.events.add([bought("2", "pot", order_id="o1"), bought("3", "tin", order_id="o2")])
    assert left(store) == {"tin": 1}


def test_the_order_of_arrival_and_sending_again_make_no_difference(store_url: str) -> None:
    rows = [
        bought("1", "mug", 2, order_id="o1", time_ms=1000),
        bought("2", "mug", 2, time_ms=1500),
        event("refund", "r1", order_id="o1", product_id="mug", quantity=1, time_ms=2000),
        event("refund", "r2", shopper_id="ada", product_id="mug", quantity=1, time_ms=3000),
    ]
    seen = set()
    for number, order in enumerate(permutations(rows)):
        with Store.open(f"{store_url}{number}" if "sqlite" in store_url else store_url) as store:
            for row in order:
                store.events.add([row])
            store.events.add(list(order))
            after = {row.event_id: row.returned for row in store.events.since(0, 99)}
            seen.add(tuple(sorted(after.items())))
            assert {row.shopper for row in store.events.since(0, 99)} == {"ada"}, "a nameless refund goes to the buyer"
        if "sqlite" not in store_url:
            break
    assert seen == {(("1", 1), ("2", 1), ("r1", 0), ("r2", 0))}


def test_without_an_order_the_last_purchase_before_it_comes_back(store: Store) -> None:
    for event_id, time_ms in (("1", 1000), ("2", 2000), ("3", 9000)):
        store.events.add([bought(event_id, "mug", time_ms=time_ms)])
    store.events.add([event("refund", "r", shopper_id="ada", product_id="mug", quantity=1, time_ms=5000)])
    assert [row.event_id for row in store.events.since(0, 9) if row.returned] == ["2"]
    store.events.add([event("refund", "r9", shopper_id="ada", product_id="mug", time_ms=5000)])
    assert [row.event_id for row in store.events.since(0, 9) if row.returned] == ["1", "2"], (
        "all pieces, but none later"
    )
    store.events.add([event("refund", "x", shopper_id="bob", product_id="mug", time_ms=9999)])
    assert left(store) == {"mug": 1}, "nobody else's"


def test_a_credit_note_has_a_number_of_its_own_until_its_order_comes(store: Store) -> None:
    store.events.add([bought("1", "mug", 5, order_id="536365")])
    store.events.add(
        [event("refund", "c", shopper_id="ada", product_id="mug", quantity=2, order_id="C9", time_ms=2000)]
    )
    assert left(store) == {"mug": 3}
    store.events.add([bought("2", "mug", 7, order_id="C9", time_ms=1500)])
    assert {row.event_id: row.returned for row in store.events.since(0, 9)} == {"1": 0, "c": 0, "2": 2}


def test_a_log_in_brings_refund_and_purchase_together(store: Store) -> None:
    store.events.add([bought("1", "mug", shopper_id=None, anonymous_id="c-1")])
    store.events.add([event("refund", "r", shopper_id="ada", product_id="mug", time_ms=2000)])
    assert left(store) == {"mug": 1}
    added = store.events.add([event("view", "v", shopper_id="ada", anonymous_id="c-1", product_id="pot", time_ms=3000)])
    assert left(store) == {} and "ada" in added.names


def test_lines_of_an_order_that_names_nobody_are_one_profile_and_go_to_the_buyer(store: Store) -> None:
    lines = [bought(str(n), product, shopper_id=None, order_id="o1") for n, product in enumerate(("mug", "pot"))]
    store.events.add(lines)
    assert {row.shopper for row in store.events.since(0, 9)} == {"order:o1"}
    store.events.add([bought("3", "tin", shopper_id="ada", session_id="order:o1")])
    assert {row.shopper for row in store.events.since(0, 9)} == {"ada"}


def test_whose_purchase_changed_is_told_and_forgetting_takes_the_refund_along(store: Store) -> None:
    store.events.add([bought("1", "mug", order_id="o1")])
    told = store.events.add([event("refund", "r", order_id="o1", time_ms=2000)])
    assert "ada" in told.names and (told.added, told.duplicates) == (1, 0)
    store.shoppers.forget("ada")
    assert store.events.count() == 0


def test_a_shop_without_refunds_asks_once(store: Store) -> None:
    store.events.add([bought("1", "mug", order_id="o1"), bought("2", "mug")])
    assert left(store) == {"mug": 1} and all(row.returned == 0 for row in store.events.since(0, 9))


@pytest.mark.parametrize("quantity", [None, 4])
def test_a_refund_says_how_many_pieces_or_means_all(quantity: int | None) -> None:
    row = {"kind": "refund", "shopper_id": "ada", "product_id": "mug", "time_ms": 1, "quantity": quantity}
    made = Event.model_validate({name: value for name, value in row.items() if value is not None})
    assert made.kind is EventKind.REFUND and made.quantity == (quantity or ALL_PIECES)
