"""Orders by webhook: bought once however often they are told, taken back when they are cancelled or refunded."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.serving.http.test_webhooks_over_http import Platforms

from bottega.names import KeyKind, KindCode

SHOPIFY: dict[str, Any] = {
    "id": 820982911946154508,
    "name": "#1001",
    "created_at": "2026-05-01T10:00:00-04:00",
    "updated_at": "2026-05-01T10:00:05-04:00",
    "currency": "USD",
    "financial_status": "paid",
    "total_price": "31.00",
    "customer": {"id": 207119551, "email": "ada@example.com"},
    "line_items": [
        {"id": 1, "product_id": 700, "variant_id": 701, "sku": "tea-0", "quantity": 2, "price": "10.50"},
        {"id": 2, "product_id": 710, "variant_id": 711, "sku": "tea-1", "quantity": 1, "price": "10.00"},
    ],
    "refunds": [],
}
WOOCOMMERCE: dict[str, Any] = {
    "id": 727,
    "status": "processing",
    "currency": "USD",
    "date_created": "2026-05-01T10:00:00",
    "date_created_gmt": "2026-05-01T14:00:00",
    "date_modified_gmt": "2026-05-01T14:00:05",
    "customer_id": 26,
    "order_key": "wc_order_58d2d042d1d",
    "billing": {"email": "ada@example.com"},
    "line_items": [
        {"id": 315, "name": "Tea", "product_id": 93, "variation_id": 0, "sku": "tea-0", "quantity": 2, "price": 10.5},
        {"id": 316, "name": "Tea", "product_id": 22, "variation_id": 23, "sku": "tea-1", "quantity": 1, "price": 10},
    ],
    "refunds": [],
}


@pytest.fixture
def platforms(door: Any) -> Platforms:
    return Platforms(door)


def bought(platforms: Platforms, shopper: str) -> list[tuple[str | None, int]]:
    """What counts as bought: product and pieces."""
    rows = platforms.door.shop.store.events.of_shopper(shopper, 100)
    return sorted((row.product_id, row.quantity) for row in rows if row.kind is KindCode.PURCHASE and not _back(row))


def _back(row: Any) -> bool:
    return bool(row.returned >= row.quantity)


def test_an_order_of_shopify_is_bought_once(platforms: Platforms) -> None:
    for number, topic in enumerate(("orders/create", "orders/paid", "orders/updated")):
        answer = platforms.send("shopify", topic, SHOPIFY, X_Shopify_Webhook_Id=f"d-{number}")
        assert (answer["result"], answer["events"], answer["rejected"]) == ("done", 0 if number else 2, {})
    assert bought(platforms, "207119551") == [("tea-0", 2), ("tea-1", 1)]
    answer = platforms.door.ask(shopper="207119551")
    assert answer["fallback"] is None, "it is in the very next answer"


def test_an_order_that_is_cancelled_is_taken_back(platforms: Platforms) -> None:
    platforms.send("shopify", "orders/create", SHOPIFY)
    gone = {**SHOPIFY, "cancelled_at": "2026-05-02T10:00:00-04:00", "financial_status": "refunded"}
    assert platforms.send("shopify", "orders/cancelled", gone)["result"] == "done"
    assert bought(platforms, "207119551") == []


def test_a_refund_takes_back_its_line_alone(platforms: Platforms) -> None:
    refund = {
        "id": 890088186047892319,
        "order_id": SHOPIFY["id"],
        "created_at": "2026-05-03T10:00:00-04:00",
        "refund_line_items": [
            {"id": 9, "quantity": 1, "line_item_id": 2, "line_item": {**SHOPIFY["line_items"][1], "quantity": 1}}
        ],
    }
    platforms.send("shopify", "orders/create", SHOPIFY)
    assert platforms.send("shopify", "refunds/create", refund)["result"] == "done"
    assert bought(platforms, "207119551") == [("tea-0", 2)]
    platforms.send("shopify", "orders/updated", {**SHOPIFY, "refunds": [refund]})
    assert bought(platforms, "207119551") == [("tea-0", 2)], "the same refund, told with its order"


def test_a_refund_of_money_alone_is_set_aside(platforms: Platforms) -> None:
    platforms.send("shopify", "orders/create", SHOPIFY)
    refund = {"id": 7, "order_id": SHOPIFY["id"], "created_at": "2026-05-03T10:00:00Z", "refund_line_items": []}
    answer = platforms.send("shopify", "refunds/create", refund)
    assert (answer["result"], answer["rejected"]) == ("set_aside", {})
    assert bought(platforms, "207119551") == [("tea-0", 2), ("tea-1", 1)]


def test_a_refund_may_overtake_its_order(platforms: Platforms) -> None:
    line = {"id": 9, "quantity": 2, "line_item_id": 1, "line_item": SHOPIFY["line_items"][0]}
    refund = {"id": 8, "order_id": SHOPIFY["id"], "created_at": "2026-05-03T10:00:00Z", "refund_line_items": [line]}
    assert platforms.send("shopify", "refunds/create", refund)["result"] == "done"
    platforms.send("shopify", "orders/create", SHOPIFY)
    assert bought(platforms, "207119551") == [("tea-1", 1)]


@pytest.mark.parametrize("webhook_first", [True, False])
def test_an_order_that_the_pixel_tells_as_well_counts_once(platforms: Platforms, webhook_first: bool) -> None:
    visitor = "v-0123456789abcdef"
    publishable = platforms.door.shop.folder.store.keys.create("pages", KeyKind.PUBLISHABLE)
    rows = [
        {"event_id": "727#1", "product_id": "tea-0", "quantity": 2},
        {"event_id": "727#2", "product_id": "tea-1", "quantity": 1},
    ]
    page = [{"kind": "purchase", "order_id": "727", "anonymous_id": visitor, **row} for row in rows]

    def pixel() -> None:
        answer = platforms.door.client.post(f"/v1/events?key={publishable}", json={"events": page})
        assert (answer.status_code, answer.json()["rejected"]) == (200, [])

    def webhook() -> None:
        assert platforms.send("woocommerce", "order.created", WOOCOMMERCE)["events"] == 2

    for tell in (webhook, pixel) if webhook_first else (pixel, webhook):
        tell()
    assert learnt(platforms) == [("26", "tea-0", 2), ("26", "tea-1", 1)]
    refund = {"id": 9, "line_items": [{**WOOCOMMERCE["line_items"][0], "quantity": -1}]}
    platforms.send("woocommerce", "order.updated", {**WOOCOMMERCE, "refunds": [refund]})
    assert learnt(platforms) == [("26", "tea-0", 1), ("26", "tea-1", 1)]
    platforms.send("woocommerce", "order.updated", {**WOOCOMMERCE, "status": "cancelled"})
    assert learnt(platforms) == []


def learnt(platforms: Platforms) -> list[tuple[str, str, int]]:
    """Whose purchases of these orders count, of what, and how many pieces."""
    store = platforms.door.shop.store.events
    ours = {row.shopper for row in store.since(0, 10_000) if "727" in (row.order_id or "")}
    frame = store.frame(kinds=[KindCode.PURCHASE]).filter(pl.col("shopper").is_in(sorted(ours)))
    return sorted(frame.select("shopper", "product_id", "quantity").iter_rows())


def test_an_order_that_nobody_paid_is_set_aside(platforms: Platforms) -> None:
    assert platforms.send("shopify", "orders/create", {**SHOPIFY, "test": True})["result"] == "set_aside"
    failed = platforms.send("woocommerce", "order.updated", {**WOOCOMMERCE, "status": "failed"})
    assert failed["result"] == "set_aside" and bought(platforms, "26") == []


def test_an_order_of_woocommerce_is_bought_once_and_taken_back(platforms: Platforms) -> None:
    assert platforms.send("woocommerce", "order.created", WOOCOMMERCE)["events"] == 2
    assert platforms.send("woocommerce", "order.updated", {**WOOCOMMERCE, "status": "completed"})["events"] == 0
    assert bought(platforms, "26") == [("tea-0", 2), ("tea-1", 1)]
    platforms.send("woocommerce", "order.updated", {**WOOCOMMERCE, "status": "cancelled"})
    assert bought(platforms, "26") == []


def test_an_order_of_woocommerce_that_was_deleted_counts_as_cancelled(platforms: Platforms) -> None:
    platforms.send("woocommerce", "order.created", WOOCOMMERCE)
    assert platforms.send("woocommerce", "order.deleted", {"id": 727})["result"] == "done"
    assert bought(platforms, "26") == []


@pytest.mark.parametrize(
    ("platform", "topic"),
    [("shopify", "orders/create"), ("woocommerce", "order.created"), ("shopify", "refunds/create")],
)
@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": 1, "line_items": "x"}, {"id": 1, "line_items": [None, 7]}])
def test_an_order_that_says_nothing_is_answered(platforms: Platforms, platform: str, topic: str, body: Any) -> None:
    assert platforms.send(platform, topic, body)["result"] in ("unusable", "set_aside", "done")
