"""Who may ask: an API key in `X-API-Key` or as `Authorization: Bearer`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from bottega.errors import KeyRefused
from bottega.serving.http.door import door_of

__all__ = ["MetricsReader", "WithKey"]

_LOOPBACK = frozenset({"127.0.0.1", "::1", "testclient"})
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The shop's API key.")
_bearer = HTTPBearer(auto_error=False, description="The shop's API key.")

_Header = Annotated[str | None, Security(_header)]
_Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


async def _need_key(request: Request, header: _Header, bearer: _Bearer) -> None:
    shop = door_of(request).shop
    if not shop.settings.require_key:
        return
    key = header or (bearer.credentials if bearer else None)
    if not key:
        raise KeyRefused(
            "The request carries no API key.",
            allowed="Send it as `X-API-Key: KEY` or `Authorization: Bearer KEY`.",
            next_step="`bottega serve` showed the key at its first start; `bottega keys new LABEL` makes another.",
        )
    if not shop.keys.believes(key) and not await run_in_threadpool(shop.keys.opens, key):
        raise KeyRefused(
            "The API key opens nothing here.",
            allowed="A key opens exactly one shop.",
            next_step="Check the key, or make a new one: `bottega keys new LABEL`.",
        )


async def _need_key_from_afar(request: Request, header: _Header, bearer: _Bearer) -> None:
    """Metrics are open to this machine, so that a collector beside the server needs no key; others need one."""
    here = request.client is not None and request.client.host in _LOOPBACK
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if not here or forwarded:
        await _need_key(request, header, bearer)


WithKey = Depends(_need_key)
MetricsReader = Depends(_need_key_from_afar)
