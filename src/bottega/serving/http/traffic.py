"""Around every request: limits on its body and on time, a line in the log, a tick of the counters. Plain ASGI.

Each has an id: what came in `X-Request-ID`, where that is a plain word, or a new one. Every line logged meanwhile has
it, and the answer names it. Every answer tells browsers to guess no type, to show it in no frame, to load nothing
into it and to tell nobody where they came from, where the page does not say otherwise; by https, to stay with https.

A request that used old names of fields is answered with the header `Bottega-Old-Names`, which says the new ones.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bottega.serving.http.auth import REQUEST_ID
from bottega.serving.http.door import DOOR, Door
from bottega.serving.http.errors import answer, our_answer
from bottega.serving.http.meters import Meters
from bottega.serving.http.time_limit import TimeLimit, took_too_long
from bottega.shop.old_names import hear_old_names

__all__ = ["Traffic"]

log = structlog.get_logger("bottega")


_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)
"""Of every answer that does not say otherwise."""
_HTTPS_ALONE = (b"strict-transport-security", b"max-age=31536000")


class Traffic:
    """Middleware for HTTP requests; anything else passes. `meters` count what is for no shop of several."""

    def __init__(
        self, app: ASGIApp, *, meters: Meters, max_body_mb: float, body_timeout_s: float, answer_timeout_s: float
    ) -> None:
        self._app = app
        self._meters = meters
        self._limit = int(max_body_mb * 1e6)
        self._patience_s = body_timeout_s
        self._answer_s = answer_timeout_s
        self._too_slow = (
            f"The body took longer than {body_timeout_s:g} s to arrive; send less, or raise body_timeout_s."
        )
        self._refusal = f"The body is larger than {max_body_mb:g} MB; send less at a time or raise max_body_mb."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500
        got = 0
        whole = False
        was_cut = False
        telling: list[asyncio.Future[None]] = []
        task = asyncio.current_task()
        assert task is not None
        old_names: dict[str, str] = {}
        name = _name_of(scope)
        scope.setdefault("state", {})[REQUEST_ID] = name
        structlog.contextvars.bind_contextvars(request_id=name)

        async def limited() -> Message:
            nonlocal got, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout(started + self._patience_s - time.perf_counter()):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, self._too_slow) from error
            whole = not message.get("more_body", False)
            limit.heard()
            got += len(message.get("body", b""))
            if got > self._limit:
                raise HTTPException(413, self._refusal)
            return message

        async def noted(message: Message) -> None:
            if not limit.over:  # else whoever asked has heard that it took too long
                await told(message)

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                limit.begins(message)
                status = message["status"]
                headers = list(message["headers"])
                there = {header for header, _ in headers}
                headers += [one for one in _HEADERS if one[0] not in there]
                headers.append((b"x-request-id", name.encode()))
                if scope.get("scheme") == "https":
                    headers.append(_HTTPS_ALONE)
                if old_names:
                    said = ", ".join(f"{old} -> {new}" for old, new in old_names.items())
                    headers.append((b"bottega-old-names", said.encode()))
                message["headers"] = headers
            await send(message)

        def late() -> None:
            refusal = our_answer(took_too_long(self._answer_s))
            telling.append(asyncio.ensure_future(refusal(scope, receive, told)))

        def cut() -> None:
            nonlocal was_cut
            was_cut = True
            task.cancel()

        limit = TimeLimit(self._answer_s, path=lambda: _route(scope), late=late, cut=cut)
        try:
            if self._announced(scope) > self._limit:
                await answer(413, "body_too_large", self._refusal)(scope, receive, noted)
            else:
                with hear_old_names() as old_names:
                    await self._app(scope, limited, noted)
        except asyncio.CancelledError:
            if not was_cut:
                raise
            task.uncancel()
            log.warning("cut off", route=_route(scope))  # returning ends the connection
        finally:
            limit.stop()
            await asyncio.gather(*telling, return_exceptions=True)
            seconds = time.perf_counter() - started
            route = _route(scope)
            door: Door | None = scope.get(DOOR)
            (door.meters if door else self._meters).served(route, status, seconds)
            of = {"shop": door.shop.folder.root.name} if door else {}
            log.info("request", route=route, method=scope["method"], status=status, ms=round(seconds * 1000, 2), **of)
            structlog.contextvars.unbind_contextvars("request_id")

    @staticmethod
    def _announced(scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length":
                return int(value) if value.isdigit() else 0
        return 0


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "other")


def _name_of(scope: Scope) -> str:
    """The id that the caller's proxy gave a request, where it is a plain word; else a new one."""
    given = next((value for header, value in scope["headers"] if header == b"x-request-id"), b"")
    return given.decode() if _ID.fullmatch(given) else secrets.token_hex(8)
