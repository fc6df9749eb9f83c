"""Events in the words of other systems: research data, recommenders, analytics."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bottega.names import KindCode

Read = Callable[..., Any]
T = 1_777_636_800_000
AT = "2026-05-01T12:00:00Z"
VIEW, ADD, BUY = KindCode.VIEW, KindCode.ADD_TO_CART, KindCode.PURCHASE


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("text", "kinds", "who"),
    [
        (
            "timestamp,visitorid,event,itemid,transactionid\n"
            f"{T},7,view,a,\n{T + 1},7,addtocart,a,\n{T + 2},7,transaction,a,4000\n{T + 2},7,transaction,b,4000\n",
            [VIEW, ADD, BUY, BUY],
            ("anonymous_id", "7"),
        ),
        (
            "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
            "2026-05-01 12:00:00 UTC,view,a,1,x.y,samsung,9.5,7,s-1\n"
            "2026-05-01 12:00:01 UTC,cart,a,1,x.y,samsung,9.5,7,s-1\n"
            "2026-05-01 12:00:02 UTC,remove_from_cart,a,1,x.y,,9.5,7,s-1\n"
            "2026-05-01 12:00:03 UTC,purchase,a,1,x.y,,9.5,7,s-1\n",
            [VIEW, ADD, KindCode.REMOVE_FROM_CART, BUY],
            ("shopper_id", "7"),
        ),
        (
            f"USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\n7,a,{T // 1000},View\n7,a,{T // 1000},AddToCart\n",
            [VIEW, ADD],
            ("shopper_id", "7"),
        ),
        (
            f"feedback_type,user_id,item_id,time_stamp\nstar,7,a,{AT}\nread,7,a,2026-05-01 12:00:00+00:00\n",
            [KindCode.WISHLIST, VIEW],
            ("shopper_id", "7"),
        ),
        (
            f"event_name,event_timestamp,user_pseudo_id,item_id\nview_item,{T}000,7,a\npage_view,{T}000,7,\n",
            [VIEW],
            ("anonymous_id", "7"),
        ),
        (f"uid\tsku_id\taction_type\tts\n7\ta\tpv\t{T}\n7\ta\tbuy\t{T}\n", [VIEW, BUY], ("shopper_id", "7")),
    ],
    ids=["retailrocket", "rees46", "personalize", "gorse", "ga4 flat", "taobao"],
)
def test_tables_under_other_names(read: Read, text: str, kinds: list[KindCode], who: tuple[str, str]) -> None:
    found = read(text)
    assert found.format == "csv" and found.problems == []
    assert found.column("kind") == kinds and set(found.column(who[0])) == {who[1]}
    assert found.column("product_id")[0] == "a" and found.column("time_ms")[0] == T
    assert len(set(found.column("event_id"))) == len(kinds)


def test_a_transaction_of_retailrocket_is_an_order(read: Read) -> None:
    found = read(f"timestamp,visitorid,event,itemid,transactionid\n{T},7,view,a,\n{T},7,transaction,a,4000\n")
    assert found.column("order_id") == [None, "4000"] and found.unused_columns == []


def test_products_of_pages(read: Read) -> None:
    found = read(
        "event_id,event_name,event_timestamp,user_pseudo_id,page_location\n"
        "1,view_item,2026-05-01 12:00:00,c,https://shop.example/products/red-mug?variant=1\n"
        "2,add_to_cart,2026-05-01 12:00:00,c,https://shop.example/cart\n"
    )
    assert found.column("product_id") == ["red-mug"] and found.rules == [("events.csv:3", "product_missing")]
    assert any("Products were taken from the addresses in page_location" in note for note in found.notes)


def test_user_events_of_google_retail(read: Read) -> None:
    def event(kind: str, *products: object, **fields: object) -> dict[str, object]:
        details = {"productDetails": list(products)} if products else {}
        return {"eventType": kind, "visitorId": "v", "eventTime": AT, **details, **fields}

    one = {"product": {"id": "a"}}
    found = read(
        lines(
            event("detail-page-view", one, attributionToken="tok"),
            event("home-page-view"),
            event("category-page-view", one, {"product": {"name": "projects/p/locations/l/products/b"}}),
            event("add-to-cart", {**one, "quantity": 2}, userInfo={"userId": "ada"}),
            event("purchase-complete", {**one, "quantity": 3}, purchaseTransaction={"id": "T1", "revenue": 9}),
            event("search", one, searchQuery="mug"),
        ),
        "events.jsonl",
    )
    assert found.format == "google-retail" and found.problems == [] and found.ignored == {"home-page-view": 1}
    kinds = [VIEW, KindCode.IMPRESSION, KindCode.IMPRESSION, ADD, BUY, KindCode.SEARCH]
    assert found.column("kind") == kinds and found.column("product_id") == ["a", "a", "b", "a", "a", None]
    assert found.column("quantity") == [1, 1, 1, 2, 3, 1] and found.column("shopper_id")[3] == "ada"
    assert found.column("order_id")[4] == "T1" and found.column("event_id")[4] == "google-retail-T1#1"
    assert found.column("recommendation_id")[0] == "tok" and set(found.column("anonymous_id")) == {"v"}


def test_put_events_of_personalize(read: Read) -> None:
    body = {
        "trackingId": "t",
        "userId": "ada",
        "sessionId": "s",
        "eventList": [
            {"eventId": "e1", "eventType": "View", "sentAt": T // 1000, "itemId": "a", "impression": ["b", "c"]},
            {"eventType": "Purchase", "sentAt": T // 1000, "properties": '{"itemId": "a", "eventValue": 9.5}'},
            {"eventType": "Stare", "sentAt": T // 1000, "itemId": "a"},
        ],
    }
    found = read(lines(body), "put.jsonl")
    assert found.format == "personalize" and found.rules == [("put.jsonl:1", "kind_unknown")]
    assert found.column("kind") == [VIEW, KindCode.IMPRESSION, KindCode.IMPRESSION, BUY]
    assert found.column("product_id") == ["a", "b", "c", "a"] and found.column("value")[3] == 9.5
    assert found.column("event_id")[:3] == ["e1", "e1#shown1", "e1#shown2"]
    assert set(found.column("shopper_id")) == {"ada"} and set(found.column("session_id")) == {"s"}


def test_feedback_of_gorse(read: Read) -> None:
    rows = [
        {"FeedbackType": "star", "UserId": "u", "ItemId": "a/b", "Timestamp": AT, "Comment": ""},
        {"FeedbackType": "rate", "UserId": "u", "ItemId": "c", "Timestamp": AT, "Value": 4.5, "Labels": {}},
    ]
    for text in (lines(*rows), json.dumps(rows, indent=1)):
        found = read(text, "feedback.json")
        assert found.format == "gorse" and found.problems == []
        assert found.column("kind") == [KindCode.WISHLIST, KindCode.RATE] and found.column("rating") == [None, 4.5]
        assert found.column("product_id") == ["a/b", "c"]
    assert read(lines(*rows), "feedback.jsonl", format="jsonl").problems == []


ACTION = "com.snowplowanalytics.snowplow.ecommerce"


def snowplow_line(event_id: str, action: str, products: list[dict[str, object]], **entities: dict[str, object]) -> str:
    cells = [""] * 131
    cells[3] = cells[124] = "2026-05-01 12:00:00.000"
    cells[5], cells[6], cells[12], cells[15], cells[123] = "unstruct", event_id, "ada", "dom-1", "sess-1"
    cells[126] = "snowplow_ecommerce_action"
    data = [{"schema": f"iglu:{ACTION}/product/jsonschema/1-0-0", "data": product} for product in products]
    data += [{"schema": f"iglu:{ACTION}/{name}/jsonschema/1-0-0", "data": one} for name, one in entities.items()]
    cells[52] = json.dumps({"schema": "iglu:x/contexts/jsonschema/1-0-0", "data": data})
    inner = {"schema": f"iglu:{ACTION}/snowplow_ecommerce_action/jsonschema/1-0-2", "data": {"type": action}}
    cells[58] = json.dumps({"schema": "iglu:x/unstruct_event/jsonschema/1-0-0", "data": inner})
    return "\t".join(cells) + "\n"


IDS = [f"c6ef3124-b53a-4b13-a233-0088f79dcbc{digit}" for digit in range(9)]


def test_enriched_events_of_snowplow(read: Read) -> None:
    mug: dict[str, object] = {"id": "mug", "price": 9.5, "quantity": 2, "currency": "USD"}
    text = snowplow_line(IDS[0], "product_view", [mug]) + snowplow_line(IDS[1], "list_view", [mug, {"id": "pot"}])
    text += snowplow_line(IDS[2], "transaction", [mug], transaction={"transaction_id": "T1", "revenue": 19})
    text += snowplow_line(IDS[3], "refund", [mug], refund={"transaction_id": "T1", "refund_amount": 19})
    text += snowplow_line(IDS[4], "checkout_step", []) + "too\tshort\n"
    found = read(text, "enriched.tsv")
    assert found.format == "snowplow" and found.rules == [("enriched.tsv:6", "columns_short")]
    assert found.ignored == {"checkout_step": 1}
    kinds = [VIEW, KindCode.IMPRESSION, KindCode.IMPRESSION, BUY, KindCode.REFUND]
    assert found.column("kind") == kinds and found.column("order_id") == [None, None, None, "T1", "T1"]
    assert found.column("event_id") == [IDS[0], f"{IDS[1]}#1", f"{IDS[1]}#2", IDS[2], IDS[3]]
    assert set(found.column("shopper_id")) == {"ada"} and set(found.column("session_id")) == {"sess-1"}
    as_json = {
        "app_id": "shop",
        "collector_tstamp": AT,
        "event_id": IDS[0],
        "domain_userid": "dom-1",
        "user_id": "ada",
        "event_name": "snowplow_ecommerce_action",
        f"unstruct_event_{ACTION.replace('.', '_')}_snowplow_ecommerce_action_1": {"type": "product_view"},
        f"contexts_{ACTION.replace('.', '_')}_product_1": [mug],
    }
    same = read(lines(as_json), "enriched.jsonl")
    assert same.format == "snowplow" and same.column("event_id") == [IDS[0]] and same.column("value") == [9.5]


def test_refunds_of_analytics(read: Read) -> None:
    refund = {
        "type": "track",
        "event": "Order Refunded",
        "userId": "ada",
        "messageId": "m",
        "timestamp": AT,
        "properties": {"order_id": "o1"},
    }
    found = read(lines(refund), "segment.jsonl")
    assert found.column("kind") == [KindCode.REFUND] and found.column("order_id") == ["o1"]
    body = {
        "client_id": "c",
        "timestamp_micros": T * 1000,
        "events": [{"name": "refund", "params": {"transaction_id": "T", "items": [{"item_id": "a", "quantity": 2}]}}],
    }
    found = read(json.dumps(body), "hits.json")
    assert found.column("kind") == [KindCode.REFUND] and found.column("order_id") == ["T"]
    assert found.column("product_id") == ["a"] and found.column("quantity") == [2]


def test_a_foreign_name_in_an_analytics_export_needs_a_product(read: Read) -> None:
    rows = [
        {"type": "track", "event": "details", "userId": "a", "timestamp": AT, "messageId": "1", "properties": {}},
        {
            "type": "track",
            "event": "details",
            "userId": "a",
            "timestamp": AT,
            "messageId": "2",
            "properties": {"sku": "x"},
        },
    ]
    found = read(lines(*rows), "segment.jsonl")
    assert found.ignored == {"details": 1} and found.column("kind") == [VIEW] and found.problems == []


@pytest.mark.parametrize(
    ("format", "row", "mapping"),
    [
        (
            "segment",
            {
                "event": "Product Viewed",
                "messageId": "m",
                "timestamp": AT,
                "context": {"who": {"id": "u9"}},
                "properties": {"product_id": "x", "asin": "B1"},
            },
            {"shopper_id": "context.who.id", "product_id": "asin"},
        ),
        (
            "jsonl",
            {"what": "view", "when": AT, "context": {"who": {"id": "u9"}}, "asin": "B1"},
            {"shopper_id": "context.who.id", "product_id": "asin", "kind": "what", "time": "when"},
        ),
        (
            "ga4",
            {
                "event_name": "view_item",
                "event_timestamp": T * 1000,
                "user_pseudo_id": "c",
                "props": {"u": "u9"},
                "items": [{"item_id": "x", "asin": "B1"}],
            },
            {"shopper_id": "props.u", "product_id": "asin"},
        ),
        (
            "google-retail",
            {
                "eventType": "detail-page-view",
                "visitorId": "v",
                "eventTime": AT,
                "u": "u9",
                "productDetails": [{"product": {"id": "x", "asin": "B1"}}],
            },
            {"shopper_id": "u", "product_id": "product.asin"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_columns_are_mapped_in_every_format(
    read: Read, format: str, row: dict[str, object], mapping: dict[str, str]
) -> None:
    found = read(lines(row), "rows.jsonl", format=format, columns=mapping)
    assert found.problems == [] and found.column("shopper_id") == ["u9"] and found.column("product_id") == ["B1"]
    missing = read(lines(row), "rows.jsonl", format=format, columns={**mapping, "query": "nowhere.at_all"})
    if format != "jsonl":
        assert any("query from nowhere.at_all, which no row" in note for note in missing.notes)


def test_json_with_the_names_of_tables(read: Read) -> None:
    row = {"userId": "u", "itemId": "a", "eventType": "addToCart", "timestamp": T, "device": "phone"}
    found = read(lines(row), "events.jsonl")
    assert found.format == "jsonl" and found.problems == [] and found.unused_columns == ["device"]
    assert found.column("kind") == [ADD] and found.column("shopper_id") == ["u"]
    two = read(lines({"shopper_id": "s", "user_id": "u", "item": "a", "kind": "view", "time": T, "ts": 5}), "two.jsonl")
    assert two.column("shopper_id") == ["s"] and two.column("time_ms") == [T]
