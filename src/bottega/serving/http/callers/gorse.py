"""The door for callers of gorse: `/gorse/api/...` as its clients know it, over the verbs of every other door.

A caller changes the address it calls and the key it sends. Ids stand in the path here, because gorse's do; one that
holds a slash is written %2F, which gorse itself cannot take. Errors are plain text, with gorse's numbers.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.responses import JSONResponse, PlainTextResponse

from bottega.errors import BottegaError, InputError, RequestInvalid, RoleRefused
from bottega.names import Role
from bottega.serving.http.auth import need_role, needs
from bottega.serving.http.callers import gorse_data, gorse_lists
from bottega.serving.http.door import Door, door_of

__all__ = ["router"]

PREFIX = "/gorse/api"
_WRITE_BACK = "write-back-type"
"""Whoever asks for a list with it has it recorded as shown."""
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/health/{kind}")
def health(request: Request, kind: str) -> Response:
    """Whether the server lives, and whether it is ready. Needs no key, as gorse's does not."""
    if kind not in ("live", "ready"):
        return PlainTextResponse("health/live and health/ready are all there is.", 404)
    found = door_of(request).shop.health()
    reached = found.status != "store_unavailable"
    body = {
        "Ready": reached,
        "DataStoreError": None if reached else found.status,
        "CacheStoreError": None,
        "DataStoreConnected": reached,
        "CacheStoreConnected": True,
    }
    return JSONResponse(body, 200 if reached or kind == "live" else 503)


@router.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], dependencies=[needs(None)])
async def answer(request: Request, rest: str) -> Response:
    """Whatever gorse answers, answered."""
    steps = [unquote(step) for step in _raw_path(request).removeprefix(PREFIX).strip("/").split("/")]
    for method, pattern, handler, role in _ROUTES:
        names = pattern.split("/")
        if method != request.method or len(names) != len(steps):
            continue
        if all(name.startswith("{") or name == step for name, step in zip(names, steps, strict=True)):
            path = {name[1:-1]: step for name, step in zip(names, steps, strict=True) if name.startswith("{")}
            try:
                need_role(request, role)
                if _WRITE_BACK in request.query_params:
                    need_role(request, Role.EVENTS)
            except RoleRefused as error:
                return PlainTextResponse(str(error.for_others()), error.status)
            return await _answered(handler, door_of(request), await _call(request, path))
    return PlainTextResponse(f"There is no route {request.method} {PREFIX}/{rest}. docs/callers.md lists them.", 404)


def _raw_path(request: Request) -> str:
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")


async def _call(request: Request, path: Mapping[str, str]) -> gorse_data.Call | RequestInvalid:
    body = await request.body()
    try:
        said = json.loads(body) if body else None
    except ValueError:
        return RequestInvalid("The body is not JSON.", next_step="Correct it and send the request again.")
    query = parse_qs(request.url.query, keep_blank_values=True)
    return gorse_data.Call(dict(path), query, said, request.headers.get("x-api-version", "") == "2")


async def _answered(handler: _Handler, door: Door, call: gorse_data.Call | RequestInvalid) -> Response:
    try:
        if isinstance(call, RequestInvalid):
            raise call
        return JSONResponse(await handler(door, call))
    except BottegaError as error:
        return PlainTextResponse(str(error.for_others()), 400 if isinstance(error, InputError) else error.status)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return PlainTextResponse(f"{place or 'The body'}: {first['msg']}.", 400)


_Handler = Callable[[Door, gorse_data.Call], Awaitable[Any]]
_ROUTES: tuple[tuple[str, str, _Handler, Role], ...] = (
    ("POST", "user", gorse_data.insert_user, Role.MANAGE),
    ("POST", "users", gorse_data.insert_users, Role.MANAGE),
    ("GET", "users", gorse_data.list_users, Role.MANAGE),
    ("GET", "user/{user}", gorse_data.get_user, Role.MANAGE),
    ("PATCH", "user/{user}", gorse_data.patch_user, Role.MANAGE),
    ("DELETE", "user/{user}", gorse_data.delete_user, Role.MANAGE),
    ("POST", "item", gorse_data.insert_item, Role.MANAGE),
    ("POST", "items", gorse_data.insert_items, Role.MANAGE),
    ("GET", "items", gorse_data.list_items, Role.READ),
    ("GET", "item/{item}", gorse_data.get_item, Role.READ),
    ("PATCH", "item/{item}", gorse_data.patch_item, Role.MANAGE),
    ("DELETE", "item/{item}", gorse_data.delete_item, Role.MANAGE),
    ("PUT", "item/{item}/category/{category}", gorse_data.add_category, Role.MANAGE),
    ("DELETE", "item/{item}/category/{category}", gorse_data.remove_category, Role.MANAGE),
    ("POST", "feedback", gorse_data.add_feedback, Role.EVENTS),
    ("PUT", "feedback", gorse_data.overwrite_feedback, Role.EVENTS),
    ("GET", "feedback", gorse_data.list_feedback, Role.MANAGE),
    ("GET", "feedback/{type}", gorse_data.list_feedback, Role.MANAGE),
    ("GET", "feedback/{user}/{item}", gorse_data.feedback_between, Role.MANAGE),
    ("DELETE", "feedback/{user}/{item}", gorse_data.delete_feedback, Role.MANAGE),
    ("GET", "feedback/{type}/{user}/{item}", gorse_data.one_feedback, Role.MANAGE),
    ("DELETE", "feedback/{type}/{user}/{item}", gorse_data.delete_feedback, Role.MANAGE),
    ("GET", "user/{user}/feedback", gorse_data.feedback_between, Role.MANAGE),
    ("GET", "user/{user}/feedback/{type}", gorse_data.feedback_between, Role.MANAGE),
    ("GET", "item/{item}/feedback", gorse_data.feedback_between, Role.MANAGE),
    ("GET", "item/{item}/feedback/{type}", gorse_data.feedback_between, Role.MANAGE),
    ("GET", "recommend/{user}", gorse_lists.recommend, Role.READ),
    ("GET", "recommend/{user}/{category}", gorse_lists.recommend, Role.READ),
    ("POST", "session/recommend", gorse_lists.of_session, Role.READ),
    ("POST", "session/recommend/{category}", gorse_lists.of_session, Role.READ),
    ("GET", "item/{item}/neighbors", gorse_lists.beside_item, Role.READ),
    ("GET", "item/{item}/neighbors/{category}", gorse_lists.beside_item, Role.READ),
    ("GET", "item-to-item/{name}/{item}", gorse_lists.beside_item, Role.READ),
    ("GET", "popular", gorse_lists.for_nobody, Role.READ),
    ("GET", "popular/{category}", gorse_lists.for_nobody, Role.READ),
    ("GET", "latest", gorse_lists.newest, Role.READ),
    ("GET", "latest/{category}", gorse_lists.newest, Role.READ),
    ("GET", "non-personalized/{name}", gorse_lists.for_nobody, Role.READ),
    ("GET", "collaborative-filtering/{user}", gorse_lists.recommend, Role.READ),
    ("GET", "collaborative-filtering/{user}/{category}", gorse_lists.recommend, Role.READ),
    ("GET", "intermediate/recommend/{user}", gorse_lists.recommend, Role.READ),
    ("GET", "intermediate/recommend/{user}/{category}", gorse_lists.recommend, Role.READ),
    ("GET", "user/{user}/neighbors", gorse_lists.no_neighbours, Role.MANAGE),
    ("GET", "user-to-user/{name}/{user}", gorse_lists.no_neighbours, Role.READ),
)
"""Method, path, what answers, and the role it needs. docs/callers.md lists them; a test compares."""
