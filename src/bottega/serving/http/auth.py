"""Who may ask: an API key in `X-API-Key` or as `Authorization: Bearer`: secret, publishable or an agent's."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from bottega.errors import KeyRefused
from bottega.names import KeyKind
from bottega.serving.http.door import door_of
from bottega.shop.visitors import closed_to_agents, closed_to_visitors

__all__ = ["MetricsReader", "WithAgentsKey", "WithAnyKey", "WithKey", "agent_of", "is_visitor"]

_LOOPBACK = frozenset({"127.0.0.1", "::1", "testclient"})
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The shop's API key.")
_bearer = HTTPBearer(auto_error=False, description="The shop's API key.")

_Header = Annotated[str | None, Security(_header)]
_Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


async def _need_any_key(request: Request, header: _Header, bearer: _Bearer) -> None:
    """A secret or a publishable key; which it was stands in the request's state."""
    request.state.key_kind = await _kind(request, header, bearer)
    _closed_to(request, KeyKind.AGENT)


async def _need_key(request: Request, header: _Header, bearer: _Bearer) -> None:
    """A secret key: what every route asks for that does not say otherwise."""
    request.state.key_kind = await _kind(request, header, bearer)
    _closed_to(request, KeyKind.AGENT, KeyKind.PUBLISHABLE)


async def _need_agents_key(request: Request, header: _Header, bearer: _Bearer) -> None:
    """A secret key or an agent's; whose that is stands in the request's state."""
    request.state.key_kind = await _kind(request, header, bearer)
    _closed_to(request, KeyKind.PUBLISHABLE)
    if request.state.key_kind is KeyKind.AGENT:
        key = header or (bearer.credentials if bearer else "")
        request.state.agent = await run_in_threadpool(door_of(request).shop.keys.label, key)


def _closed_to(request: Request, *kinds: KeyKind) -> None:
    """Refuse a key of these kinds. A kind that nobody thought of opens nothing."""
    kind, route = request.state.key_kind, f"{request.method} {request.url.path}"
    if kind is KeyKind.AGENT and kind in kinds:
        raise closed_to_agents(route)
    if kind in kinds or kind not in (KeyKind.SECRET, KeyKind.PUBLISHABLE, KeyKind.AGENT):
        raise closed_to_visitors(route)


async def _kind(request: Request, header: str | None, bearer: HTTPAuthorizationCredentials | None) -> KeyKind:
    """Of the key that came; secret where the shop does without keys."""
    shop = door_of(request).shop
    key = header or (bearer.credentials if bearer else None)
    kind = None
    if key:
        kind = shop.keys.believes(key) or await run_in_threadpool(shop.keys.opens, key)
    if not shop.settings.require_key:
        return kind or KeyKind.SECRET
    if not key:
        raise KeyRefused(
            "The request carries no API key.",
            allowed="Send it as `X-API-Key: KEY` or `Authorization: Bearer KEY`.",
            next_step="`bottega serve` showed the key at its first start; `bottega keys new LABEL` makes another.",
        )
    if kind is None:
        raise KeyRefused(
            "The API key opens nothing here.",
            allowed="A key opens exactly one shop.",
            next_step="Check the key, or make a new one: `bottega keys new LABEL`.",
        )
    return kind


async def _need_key_from_afar(request: Request, header: _Header, bearer: _Bearer) -> None:
    """Metrics are open to this machine, so that a collector beside the server needs no key; others need one."""
    here = request.client is not None and request.client.host in _LOOPBACK
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if not here or forwarded:
        await _need_key(request, header, bearer)


def is_visitor(request: Request) -> bool:
    """Whether a request came with a publishable key."""
    return getattr(request.state, "key_kind", KeyKind.SECRET) is KeyKind.PUBLISHABLE


def agent_of(request: Request) -> str | None:
    """Whose key a request came with, where that is an agent's."""
    return getattr(request.state, "agent", None)


WithAgentsKey = Depends(_need_agents_key)
WithKey = Depends(_need_key)
WithAnyKey = Depends(_need_any_key)
MetricsReader = Depends(_need_key_from_afar)
