"""What every route reaches through `door_of`: the shop that is asked, the counters, the log of answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.types import Scope

from bottega.serving.http.meters import Meters
from bottega.shop.answer_log import AnswerLog
from bottega.shop.open_shop import OpenShop

if TYPE_CHECKING:
    from bottega.shop.thumbnails import Thumbnails

__all__ = ["DOOR", "REFUSAL", "Door", "door_in", "door_of"]

DOOR, REFUSAL = "bottega_door", "bottega_refusal"
"""In the scope of a request, where a server has several shops: the door of its shop, or why there is none."""


@dataclass(frozen=True)
class Door:
    """One shop behind an HTTP server."""

    shop: OpenShop
    meters: Meters
    answers: AnswerLog
    writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="events"))
    """Stores events. One thread is enough: writers would only wait for one another."""
    pages: APIRouter | None = None
    """Its storefront, where it has one."""
    thumbnails: Thumbnails | None = None

    @classmethod
    def of(cls, shop: OpenShop, meters: Meters) -> Door:
        """The door of an open shop, with its storefront where its settings say so."""
        pages, thumbnails = None, None
        if shop.settings.storefront:
            from bottega.serving.storefront.routes import create_router
            from bottega.shop.thumbnails import Thumbnails

            thumbnails = Thumbnails(shop.folder.images, shop.folder.thumbnails)
            pages = create_router(shop, thumbnails)
        return cls(shop, meters, AnswerLog(shop, meters.wrote), pages=pages, thumbnails=thumbnails)

    def close(self) -> None:
        """Write what waits to be written, and let go of the shop."""
        self.writer.shutdown()
        self.answers.close()
        if self.thumbnails:
            self.thumbnails.close()
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
