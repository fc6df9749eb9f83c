"""The storefront of whichever shop is asked, where it has one: one route in the place of all of them."""

from __future__ import annotations

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from bottega.serving.http.door import DOOR, Door

__all__ = ["PagesOfShop"]

_CHOSEN = "bottega_page"


class PagesOfShop(BaseRoute):
    """Matches what the storefront of the request's shop does."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The same as that route says."""
        door: Door | None = scope.get(DOOR)
        best: tuple[Match, Scope] = Match.NONE, {}
        for route in door.pages.routes if door is not None and door.pages is not None else ():
            match, found = route.matches(scope)
            if match.value > best[0].value:
                best = match, {**found, _CHOSEN: route}
        return best

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As that route does."""
        await scope[_CHOSEN].handle(scope, receive, send)
