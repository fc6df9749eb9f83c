"""What was sold through lists, counted by hand: last click, view-through apart, refunds taken off, money not mixed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionRequest, AttributionRow
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop
from bottega.store.answers import LoggedAnswer
from bottega.store.database import IN_CHUNK

DAY_S = 86_400


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path) as shop:
        shirts = [Product(id=f"shirt-{size}", group_id="shirt", title="Shirt") for size in "SM"]
        lamp = Product(id="lamp", title="Lamp", price_minor=2000, currency="EUR")
        shop.upsert([*shirts, lamp, Product(id="mug", title="Mug", price_minor=500, currency="USD")])
        now_ms, products, rules = time.time_ns() // 1_000_000, ["shirt-S", "mug"], {"summer": [0]}
        shop.store.answers.add(
            [
                LoggedAnswer("r-home", "ana", now_ms, "home", None, None, "v1", products, [1, 0], rules),
                LoggedAnswer("r-cart", "ana", now_ms, "cart", "popular", None, "v1", products, [1, 0]),
            ],
            forgotten=0,
        )
        yield shop


def told(shop: OpenShop, *events: tuple[str, str, str, float, dict[str, Any]]) -> None:
    now = time.time()
    rows = [
        {"shopper_id": who, "kind": kind, "product_id": product, "time": now - days * DAY_S, **more}
        for who, kind, product, days, more in events
    ]
    assert record_events(shop, RecordRequest(events=rows)).accepted == len(rows)


def rows(shop: OpenShop, by: str = "placement", **more: Any) -> dict[str, AttributionRow]:
    found = attribution(shop, AttributionRequest.model_validate({"by": by, **more}))
    return {row.name: row for row in [*found.rows, found.total]}


def test_a_purchase_belongs_to_the_last_click_on_any_variant(shop: OpenShop) -> None:
    told(
        shop,
        ("ana", "impression", "shirt-S", 5, {"recommendation_id": "r-home"}),
        ("ana", "click", "shirt-S", 4, {"recommendation_id": "r-home"}),
        ("ana", "view", "shirt-S", 4, {"recommendation_id": "r-home"}),
        ("ana", "click", "shirt-M", 3, {"recommendation_id": "r-cart"}),
        ("ana", "add_to_cart", "shirt-M", 2, {}),
        ("ana", "purchase", "shirt-M", 2, {"value": 30.0, "quantity": 2}),
        ("bo", "purchase", "shirt-M", 2, {"value": 30.0}),
    )
    found = rows(shop)
    home, cart = found["home"], found["cart"]
    assert (home.impressions, home.clicks, home.purchases, home.lists) == (1, 1, 0, 1)
    assert (cart.clicks, cart.carts, cart.purchases, cart.pieces, cart.revenue) == (1, 1, 1, 2, 60.0)
    answer = attribution(shop, AttributionRequest())
    assert (answer.shop_purchases, answer.shop_revenue) == (2, 90.0) and answer.share == pytest.approx(2 / 3)
    assert rows(shop, "strategy")["popular"].revenue == 60.0 and rows(shop, "product")["shirt"].revenue == 60.0


def test_the_window_ends_and_a_named_list_needs_none(shop: OpenShop) -> None:
    told(
        shop,
        ("ana", "click", "mug", 10, {"recommendation_id": "r-home"}),
        ("ana", "purchase", "mug", 1, {"value": 5.0}),
        ("bo", "purchase", "mug", 1, {"value": 5.0, "recommendation_id": "r-cart"}),
        ("cy", "purchase", "mug", 1, {"value": 5.0, "recommendation_id": "l-1"}),
        ("dee", "purchase", "mug", 1, {"value": 5.0, "recommendation_id": "of another system"}),
    )
    found = rows(shop)
    assert found["home"].purchases == 0 and found["cart"].revenue == 5.0
    assert found["letters"].purchases == 1 and found["elsewhere"].purchases == 1
    assert rows(shop, window_days=14)["home"].purchases == 1


def test_what_was_only_shown_is_apart(shop: OpenShop) -> None:
    told(
        shop,
        ("ana", "impression", "mug", 1.5, {"recommendation_id": "r-home"}),
        ("ana", "purchase", "mug", 1, {"value": 5.0}),
        ("bo", "impression", "mug", 4, {"recommendation_id": "r-home"}),
        ("bo", "purchase", "mug", 1, {"value": 5.0}),
    )
    found = rows(shop)["home"]
    assert (found.purchases, found.revenue, found.view_purchases, found.view_revenue) == (0, 0.0, 1, 5.0)
    assert rows(shop)["all lists"].revenue == 0.0


def test_refunds_are_taken_off_and_currencies_kept_apart(shop: OpenShop) -> None:
    told(
        shop,
        ("ana", "click", "mug", 3, {"recommendation_id": "r-home"}),
        ("ana", "click", "lamp", 3, {"recommendation_id": "r-home"}),
        ("ana", "purchase", "mug", 2, {"quantity": 3, "order_id": "o1"}),
        ("ana", "refund", "mug", 1, {"quantity": 1, "order_id": "o1"}),
        ("ana", "purchase", "lamp", 2, {}),
        ("ana", "click", "shirt-S", 3, {"recommendation_id": "r-home"}),
        ("ana", "purchase", "shirt-S", 2, {}),
    )
    found = rows(shop)["home"]
    assert (found.purchases, found.pieces, found.revenue, found.refunded) == (3, 4, 10.0, 5.0)
    assert found.other_currencies == {"EUR": 20.0}
    assert attribution(shop, AttributionRequest()).unpriced == 1


def test_segments_are_of_the_moment_of_the_click(shop: OpenShop) -> None:
    told(
        shop,
        ("old", "purchase", "mug", 9, {"value": 5.0}),
        ("old", "click", "mug", 2, {"recommendation_id": "r-home"}),
        ("old", "purchase", "mug", 1, {"value": 5.0}),
        ("back", "view", "lamp", 9, {}),
        ("back", "click", "mug", 2, {"recommendation_id": "r-home"}),
        ("back", "purchase", "mug", 1, {"value": 6.0}),
        ("fresh", "click", "mug", 2, {"recommendation_id": "r-home"}),
        ("fresh", "purchase", "mug", 1, {"value": 7.0}),
    )
    found = rows(shop, "segment")
    assert {name: found[name].revenue for name in ("buyers", "returning", "new")} == {
        "buyers": 5.0,
        "returning": 6.0,
        "new": 7.0,
    }


def test_an_empty_shop_has_nothing_to_say(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as shop:
        answer = attribution(shop, AttributionRequest())
        assert answer.rows == [] and answer.share is None and answer.shop_revenue == 0


def test_a_saved_rule_is_given_what_it_moved(shop: OpenShop) -> None:
    told(
        shop,
        ("ana", "click", "shirt-S", 3, {"recommendation_id": "r-home"}),
        ("ana", "click", "mug", 3, {"recommendation_id": "r-home"}),
        ("ana", "purchase", "shirt-M", 2, {"value": 30.0}),
        ("ana", "purchase", "mug", 2, {"value": 5.0}),
    )
    found = rows(shop, "rule")
    assert found["summer"].revenue == 30.0 and found["all lists"].revenue == 35.0
    assert set(found) == {"summer", "all lists"}


@pytest.mark.parametrize("in_chunk", [IN_CHUNK, 1])
def test_some_products_alone_are_counted_as_among_all(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch, in_chunk: int
) -> None:
    monkeypatch.setattr("bottega.store.attribution.IN_CHUNK", in_chunk)
    told(
        shop,
        ("ana", "impression", "shirt-S", 5, {"recommendation_id": "r-home"}),
        ("ana", "click", "shirt-S", 4, {"recommendation_id": "r-home"}),
        ("ana", "click", "shirt", 3, {"recommendation_id": "r-cart"}),
        ("ana", "purchase", "shirt-M", 2, {"value": 30.0, "quantity": 2}),
        ("ana", "click", "mug", 4, {"recommendation_id": "r-home"}),
        ("ana", "purchase", "mug", 3, {"value": 5.0}),
        ("bo", "purchase", "lamp", 2, {}),
    )
    whole = rows(shop, "product")
    for name, other in (("shirt", "shirt-M"), ("mug", "mug"), ("lamp", "lamp")):
        for asked in (name, other):
            found = attribution(shop, AttributionRequest(by="product", products=[asked]))
            assert found.rows == [row for row in [whole.get(name)] if row is not None]
            assert found.total.revenue == (whole[name].revenue if name in whole else 0) and found.total.lists is None
    by_place = rows(shop, products=["shirt-S"])
    assert by_place["cart"].revenue == 60.0 and by_place["cart"].lists is None and by_place["home"].clicks == 1
    answer = attribution(shop, AttributionRequest(products=["mug"]))
    assert (answer.shop_purchases, answer.shop_revenue, answer.share) == (1, 5.0, 1.0)
    both = attribution(shop, AttributionRequest(by="product", products=["mug", "shirt"]))
    assert both.rows == [whole["shirt"], whole["mug"]]
    nothing = attribution(shop, AttributionRequest(products=["gone"]))
    assert nothing.rows == [] and nothing.shop_purchases == 0
