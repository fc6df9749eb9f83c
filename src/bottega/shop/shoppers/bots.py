"""Bots of a shop: looked for before every training and at every check, and left out from then on."""

from __future__ import annotations

from functools import cache

import polars as pl

from bottega.events.quality.bots import BOT_COLUMNS, Bots, find_bots
from bottega.events.times import now_ms
from bottega.names import KindCode
from bottega.shop.folder import ShopFolder
from bottega.store.bots import KnownBot

__all__ = ["watch_bots"]


def watch_bots(shop: ShopFolder, events: pl.DataFrame | None = None) -> Bots:
    """Find the bots among all events and write them down; where the shop's setting says so, nobody is left out.

    `events`: all of them, where they were read already.
    """
    if not shop.settings.leave_out_bots:
        shop.store.bots.replace([])
        return Bots()
    if events is None:
        frame = shop.store.events.everything(BOT_COLUMNS, without=[KindCode.IMPRESSION])
    else:
        frame = events.filter(pl.col("kind") != int(KindCode.IMPRESSION))
    found = find_bots(frame, cache(shop.store.products.places))
    now = now_ms()
    shop.store.bots.replace([KnownBot(one.shopper, one.rule, one.seen, one.events, now) for one in found.found])
    return found
