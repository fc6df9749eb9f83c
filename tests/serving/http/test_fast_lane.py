"""The fast lane answers as the framework does: the same bytes in, the same answer out, whichever way they took."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.serving.http.fast_lane import FastLane

FRAMEWORK = "application/vnd.shop+json"
"""JSON to the framework, and none of the fast lane's business."""
LIST, EVENTS = "/v1/recommendations", "/v1/events"
OF_THE_MOMENT = ("recommendation_id", "took_ms")
ASKED: tuple[tuple[str, Any], ...] = (
    (LIST, {"shopper": "s1"}),
    (LIST, {"shopper": "s1", "n": 3, "filter": {"category": ["Tea"]}, "return_product": True}),
    (LIST, {"user_id": "s1", "count": 2}),
    (LIST, {"shopper": "nobody", "return_interests": True}),
    (LIST, {"placement": "product", "product_ids": ["tea-0"], "explain": False}),
    (LIST, {}),
    (LIST, {"placement": "product"}),
    (LIST, {"strategy": "no such"}),
    (LIST, {"n": 0}),
    (LIST, {"n": "many"}),
    (LIST, {"n": 10**30}),
    (LIST, {"strange": 1}),
    (LIST, {"user_id": "a", "shopper": "b"}),
    (LIST, []),
    (LIST, None),
    (LIST, b""),
    (LIST, b"{"),
    (LIST, b'{"shopper": "\\ud800"}'),
    (LIST, b'{"shopper": "\xe9"}'),
    (LIST, b'{"n": NaN}'),
    (EVENTS, {"kind": "view", "product_id": "tea-0", "shopper_id": "s1", "event_id": "%"}),
    (EVENTS, [{"kind": "view", "product_id": "tea-0", "shopper_id": "s1", "event_id": "%1"}, {"kind": "odd"}]),
    (EVENTS, {"events": [{"kind": "purchase", "product_id": "gone", "anonymous_id": "x", "event_id": "%2"}]}),
    (EVENTS, {"events": [], "more": 1}),
    (EVENTS, {"events": 3}),
    (EVENTS, []),
    (EVENTS, 7),
    (EVENTS, b"[1"),
)


@pytest.mark.parametrize(("path", "body"), ASKED, ids=[f"{path} {body!r}"[:60] for path, body in ASKED])
def test_both_ways_answer_alike(door: Any, path: str, body: Any) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    found = []
    for way, kind in enumerate(("application/json", FRAMEWORK)):
        content = raw.replace(b'"%', f'"way{way}-'.encode())
        response = door.client.post(path, content=content, headers={"X-API-Key": door.key, "Content-Type": kind})
        answer = response.json()
        found.append(
            (
                response.status_code,
                response.headers["content-type"],
                response.headers.get("bottega-old-names"),
                {name: value for name, value in answer.items() if name not in OF_THE_MOMENT},
            )
        )
    assert found[0] == found[1]


def test_what_is_in_order_takes_the_fast_lane(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    async def noted(_: object, request: Any) -> bytes:
        seen.append(request.shopper)
        return b"{}"

    door.ask(shopper="warm")  # from here on the key is believed
    layer = door.client.app.middleware_stack
    while not isinstance(layer, FastLane):
        layer = layer.app if hasattr(layer, "app") else layer._app
    lanes = layer._lanes
    monkeypatch.setitem(lanes, LIST, lanes[LIST]._replace(answer=noted))
    headers = {"X-API-Key": door.key}
    door.client.post(LIST, json={"shopper": "a"}, headers=headers)
    door.client.post(LIST, json={"shopper": "b"}, headers={"Authorization": f"Bearer {door.key}"})
    door.client.post(LIST, json={"shopper": "c"}, headers={"X-API-Key": "btg_wrong"})
    door.client.post(LIST, json={"shopper": "d"})
    door.client.post(LIST, json={"shopper": "e", "strange": 1}, headers=headers)
    door.client.post(LIST, content=b'{"shopper": "f"}', headers=headers | {"Content-Type": FRAMEWORK})
    assert seen == ["a", "b"]


def test_requests_of_both_ways_are_counted(door: Any) -> None:
    for kind in ("application/json", FRAMEWORK):
        for body in ({"shopper": "s1"}, {"shopper": "nobody"}):
            headers = {"X-API-Key": door.key, "Content-Type": kind}
            door.client.post(LIST, content=json.dumps(body).encode(), headers=headers)
    text = door.client.get("/metrics").text
    assert f'bottega_requests_total{{route="{LIST}",status="200"}} 4.0' in text
    assert 'bottega_answers_total{fallback="none",placement="home"} 2.0' in text
    assert 'bottega_answers_total{fallback="popular",placement="home"} 2.0' in text


def test_a_body_in_pieces_is_read_whole(door: Any) -> None:
    def pieces() -> Any:
        yield b'{"shopper": "s1", '
        yield b'"n": 2}'

    headers = {"X-API-Key": door.key, "Content-Type": "application/json"}
    answer = door.client.post(LIST, content=pieces(), headers=headers).json()
    assert [item["product_id"] for item in answer["items"]] == door.ids(shopper="s1", n=2)


def test_a_body_too_large_is_refused_in_the_fast_lane(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained, max_body_mb=0.001)
    door.ask(shopper="s1")

    def pieces() -> Any:
        yield b'{"shopper": "'
        yield b"x" * 2000
        yield b'"}'

    headers = {"X-API-Key": door.key, "Content-Type": "application/json"}
    response = door.client.post(LIST, content=pieces(), headers=headers)
    assert response.status_code == 413 and response.json()["error"]["code"] == "body_too_large"
