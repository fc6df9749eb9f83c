"""What each key opens: walked over every route of the application, and tried at the door."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from bottega.actions.verb import Kind, Verb
from bottega.actions.verbs import VERBS
from bottega.names import KeyKind, Role
from bottega.serving.http.auth import opening_of
from bottega.serving.http.callers.gorse import _ROUTES

WITHOUT_A_KEY = {
    "/",
    "/agent",
    "/agent/agent.css",
    "/agent/agent.js",
    "/assistant.js",
    "/check",
    "/check/check.css",
    "/check/check.js",
    "/docs",
    "/dressing-room.js",
    "/docs/docs.css",
    "/docs/docs.js",
    "/docs/mark.svg",
    "/docs/pages.css",
    "/feeds/{channel}",
    "/gorse/api/health/{kind}",
    "/letters/unsubscribe",
    "/live",
    "/login",
    "/login/{name}",
    "/personalize/{operation}",
    "/pixel.js",
    "/ready",
    "/shared/{token}",
    "/shared/{token}/picture",
    "/v1/health",
    "/v1/session",
    "/v1/webhooks/{platform}",
}
"""Pages and scripts that everybody may read, and doors that ask for another proof than a key: a signature, a link."""
BODIES = {
    "/v1/recommendations": {"shopper": "s1"},
    "/v1/events": {"shopper_id": "s1", "kind": "view", "product_id": "tea-0"},
    "/v1/products": {"id": "late", "title": "Late tea", "category": ["Food", "Tea"]},
    "/v1/shoppers/export": {"shopper": "s1"},
}
OPENS = {
    "/v1/recommendations": {Role.READ, Role.MANAGE, Role.ADMIN},
    "/v1/events": {Role.EVENTS, Role.MANAGE, Role.ADMIN},
    "/v1/products": {Role.MANAGE, Role.ADMIN},
    "/v1/shoppers/export": {Role.MANAGE, Role.ADMIN},
}


def key_of(door: Any, role: Role, **more: Any) -> dict[str, str]:
    return {"X-API-Key": door.shop.folder.store.keys.create(f"{role} {more}", role=role, **more)}


def test_a_verb_that_says_nothing_is_for_those_who_may_do_everything() -> None:
    assert Verb("new", Kind.WRITE, "m:f", "m:R", "m:A", "New.", route="POST /v1/new").role is Role.ADMIN


def routes_of(app: Any) -> list[APIRoute]:
    """Every route of the application, those outside the manual included."""
    found, waiting = [], list(app.routes)
    while waiting:
        route = waiting.pop()
        if (inside := getattr(route, "original_router", None)) is not None:
            waiting += inside.routes
        elif isinstance(route, APIRoute):
            found.append(route)
    return found


def test_no_route_is_open_that_is_not_meant_to_be(door: Any) -> None:
    routes = routes_of(door.client.app)
    assert {route.path for route in routes if opening_of(route) is None} == WITHOUT_A_KEY
    opened = {f"{method} {route.path}": opening_of(route) for route in routes for method in route.methods or ()}
    for one in VERBS:
        if one.route:
            opening = opened[one.route]
            assert opening and (opening.role, opening.visitors, opening.agents) == (
                one.role,
                bool(one.visitor),
                one.agents,
            )
    by_path = {name for name, opening in opened.items() if opening and opening.role is None}
    assert {name.partition(" ")[2] for name in by_path} == {"/gorse/api/{rest:path}"}


def test_nothing_that_changes_the_shop_is_open_to_a_key_that_reads() -> None:
    changing = {one.name for one in VERBS if one.kind is not Kind.ANSWER and one.route and one.role is Role.READ}
    assert changing == {"check", "describe"}, "these two only read, however long they take"
    assert {one.name for one in VERBS if one.role is Role.EVENTS} == {"record_events"}


@pytest.mark.parametrize("path", OPENS)
def test_each_role_opens_its_routes_and_no_other(door: Any, path: str) -> None:
    for role in Role:
        headers = key_of(door, role)
        for _ in range(2):  # the framework's way, then the fast lane
            answer = door.client.post(path, json=BODIES[path], headers=headers)
            assert (answer.status_code == 200) is (role in OPENS[path]), (role, answer.text)
            if role not in OPENS[path]:
                assert answer.status_code == 403 and answer.json()["error"]["code"] == "role_refused"
                assert f"The role '{role}' does not open POST {path}" in answer.text


def test_a_key_that_reads_leaves_the_shop_as_it_is(door: Any) -> None:
    before, headers = door.client.get("/v1/health").json(), key_of(door, Role.READ)
    for path in ("/v1/events", "/v1/products", "/v1/import/catalogue", "/v1/jobs", "/v1/studio/video/own"):
        assert door.client.post(path, json={}, headers=headers).status_code == 403, path
    after = door.client.get("/v1/health").json()
    assert (after["events"], after["products"]) == (before["events"], before["products"])


def test_routes_of_gorse_have_roles(door: Any) -> None:
    asked: list[tuple[str, str, Any, Role]] = [
        ("GET", "recommend/s1", None, Role.READ),
        ("GET", "recommend/s1?write-back-type=read", None, Role.MANAGE),
        ("POST", "feedback", [], Role.EVENTS),
        ("GET", "user/s1", None, Role.MANAGE),
        ("DELETE", "item/tea-1", None, Role.MANAGE),
    ]
    keys = {role: key_of(door, role) for role in Role}
    for method, path, body, least in asked:
        for role, headers in keys.items():
            answer = door.client.request(method, f"/gorse/api/{path}", json=body, headers=headers)
            refused = answer.status_code == 403
            assert refused is not role.opens(least), (method, path, role, answer.text)
            assert not refused or f"The role '{role}' does not open" in answer.text
    assert {line[3] for line in _ROUTES} == {Role.READ, Role.EVENTS, Role.MANAGE}


def test_a_key_ends(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now_ms = time.time_ns() // 1_000_000
    headers = key_of(door, Role.READ, expires_at_ms=now_ms + 3_600_000)
    assert door.client.post("/v1/recommendations", json={}, headers=headers).status_code == 200
    monkeypatch.setattr("bottega.shop.doors.key_ring._now_ms", lambda: now_ms + 3_600_001)
    clock = time.monotonic
    monkeypatch.setattr("bottega.shop.doors.key_ring.time.monotonic", lambda: clock() + 6)
    refused = door.client.post("/v1/recommendations", json={}, headers=headers)
    assert refused.status_code == 401 and "The API key expired at" in refused.text


def test_a_key_that_ends_within_seconds_is_believed_no_longer(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now_ms = time.time_ns() // 1_000_000
    headers = key_of(door, Role.READ, expires_at_ms=now_ms + 1_000)
    monkeypatch.setattr("bottega.shop.doors.key_ring._now_ms", lambda: now_ms)
    assert door.client.post("/v1/recommendations", json={}, headers=headers).status_code == 200
    assert door.shop.keys.believes(headers["X-API-Key"])
    clock = time.monotonic
    monkeypatch.setattr("bottega.shop.doors.key_ring.time.monotonic", lambda: clock() + 1.01)
    assert door.shop.keys.believes(headers["X-API-Key"]) is None


def test_a_limit_holds_in_both_ways_of_answering(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now_ms = [10**12]
    monkeypatch.setattr("bottega.shop.doors.key_ring._now_ms", lambda: now_ms[0])
    headers = key_of(door, Role.READ, per_minute=120)
    asked = [door.client.post("/v1/recommendations", json={}, headers=headers).status_code for _ in range(124)]
    assert asked == [200] * 120 + [429] * 4
    refused = door.client.post("/v1/similar", json={"product_id": "tea-1"}, headers=headers)
    assert refused.status_code == 429 and refused.json()["error"]["code"] == "rate_exceeded"
    assert refused.headers["Retry-After"] == "1" and "120 requests in a minute" in refused.text
    now_ms[0] += 1_000
    asked = [door.client.post("/v1/recommendations", json={}, headers=headers).status_code for _ in range(3)]
    assert asked == [200, 200, 429]
    assert door.client.post("/v1/recommendations", json={}, headers={"X-API-Key": door.key}).status_code == 200


def test_what_the_fast_lane_hands_on_counts_once(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bottega.shop.doors.key_ring._now_ms", lambda: 10**12)
    headers = key_of(door, Role.READ, per_minute=5)
    asked = [door.client.post("/v1/recommendations", json={"n": -1}, headers=headers).status_code for _ in range(6)]
    assert asked == [422] * 5 + [429]


def test_processes_share_a_limit(trained: Path, door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process of the same shop has its own ring of keys over the same bucket."""
    from bottega.shop.open_shop import OpenShop

    monkeypatch.setattr("bottega.shop.doors.key_ring._now_ms", lambda: 10**12)
    headers = key_of(door, Role.READ, per_minute=4)
    with OpenShop.open(door.folder) as other:
        known = other.keys.opens(headers["X-API-Key"])
        assert known
        for _ in range(3):
            other.keys.count(known)
    asked = [door.client.post("/v1/recommendations", json={}, headers=headers).status_code for _ in range(3)]
    assert asked == [200, 429, 429]


