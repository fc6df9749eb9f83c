"""Browsers on the shop's pages: which origins may call, and what a browser cannot send otherwise.

The page of another origin may call the routes that a visitor may ask (`visitor=` in `actions/verbs/`), where the
setting `browser_origins` names its origin; the origin that the server itself is asked at may, too. Nothing else gets a
CORS header. `navigator.sendBeacon` sends no headers and no JSON but as text/plain, unasked: on these routes a
publishable key in the address counts as if it stood in its header, and text/plain is read as the JSON that it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bottega.serving.http.errors import our_answer
from bottega.shop.doors.visitors import KEY_PREFIX, origin_refused

__all__ = ["Browsers"]

_KEY = "key"
_ASKED = "access-control-request-method"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Encoding, Content-Type, X-API-Key",
    "Access-Control-Max-Age": "7200",
}
_EXPOSED = "Bottega-Old-Names, Retry-After"


class Browsers:
    """Middleware around the routes in `paths`; anything else passes."""

    def __init__(self, app: ASGIApp, *, origins: Callable[[Scope], Collection[str]], paths: Collection[str]) -> None:
        """`origins` are those that may call what a request asks."""
        self._app = app
        self._origins = origins
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in self._paths:
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": list(scope["headers"])}
        headers = MutableHeaders(scope=scope)
        origin = headers.get("origin")
        knows = origin is not None and _knows(origin, headers, self._origins(scope))

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                answered.add_vary_header("Origin")
                if knows and origin is not None:
                    answered["Access-Control-Allow-Origin"] = origin
                    answered["Access-Control-Expose-Headers"] = _EXPOSED
            await send(message)

        if scope["method"] == "OPTIONS" and origin is not None and _ASKED in headers:
            answer = Response(status_code=204, headers=_PREFLIGHT) if knows else our_answer(origin_refused(origin))
            await answer(scope, receive, told)
            return
        plain = headers.get("content-type", "").partition(";")[0].strip().lower() == "text/plain"
        publishable = _take_key(scope, headers)
        if origin is not None and not knows and (publishable or plain):
            await our_answer(origin_refused(origin))(scope, receive, told)
            return
        if plain:
            headers["content-type"] = "application/json"
        await self._app(scope, receive, told)


def _knows(origin: str, headers: MutableHeaders, origins: Collection[str]) -> bool:
    scheme, _, host = origin.lower().partition("://")
    own = scheme in ("http", "https") and bool(host) and host == headers.get("host", "").lower()
    return own or origin.lower() in origins


def _take_key(scope: Scope, headers: MutableHeaders) -> bool:
    """Whether a publishable key came; one in the address is put where keys stand, and taken out of the address."""
    given = headers.get("x-api-key") or headers.get("authorization", "").partition(" ")[2].strip()
    if given or b"key=" not in scope["query_string"]:
        return given.startswith(KEY_PREFIX)
    fields = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    key = next((value for name, value in fields if name == _KEY), "")
    if not (key.startswith(KEY_PREFIX) and key.isascii()):
        return False
    headers["x-api-key"] = key
    scope["query_string"] = urlencode([field for field in fields if field[0] != _KEY]).encode()
    return True
