"""GA4, Segment and RudderStack, in the shapes that their exports have."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bottega.names import KindCode

Read = Callable[..., Any]

T = 1_700_000_000_000


def export_row(name: str, *, at_us: object = str(T * 1000), **fields: object) -> dict[str, object]:
    """A row of events_YYYYMMDD as BigQuery writes JSON: integers of 64 bits are texts."""
    return {
        "event_date": "20231114",
        "event_timestamp": at_us,
        "event_name": name,
        "event_params": [
            {"key": "ga_session_id", "value": {"string_value": None, "int_value": "1699999", "double_value": None}},
            {"key": "page_location", "value": {"string_value": "https://example.com/mug", "int_value": None}},
        ],
        "user_id": None,
        "user_pseudo_id": "1030.1699",
        "device": {"category": "mobile"},
        "ecommerce": {"transaction_id": "(not set)"},
        "items": [],
        **fields,
    }


def item(key: object, **fields: object) -> dict[str, object]:
    return {"item_id": key, "item_name": f"Name of {key}", "item_brand": "(not set)", "price": None, **fields}


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_ga4_export(read: Read) -> None:
    text = lines(
        export_row("view_item", items=[item("SKU/1", price=9.5)]),
        export_row("page_view"),
        export_row("view_item_list", items=[item("a"), item("b"), item("c")]),
        export_row(
            "purchase",
            user_id="ada",
            ecommerce={"transaction_id": "T-17", "purchase_revenue": 21.0},
            items=[item("a", quantity=2, price=8.0), item("b", quantity="1", price=5)],
        ),
        export_row("scroll"),
        export_row("view_search_results", event_params=[{"key": "search_term", "value": {"string_value": "red mug"}}]),
    )
    outcome = read(text, "ga4.jsonl", chunk_rows=2)
    assert outcome.format == "ga4" and outcome.problems == []
    assert outcome.ignored == {"page_view": 1, "scroll": 1}
    assert outcome.column("product_id") == ["SKU/1", "a", "b", "c", "a", "b", None]
    kinds = [KindCode.VIEW, *[KindCode.IMPRESSION] * 3, *[KindCode.PURCHASE] * 2, KindCode.SEARCH]
    assert outcome.column("kind") == kinds
    assert set(outcome.column("time_ms")) == {T}
    assert outcome.column("quantity") == [1, 1, 1, 1, 2, 1, 1]
    assert outcome.column("value") == [9.5, None, None, None, 8.0, 5.0, None]
    assert outcome.column("shopper_id") == [None] * 4 + ["ada"] * 2 + [None]
    assert outcome.column("session_id")[0] == "1030.1699.1699999"
    assert outcome.column("event_id")[4:6] == ["ga4-purchase-T-17#1", "ga4-purchase-T-17#2"]
    assert [name.rsplit("#")[-1] for name in outcome.column("event_id")[1:4]] == ["1", "2", "3"]
    assert len(set(outcome.column("event_id"))) == 7
    assert outcome.column("query")[-1] == "red mug" and outcome.column("source")[0] == "ga4:view_item"
    assert read(text, "ga4.jsonl").column("event_id") == outcome.column("event_id")


def test_a_purchase_sent_twice_has_one_id_and_equal_views_apart_have_two(read: Read) -> None:
    order = {"ecommerce": {"transaction_id": "T"}, "items": [item("a")]}
    later = str(T * 1000 + 60_000_000)
    outcome = read(
        lines(
            export_row("purchase", **order),
            export_row("purchase", at_us=later, **order),
            export_row("view_item", items=[item("a")]),
            export_row("view_item", at_us=later, items=[item("a")]),
        ),
        "ga4.jsonl",
    )
    ids = outcome.column("event_id")
    assert ids[0] == ids[1] and ids[2] != ids[3]


def test_transaction_ids_that_say_nothing_do_not_merge_orders(read: Read) -> None:
    outcome = read(
        lines(
            export_row("purchase", items=[item("a")]),
            export_row("purchase", at_us=str(T * 1000 + 1), items=[item("a")]),
        ),
        "ga4.jsonl",
    )
    assert len(set(outcome.column("event_id"))) == 2


def test_ga4_measurement_protocol(read: Read) -> None:
    body = {
        "client_id": "c.1",
        "user_id": "ada",
        "timestamp_micros": T * 1000,
        "events": [
            {"name": "add_to_cart", "params": {"currency": "USD", "value": 30.03, "items": [{"item_id": "SKU_1"}]}},
            {"name": "search", "params": {"search_term": "mug", "session_id": "77"}},
            {"name": "select_item", "timestamp_micros": str(T * 1000 + 5000), "params": {"items": [{"item_id": "x"}]}},
            {"name": "tutorial_begin", "params": {}},
        ],
    }
    outcome = read(json.dumps(body, indent=1), "hits.json")
    assert outcome.format == "ga4" and outcome.problems == [] and outcome.ignored == {"tutorial_begin": 1}
    assert outcome.column("kind") == [KindCode.ADD_TO_CART, KindCode.SEARCH, KindCode.CLICK]
    assert outcome.column("time_ms") == [T, T, T + 5]
    assert outcome.column("value")[0] == 30.03
    assert outcome.column("anonymous_id") == ["c.1"] * 3 and outcome.column("shopper_id") == ["ada"] * 3
    assert outcome.column("session_id") == [None, "c.1.77", None]


def test_gtag_pushes(read: Read) -> None:
    push = {
        "event": "view_item",
        "client_id": "c",
        "timestamp": "2023-11-14T22:13:20Z",
        "ecommerce": {"items": [item(5)]},
    }
    outcome = read(lines(push), "layer.jsonl")
    assert outcome.format == "ga4" and outcome.column("product_id") == ["5"] and outcome.column("time_ms") == [T]


def test_ga4_rows_that_are_no_events(read: Read) -> None:
    nobody = export_row("view_item", user_pseudo_id=None, items=[item("a")])
    outcome = read(
        lines(
            export_row("view_item"),
            export_row("view_item", at_us=None, items=[item("a")]),
            nobody,
            export_row("view_item", items=[item(None, item_name="(not set)")]),
            export_row("add_to_cart", items=[item("a", quantity=0)]),
            {"event_name": "view_item", "event_params": "?", "items": "?", "user_pseudo_id": "c", "event_timestamp": T},
        ),
        "g.jsonl",
    )
    assert sorted(outcome.rules) == [
        ("g.jsonl:1", "product_missing"),
        ("g.jsonl:2", "time_missing"),
        ("g.jsonl:3", "who_missing"),
        ("g.jsonl:4", "product_missing"),
        ("g.jsonl:5", "quantity_invalid"),
        ("g.jsonl:6", "product_missing"),
    ]


def track(event: str, message: str | None, properties: dict[str, object], **fields: object) -> dict[str, object]:
    return {
        "type": "track",
        "event": event,
        "messageId": message,
        "anonymousId": "anon-1",
        "userId": None,
        "properties": properties,
        "context": {"library": {"name": "analytics.js"}, "sessionId": 1_669_714_812_000},
        "timestamp": "2023-11-14T22:13:20.000Z",
        "sentAt": "2023-11-14T22:13:21.000Z",
        **fields,
    }


def test_segment(read: Read) -> None:
    order = {
        "order_id": "50314b8e",
        "total": 27.5,
        "revenue": 25.0,
        "products": [
            {"product_id": "507f1f77", "sku": "45790-32", "price": 19, "quantity": 1},
            {"product_id": "505bd76", "price": 3, "quantity": 2},
        ],
    }
    text = lines(
        track("Product Viewed", "m1", {"product_id": "507f1f77", "sku": "G-32", "price": 18.99, "quantity": 1}),
        track("Viewed Product", "m2", {"id": "old", "sku": "G-33"}),
        track("Cart Viewed", "m3", {"cart_id": "c", "products": [{"product_id": "507f1f77"}]}),
        track("Order Completed", "m4", order, userId="ada"),
        track("Product List Viewed", "m5", {"list_id": "hot", "products": [{"product_id": "a"}, {"sku": "b"}]}),
        track("Products Searched", "m6", {"query": "blue roses"}),
        track("Product Reviewed", "m7", {"product_id": "a", "rating": "4", "review_body": "Nice"}),
        track("Product Removed from Wishlist", "m8", {"product_id": "a"}),
        {"type": "page", "name": "Home", "anonymousId": "anon-1", "messageId": "m9"},
        {"type": "identify", "userId": "ada", "anonymousId": "anon-1", "messageId": "m10"},
    )
    outcome = read(text, "track.jsonl")
    assert outcome.format == "segment" and outcome.problems == []
    assert outcome.ignored == {"Cart Viewed": 1, "Product Removed from Wishlist": 1, "page": 1}
    assert [(one.shopper_id, one.anonymous_id) for one in outcome.log_ins] == [("ada", "anon-1")]
    assert outcome.column("event_id") == ["m1", "m2", "m4#1", "m4#2", "m5#1", "m5#2", "m6", "m7"]
    assert outcome.column("product_id") == ["507f1f77", "old", "507f1f77", "505bd76", "a", "b", None, "a"]
    assert outcome.column("kind") == [
        KindCode.VIEW,
        KindCode.VIEW,
        KindCode.PURCHASE,
        KindCode.PURCHASE,
        KindCode.IMPRESSION,
        KindCode.IMPRESSION,
        KindCode.SEARCH,
        KindCode.RATE,
    ]
    assert outcome.column("quantity")[3] == 2 and outcome.column("value")[0] == 18.99
    assert outcome.column("shopper_id")[2] == "ada" and set(outcome.column("anonymous_id")) == {"anon-1"}
    assert outcome.column("rating")[-1] == 4.0 and outcome.column("query")[-2] == "blue roses"
    assert outcome.column("session_id")[0] == "1669714812000"


def test_segment_batches_and_rows_that_are_no_events(read: Read) -> None:
    body = {
        "batch": [
            track("Product Added", None, {"product_id": "a"}),
            track("Product Added", None, {"product_id": "b"}),
            track("Product Added", "m", {"product_id": ""}),
            track("Product Added", "m", {"product_id": "c"}, timestamp="soon"),
            "what?",
        ],
        "sentAt": "2023-11-14T22:13:21Z",
    }
    outcome = read(json.dumps(body), "batch.json", chunk_rows=10)
    assert outcome.format == "segment" and outcome.column("product_id") == ["a", "b"]
    assert len(set(outcome.column("event_id"))) == 2
    assert sorted(rule for _, rule in outcome.rules) == ["json_broken", "product_missing", "time_unreadable"]