def test_the_last_use_is_kept(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained)
    headers = key_of(door, Role.READ)
    door.client.post("/v1/recommendations", json={}, headers=headers)
    used = {one.label: one.used_at_ms for one in door.shop.store.keys.all()}
    assert set(used.values()) == {None}, "not in the way of the answer"
    before = time.time_ns() // 1_000_000
    door.shop.refresh()
    used = {one.label: one.used_at_ms for one in door.shop.store.keys.all()}
    moment = used.pop("read {}")
    assert moment is not None and 0 <= before - moment < 60_000 and set(used.values()) == {None}


def test_pages_and_persons_keep_what_they_open(door: Any) -> None:
    keys = door.shop.folder.store.keys
    pages = {"X-API-Key": keys.create("pages", KeyKind.PUBLISHABLE, per_minute=3)}
    mia = {"X-API-Key": keys.create("Mia", KeyKind.AGENT)}
    asked = [door.client.post("/v1/similar", json={"product_id": "tea-1"}, headers=pages) for _ in range(4)]
    assert [one.status_code for one in asked] == [200, 200, 200, 429]
    assert door.client.get("/v1/models", headers=mia).json()["error"]["code"] == "agent_refused"
    assert door.client.get("/v1/talks", headers=mia).status_code == 200
    assert door.client.get("/v1/talks", headers=key_of(door, Role.READ)).status_code == 403
