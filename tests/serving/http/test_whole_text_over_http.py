"""Half a character is stored nowhere: products lose it with a warning, rows and requests with one are refused."""

from __future__ import annotations

import json
import shutil
import sqlite3
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from bottega.actions.recommend.shapes import TrainRequest
from bottega.actions.recommend.train import train
from bottega.shop.folder import ShopFolder

HALF = "\ud83d"


def send(door: Any, method: str, path: str, body: object) -> tuple[int, dict[str, Any]]:
    headers = {"X-API-Key": door.key, "Content-Type": "application/json"}
    response = door.client.request(method, path, content=json.dumps(body), headers=headers)
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("title", f"Lamp{HALF}", "Lamp"),
        ("description", f"Warm{HALF} light", "Warm light"),
        ("brand", f"No{HALF}rd", "Nord"),
        ("category", ["Home", f"Lamps{HALF}"], ("Home", "Lamps")),
        ("category", f"Home > Lamps{HALF}", ("Home", "Lamps")),
        ("attributes", {"color": [f"re{HALF}"]}, {"color": ("re",)}),
        ("attributes", {f"col{HALF}or": ["red"]}, {"color": ("red",)}),
        ("url", f"https://a.example/{HALF}x", "https://a.example/x"),
    ],
)
def test_a_product_loses_it_and_says_so(door: Any, field: str, value: object, kept: object) -> None:
    poisoned = {"id": "po1", "title": "Poison lamp", "category": ["Home", "Lamps"], field: value}
    status, answer = send(door, "POST", "/v1/products", [poisoned, {"id": "po2", "title": "Plain lamp"}])
    assert (status, answer["added"], answer["rejected"]) == (200, 2, [])
    assert [(one["index"], one["field"], one["rule"]) for one in answer["warnings"]] == [(0, field, "half_character")]
    [stored] = door.post("/v1/products/query", {"ids": ["po1"]})["products"]
    assert stored[field] == (list(kept) if isinstance(kept, tuple) else json.loads(json.dumps(kept)))
    assert door.post("/v1/products/compare", {"product_ids": ["po1", "po2"]})["rows"]


@pytest.mark.parametrize("field", ["id", "group_id"])
def test_an_id_with_half_a_character_costs_its_row_alone(door: Any, field: str) -> None:
    poisoned = {"id": "po1", "title": "Poison lamp", field: f"po{HALF}"}
    status, answer = send(door, "POST", "/v1/products", [poisoned, {"id": "po2", "title": "Plain lamp"}])
    assert (status, answer["added"]) == (200, 1)
    [refused] = answer["rejected"]
    assert (refused["index"], refused["field"]) == (0, field) and "half a character" in refused["fix"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query", f"lamp{HALF}"),
        ("source", HALF),
        ("shopper_id", f"s{HALF}"),
        ("event_id", HALF),
        ("traits", {"name": HALF}),
        ("kind", HALF),
    ],
)
def test_an_event_is_refused_by_itself(door: Any, field: str, value: object) -> None:
    event = {"shopper_id": "whole", "kind": "view", "product_id": "tea-0"}
    status, answer = send(door, "POST", "/v1/events", [event, {**event, "product_id": "tea-1", field: value}])
    assert (status, answer["accepted"]) == (200, 1)
    [refused] = answer["rejected"]
    assert (refused["index"], refused["field"].split(".")[0], refused["rule"]) == (1, field, "encoding_broken")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/recommendations", {"shopper": HALF}, "shopper"),
        ("/v1/recommendations", {"filter": {"brand": HALF}}, "filter.brand"),
        ("/v1/recommendations", {"filter": {"attributes": {"color": ["red", HALF]}}}, "filter.attributes.color.1"),
        ("/v1/similar", {"product_id": f"tea-0{HALF}"}, "product_id"),
        ("/v1/search", {"text": f"tea{HALF}"}, "text"),
        ("/v1/products/query", {"text": HALF}, "text"),
        ("/v1/shoppers", {"shopper": "s1", "name": HALF}, "name"),
        ("/v1/affinities/declare", {"shopper": "s1", "tastes": {"colour": [HALF]}}, "tastes.colour.0"),
        ("/v1/closet/remove", {"shopper": HALF, "closet_items": [1]}, "shopper"),
        ("/v1/jobs", {"verb": "train", "request": {"model": HALF}}, "request.model"),
        ("/v1/jobs", {"verb": HALF}, "verb"),
        ("/shop/api/recommendations", {"filter": {"brand": HALF}}, "filter.brand"),
    ],
)
def test_a_request_is_refused_by_the_name_of_its_field(
    trained: Any, open_door: Any, path: str, body: object, field: str
) -> None:
    status, answer = send(open_door(trained, storefront=True), "POST", path, body)
    assert (status, answer["error"]["code"]) == (422, "request_invalid")
    assert answer["error"]["seen"].startswith(f"Field {field!r} holds half a character")


@pytest.mark.parametrize("number", [2**63, 10**40, -1])
def test_numbers_beyond_those_of_the_database_are_refused(door: Any, number: int) -> None:
    status, answer = send(door, "POST", "/v1/closet/remove", {"shopper": "s1", "closet_items": [number]})
    assert (status, answer["error"]["code"]) == (422, "request_invalid")
    assert send(door, "POST", "/v1/outfits", {"shopper": "s1", "closet_item": number})[0] == 422


@pytest.mark.parametrize("after", ["0.5,99999999999999999999", "nan,1", "inf,1", "0.5", "x"])
def test_a_place_among_suggestions_is_one_that_was_given(door: Any, after: str) -> None:
    status, answer = send(door, "GET", f"/v1/suggestions?after={after}", None)
    assert (status, answer["error"]["code"]) == (422, "request_invalid")


def test_a_shop_that_holds_one_answers_and_trains_once_it_is_opened(
    trained: Any, open_door: Any, tmp_path: Path
) -> None:
    """As a version before stored it: JSON keeps in a database what UTF-8 cannot."""
    poisoned = tmp_path / "poisoned"
    shutil.copytree(trained, poisoned)
    with sqlite3.connect(poisoned / "shop.db") as database:
        database.execute("UPDATE products SET attributes = ? WHERE id = 'tea-0'", (r'{"colour": ["re\ud83d"]}',))
        database.execute("UPDATE products SET attributes = ? WHERE id = 'tea-1'", (r'{"colour": ["\ud83d\ude00"]}',))
    with (
        ShopFolder.open(poisoned) as shop,
        shop.store.database.write() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        import_module("bottega.store.migrations.versions.0013_whole_texts").upgrade()  # as an upgrade from 0012 does
    door = open_door(poisoned)
    found = {one["id"]: one for one in door.post("/v1/products/query", {"ids": ["tea-0", "tea-1"]})["products"]}
    assert {name: one["attributes"] for name, one in found.items()} == {
        "tea-0": {"colour": ["re"]},
        "tea-1": {"colour": ["😀"]},
    }
    assert train(door.shop, TrainRequest(model="content")).products
