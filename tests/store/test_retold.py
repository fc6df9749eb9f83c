"""One purchase that several sources tell of counts once, whichever arrives first, and is taken back once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind, KindCode
from bottega.store.store import Store

VISITOR = "v-0123456789abcdef"


def told(source: str | None, event_id: str, product: str = "mug", **fields: Any) -> Event:
    """What one source tells of order 81."""
    row = {"kind": "purchase", "event_id": event_id, "time_ms": 1000, "order_id": "81", "product_id": product}
    return Event.model_validate({**row, "source": source, "shopper_id": "ada", **fields})


def browser(event_id: str, product: str = "mug", who: str = VISITOR, **fields: Any) -> Event:
    """What a browser tells of it, as the door lets it through."""
    row = {"shopper_id": None, "anonymous_id": who, "order_id": f"{who}:81", **fields}
    return told(None, f"{who}:{event_id}", product, **row)


WEBHOOK = told("woocommerce:purchase", "woocommerce-81#MUG")
FILE = told("orders:purchase", "order-81#mug", shopper_id=None, anonymous_id="ada@shop.example")
PIXEL = browser("81#1")
BACK = Event(kind=EventKind.REFUND, event_id="back", order_id="81", product_id="mug", quantity=1, time_ms=2000)


def left(store: Store) -> list[tuple[str, str, int]]:
    """Whose purchases are learnt from, of what, and how many pieces."""
    frame = store.events.frame().filter(kind=int(KindCode.PURCHASE))
    return sorted(frame.select("shopper", "product_id", "quantity").iter_rows())


def in_histories(store: Store, *shoppers: str) -> int:
    rows = [row for shopper in shoppers for row in store.events.brief_of_shopper(shopper, 99)]
    return sum(row[2] == KindCode.PURCHASE for row in rows)


@pytest.mark.parametrize("order", list(permutations([WEBHOOK, FILE, PIXEL])), ids=lambda order: order[0].event_id)
def test_pixel_webhook_and_order_file_are_one_purchase(store: Store, order: Iterable[Event]) -> None:
    for event in order:
        store.events.add([event])
    assert left(store) == [("ada", "mug", 1)]
    assert in_histories(store, "ada", VISITOR, "ada@shop.example") == 1
    assert store.events.count() == 3, "the rows stay"
    for event in order:
        store.events.add([event])
    assert left(store) == [("ada", "mug", 1)], "telling again changes nothing"
    store.events.add([BACK])
    assert left(store) == []


@pytest.mark.parametrize("order", list(permutations([WEBHOOK, PIXEL, BACK])), ids=lambda order: order[0].event_id)
def test_a_refund_undoes_it_once_whenever_it_comes(store: Store, order: Iterable[Event]) -> None:
    for event in order:
        store.events.add([event])
    assert left(store) == [] and in_histories(store, "ada", VISITOR) == 0


def test_what_two_sources_say_was_given_back_is_given_back_once(store: Store) -> None:
    store.events.add([told("woocommerce:purchase", "w", quantity=3), told("orders:purchase", "o", quantity=3)])
    back: dict[str, Any] = {"kind": EventKind.REFUND, "quantity": 1}
    first = [told("woocommerce:refund", "w-back-1", **back), told("orders:purchase", "o-back-1", **back)]
    for event in first:
        store.events.add([event])
    assert left(store) == [("ada", "mug", 2)]
    store.events.add([told("woocommerce:refund", "w-back-2", **back)])
    assert left(store) == [("ada", "mug", 1)], "two refunds that one source tells of are two"


def test_lines_of_one_source_all_count_and_the_source_with_more_pieces_does(store: Store) -> None:
    lines = [told("woocommerce:purchase", f"woocommerce-81#{n}", quantity=2) for n in (1, 2)]
    store.events.add([told("orders:purchase", "order-81#mug", quantity=1)])
    for line in lines:
        store.events.add([line])
    assert left(store) == [("ada", "mug", 2), ("ada", "mug", 2)]


def test_other_products_and_other_orders_are_left_alone(store: Store) -> None:
    store.events.add([WEBHOOK, told("orders:purchase", "o-2", "pot"), told("orders:purchase", "o-3", order_id="82")])
    assert [row[1] for row in left(store)] == ["mug", "mug", "pot"]


def test_a_variant_and_its_group_are_one_product(store: Store) -> None:
    variants = [Product(id=f"mug-{color}", title="Mug", group_id="mug") for color in ("red", "blue")]
    store.products.upsert(variants)
    store.events.add([PIXEL, told("woocommerce:purchase", "w", "mug-red")])
    assert left(store) == [("ada", "mug-red", 1)]
    store.events.add([BACK])
    assert left(store) == [], "the refund names the group, the purchase that counts the variant"


def test_nobody_takes_the_place_of_an_order_of_somebody_else(store: Store) -> None:
    """Orders have numbers that anybody can guess."""
    store.events.add([browser("81#1", who="v-forged0123456789")])
    store.events.add([PIXEL])
    assert [row[0] for row in left(store)] == [VISITOR, "v-forged0123456789"], (
        "one browser's word is as good as another's"
    )
    store.events.add([WEBHOOK])
    assert left(store) == [("ada", "mug", 1)]
    store.events.add([Event(kind=EventKind.REFUND, event_id="r", order_id="81", time_ms=2000)])
    assert left(store) == []
    assert {row.shopper for row in store.events.since(0, 9) if row.kind is KindCode.REFUND} == {"ada"}


def test_a_refund_takes_back_what_the_browser_alone_told(store: Store) -> None:
    for events in ([PIXEL], [BACK]):
        store.events.add(events)
    assert left(store) == []


def test_a_purchase_without_an_order_counts_for_itself(store: Store) -> None:
    store.events.add([WEBHOOK, told(None, "p", order_id=None)])
    assert len(left(store)) == 2


def test_the_histories_of_both_are_out_of_date(store: Store) -> None:
    store.events.add([PIXEL])
    added = store.events.add([WEBHOOK])
    assert {VISITOR, "ada"} <= added.names and (added.added, added.retold) == (1, 1)
