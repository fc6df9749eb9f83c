"""Events and products that are posted: what is taken, what is refused and how it is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def test_events_come_alone_in_lists_and_in_an_object(door: Any) -> None:
    one = {"shopper_id": "x", "kind": "view", "product_id": "tea-0", "time": "2026-01-02T03:04:05Z"}
    two = {"shopper_id": "x", "kind": "add_to_cart", "product_id": "tea-1", "time": 1_767_323_045}
    three = {"shopper_id": "x", "kind": "purchase", "product_id": "tea-2", "time_ms": 1_767_323_045_000}
    assert door.post("/v1/events", one)["accepted"] == 1
    assert door.post("/v1/events", [one, two]) == {
        "accepted": 1,
        "duplicates": 1,
        "log_ins": 0,
        "rejected": [],
        "nobody": 0,
        "unknown_products": [],
        "warnings": [],
    }
    assert door.post("/v1/events", {"events": [three, three]})["duplicates"] == 1
    stored = door.shop.folder.store.events.of_shopper("x", 10)
    assert [event.time_ms for event in stored] == [1_767_323_045_000, 1_767_323_045_000, 1_767_323_045_000]


def test_an_event_id_is_taken_once(door: Any) -> None:
    event = {"event_id": "e1", "shopper_id": "x", "kind": "view", "product_id": "tea-0"}
    assert [door.post("/v1/events", event)["accepted"] for _ in range(3)] == [1, 0, 0]


def test_other_vocabularies_are_understood(door: Any) -> None:
    door.post("/v1/events", {"shopper_id": "x", "kind": "view_item", "product_id": "tea-0"})
    [event] = door.shop.folder.store.events.of_shopper("x", 10)
    assert event.kind.name == "VIEW"


@pytest.mark.parametrize(
    ("event", "field", "fix"),
    [
        ("no object", "", "object"),
        ({"kind": "view", "product_id": "p"}, "shopper_id", "shopper_id"),
        ({"shopper_id": "x", "kind": "lick", "product_id": "p"}, "kind", "purchase"),
        ({"shopper_id": "x", "product_id": "p"}, "kind", "required"),
        ({"shopper_id": "x", "kind": "view"}, "product_id", "product_id"),
        ({"shopper_id": "x", "kind": "view", "product_id": "p", "colour": 1}, "colour", "fields are"),
        ({"shopper_id": "x", "kind": "view", "product_id": "p", "time": "noon"}, "time", "ISO 8601"),
        ({"shopper_id": "x", "kind": "view", "product_id": "p", "time": [1]}, "time", "ISO 8601"),
        ({"shopper_id": "x", "kind": "view", "product_id": "p", "time": 12}, "time", "1990"),
        ({"shopper_id": "x", "kind": "purchase", "product_id": "p", "quantity": 0}, "quantity", "at least 1"),
        ({"shopper_id": "x", "kind": "purchase", "product_id": "p", "quantity": 2**80}, "quantity", "less"),
        ({"shopper_id": "x" * 600, "kind": "view", "product_id": "p"}, "shopper_id", "512"),
        ({"shopper_id": "x\x00", "kind": "view", "product_id": "p"}, "shopper_id", "NUL"),
    ],
)
def test_a_bad_event_is_named_and_the_good_ones_are_kept(door: Any, event: Any, field: str, fix: str) -> None:
    good = {"shopper_id": "x", "kind": "view", "product_id": "tea-0"}
    answer = door.post("/v1/events", [good, event])
    assert answer["accepted"] == 1
    [rejected] = answer["rejected"]
    assert rejected["index"] == 1 and rejected["field"] == field and fix in rejected["fix"] and rejected["seen"]


def test_unknown_products_are_kept_and_listed(door: Any) -> None:
    answer = door.post("/v1/events", {"shopper_id": "x", "kind": "view", "product_id": "not yet"})
    assert answer["accepted"] == 1 and answer["unknown_products"] == ["not yet"]
    door.post("/v1/products", {"id": "not yet", "title": "Tea of tomorrow", "category": ["Food", "Tea"]})
    assert door.ask(shopper="x")["fallback"] == "content"


def test_products_are_added_changed_and_refused(door: Any) -> None:
    new = {"id": "mug/1", "title": "Mug", "price_minor": 900, "currency": "EUR"}
    bad = [{"id": "mug/2"}, {"id": "mug/3", "title": "x", "price_minor": -1}, {"id": "m", "title": "x", "price": 1}, 7]
    answer = door.post("/v1/products", {"products": [new, *bad]})
    assert answer["added"] == 1 and [row["index"] for row in answer["rejected"]] == [1, 2, 3, 4]
    assert [row["field"] for row in answer["rejected"]] == ["title", "price_minor", "price", ""]
    assert "price_minor" in answer["rejected"][2]["fix"]
    assert door.post("/v1/products", new)["unchanged"] == 1
    assert door.post("/v1/products", [{**new, "title": "Big mug"}])["updated"] == 1
    huge = door.post("/v1/products", {**new, "price_minor": 2**70})
    assert huge["rejected"][0]["field"] == "price_minor"


@pytest.mark.parametrize("path", ["/v1/events", "/v1/products"])
def test_a_field_beside_the_list_is_refused(door: Any, path: str) -> None:
    name = path.removeprefix("/v1/")
    assert "'extra'" in door.post(path, {name: [], "extra": 1}, 422)["error"]["seen"]
    assert "no list" in door.post(path, {name: 3}, 422)["error"]["seen"]
    door.post(path, "text", 422)


def test_the_catalogue_is_searched_page_by_page(door: Any) -> None:
    def pages(**query: Any) -> list[list[str]]:
        found: list[list[str]] = []
        after = None
        while True:
            page = door.post("/v1/products/query", {**query, "after": after})
            found.append([product["id"] for product in page["products"]])
            if (after := page["next"]) is None:
                return found

    assert pages(text="tea NUMBER", limit=4) == [
        [f"tea-{i}" for i in range(4)],
        [f"tea-{i}" for i in range(4, 8)],
        ["tea-8", "tea-9"],
    ]
    nord = pages(filter={"brand": "Nord", "category": "Tea"}, limit=2)
    assert nord == [["tea-0", "tea-3"], ["tea-6", "tea-9"]]
    assert pages(filter={"category": "Tea"}, text="number 4") == [["tea-4"]]
    assert pages(filter={"category": "Tea"}, ids=["tea-1", "soap-1"]) == [["tea-1"]]
    assert pages(ids=["soap-1", "gone"]) == [["soap-1"]]
    for query in ({}, {"filter": {"category": "Tea"}}):
        page = door.post("/v1/products/query", {**query, "text": "tea", "limit": 3})
        assert page["next"] == "tea-2", "with a filter and without one, a cursor is the last product of its page"
        assert door.post("/v1/products/query", {**query, "after": "tea-2", "limit": 1})["products"][0]["id"] == "tea-3"
        assert "next" in door.post("/v1/products/query", {**query, "after": "gone"}, 422)["error"]["allowed"]
    assert "next" in door.post("/v1/products/query", {"after": "x"}, 422)["error"]["allowed"]
    assert "next" in door.post("/v1/products/query", {"after": "9" * 25}, 422)["error"]["allowed"]


def test_similar_names_an_unknown_product(door: Any) -> None:
    error = door.post("/v1/similar", {"product_id": "gone"}, 404)["error"]
    assert error["code"] == "product_unknown" and "'gone'" in error["seen"]
    shown = door.post("/v1/similar", {"product_id": "tea-0", "n": 3, "return_product": True, "exclude_ids": ["tea-2"]})
    assert len(shown["items"]) == 3 and "tea-2" not in {item["product_id"] for item in shown["items"]}
    assert shown["items"][0]["reasons"][0]["evidence"][0]["product_id"] == "tea-0"
    only = door.post("/v1/similar", {"product_id": "tea-0", "filter": {"brand": "Nord"}, "return_product": True})
    assert {item["product"]["brand"] for item in only["items"]} == {"Nord"}


def test_a_body_too_large_is_refused(open_door: Callable[..., Any]) -> None:
    door = open_door(None, max_body_mb=0.001)
    headers = {"X-API-Key": door.key, "Content-Type": "application/json"}
    body = b'[{"shopper_id": "' + b"x" * 1200 + b'"}]'
    response = door.client.post("/v1/events", content=body, headers=headers)
    assert response.status_code == 413 and response.json()["error"]["code"] == "body_too_large"
    response = door.client.post("/v1/events", content=iter([body[:700], body[700:]]), headers=headers)
    assert response.status_code == 413 and "max_body_mb" in response.json()["error"]["seen"]
