"""The catalogue as a file over HTTP: the same as the command writes, with a secret key alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.catalogue.export_catalogue import ExportCatalogueRequest, export_catalogue
from bottega.catalogue.writers.registry import WRITERS
from bottega.names import KeyKind

PRODUCTS = [
    {"id": "lamp", "title": "Lamp", "price_minor": 500, "attributes": {"fit": ["a; b"]}},
    {"id": "desk", "title": "Désk <3", "hidden": True},
]


@pytest.mark.parametrize("format", [writer.name for writer in WRITERS])
def test_the_file_is_the_one_that_the_command_writes(
    open_door: Callable[..., Any], tmp_path: Path, format: str
) -> None:
    door = open_door(None)
    door.post("/v1/products", PRODUCTS)
    answer = door.client.get("/v1/catalogue/export", params={"format": format}, headers={"X-API-Key": door.key})
    done = export_catalogue(door.shop, ExportCatalogueRequest(format=format, out=tmp_path / "here"))
    assert answer.status_code == 200 and answer.content == done.path.read_bytes()
    assert f'filename="catalogue-{format}{done.suffix}"' in answer.headers["content-disposition"]
    assert answer.headers["content-type"].startswith("text/")
    told = json.loads(answer.headers["x-bottega-export"])
    assert told == {"products": done.products, "left_out": done.left_out, "lost": done.lost}
    assert told["left_out"] == ({"hidden": 1} if format == "google" else {})


def test_only_a_secret_key_opens_it_and_the_format_is_asked_for(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    assert door.client.get("/v1/catalogue/export?format=google").status_code == 401
    key = door.shop.folder.store.keys.create("pages", KeyKind.PUBLISHABLE)
    answer = door.client.get("/v1/catalogue/export?format=google", headers={"X-API-Key": key})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "visitor_refused")
    answer = door.client.get("/v1/catalogue/export?format=amazon", headers={"X-API-Key": door.key})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "format_unknown")
    assert door.client.get("/v1/catalogue/export", headers={"X-API-Key": door.key}).status_code == 422
