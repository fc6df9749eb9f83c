"""Who may ask: an API key in `X-API-Key` or as `Authorization: Bearer`: secret, publishable or an agent's.

Each route says by `needs` which role a secret key has to have; one that says nothing is for those who may do all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from bottega.errors import KeyRefused, RoleRefused
from bottega.names import KeyKind, Role
from bottega.serving.http.door import door_of
from bottega.shop.doors.acting import ACTOR, Actor
from bottega.shop.doors.sessions import check_csrf
from bottega.shop.doors.visitors import closed_to_agents, closed_to_visitors

__all__ = [
    "COUNTED",
    "REQUEST_ID",
    "SESSION_COOKIE",
    "MetricsReader",
    "Opening",
    "agent_of",
    "from_here",
    "is_visitor",
    "need_role",
    "needs",
    "opening_of",
    "session_token",
]

_LOOPBACK = frozenset({"127.0.0.1", "::1", "testclient"})
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The shop's API key.")
_bearer = HTTPBearer(auto_error=False, description="The shop's API key.")

_Header = Annotated[str | None, Security(_header)]
_Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
COUNTED = "counted"
"""In the state of a request: its key's limit has counted it."""
SESSION_COOKIE = "bottega_session"
REQUEST_ID = "request_id"
"""In the state of a request: what the log and the answer call it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Whom a route is open to."""

    role: Role | None
    """What a secret key needs; None: the route says so for each of its paths (`need_role`)."""
    visitors: bool = False
    """Whether a publishable key opens it."""
    agents: bool = False
    """Whether an agent's key opens it."""


_OPENINGS: dict[Callable[..., Any], Opening] = {}


def needs(role: Role | None = Role.ADMIN, *, visitors: bool = False, agents: bool = False) -> Any:
    """The dependency of a route: whom it is open to. The kind of the key then stands in the request's state, and whose
    it is where that is an agent's."""
    opening = Opening(role, visitors, agents)

    async def need(request: Request, header: _Header, bearer: _Bearer) -> None:
        await _open(request, header or (bearer.credentials if bearer else None), opening)

    _OPENINGS[need] = opening
    return Depends(need)


def opening_of(route: Any) -> Opening | None:
    """Whom a route of the application is open to; None: it asks for no key."""
    asked = (one.dependency for one in route.dependencies)
    return next((_OPENINGS[call] for call in asked if call in _OPENINGS), None)


def need_role(request: Request, role: Role) -> None:
    """Raise `RoleRefused` where a request came with a role that does not open this."""
    has: Role = getattr(request.state, "role", Role.ADMIN)
    if not has.opens(role):
        opened_by = [one.value for one in Role if one.opens(role)]
        raise RoleRefused(
            f"The role {has.value!r} does not open {request.method} {request.url.path}.",
            allowed=f"It is open to {' and '.join(opened_by)}.",
            next_step=f"Ask with such a key: `bottega keys new LABEL --role {opened_by[0]}` (docs/keys.md).",
        )


async def _open(request: Request, key: str | None, opening: Opening) -> None:
    door = door_of(request)
    shop, state, kind = door.shop, request.state, None
    if key:
        known = shop.keys.believes(key) or await run_in_threadpool(shop.keys.opens, key)
        if known is not None:
            kind, state.role = known.kind, known.role or Role.ADMIN
            if not getattr(state, COUNTED, False):
                if kind is KeyKind.PUBLISHABLE and door.limit is not None:
                    door.limit.count(request.scope)
                if not shop.keys.admits(known):
                    await run_in_threadpool(shop.keys.count, known)
                setattr(state, COUNTED, True)
            if kind is KeyKind.AGENT:
                state.agent = known.label
            if kind is not KeyKind.PUBLISHABLE:  # what visitors do for themselves is theirs
                by = "agent" if kind is KeyKind.AGENT else "key"
                ACTOR.set(Actor(by, known.label, getattr(state, REQUEST_ID, "")))
    elif opening.role is not None and (token := session_token(request)):
        await _as_user(request, token, opening.role)
        return
    if shop.settings.require_key and kind is None:
        raise _no_key() if not key else _wrong_key()
    if kind is None:
        ACTOR.set(Actor("nobody", "", getattr(state, REQUEST_ID, "")))
    state.key_kind = kind = kind or KeyKind.SECRET
    route = f"{request.method} {request.url.path}"
    if kind is KeyKind.SECRET:
        if opening.role is not None:
            need_role(request, opening.role)
    elif kind is KeyKind.AGENT:
        if not opening.agents:
            raise closed_to_agents(route)
    elif kind is not KeyKind.PUBLISHABLE or not opening.visitors:  # a kind that nobody thought of opens nothing
        raise closed_to_visitors(route)


async def _as_user(request: Request, token: str, role: Role) -> None:
    """Whoever is logged in asks what their role opens; for a change their page shows that it is theirs."""
    state = request.state
    if request.method not in ("GET", "HEAD"):
        check_csrf(token, request.headers.get("x-csrf-token", ""))
    user = await run_in_threadpool(door_of(request).shop.sessions.of, token)
    state.key_kind, state.role = KeyKind.SECRET, user.role
    ACTOR.set(Actor("user", user.name, getattr(state, REQUEST_ID, "")))
    need_role(request, role)


def _no_key() -> KeyRefused:
    return KeyRefused(
        "The request carries no API key.",
        allowed="Send it as `X-API-Key: KEY` or `Authorization: Bearer KEY`.",
        next_step="`bottega serve` showed the key at its first start; `bottega keys new LABEL` makes another.",
    )


def _wrong_key() -> KeyRefused:
    return KeyRefused(
        "The API key opens nothing here.",
        allowed="A key opens exactly one shop.",
        next_step="Check the key, or make a new one: `bottega keys new LABEL`.",
    )


async def _need_key_from_afar(request: Request, header: _Header, bearer: _Bearer) -> None:
    """Metrics are open to this machine, so that a collector beside the server needs no key; others need one."""
    if not from_here(request):
        await _open(request, header or (bearer.credentials if bearer else None), _METRICS)


def from_here(request: Request) -> bool:
    """Whether a request comes from this machine, and through no proxy."""
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return request.client is not None and request.client.host in _LOOPBACK and not forwarded


_METRICS = Opening(Role.READ)
_OPENINGS[_need_key_from_afar] = _METRICS


def session_token(request: Request) -> str:
    """The token of whoever is logged in; empty where nobody is.

    Of several cookies of that name the first counts: browsers send the one of the longest path first (RFC 6265, 5.4),
    so that of this shop comes before one that was given for the whole host, another shop's.
    """
    parts = (part.strip().partition("=") for header in request.headers.getlist("cookie") for part in header.split(";"))
    return next((value for name, _, value in parts if name == SESSION_COOKIE), "")


def is_visitor(request: Request) -> bool:
    """Whether a request came with a publishable key."""
    return getattr(request.state, "key_kind", KeyKind.SECRET) is KeyKind.PUBLISHABLE


def agent_of(request: Request) -> str | None:
    """Whose key a request came with, where that is an agent's."""
    return getattr(request.state, "agent", None)


MetricsReader = Depends(_need_key_from_afar)
