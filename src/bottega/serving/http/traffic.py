"""Around every request: a limit on its body, a line in the log, a tick of the counters. Plain ASGI, no buffering.

A request that used old names of fields is answered with the header `Bottega-Old-Names`, which says the new ones.
"""

from __future__ import annotations

import time

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bottega.serving.http.errors import answer
from bottega.serving.http.meters import Meters
from bottega.shop.old_names import hear_old_names

__all__ = ["Traffic"]

log = structlog.get_logger("bottega")


class Traffic:
    """Middleware for HTTP requests; anything else passes."""

    def __init__(self, app: ASGIApp, *, meters: Meters, max_body_mb: float) -> None:
        self._app = app
        self._meters = meters
        self._limit = int(max_body_mb * 1e6)
        self._refusal = f"The body is larger than {max_body_mb:g} MB; send less at a time or raise max_body_mb."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500
        got = 0
        old_names: dict[str, str] = {}

        async def limited() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > self._limit:
                raise HTTPException(413, self._refusal)
            return message

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if old_names:
                    said = ", ".join(f"{old} -> {new}" for old, new in old_names.items())
                    message["headers"] = [*message["headers"], (b"bottega-old-names", said.encode())]
            await send(message)

        try:
            if self._announced(scope) > self._limit:
                await answer(413, "body_too_large", self._refusal)(scope, receive, noted)
            else:
                with hear_old_names() as old_names:
                    await self._app(scope, limited, noted)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "other")
            self._meters.requests.labels(route, str(status)).inc()
            self._meters.seconds.labels(route).observe(seconds)
            log.info("request", route=route, method=scope["method"], status=status, ms=round(seconds * 1000, 2))

    @staticmethod
    def _announced(scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length":
                return int(value) if value.isdigit() else 0
        return 0
