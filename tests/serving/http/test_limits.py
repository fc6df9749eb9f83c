"""Every route has a limit on what comes and on how long it takes; what runs against one is told so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

import pytest
from starlette.routing import BaseRoute, Mount, WebSocketRoute

from bottega.errors import TookTooLong
from bottega.serving.http.browsers import Browsers
from bottega.serving.http.meters import Meters
from bottega.serving.http.open_doors import OpenDoors
from bottega.serving.http.time_limit import STREAMS
from bottega.serving.http.traffic import Traffic
from bottega.serving.http.which_shop import WhichShop

Told = list[dict[str, Any]]
OUTSIDE = (Browsers, WhichShop)
"""What a request passes before its limits: both read its head alone."""


def routes_under(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Every route, those of the routers within, too."""
    for route in routes:
        inside = getattr(route, "original_router", None)
        yield from routes_under(inside.routes) if inside is not None else [route]


def test_every_route_has_a_limit_on_its_body_and_on_its_time(open_door: Callable[..., Any]) -> None:
    app = open_door(None, answer_timeout_s=7, body_timeout_s=5, max_body_mb=3).client.app
    outer = [one.cls for one in app.user_middleware]
    traffic = app.user_middleware[outer.index(Traffic)].kwargs
    assert (traffic["answer_timeout_s"], traffic["body_timeout_s"], traffic["max_body_mb"]) == (7, 5, 3)
    assert set(outer[: outer.index(Traffic)]) <= set(OUTSIDE)
    routes = list(routes_under(app.router.routes))
    assert len(routes) > 100
    unlimited = {
        getattr(route, "path", repr(route))
        for route in routes
        if isinstance(route, WebSocketRoute | Mount)  # what is no HTTP request passes by the limits
        or getattr(route, "path", "") in STREAMS
    }
    assert unlimited == set(STREAMS)
    for stream in STREAMS:
        assert f"`GET {stream}`" in _page("deploy.md")


def ask(app: Callable[..., Awaitable[None]], send: Callable[[Any], Awaitable[None]], path: str = "/v1/x") -> None:
    """One request without a body through the limits, of which an answer has a twentieth of a second."""

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    class Route:
        def __init__(self) -> None:
            self.path = path

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "route": Route()}
    traffic = Traffic(app, meters=Meters(), max_body_mb=1, body_timeout_s=60, answer_timeout_s=0.05)
    asyncio.run(traffic(scope, receive, send))


def begins(media_type: bytes = b"text/plain") -> dict[str, Any]:
    return {"type": "http.response.start", "status": 200, "headers": [(b"content-type", media_type)]}


def test_an_answer_that_does_not_begin_is_not_waited_for() -> None:
    told: Told = []
    ended: list[bool] = []
    heard = asyncio.Event()

    async def send(message: Any) -> None:
        told.append(message)
        if message["type"] == "http.response.body":
            heard.set()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await heard.wait()  # as work on a thread, which goes on
        await send(begins())
        await send({"type": "http.response.body", "body": b"too late"})
        ended.append(True)

    ask(app, send)
    start, body = told
    error = json.loads(body["body"])["error"]
    assert (start["status"], error["code"], ended) == (504, "took_too_long", [True])
    assert "more than 0.05 s" in error["message"] and "answer_timeout_s" in error["next_step"]
    names = [name for name, _ in start["headers"]]
    assert b"x-request-id" in names and b"content-security-policy" in names


def test_an_answer_that_nobody_takes_is_cut_off() -> None:
    told: Told = []
    ended: list[bool] = []

    async def send(message: Any) -> None:
        told.append(message)
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()  # whoever asked reads no further

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(begins())
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        ended.append(True)

    ask(app, send)
    assert [one["type"] for one in told] == ["http.response.start", "http.response.body"] and not ended


@pytest.mark.parametrize(("media_type", "path"), [(b"text/event-stream", "/v1/x"), (b"text/csv", next(iter(STREAMS)))])
def test_streams_end_when_they_are_over(media_type: bytes, path: str) -> None:
    told: Told = []

    async def send(message: Any) -> None:
        told.append(message)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(begins(media_type))
        await asyncio.sleep(0.15)
        await send({"type": "http.response.body", "body": b"at last"})

    ask(app, send, path)
    assert [one.get("body", b"") for one in told] == [b"", b"at last"]


def test_nobody_waits_for_ever_for_a_shop_to_open() -> None:
    class Shops:
        def stamp(self, name: str) -> tuple[int, int]:
            return 1, 1

    async def asked() -> None:
        doors = OpenDoors(Shops(), lambda name: None, memory_mb=1e9, idle_minutes=1, patience_s=0.05)  # type: ignore[arg-type,return-value]
        async with doors._turn:  # another shop is being opened
            with pytest.raises(TookTooLong, match=r"Opening the shop nord took more than 0\.05 s"):
                async with doors.using("nord"):
                    pass
        await doors._kept["nord"].opening
        async with doors.using("nord"):
            pass  # it was opened all the same

    asyncio.run(asked())


def _page(name: str) -> str:
    from pathlib import Path

    return (Path(__file__).parents[3] / "docs" / name).read_text()
