"""Whether a shop is ready for work: what has to be there is looked at, thing by thing.

Whoever watches the server asks without a key, so it says what is wrong and not where.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import structlog
from pydantic import Field

from bottega.errors import MAKE_ROOM, BottegaError, StoreUnavailable
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape

__all__ = ["ReadyCheck", "ShopReady", "readiness"]

log = structlog.get_logger("bottega")


class ReadyCheck(Shape):
    """One thing that has to be there."""

    of: Literal["database", "tables", "shop", "disk"] = Field(
        description="database: it answers. tables: they are of this version. shop: catalogue and model are loaded. "
        "disk: there is room in the shop's folder."
    )
    well: bool
    seen: str = Field(description="What is wrong; empty where nothing is.")
    next_step: str = Field(description="What to do; empty where nothing is.")


class ShopReady(Shape):
    """Whether all of it is there."""

    ready: bool
    checks: list[ReadyCheck] = Field(description="Empty where a server of several shops is asked for none of them.")


def readiness(shop: OpenShop) -> ShopReady:
    """What is there of all that the shop needs. Never raises for what is wrong with it."""
    checks = list(_checks(shop))
    return ShopReady(ready=all(check.well for check in checks), checks=checks)


def _checks(shop: OpenShop) -> Iterator[ReadyCheck]:
    try:
        newest = shop.store.is_newest()
    except StoreUnavailable as error:
        log.warning("ready", code=error.code, message=str(error))
        yield _bad("database", "The database does not answer.", "Start it; the server goes on by itself.")
    else:
        yield _well("database")
        if newest:
            yield _well("tables")
        else:
            next_step = "Start the server of the version that the tables are of; starting a newer one upgrades them."
            yield _bad("tables", "The tables of the database are of another version.", next_step)
    try:
        with shop.floor():
            yield _well("shop")
    except BottegaError as error:
        log.warning("ready", code=error.code, message=str(error))
        yield _bad("shop", "The catalogue and the model cannot be loaded.", "Look into the log of the server.")
    if shop.folder.is_full:
        yield _bad("disk", "Less than 1 MB is free in the shop's folder.", MAKE_ROOM)
    else:
        yield _well("disk")


def _well(of: Literal["database", "tables", "shop", "disk"]) -> ReadyCheck:
    return ReadyCheck(of=of, well=True, seen="", next_step="")


def _bad(of: Literal["database", "tables", "shop", "disk"], seen: str, next_step: str) -> ReadyCheck:
    return ReadyCheck(of=of, well=False, seen=seen, next_step=next_step)
