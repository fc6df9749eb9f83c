"""Which pages may call: preflights, origins, beacons."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.names import KeyKind

PAGE = "https://shop.example"
OWN = "v-0123456789abcdef0123"
VIEW = {"kind": "view", "product_id": "tea-0", "anonymous_id": OWN, "event_id": "1"}
VISITORS = ("/v1/events", "/v1/recommendations", "/v1/similar", "/v1/search", "/v1/search/image")


@pytest.fixture
def door(trained: Path, open_door: Callable[..., Any]) -> Any:
    return open_door(trained, browser_origins=json.dumps([PAGE, "http://localhost:3000/"]))


@pytest.fixture
def key(door: Any) -> str:
    made: str = door.shop.folder.store.keys.create("pages", KeyKind.PUBLISHABLE)
    return made


def preflight(door: Any, path: str, origin: str) -> Any:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key"}
    return door.client.options(path, headers=asked)


@pytest.mark.parametrize("path", VISITORS)
@pytest.mark.parametrize("origin", [PAGE, "http://localhost:3000"])
def test_a_page_of_the_shop_is_let_in(door: Any, path: str, origin: str) -> None:
    answer = preflight(door, path, origin)
    assert answer.status_code == 204 and answer.headers["access-control-allow-origin"] == origin
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "x-api-key" in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers and answer.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://shop.example", f"{PAGE}:444", "null", PAGE + ".evil.io"]
)
def test_a_page_of_nobody_is_not(door: Any, key: str, origin: str) -> None:
    refused = preflight(door, "/v1/events", origin)
    assert refused.status_code == 403 and "browser_origins" in refused.json()["error"]["next_step"]
    for headers in ({"X-API-Key": key}, {"Content-Type": "text/plain"}):
        sent = door.client.post("/v1/events", content=json.dumps(VIEW), headers={"Origin": origin, **headers})
        assert sent.status_code == 403
        assert not any(name.startswith("access-control") for name in sent.headers)
    assert door.shop.known_profile(OWN) is None


@pytest.mark.parametrize("path", ["/v1/products", "/v1/shoppers/export", "/v1/jobs", "/v1/health", "/metrics", "/docs"])
def test_other_routes_have_no_door_for_browsers(door: Any, path: str) -> None:
    assert preflight(door, path, PAGE).status_code == 405
    headers = {"Origin": PAGE, "X-API-Key": door.key}
    for answer in (door.client.get(path, headers=headers), door.client.post(path, json={}, headers=headers)):
        assert not any(name.startswith("access-control") for name in answer.headers)


def test_by_default_no_page_may_call(trained: Path, open_door: Callable[..., Any]) -> None:
    assert preflight(open_door(trained), "/v1/events", PAGE).status_code == 403


def test_an_answer_and_an_error_can_be_read_by_the_page(door: Any, key: str) -> None:
    headers = {"Origin": PAGE, "X-API-Key": key}
    for body, code in (({"shopper": OWN}, 200), ({"shopper": "s1"}, 403), ({"n": 0}, 422)):
        answer = door.client.post("/v1/recommendations", json=body, headers=headers)
        assert answer.status_code == code and answer.headers["access-control-allow-origin"] == PAGE


def test_the_page_that_the_server_itself_shows_may_call(door: Any, key: str) -> None:
    headers = {"Origin": "http://testserver", "X-API-Key": key}
    assert door.client.post("/v1/events", json=VIEW, headers=headers).status_code == 200


def test_a_beacon_is_taken(door: Any, key: str) -> None:
    headers = {"Origin": PAGE, "Content-Type": "text/plain;charset=UTF-8"}
    sent = door.client.post(f"/v1/events?key={key}", content=json.dumps({"events": [VIEW]}), headers=headers)
    assert sent.status_code == 200 and sent.json()["accepted"] == 1
    assert door.shop.known_profile(OWN) == OWN


def test_a_secret_key_is_not_taken_from_an_address(door: Any) -> None:
    assert door.client.post(f"/v1/events?key={door.key}", json=VIEW).status_code == 401


def test_a_photo_may_be_searched_for_with_the_key_in_the_address(door: Any, key: str) -> None:
    headers = {"Origin": PAGE, "Content-Type": "image/png"}
    sent = door.client.post(f"/v1/search/image?key={key}&n=2", content=b"no picture", headers=headers)
    assert sent.json()["error"]["code"] == "photo_refused"


@pytest.mark.parametrize("origin", ["shop.example", "https://shop.example/path", "https://*.example", "*", "ftp://a"])
def test_what_is_no_origin_is_no_setting(tmp_path: Path, origin: str) -> None:
    from bottega.errors import SettingsInvalid
    from bottega.settings import load_settings

    (tmp_path / "bottega.toml").write_text(f'browser_origins = ["{origin}"]\n')
    with pytest.raises(SettingsInvalid, match="an origin is http or https"):
        load_settings(tmp_path)
