"""What every route reaches through `door_of`: the shop that is asked, the counters, the log of answers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Scope

from bottega.serving.http.meters import Meters
from bottega.serving.shop_pictures import ShopPictures
from bottega.serving.visitor_limit import VisitorLimit
from bottega.shop.answer_log import AnswerLog
from bottega.shop.open_shop import OpenShop

__all__ = ["DOOR", "REFUSAL", "Door", "door_in", "door_of"]

DOOR, REFUSAL = "bottega_door", "bottega_refusal"
"""In the scope of a request, where a server has several shops: the door of its shop, or why there is none."""


@dataclass(frozen=True)
class Door:
    """One shop behind an HTTP server."""

    shop: OpenShop
    meters: Meters
    answers: AnswerLog
    pictures: ShopPictures
    writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="events"))
    """Stores events. One thread is enough: writers would only wait for one another."""
    pages: APIRouter | None = None
    """Its storefront, where it has one."""
    limit: VisitorLimit | None = None
    """What one address may ask of its public storefront."""
    nothing_here: Callable[[Request], Response] | None = None
    """What that says where nothing stands."""

    @classmethod
    def of(cls, shop: OpenShop, meters: Meters) -> Door:
        """The door of an open shop, with its storefront where its settings say so."""
        found = cls(shop, meters, AnswerLog(shop, meters.wrote), ShopPictures(shop.folder))
        if not shop.settings.storefront:
            return found
        if shop.settings.storefront == "public":
            from bottega.serving.storefront.public.routes import PublicPages

            limit = VisitorLimit(shop.settings.visitor_per_minute)
            public = PublicPages(shop, limit)
            pages, lost = public.router(found.pictures), public.nothing_here
            return replace(found, pages=pages, limit=limit, nothing_here=lost)
        from bottega.serving.storefront.routes import create_router

        return replace(found, pages=create_router(shop, found.pictures))

    def close(self) -> None:
        """Write what waits to be written, and let go of the shop."""
        self.writer.shutdown()
        self.answers.close()
        self.pictures.close()
        self.shop.close()


def door_in(scope: Scope) -> Door:
    """The door that a request came through. Raises our error where it is for no shop."""
    found: Door | None = scope.get(DOOR)
    if found is None:
        if (refusal := scope.get(REFUSAL)) is not None:
            raise refusal
        found = scope["app"].state.door
    return found


def door_of(request: Request) -> Door:
    """The same."""
    return door_in(request.scope)
