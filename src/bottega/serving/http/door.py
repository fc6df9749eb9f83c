"""What every route reaches through `request.app.state.door`: the shop, the counters, the log of answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from fastapi import Request

from bottega.serving.http.meters import Meters
from bottega.shop.answer_log import AnswerLog
from bottega.shop.open_shop import OpenShop

__all__ = ["Door", "door_of"]


@dataclass(frozen=True)
class Door:
    """One shop behind one HTTP server."""

    shop: OpenShop
    meters: Meters
    answers: AnswerLog
    writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="events"))
    """Stores events. One thread is enough: writers would only wait for one another."""


def door_of(request: Request) -> Door:
    """The door that a request came through."""
    door: Door = request.app.state.door
    return door
