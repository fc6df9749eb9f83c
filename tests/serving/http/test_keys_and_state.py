"""Keys, health, metrics, the untrained shop, and the change of models under way."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

ROUTES = ("/v1/recommendations", "/v1/events", "/v1/products", "/v1/products/query", "/v1/similar")


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_asks_for_the_key(door: Any, path: str) -> None:
    for headers in ({}, {"X-API-Key": "btg_wrong"}, {"Authorization": "Bearer wrong"}):
        response = door.client.post(path, json={}, headers=headers)
        assert response.status_code == 401 and response.json()["error"]["code"] == "key_refused"
        assert response.headers["WWW-Authenticate"] == "Bearer"
    for headers in ({"X-API-Key": door.key}, {"Authorization": f"Bearer {door.key}"}):
        assert door.client.post(path, json={}, headers=headers).status_code != 401


def test_the_key_is_nowhere_in_the_shop(door: Any) -> None:
    door.ask(shopper="x")
    with sqlite3.connect(door.folder / "shop.db") as database:
        dump = "\n".join(database.iterdump())
    assert "api_keys" in dump and door.key not in dump and door.key.removeprefix("btg_") not in dump


def test_the_first_key_is_made_once(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained)
    assert door.shop.keys.first() is None  # the fixture has made one
    door.shop.folder.store.keys.revoke("test")
    key = door.shop.keys.first()
    assert key is not None and door.shop.keys.opens(key) and door.shop.keys.first() is None


def test_a_revoked_key_is_not_believed_for_long(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    door.ask(shopper="x")
    door.shop.folder.store.keys.revoke("test")
    clock = __import__("time").monotonic
    monkeypatch.setattr("bottega.shop.doors.key_ring.time.monotonic", lambda: clock() + 6)
    door.ask(401, shopper="x")


def test_a_shop_may_do_without_keys(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained, require_key="false")
    assert door.client.post("/v1/recommendations", json={}).status_code == 200


def test_health_is_open_and_tells_what_there_is(door: Any) -> None:
    health = door.client.get("/v1/health").json()
    assert health["status"] == "ok" and health["products"] == 70 and health["events"] == 400
    assert health["model"]["name"] == "blend" and health["model_age_s"] >= 0 and health["store"] == "sqlite"
    assert str(door.folder) not in str(health)


def test_metrics_count_and_name_no_one(door: Any) -> None:
    door.ask(shopper="somebody")
    door.post("/v1/events", [{"shopper_id": "somebody", "kind": "view", "product_id": "tea-0"}, {}])
    text = door.client.get("/metrics").text
    assert 'bottega_requests_total{route="/v1/recommendations",status="200"} 1.0' in text
    assert 'bottega_events_total{result="accepted"} 1.0' in text
    assert 'bottega_events_total{result="rejected"} 1.0' in text
    assert 'bottega_answers_total{fallback="popular",placement="home"} 1.0' in text
    assert "bottega_model_age_seconds" in text and "bottega_stored_events 401.0" in text
    assert "somebody" not in text and "tea-0" not in text


def test_metrics_from_afar_need_the_key(door: Any) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    assert door.client.get("/metrics", headers=forwarded).status_code == 401
    assert door.client.get("/metrics", headers={**forwarded, "X-API-Key": door.key}).status_code == 200


def test_errors_have_one_shape(door: Any) -> None:
    for response in (door.client.get("/nowhere"), door.client.get("/v1/events"), door.client.post("/v1/health")):
        assert set(response.json()["error"]) == {"code", "message", "seen", "allowed", "next_step"}


def test_an_empty_shop_says_what_to_do_and_takes_its_first_products(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    error = door.ask(409, shopper="x")["error"]
    assert error["code"] == "catalogue_empty" and "/v1/products" in error["next_step"]
    rows = [{"id": f"p{i}", "title": f"Lamp {i}", "category": ["Lamps"], "brand": f"b{i % 2}"} for i in range(8)]
    assert door.post("/v1/products", rows)["added"] == 8
    answer = door.ask(shopper="x", n=5)
    assert len(answer["items"]) == 5 and answer["fallback"] == "untrained"
    assert answer["model"]["name"] == "untrained" and answer["model"]["trained_at"] is None
    door.post("/v1/events", {"shopper_id": "x", "kind": "view", "product_id": "p1"})
    shown = door.ids(shopper="x", n=5)
    assert "p1" not in shown and len(shown) == 5
    door.post("/v1/products", {"id": "p99", "title": "Lamp 99", "category": ["Lamps"]})
    assert "p99" in door.ids(shopper="x", n=60)
    assert door.client.get("/v1/health").json()["model_age_s"] is None


def test_a_new_model_is_taken_over_while_answers_go_on(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained)
    before = door.ask(shopper="s1")["model"]["version"]
    done = threading.Event()
    failures: list[str] = []

    def keep_asking() -> None:
        while not done.is_set():
            answer = recommend(door.shop, RecommendationRequest(shopper="s1", n=5))
            if len(answer.items) != 5:
                failures.append(str(answer))

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        with ShopFolder.open(door.folder) as shop:
            train(OpenShop(shop), TrainRequest(model="item_neighbours"))
        assert door.shop.refresh() is True
        assert door.shop.refresh() is False
    finally:
        done.set()
        asking.join()
    after = door.ask(shopper="s1")["model"]
    assert not failures and after["name"] == "item_neighbours" and after["version"] > before


def test_what_other_processes_wrote_is_found(trained: Path, open_door: Callable[..., Any]) -> None:
    from bottega.catalogue.product import Product
    from bottega.events.event import Event
    from bottega.names import EventKind

    door = open_door(trained)
    door.ask(shopper="elsewhere")
    with ShopFolder.open(door.folder) as shop:
        shop.store.products.upsert([Product(id="late", title="Late tea", category=("Food", "Tea"), brand="Nord")])
        shop.store.events.add([Event(shopper_id="elsewhere", kind=EventKind.VIEW, product_id="tea-0", time_ms=10**12)])
    door.shop.refresh()
    assert door.ask(shopper="elsewhere")["fallback"] is None
    assert "late" in door.ids(filter={"ids": ["late"]})


def test_a_broken_model_leaves_the_shop_answering(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained)
    with ShopFolder.open(door.folder) as shop:
        run = train(OpenShop(shop), TrainRequest(model="transitions"))
    (door.folder / run.folder / "items.npz").write_text("{")
    assert door.shop.refresh() is True
    assert door.ask(shopper="s1")["model"]["name"] == "blend"
    assert door.shop.refresh() is False
    with OpenShop.open(door.folder) as fresh:
        answer = recommend(fresh, RecommendationRequest(shopper="s1", n=5))
    assert answer.fallback == "untrained" and len(answer.items) == 5


def test_a_key_revoked_at_the_command_line_opens_no_running_server(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from bottega.serving.cli.main import app

    said = CliRunner().invoke(app, ["keys", "new", "till", "--shop", str(door.folder)]).output
    made = next(word for word in said.split() if word.startswith("btg_"))
    headers = {"X-API-Key": made}
    assert door.client.post("/v1/recommendations", json={}, headers=headers).status_code == 200
    assert CliRunner().invoke(app, ["keys", "revoke", "till", "--shop", str(door.folder)]).exit_code == 0
    clock = __import__("time").monotonic
    monkeypatch.setattr("time.monotonic", lambda: clock() + 6)
    assert door.client.post("/v1/recommendations", json={}, headers=headers).status_code == 401
