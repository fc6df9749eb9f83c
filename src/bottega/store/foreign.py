"""What callers of other systems say of shoppers and products, word for word, so that it reads back as it was written.

What it means lies in `products` and `events`, as of everybody else; here lies only what those have no field for. Rows
of shoppers have the column `shopper`, so that export and forget reach them (shoppers.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, union

from bottega.events.times import now_ms
from bottega.store.database import IN_CHUNK, Database
from bottega.store.tables import foreign_products, foreign_shoppers, shoppers

__all__ = ["ForeignProduct", "ForeignStore"]


class ForeignProduct(NamedTuple):
    """What a caller said of one product."""

    record: Any
    """Word for word."""
    said: dict[str, Any]
    """The fields of the product that came of it."""


class ForeignStore:
    """Records of one system at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_shoppers(self, system: str, records: Mapping[str, Any]) -> None:
        """Keep what is said of shoppers; what was said of them before is replaced."""
        now = now_ms()
        rows = [{"system": system, "shopper": one, "record": said, "time_ms": now} for one, said in records.items()]
        own = foreign_shoppers.c.system == system
        with self._database.write() as connection:
            for chunk in _chunks(list(records)):
                connection.execute(delete(foreign_shoppers).where(own, foreign_shoppers.c.shopper.in_(chunk)))
            if rows:
                connection.execute(insert(foreign_shoppers), rows)

    def shoppers(self, system: str, names: Sequence[str]) -> dict[str, Any]:
        """What was said of each of these; those of whom nothing was are left out."""
        columns, own = (foreign_shoppers.c.shopper, foreign_shoppers.c.record), foreign_shoppers.c.system == system
        found: dict[str, Any] = {}
        with self._database.read() as connection:
            for chunk in _chunks(names):
                rows = connection.execute(select(*columns).where(own, foreign_shoppers.c.shopper.in_(chunk)))
                found.update((name, record) for name, record in rows)
        return found

    def told_of(self, system: str, *, after: str = "", limit: int) -> list[str]:
        """Shoppers of whom this system, or anybody, told something, in the order of their names, behind `after`."""
        theirs = select(foreign_shoppers.c.shopper).where(
            foreign_shoppers.c.system == system, foreign_shoppers.c.shopper > after
        )
        told = select(shoppers.c.shopper).where(shoppers.c.shopper > after)
        both = union(theirs, told).subquery()
        with self._database.read() as connection:
            return list(connection.execute(select(both.c.shopper).order_by(both.c.shopper).limit(limit)).scalars())

    def put_products(self, system: str, records: Mapping[str, ForeignProduct]) -> None:
        """Keep what is said of products; what was said of them before is replaced."""
        rows = [{"system": system, "product_id": one, **said._asdict()} for one, said in records.items()]
        self.remove_products(system, list(records), and_add=rows)

    def remove_products(self, system: str, ids: Sequence[str], *, and_add: Sequence[dict[str, Any]] = ()) -> None:
        """Forget what was said of products, and keep these rows instead, in one transaction."""
        own = foreign_products.c.system == system
        with self._database.write() as connection:
            for chunk in _chunks(ids):
                connection.execute(delete(foreign_products).where(own, foreign_products.c.product_id.in_(chunk)))
            if and_add:
                connection.execute(insert(foreign_products), list(and_add))

    def products(self, system: str, ids: Sequence[str]) -> dict[str, ForeignProduct]:
        """What was said of each of these; those of which nothing was are left out."""
        columns = (foreign_products.c.product_id, foreign_products.c.record, foreign_products.c.said)
        own = foreign_products.c.system == system
        found: dict[str, ForeignProduct] = {}
        with self._database.read() as connection:
            for chunk in _chunks(ids):
                rows = connection.execute(select(*columns).where(own, foreign_products.c.product_id.in_(chunk)))
                found.update((name, ForeignProduct(record, said)) for name, record, said in rows)
        return found


def _chunks(names: Sequence[str]) -> Iterable[list[str]]:
    return (list(names[start : start + IN_CHUNK]) for start in range(0, len(names), IN_CHUNK))
