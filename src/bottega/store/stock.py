"""Stock as platforms count it: an item of theirs lies in places, and belongs to a product of the catalogue.

Platforms tell of one item in one place at a time, by an id that no catalogue has; which product that is was told along
with the product.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select

from bottega.store.database import Database
from bottega.store.tables import stock_items, stock_levels

__all__ = ["StockFound", "StockItem", "StockStore"]


class StockItem(NamedTuple):
    """An item of a platform's stock, and the product that it is."""

    item: str
    product_id: str
    oversell: bool
    """Whether it is sold when none is left."""


class StockFound(NamedTuple):
    """What is known of an item after a word on one place."""

    item: StockItem | None
    """None where no product told of it yet."""
    total: int
    """Of the places that were told of."""
    places: int
    """Of how many of the shop's places that is."""
    of_places: int
    """In how many places the shop was ever said to keep anything."""


class StockStore:
    """Items and levels by platform."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def link(self, platform: str, items: Iterable[StockItem]) -> None:
        """These items are these products."""
        newest = {one.item: {"platform": platform, **one._asdict()} for one in items}
        if not newest:
            return
        known = delete(stock_items).where(stock_items.c.platform == platform, stock_items.c.item == bindparam("known"))
        with self._database.write() as connection:
            connection.execute(known, [{"known": item} for item in newest])
            connection.execute(insert(stock_items), list(newest.values()))

    def level(self, platform: str, item: str, place: str, available: int) -> StockFound:
        """So many of an item are in a place."""
        mine = stock_levels.c.platform == platform, stock_levels.c.item == item
        with self._database.write() as connection:
            connection.execute(delete(stock_levels).where(*mine, stock_levels.c.place == place))
            row = {"platform": platform, "item": item, "place": place, "available": available}
            connection.execute(insert(stock_levels), row)
            total, places = connection.execute(
                select(func.coalesce(func.sum(stock_levels.c.available), 0), func.count()).where(*mine)
            ).one()
            everywhere = select(func.count(func.distinct(stock_levels.c.place)))
            of_places = connection.execute(everywhere.where(stock_levels.c.platform == platform)).scalar_one()
            known = stock_items.c.platform == platform, stock_items.c.item == item
            columns = [stock_items.c[name] for name in StockItem._fields]
            found = connection.execute(select(*columns).where(*known)).first()
        return StockFound(StockItem(*found) if found else None, int(total), places, of_places)
