"""What is answered while the machine under the server fails, and after it."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from bottega.errors import ModelFileBroken
from bottega.serving.http import fast_lane
from bottega.shop.doors import key_ring
from bottega.shop.open_shop import OpenShop
from bottega.store.database import Database
from bottega.store.store import Store

FRAMEWORK = {"Content-Type": "application/vnd.shop+json"}
"""JSON to the framework, and none of the fast lane's business."""


class Away:
    """The shop's database, which can be taken away and brought back."""

    def __init__(self, database: Database, nowhere: Path) -> None:
        self._database, self._there = database, database.engine
        self._gone = create_engine(f"sqlite:///{nowhere / 'none' / 'shop.db'}")

    def go(self) -> None:
        self._database.engine = self._gone

    def come_back(self) -> None:
        self._database.engine = self._there


@pytest.fixture
def away(door: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Away:
    monkeypatch.setattr(key_ring, "KEYS_KEPT_S", 0.0)  # each request asks the store for its key
    return Away(door.shop.store.database, tmp_path)


def send(door: Any, path: str, body: Any, **headers: str) -> Any:
    return door.client.post(path, json=body, headers={"X-API-Key": door.key, **headers})


def ids(answer: Any) -> list[str]:
    return [item["product_id"] for item in answer["items"]]


@pytest.mark.parametrize("way", [{}, FRAMEWORK], ids=["fast", "framework"])
def test_without_the_database_answers_go_on_and_nothing_is_acknowledged(door: Any, away: Away, way: Any) -> None:
    view = {"event_id": "e-1", "kind": "view", "product_id": "tea-1", "shopper_id": "s1"}
    before = send(door, "/v1/recommendations", {"shopper": "s1"}, **way).json()
    assert before["fallback"] is None
    found = send(door, "/v1/search", {"text": "lamp"}, **way).json()["items"]
    door.shop.catch_up()
    away.go()
    known = send(door, "/v1/recommendations", {"shopper": "s1"}, **way)
    assert known.status_code == 200 and ids(known.json()) == ids(before) and known.json()["fallback"] is None
    other = send(door, "/v1/recommendations", {"shopper": "s2"}, **way)
    assert other.status_code == 200 and len(other.json()["items"]) == 10
    assert other.json()["fallback"] == "store_unavailable"
    assert send(door, "/v1/search", {"text": "lamp"}, **way).json()["items"] == found != []
    refused = send(door, "/v1/events", view, **way)
    error = refused.json()["error"]
    assert refused.status_code == 503 and refused.headers["Retry-After"] == "5"
    assert error["code"] == "store_unavailable" and error["next_step"]
    assert error["seen"] == "The database does not answer." and "shop.db" not in error["message"]  # nor where it lies
    assert door.client.post("/v1/recommendations", json={}, headers={"X-API-Key": "btg_none"}).status_code == 503
    away.come_back()
    assert send(door, "/v1/events", view, **way).json()["accepted"] == 1
    assert send(door, "/v1/recommendations", {"shopper": "s2"}, **way).json()["fallback"] is None
    assert door.client.post("/v1/recommendations", json={}, headers={"X-API-Key": "btg_none"}).status_code == 401


def test_readiness_says_what_is_not_there(door: Any, away: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> tuple[int, dict[str, str]]:
        answer = door.client.get("/ready")
        told = answer.json()
        assert ("Retry-After" in answer.headers) is (answer.status_code == 503) is not told["ready"]
        return answer.status_code, {one["of"]: one["seen"] for one in told["checks"]}

    well = dict.fromkeys(("database", "tables", "shop", "disk"), "")
    assert asked() == (200, well)
    away.go()
    gone = {"database": "The database does not answer.", "shop": "", "disk": ""}
    assert asked() == (503, gone) and str(door.folder) not in door.client.get("/ready").text
    assert door.client.get("/live").json() == {"status": "ok"}
    assert door.client.get("/v1/health").headers["Retry-After"] == "5"
    away.come_back()
    with monkeypatch.context() as patch:
        patch.setattr(Store, "is_newest", lambda _: False)
        patch.setattr(OpenShop, "floor", _no_floor)
        status, seen = asked()
        assert status == 503 and "another version" in seen["tables"] and "cannot be loaded" in seen["shop"]
    assert asked() == (200, well)


def _no_floor(_: Any) -> Any:
    raise ModelFileBroken("It is cut short.")


def test_events_are_not_kept_in_line_for_ever(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_lane, "LINE_S", 0.02)
    line, go_on = door.client.app.state.door.writer, threading.Event()
    under_way = line.submit(go_on.wait)
    view = {"event_id": "late", "kind": "view", "product_id": "tea-1", "shopper_id": "s1"}
    refused = send(door, "/v1/events", view)
    assert refused.status_code == 503 and refused.headers["Retry-After"] == "5"
    assert "none of them was stored" in refused.json()["error"]["next_step"]
    go_on.set()
    assert under_way.result(10)
    answer = send(door, "/v1/events", view).json()
    assert (answer["accepted"], answer["duplicates"]) == (1, 0)


@pytest.mark.parametrize(
    ("failure", "code"),
    [(MemoryError(), "memory_short"), (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "disk_full")],
)
@pytest.mark.parametrize("way", [{}, FRAMEWORK], ids=["fast", "framework"])
def test_no_memory_and_no_room_are_no_bugs(
    door: Any, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: str, way: Any
) -> None:
    def fail(*_: Any) -> bytes:
        raise failure

    assert send(door, "/v1/recommendations", {}, **way).status_code == 200
    monkeypatch.setattr(fast_lane, "json_list", fail)
    answer = send(door, "/v1/recommendations", {}, **way)
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "60"
    assert answer.json()["error"]["code"] == code
