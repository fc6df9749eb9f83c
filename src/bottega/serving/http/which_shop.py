"""Which of several shops a request is for: the way in of a server that has them all.

In this order: what its address says (`/s/NAME/...`), the host name that a shop's `public_url` is, the key that it
carries. A shop that was named by address or host still asks for a key of its own; a key never opens another than its
own. What no shop is named for, health and the manual, the server answers by itself.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qsl

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bottega.errors import BottegaError, KeyRefused, ShopUnknown
from bottega.serving.http.door import DOOR, REFUSAL
from bottega.serving.http.errors import our_answer
from bottega.serving.http.open_doors import OpenDoors
from bottega.shop.doors.key_directory import KeyDirectory
from bottega.shop.shops_folder import ShopsFolder

__all__ = ["PREFIX", "WhichShop", "key_of"]

log = structlog.get_logger("bottega")
PREFIX = "/s/"
"""Before the name of a shop in an address."""
_SIGNED = re.compile(r"Credential=([^/,\s]+)/")


class WhichShop:
    """Middleware, the outermost: puts the door of a shop into the request's scope, or why there is none."""

    def __init__(self, app: ASGIApp, *, shops: ShopsFolder, directory: KeyDirectory, doors: OpenDoors) -> None:
        self._app = app
        self._shops = shops
        self._directory = directory
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            name, scope = await self._named(scope)
        except BottegaError as refusal:
            await our_answer(refusal)(scope, receive, send)
            return
        if name is None:
            await self._app(scope, receive, send)
            return
        try:
            async with self._doors.using(name) as door:
                scope[DOOR] = door
                await self._app(scope, receive, send)
        except BottegaError as error:  # it cannot be opened; what goes wrong later is answered further in
            log.warning("shop", shop=name, code=error.code, message=str(error))
            await our_answer(error)(scope, receive, send)

    async def _named(self, scope: Scope) -> tuple[str | None, Scope]:
        """The shop that a request is for, and the request as that shop sees it. Raises our errors."""
        headers = Headers(scope=scope)
        key = key_of(scope, headers)
        of_key = await self._of_key(key) if key else None
        name, scope = _by_address(scope)
        if name is not None:
            self._shops.folder(name)
        else:
            name = self._directory.shop_of_host(headers.get("host", "")) or of_key
        if key and (self._directory.is_shared(key) or (of_key is not None and of_key != name)):
            raise _another_shops_key()
        if name is not None:
            self._directory.check(name)
        else:
            scope = {**scope, REFUSAL: _no_shop(scope["path"], key)}
        return name, scope

    async def _of_key(self, key: str) -> str | None:
        """The shop that a key opens; where nobody knows it, it may have been made a moment ago."""
        if (found := self._directory.shop_of_key(key)) is None and not self._directory.is_shared(key):
            await run_in_threadpool(self._directory.read)
            found = self._directory.shop_of_key(key)
        return found


def key_of(scope: Scope, headers: Headers) -> str:
    """The key of a request, wherever routes look for one, or the key id that it was signed with; else empty."""
    if given := headers.get("x-api-key", "").strip():
        return given
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        return _of_basic(rest)
    if signed := _SIGNED.search(rest):
        return signed[1]
    if b"key=" in scope["query_string"]:
        fields = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        return next((value for name, value in fields if name == "key"), "")
    return ""


def _of_basic(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode().rpartition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _by_address(scope: Scope) -> tuple[str | None, Scope]:
    """The name in `/s/NAME/...`, and the request as if it had been asked without it."""
    path: str = scope["path"]
    if not path.startswith(PREFIX):
        return None, scope
    name, slash, rest = path.removeprefix(PREFIX).partition("/")
    before = f"{PREFIX}{name}"
    raw: bytes = scope.get("raw_path") or path.encode()
    raw = raw[len(before.encode()) :] if raw.startswith(before.encode()) else b"/" + rest.encode()
    root = f"{scope.get('root_path', '')}{before}"
    return name, {**scope, "path": f"{slash}{rest}" or "/", "raw_path": raw or b"/", "root_path": root}


def _another_shops_key() -> KeyRefused:
    return KeyRefused(
        "The API key opens nothing here.",
        allowed="A key opens exactly one shop.",
        next_step="Check the key, or make a new one: `bottega keys new LABEL`.",
    )


def _no_shop(path: str, key: str) -> BottegaError:
    """Why no shop answers; raised by whatever needs one."""
    if key:
        return _another_shops_key()
    if path.startswith(("/v1/", "/gorse/", "/personalize/", "/metrics")):
        return KeyRefused(
            "The request carries no API key.",
            allowed="Send it as `X-API-Key: KEY` or `Authorization: Bearer KEY`; it says which shop is asked, as an "
            f"address below {PREFIX}NAME/ does, where people log in, too ({PREFIX}NAME/login).",
            next_step="`bottega shops new NAME` showed one; `bottega keys new LABEL` makes another.",
        )
    return ShopUnknown(
        "This address names no shop, and the server has several.",
        allowed=f"A shop's pages are below {PREFIX}NAME/, or at the host that its `public_url` names.",
        next_step="Ask there.",
    )
