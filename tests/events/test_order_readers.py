"""Orders of shops: their lines are purchases, what came back is a refund, each known whoever tells of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bottega.events.numbers import ALL_PIECES
from bottega.events.readers.base import OrderHead
from bottega.names import KindCode

Read = Callable[..., Any]
BUY, BACK = KindCode.PURCHASE, KindCode.REFUND


def shopify_order(number: int = 1001, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"#{number}",
        "created_at": "2026-05-01T10:00:00-04:00",
        "financial_status": "paid",
        "email": "Ann@Example.com",
        "customer": {"id": 77, "email": "ann@example.com"},
        "line_items": [
            {"id": 1, "variant_id": 11, "product_id": 5, "sku": "MUG-R", "quantity": 2, "price": "9.00"},
            {"id": 2, "variant_id": 12, "product_id": 5, "sku": "", "quantity": 1, "price": "8.50"},
            {"id": 3, "variant_id": 11, "product_id": 5, "sku": "MUG-R", "quantity": 1, "price": "9.00"},
        ],
        **fields,
    }


def test_an_order_of_shopify(read: Read) -> None:
    found = read(json.dumps({"orders": [shopify_order()]}), "orders.json")
    assert found.format == "shopify-orders" and found.problems == []
    assert found.column("event_id") == ["shopify-1001#MUG-R", "shopify-1001#2", "shopify-1001#MUG-R#2"]
    assert found.column("kind") == [BUY] * 3 and found.column("quantity") == [2, 1, 1]
    assert found.column("product_id") == ["11", "12", "11"] and found.column("value") == [9.0, 8.5, 9.0]
    assert set(found.column("shopper_id")) == {"77"} and set(found.column("anonymous_id")) == {"ann@example.com"}
    assert set(found.column("order_id")) == {"1001"} and found.column("time_ms")[0] == 1_777_644_000_000


@pytest.mark.parametrize("shape", ["one", "page", "array", "lines", "graphql", "bulk"])
def test_every_shape_of_shopify_gives_the_same_events(read: Read, shape: str) -> None:
    order = shopify_order()
    lines = [
        {
            "id": f"gid://shopify/LineItem/{line['id']}",
            "sku": line["sku"],
            "quantity": line["quantity"],
            "variant": {"id": f"gid://shopify/ProductVariant/{line['variant_id']}"},
            "product": {"id": "gid://shopify/Product/5"},
            "originalUnitPriceSet": {"shopMoney": {"amount": line["price"]}},
        }
        for line in order["line_items"]
    ]
    node = {
        "id": "gid://shopify/Order/1001",
        "createdAt": order["created_at"],
        "displayFinancialStatus": "PAID",
        "customer": {"id": "gid://shopify/Customer/77", "email": "ann@example.com"},
        "lineItems": {"edges": [{"node": line} for line in lines]},
    }
    flat = [{name: value for name, value in node.items() if name != "lineItems"}]
    flat += [{**line, "__parentId": node["id"]} for line in lines]
    text = {
        "one": json.dumps({"order": order}, indent=2),
        "page": json.dumps({"orders": [order]}),
        "array": json.dumps([order]),
        "lines": json.dumps(order) + "\n",
        "graphql": json.dumps({"data": {"orders": {"edges": [{"node": node}]}}}),
        "bulk": "".join(json.dumps(row) + "\n" for row in flat),
    }[shape]
    found = read(text, "orders.json" if shape != "bulk" else "orders.jsonl")
    assert found.format == "shopify-orders" and found.problems == []
    wanted = read(json.dumps([order]), "orders.json")
    for name in ("kind", "product_id", "quantity", "value", "shopper_id", "anonymous_id", "order_id", "time_ms"):
        assert found.column(name) == wanted.column(name), name
    if shape != "bulk":
        assert found.column("event_id") == wanted.column("event_id")


def test_what_shopify_took_back(read: Read) -> None:
    refund = {
        "id": 9,
        "created_at": "2026-05-03T10:00:00Z",
        "refund_line_items": [{"id": 90, "line_item_id": 1, "quantity": 1, "line_item": {"id": 1}}],
    }
    orders = [
        shopify_order(1, refunds=[refund], financial_status="partially_refunded"),
        shopify_order(2, cancelled_at="2026-05-02T10:00:00Z"),
        shopify_order(3, financial_status="refunded"),
        shopify_order(4, test=True),
        shopify_order(5, financial_status="pending"),
    ]
    found = read(json.dumps(orders), "orders.json")
    assert Counter(found.column("kind")) == {BUY: 12, BACK: 3} and found.ignored == {"order test": 1}
    back = {row["order_id"]: row for row in found.events if row["kind"] == BACK}
    assert (back["1"]["product_id"], back["1"]["quantity"]) == ("11", 1)
    assert [back[one]["product_id"] for one in "23"] == [None, None] and back["2"]["quantity"] == ALL_PIECES
    assert back["2"]["time_ms"] == 1_777_716_000_000 and back["1"]["event_id"] == "shopify-1-back-9-90"


CSV = (
    "Name,Email,Financial Status,Paid at,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
    "Cancelled at,Id\n"
    "#1001,Ann@example.com,paid,2026-05-01 10:00:00 -0400,2026-05-01 10:00:00 -0400,2,Mug,9.00,MUG-R,,1001\n"
    "#1001,Ann@example.com,,,2026-05-01 10:00:00 -0400,1,Mug,9.00,MUG-R,,\n"
    "#1002,bob@example.com,refunded,2026-05-02 10:00:00 -0400,2026-05-02 10:00:00 -0400,1,Pot,20.00,POT,,1002\n"
    "#1002,bob@example.com,,,2026-05-02 10:00:00 -0400,1,Tin,5.00,TIN,,\n"
    "#1003,eve@example.com,paid,,2026-05-03 10:00:00 -0400,1,Gift card,5.00,,,1003\n"
)


def test_the_order_csv_of_shopify_tells_of_the_same_lines(read: Read) -> None:
    found = read(CSV, "orders_export.csv")
    assert found.format == "orders" and found.rules == [("orders_export.csv:6", "product_missing")]
    bought = [row for row in found.events if row["kind"] == BUY]
    assert [row["event_id"] for row in bought] == [
        "shopify-1001#MUG-R",
        "shopify-1001#MUG-R#2",
        "shopify-1002#POT",
        "shopify-1002#TIN",
    ]
    assert [row["anonymous_id"] for row in bought] == ["ann@example.com"] * 2 + ["bob@example.com"] * 2
    back = [row for row in found.events if row["kind"] == BACK]
    assert [(row["order_id"], row["product_id"]) for row in back] == [("1002", None)]
    ids = read(json.dumps([shopify_order()]), "orders.json").column("event_id")
    assert set(ids) & {row["event_id"] for row in bought} == {"shopify-1001#MUG-R", "shopify-1001#MUG-R#2"}


def woo_order(number: int = 500, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "number": str(number),
        "status": "processing",
        "currency": "USD",
        "date_created": "2026-05-01T12:00:00",
        "date_created_gmt": "2026-05-01T10:00:00",
        "date_modified_gmt": "2026-05-04T10:00:00",
        "customer_id": 0,
        "billing": {"email": "Ann@example.com"},
        "line_items": [
            {"id": 1, "name": "Mug", "product_id": 5, "variation_id": 0, "quantity": 1, "sku": "MUG", "price": 9},
            {"id": 2, "name": "Shirt", "product_id": 6, "variation_id": 61, "quantity": 2, "sku": "", "price": 20.5},
        ],
        "refunds": [],
        **fields,
    }


def test_orders_of_woocommerce(read: Read) -> None:
    orders = [
        woo_order(),
        woo_order(501, customer_id=8),
        woo_order(502, status="cancelled"),
        woo_order(503, status="failed"),
        woo_order(504, status="refunded"),
    ]
    found = read("".join(json.dumps(one) + "\n" for one in orders), "orders.jsonl")
    assert found.format == "woocommerce-orders" and found.problems == [] and found.ignored == {"order failed": 1}
    bought = [row for row in found.events if row["kind"] == BUY]
    assert [row["event_id"] for row in bought[:2]] == ["woocommerce-500#MUG", "woocommerce-500#2"]
    assert [row["product_id"] for row in bought[:2]] == ["MUG", "61"] and bought[0]["time_ms"] == 1_777_629_600_000
    assert [row["shopper_id"] for row in bought[:4]] == [None, None, "8", "8"]
    assert {row["anonymous_id"] for row in bought} == {"ann@example.com"}
    back = [row for row in found.events if row["kind"] == BACK]
    assert [(row["order_id"], row["product_id"], row["time_ms"]) for row in back] == [
        ("502", None, 1_777_888_800_000),
        ("504", None, 1_777_888_800_000),
    ]


def test_a_table_of_lines(read: Read) -> None:
    text = (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "536365,85123A,HOLDER,6,12/1/2010 8:26,2.55,17850,United Kingdom\n"
        "536365,71053,LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom\n"
        "C536379,85123A,HOLDER,-2,12/23/2010 9:41,2.55,17850,United Kingdom\n"
        "536390,22423,STAND,1,12/24/2010 9:41,12.75,,United Kingdom\n"
    )
    found = read(text, "retail.csv")
    assert found.format == "orders" and found.problems == []
    assert found.column("kind") == [BUY, BUY, BACK, BUY] and found.column("quantity") == [6, 6, 2, 1]
    assert found.column("session_id")[3] == "order:536390" and found.column("value")[0] == 2.55
    assert found.column("time_ms")[0] == 1_291_191_960_000
    assert found.notes == [
        "Dates like 12/1/2010 8:26 were read with the month first: 2 rows can be read in no other way."
    ]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("product_1,quantity_1,product_2,quantity_2", "MUG,2,POT,1"),
        ("Item 1 SKU,Item 1 Quantity,Item 2 SKU,Item 2 Quantity", "MUG,2,POT,"),
        ("items", '"MUG x 2, POT"'),
        ("items", "MUG (2);POT"),
        ("skus", '"[""MUG"", ""MUG"", ""POT""]"'),
        ("line_items", '"[{""sku"": ""MUG"", ""quantity"": 2}, {""sku"": ""POT"", ""qty"": 1}]"'),
        ("line_items", "name:Mug|product_id:|sku:MUG|quantity:2|total:18;name:Pot|sku:POT|quantity:1|total:5"),
        ("line_item_1,line_item_2", "name:Mug|sku:MUG|quantity:2,name:Pot|sku:POT|quantity:1"),
    ],
)
def test_a_row_with_the_whole_order(read: Read, header: str, cells: str) -> None:
    found = read(f"order_id,customer_id,created_at,{header}\no1,ann,2026-05-01,{cells}\n", "orders.csv")
    assert found.format == "orders" and found.problems == []
    pieces: Counter[str] = Counter()
    for row in found.events:
        pieces[row["product_id"]] += row["quantity"]
    assert pieces == {"MUG": 2, "POT": 1} and len(set(found.column("event_id"))) == len(found.events)
    assert set(found.column("order_id")) == {"o1"} and set(found.column("shopper_id")) == {"ann"}


def test_orders_without_lines_say_whose_the_lines_are(read: Read) -> None:
    heads: dict[str, OrderHead] = {}
    orders = (
        "order_id,customer_id,created_at,financial_status,total_price\n"
        "o1,ann,2026-05-01T10:00:00Z,paid,9\no2,bob,2026-05-02T10:00:00Z,refunded,9\n"
        "o3,eve,2026-05-03T10:00:00Z,partially_refunded,9\n"
    )
    first = read(orders, "orders.csv", heads=heads)
    assert first.format == "orders" and first.problems == []
    assert [(one.shopper_id, one.session_id) for one in first.log_ins] == [
        ("ann", "order:o1"),
        ("bob", "order:o2"),
        ("eve", "order:o3"),
    ]
    assert [(row["kind"], row["order_id"]) for row in first.events] == [(BACK, "o2")]
    assert any("1 orders were refunded in part" in note for note in first.notes)
    lines = "order_line_id,order_id,product_id,quantity,price\nl1,o1,mug,1,9\nl2,o2,pot,2,4\n"
    found = read(lines, "lines.csv", heads=heads)
    bought = [row for row in found.events if row["kind"] == BUY]
    assert [row["shopper_id"] for row in bought] == ["ann", "bob"] and bought[0]["time_ms"] == 1_777_629_600_000
    alone = read(lines, "lines.csv")
    assert alone.column("session_id") == ["order:o1", "order:o2"] and alone.problems == []
    assert alone.column("event_id") == ["order-o1#l1", "order-o2#l2"]
    assert any("the order of its rows counts" in note for note in alone.notes)
    times = alone.column("time_ms")
    assert times[0] < times[1]


def test_events_of_the_web_pixel(read: Read) -> None:
    variant = {
        "id": "11",
        "sku": "MUG-R",
        "price": {"amount": 9.0, "currencyCode": "USD"},
        "product": {"id": "5", "title": "Mug"},
    }

    def pixel(name: str, number: int, data: object) -> dict[str, Any]:
        shared = {"id": f"e{number}", "clientId": "c-1", "timestamp": "2026-05-01T10:00:00Z", "context": {}}
        return {**shared, "name": name, "type": "standard", "data": data}

    rows = [
        pixel("page_viewed", 0, {}),
        pixel("product_viewed", 1, {"productVariant": variant}),
        pixel("product_added_to_cart", 2, {"cartLine": {"merchandise": variant, "quantity": 2}}),
        pixel(
            "collection_viewed", 3, {"collection": {"id": "9", "productVariants": [variant, {**variant, "id": "12"}]}}
        ),
        pixel("search_submitted", 4, {"searchResult": {"query": "red mug", "productVariants": []}}),
        pixel(
            "checkout_completed",
            5,
            {"checkout": {"order": {"id": "1001"}, "lineItems": [{"id": "1", "quantity": 2, "variant": variant}]}},
        ),
    ]
    found = read("".join(json.dumps(row) + "\n" for row in rows), "pixel.jsonl")
    assert found.format == "shopify-pixel" and found.problems == [] and found.ignored == {"page_viewed": 1}
    kinds = [KindCode.VIEW, KindCode.ADD_TO_CART, KindCode.IMPRESSION, KindCode.IMPRESSION, KindCode.SEARCH, BUY]
    assert found.column("kind") == kinds and found.column("quantity") == [1, 2, 1, 1, 1, 2]
    assert found.column("product_id") == ["11", "11", "11", "12", None, "11"]
    assert found.column("event_id") == ["e1", "e2", "e3#1", "e3#2", "e4", "shopify-1001#MUG-R"]
    assert found.column("query")[4] == "red mug" and set(found.column("anonymous_id")) == {"c-1"}
