"""Wish lists: read from events, the newest first, each product once; taken back with every variant, and for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.shoppers.wishes import TakeBackRequest, WishesRequest, take_back_wishes, wishes
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path) as shop:
        shirts = [Product(id=f"shirt-{size}", group_id="shirt", title="Shirt") for size in "SML"]
        shop.upsert([*shirts, Product(id="lamp", title="Lamp"), Product(id="vase", title="Vase")])
        yield shop


def wish(shop: OpenShop, *products: str, **who: str) -> None:
    events = [
        {"kind": "wishlist", "product_id": product, "time": 1_760_000_000 + place, **who}
        for place, product in enumerate(products)
    ]
    assert record_events(shop, RecordRequest(events=events)).accepted == len(products)


def test_the_newest_come_first_and_each_once(shop: OpenShop) -> None:
    wish(shop, "lamp", "shirt-M", "vase", "lamp", shopper_id="ana")
    wish(shop, "vase", shopper_id="bo")
    record_events(shop, RecordRequest(events=[{"kind": "view", "product_id": "shirt-S", "shopper_id": "ana"}]))
    answer = wishes(shop, WishesRequest(shopper="ana"))
    assert (answer.product_ids, answer.total) == (["lamp", "vase", "shirt-M"], 3)
    short = wishes(shop, WishesRequest(shopper="ana", n=2))
    assert (short.product_ids, short.total) == (["lamp", "vase"], 3)
    assert wishes(shop, WishesRequest(shopper="stranger")).total == 0


def test_what_is_taken_back_is_gone_with_its_variants_and_from_what_is_known(shop: OpenShop) -> None:
    wish(shop, "lamp", "shirt-M", "shirt-L", shopper_id="ana")
    wish(shop, "shirt-M", shopper_id="bo")
    answer = take_back_wishes(shop, TakeBackRequest(shopper="ana", product_ids=["shirt-S"]))
    assert answer.removed == 2
    assert wishes(shop, WishesRequest(shopper="ana")).product_ids == ["lamp"]
    assert wishes(shop, WishesRequest(shopper="bo")).product_ids == ["shirt-M"]
    assert len(shop.store.events.of_shopper("ana", 10)) == 1
    assert take_back_wishes(shop, TakeBackRequest(shopper="ana", product_ids=["nothing here"])).removed == 0


def test_wishes_from_before_a_log_in_are_on_the_list(shop: OpenShop) -> None:
    wish(shop, "lamp", anonymous_id="cookie")
    wish(shop, "vase", anonymous_id="cookie", shopper_id="ana")
    assert wishes(shop, WishesRequest(shopper="ana")).product_ids == ["vase", "lamp"]
    assert wishes(shop, WishesRequest(shopper="cookie")).product_ids == ["vase", "lamp"]


def test_a_long_list_is_read_to_its_end(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bottega.actions.shoppers.wishes.READ_AT_ONCE", 2)
    wish(shop, "lamp", "vase", "shirt-S", "lamp", "vase", shopper_id="ana")
    assert wishes(shop, WishesRequest(shopper="ana")).product_ids == ["vase", "lamp", "shirt-S"]
    assert take_back_wishes(shop, TakeBackRequest(shopper="ana", product_ids=["lamp", "vase"])).removed == 4
