"""What a refusal says: in words of the request and of JSON, never of Python, and never a megabyte of it."""

from __future__ import annotations

from typing import Any

import pytest

BIG = "x" * 1_000_000


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"kind": "view", "product_id": "tea-0"}, "shopper_id"),
        ({"kind": "view", "shopper_id": "s1"}, "product_id"),
        ({"kind": "search", "shopper_id": "s1"}, "query"),
        ({"kind": "identify"}, "shopper_id"),
    ],
)
def test_what_a_row_lacks_is_called_by_its_field(door: Any, event: dict[str, Any], field: str) -> None:
    [refused] = door.post("/v1/events", event)["rejected"]
    assert (refused["field"], refused["seen"]) == (field, "nothing")
    assert f"needs a {field}" in refused["fix"]


def test_values_are_shown_as_json_has_them(door: Any) -> None:
    [refused] = door.post("/v1/products", {"id": "a", "title": {"de": None, "en": True}})["rejected"]
    assert refused["seen"] == '{"de": null, "en": true}'
    answer = door.post("/v1/recommendations", {"n": {"de": None}}, 422)["error"]
    assert answer["seen"] == """Field 'n' is {"de": null}."""


def test_a_field_of_the_address_has_its_own_name(door: Any) -> None:
    response = door.client.get("/v1/jobs?n=0", headers={"X-API-Key": door.key})
    assert response.json()["error"]["seen"] == "Field 'n' is '0'."


def test_no_message_names_the_class_of_an_error(door: Any) -> None:
    for path, body in (
        ("/v1/jobs", {"verb": "train", "request": {"seed": -1}}),
        ("/v1/shoppers", {"shopper": "s1", "country": "UK"}),
    ):
        message = door.post(path, body, 422)["error"]["message"]
        assert "error," not in message and "Enum" not in message
    [refused] = door.post("/v1/events", {"kind": "identify", "shopper_id": "s1", "traits": {"country": "UK"}})[
        "rejected"
    ]
    assert refused["fix"].startswith("a country is two letters")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/shoppers", {"shopper": "s1", "consent": {"personalisation": "no"}, "consent_time": BIG}),
        ("/v1/recommendations", {"strategy": BIG}),
        ("/v1/jobs", {"verb": BIG}),
        ("/v1/jobs", {"verb": "train", "request": {"model": BIG}}),
    ],
)
def test_a_megabyte_does_not_come_back(door: Any, path: str, body: dict[str, Any]) -> None:
    headers = {"X-API-Key": door.key}
    response = door.client.post(path, json=body, headers=headers)
    assert len(response.text) < 5000 or response.status_code == 202
    traits = {"consent": {"analytics": "no"}, "consent_time": BIG}
    rows = [{"kind": "identify", "shopper_id": "s1", "traits": traits}, {"kind": BIG, "shopper_id": "s1"}]
    refused = door.client.post("/v1/events", json=rows, headers=headers)
    assert len(refused.json()["rejected"]) == 2 and len(refused.text) < 10_000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("brand", BIG),
        ("description", BIG),
        ("category", ["Home", BIG]),
        ("attributes", {"note": [BIG]}),
        ("attributes", {BIG: ["x"]}),
        ("url", f"https://a.example/{BIG}"),
        ("images", [f"https://a.example/{BIG}"]),
    ],
)
def test_a_megabyte_is_not_stored(door: Any, field: str, value: object) -> None:
    answer = door.post("/v1/products", [{"id": "a", "title": "A", field: value}, {"id": "b", "title": "B"}])
    [refused] = answer["rejected"]
    assert (answer["added"], refused["index"], refused["field"]) == (1, 0, field)
    assert "characters" in refused["seen"]


def test_attributes_called_as_our_fields_are_told_apart(door: Any) -> None:
    for name in ("a", "b"):
        attributes = {"title": [f"Dr {name}"], "price": ["high"], "material": ["oak"]}
        door.post("/v1/products", {"id": name, "title": f"Lamp {name}", "attributes": attributes})
    rows = door.post("/v1/products/compare", {"product_ids": ["a", "b"]})["rows"]
    names = [row["attribute"] for row in rows]
    assert len(set(names)) == len(names) and {"title", "title (attribute)", "price (attribute)", "material"} <= set(
        names
    )


def test_events_are_taken_by_their_old_names_and_the_answer_says_so(door: Any) -> None:
    event = {"user_id": "old", "item_id": "tea-0", "kind": "view"}
    response = door.client.post("/v1/events", json=event, headers={"X-API-Key": door.key})
    assert response.json()["accepted"] == 1
    assert response.headers["Bottega-Old-Names"] == "user_id -> shopper_id, item_id -> product_id"
    [stored] = door.shop.folder.store.events.of_shopper("old", 9)
    assert stored.product_id == "tea-0"
    [refused] = door.post("/v1/events", {**event, "shopper_id": "new"})["rejected"]
    assert (refused["field"], refused["fix"]) == (
        "user_id",
        "user_id is the old name of shopper_id. Send shopper_id alone.",
    )
