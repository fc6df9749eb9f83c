"""The way to the console: one route in the place of all of its pages, which are loaded when somebody first asks."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send

from bottega.serving.console.asked import ASKED, COUNTED_WEBHOOKS, ConsoleAsked, in_console
from bottega.serving.http.auth import REQUEST_ID, session_token
from bottega.serving.http.door import door_in

__all__ = ["ConsoleDoor"]


class ConsoleDoor(BaseRoute):
    """Matches `/console` and what lies below it."""

    @property
    def routes(self) -> list[BaseRoute]:
        """The pages behind it, for whoever walks over all routes there are."""
        return _router().routes

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """By the path alone."""
        found = scope["type"] == "http" and in_console(scope)
        return (Match.FULL if found else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page. What it is made with is loaded once, on a thread: nobody else waits for it."""
        router = await run_in_threadpool(_router)
        door, request_id = door_in(scope), scope.get("state", {}).get(REQUEST_ID, "")
        scope[ASKED] = ConsoleAsked(door.shop, session_token(Request(scope)), request_id, door.pictures)
        scope[COUNTED_WEBHOOKS], scope["path"] = door.meters.webhooks_counted, scope["path"].rstrip("/")
        await router(scope, receive, send)


def _router() -> Router:
    from bottega.serving.console.routes import console_router

    return console_router()
