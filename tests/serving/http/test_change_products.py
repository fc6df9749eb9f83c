"""Some fields of products that are there: what is named changes, what is not stays, and what cannot be read is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from bottega.serving.cli.main import app as command
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder

WHOLE = {
    "id": "lamp/7",
    "title": "Oak lamp",
    "description": "A lamp of oak.",
    "brand": "Nord",
    "category": ["Home", "Lamps"],
    "price_minor": 3990,
    "currency": "EUR",
    "attributes": {"material": ["oak"], "size": ["M"]},
    "url": "https://shop.example/lamp",
}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Any]:
    with opened(tmp_path / "shop") as client:
        client.post("/v1/products", json=[WHOLE, {"id": "mug", "title": "Mug"}]).raise_for_status()
        yield client


@contextmanager
def opened(folder: Path) -> Iterator[TestClient]:
    """The server of a shop, and a key in hand."""
    with ShopFolder.open(folder) as shop:
        key = shop.store.keys.create("test")
    with TestClient(create_app(folder), headers={"X-API-Key": key}) as client:
        yield client


def product(door: TestClient, name: str = "lamp/7") -> dict[str, Any]:
    found: dict[str, Any] = door.post("/v1/products/query", json={"ids": [name]}).json()["products"][0]
    return found


def test_what_is_named_changes_and_nothing_else(door: TestClient) -> None:
    before = product(door)
    answer = door.patch("/v1/products", json={"id": "lamp/7", "availability": "out of stock", "price_minor": 2990})
    assert answer.status_code == 200 and answer.json()["changed"] == 1, answer.text
    assert product(door) == before | {"availability": "out_of_stock", "price_minor": 2990}
    again = door.patch("/v1/products", json={"id": "lamp/7", "availability": "out_of_stock"}).json()
    assert (again["changed"], again["unchanged"]) == (0, 1)


def test_null_takes_away_and_attributes_change_by_name(door: TestClient) -> None:
    row = {"id": "lamp/7", "brand": None, "price_minor": None, "attributes": {"size": None, "color": ["red"]}}
    assert door.patch("/v1/products", json=[row]).json()["changed"] == 1
    found = product(door)
    assert (found["brand"], found["price_minor"], found["currency"]) == (None, None, None)
    assert found["attributes"] == {"material": ["oak"], "color": ["red"]}
    assert found["description"] == "A lamp of oak."


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ({"id": "lamp/7", "prise": 1}, "prise", "No product has a field 'prise'"),
        ({"id": "nobody", "price_minor": 1}, "id", "no product of this id"),
        ({"price_minor": 1}, "id", ""),
        ({"id": "lamp/7", "title": None}, "title", ""),
        ({"id": "lamp/7", "title": ""}, "title", ""),
        ({"id": "lamp/7", "price_minor": -1}, "price_minor", ""),
        ("lamp/7", "", "Send an object"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_in_words_and_costs_no_other(
    door: TestClient, row: Any, field: str, said: str
) -> None:
    before = product(door)
    answer = door.patch("/v1/products", json=[row, {"id": "mug", "price_minor": 500}]).json()
    assert answer["changed"] == 1 and product(door, "mug")["price_minor"] == 500
    [refused] = answer["rejected"]
    assert (refused["index"], refused["field"]) == (0, field) and said in refused["fix"]
    assert product(door) == before


def test_a_value_that_cannot_be_read_leaves_the_field_as_it_was(door: TestClient) -> None:
    door.patch("/v1/products", json={"id": "lamp/7", "availability": "preorder"})
    rows = {"id": "lamp/7", "availability": "qwertz", "currency": "gold", "url": "no address", "brand": "Süd"}
    answer = door.patch("/v1/products", json=rows).json()
    assert {one["field"] for one in answer["warnings"]} == {"availability", "currency", "url"}
    found = product(door)
    assert (found["availability"], found["price_minor"], found["currency"]) == ("preorder", 3990, "EUR")
    assert (found["url"], found["brand"]) == ("https://shop.example/lamp", "Süd")


def test_what_is_discontinued_is_shown_no_more_and_comes_back_with_a_post(door: TestClient) -> None:
    answer = door.post("/v1/products/discontinue", json={"product_ids": ["lamp/7", "nobody", "lamp/7"]}).json()
    assert answer == {"discontinued": 1, "unchanged": 0, "missing_ids": ["nobody"]}
    shown = door.post("/v1/recommendations", json={"placement": "home"}).json()["items"]
    assert [item["product_id"] for item in shown] == ["mug"]
    assert product(door)["title"] == "Oak lamp", "what it was is kept"
    erased = door.post("/v1/products/discontinue", json={"product_ids": ["lamp/7"], "erase": True}).json()
    assert erased["discontinued"] == 1
    found = product(door)
    assert (found["title"], found["description"], found["attributes"], found["url"]) == ("lamp/7", "", {}, None)
    door.post("/v1/products", json=WHOLE)
    assert product(door)["availability"] == "in_stock" and not product(door)["hidden"]


def test_from_the_command_line(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    with opened(shop) as client:
        client.post("/v1/products", json=WHOLE).raise_for_status()
    run = CliRunner()
    line = ["products", "change", "lamp/7", "price_minor=990", "brand=null", "material=ash", "--shop", str(shop)]
    done = run.invoke(command, line)
    assert done.exit_code == 0 and "Changed 1 products" in done.output, done.output
    changes = tmp_path / "changes.jsonl"
    changes.write_text('{"id": "lamp/7", "availability": "backorder"}\n{"id": "nobody", "title": "x"}\n')
    done = run.invoke(command, ["products", "change", "--from", str(changes), "--shop", str(shop)])
    assert done.exit_code == 1 and "Changed 1 products" in done.output and "nobody" in done.output
    with ShopFolder.open(shop) as folder:
        found = folder.store.products.get(["lamp/7"])["lamp/7"]
    assert (found.price_minor, found.brand, found.availability) == (990, None, "backorder")
    assert found.attributes["material"] == ("ash",) and found.attributes["size"] == ("M",)
    done = run.invoke(command, ["products", "discontinue", "lamp/7", "--shop", str(shop)])
    assert done.exit_code == 0, done.output
