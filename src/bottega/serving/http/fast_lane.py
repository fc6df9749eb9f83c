"""The fast lane: lists and events, answered without the framework's way through routes, dependencies and threads.

A request takes it where everything is in order: a known route, a key that was right a moment ago, JSON that fits the
shape. Any other goes the framework's way, from the same bytes, and hears there what is wrong with it; so both ways
answer alike, and errors, manual and old names are said in one place. A list is made on the event loop: nobody else
could use the processor meanwhile. Events are stored on a thread: a commit waits for the disk, and for other writers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future
from contextvars import copy_context
from typing import Any, NamedTuple

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bottega.actions.verb import Verb
from bottega.actions.verbs import verb
from bottega.errors import BottegaError, StoreUnavailable
from bottega.names import KeyKind, Role
from bottega.serving.http.auth import COUNTED
from bottega.serving.http.door import REFUSAL, Door, door_in
from bottega.serving.http.errors import of_machine, our_answer
from bottega.serving.http.lists import json_list
from bottega.serving.http.rows import rows_of
from bottega.shop.open_shop import OpenShop

__all__ = ["FastLane", "answer_list", "store_events"]

_JSON = b"application/json"
LINE_S = 10.0
"""How long events wait for their turn to be written. A page has given up by then, or soon will."""


class Lane(NamedTuple):
    """One route of the fast lane; `path` is read by whoever counts requests."""

    path: str
    verb: Verb
    read: Callable[[Any], Any]
    """The request out of its JSON. Raises `ValueError` (pydantic's too) or our errors."""
    answer: Callable[[Door, Any], Awaitable[bytes]]


async def answer_list(door: Door, request: Any) -> bytes:
    """A list of products as JSON, at once; on a thread where it first waits for what other processes wrote."""
    shop = door.shop
    if shop.news or shop.rules.news or shop.folder.server.several_machines:
        body = await run_in_threadpool(json_list, shop, request)
    else:
        body = json_list(shop, request)
    door.meters.answered(request.placement, body)
    door.answers.note(request, body)
    return body


async def store_events(door: Door, request: Any) -> bytes:
    """What became of posted events, as JSON, once they are on disk."""
    run = verb("record_events").run
    heard_here = copy_context()  # who listens for old names listens on that thread, too
    under_way = door.writer.submit(heard_here.run, run, door.shop, request)
    found = await _in_line(under_way)
    door.meters.recorded(found)
    body: bytes = found.model_dump_json().encode()
    return body


async def _in_line(under_way: Future[Any]) -> Any:
    """What comes of events in the writer's line. Those whose turn does not come are taken out of it, unwritten: raises
    `StoreUnavailable`. Those whose turn it is are waited for, so that nobody is told other than what happened."""
    answer = asyncio.wrap_future(under_way)
    await asyncio.wait({answer}, timeout=LINE_S)
    if not answer.done() and under_way.cancel():
        raise StoreUnavailable(
            f"The events waited {LINE_S:g} s for those before them: the database is busy, or its disk is slow.",
            next_step="Send them again, as late as Retry-After says; none of them was stored.",
        )
    return await answer


class FastLane:
    """Middleware around the routes of two verbs; anything else passes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._lanes = {
            lane.path: lane
            for lane in (_lane(verb("recommend"), answer_list), _lane(verb("record_events"), store_events))
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lane = self._lanes.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        door = door_in(scope) if lane is not None and REFUSAL not in scope else None
        if lane is None or door is None or (kind := _admits(door.shop, scope, lane.verb.role)) is None:
            await self._app(scope, receive, send)
            return
        if kind is KeyKind.PUBLISHABLE and door.limit is not None:
            try:
                door.limit.count(scope)
            except BottegaError as error:
                scope["route"] = lane
                await our_answer(error)(scope, receive, send)
                return
        came: list[Message] = []
        try:
            while not came or came[-1].get("more_body"):
                came.append(await receive())
        except HTTPException as refusal:  # it is too large
            await self._app(scope, _again(came, _refused(refusal)), send)
            return
        try:
            request = lane.read(orjson.loads(b"".join(message.get("body", b"") for message in came)))
            if kind is KeyKind.PUBLISHABLE:
                request = lane.verb.as_visitor(door.shop, request)
        except (ValueError, BottegaError):
            await self._app(scope, _again(came, receive), send)
            return
        scope["route"] = lane
        try:
            body = await lane.answer(door, request)
        except BottegaError as error:
            await our_answer(error)(scope, receive, send)
            return
        except (OSError, MemoryError) as error:  # further out than where the framework would answer these
            if (found := of_machine(error)) is None:
                raise
            await our_answer(found)(scope, receive, send)
            return
        headers = [(b"content-length", str(len(body)).encode()), (b"content-type", _JSON)]
        await send({"type": "http.response.start", "status": lane.verb.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _lane(verb: Verb, answer: Callable[[Door, Any], Awaitable[bytes]]) -> Lane:
    takes = verb.takes
    rows = getattr(takes, "ROWS", "")

    def read(body: Any) -> Any:
        if not rows:
            return takes.model_validate(body)
        if not isinstance(body, dict | list):
            raise ValueError("the framework says what is wrong")
        return takes(**{rows: rows_of(body, rows)})

    return Lane(verb.path, verb, read, answer)


def _again(came: list[Message], receive: Receive) -> Receive:
    """The messages that came already, then those to come."""
    left = iter(came)

    async def replayed() -> Message:
        return next(left, None) or await receive()

    return replayed


def _refused(refusal: HTTPException) -> Receive:
    async def refused() -> Message:
        raise refusal

    return refused


def _admits(shop: OpenShop, scope: Scope, role: Role) -> KeyKind | None:
    """The kind of the key, where the body comes as JSON and the key was right a moment ago, opens what needs this
    role and has a request left; or where none is needed."""
    key, bearer, kind = b"", b"", b""
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    for name, value in headers:
        if name == b"x-api-key":
            key = key or value
        elif name == b"authorization" and value[:7].lower() == b"bearer ":
            bearer = bearer or value[7:]
        elif name == b"content-type":
            kind = value
    if kind.partition(b";")[0].strip().lower() != _JSON:
        return None
    given = (key or bearer).decode("latin-1")
    if not (given or shop.settings.require_key):
        return KeyKind.SECRET
    known = shop.keys.believes(given)
    if known is None or known.kind not in (KeyKind.SECRET, KeyKind.PUBLISHABLE):
        return None
    if known.kind is KeyKind.SECRET and not (known.role or Role.ADMIN).opens(role):
        return None
    if not shop.keys.admits(known):
        return None
    scope.setdefault("state", {})[COUNTED] = True
    return known.kind
