"""What every route reaches through `request.app.state.door`: the shop, the batcher, the counters."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from bottega.serving.http.batcher import Batcher
from bottega.serving.http.meters import Meters
from bottega.shop.open_shop import OpenShop

__all__ = ["Door", "door_of"]


@dataclass(frozen=True)
class Door:
    """One shop behind one HTTP server."""

    shop: OpenShop
    batcher: Batcher
    meters: Meters


def door_of(request: Request) -> Door:
    """The door that a request came through."""
    door: Door = request.app.state.door
    return door
