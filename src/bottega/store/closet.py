"""Closets: pieces of clothing that a shopper showed on photos.

The table has a column `shopper`, so that export and forget reach it (shoppers.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

import numpy as np
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bottega.names import FloatArray
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.tables import closet_items
from bottega.store.vectors import from_bytes, to_bytes

__all__ = ["ClosetItem", "ClosetStore", "SeenColour", "SeenGarment", "SeenValue", "move_closet"]


class SeenValue(TypedDict):
    """A value of an attribute and how probable it is."""

    value: str
    confidence: float


class SeenColour(TypedDict):
    """A colour as it was measured."""

    name: str
    rgb: str
    lab: list[float]
    share: float


class SeenGarment(TypedDict, total=False):
    """What an eye saw of a piece, as JSON keeps it; of a piece that came before some of this was kept, less."""

    eye: str
    slot: str | None
    attributes: dict[str, SeenValue]
    colours: list[SeenColour]


@dataclass(frozen=True, slots=True, eq=False)
class ClosetItem:
    """One piece on one photo."""

    shopper: str
    photo: str
    """Name of the photo it was found on."""
    box: tuple[int, int, int, int]
    """left, top, right, bottom, in pixels of that photo."""
    part: str
    """What of an outfit it is, as in "upper"."""
    vector: FloatArray = field(repr=False)
    """[D]; kept as float16."""
    time_ms: int
    """UTC; when it came in."""
    tags: SeenGarment = field(default_factory=SeenGarment)
    item_id: int = 0
    """Given by the store."""
    told_as: str = ""
    """The name under which it was hung up; the shopper where empty."""


class ClosetStore:
    """Items by shopper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, items: Sequence[ClosetItem]) -> list[ClosetItem]:
        """Hang items up, in one transaction; returns them with their ids."""
        if not items:
            return []
        with self._database.write() as connection:
            first = take(connection, "closet_items", len(items)) + 1
            numbered = [replace(item, item_id=first + i) for i, item in enumerate(items)]
            connection.execute(insert(closet_items), [_row(item) for item in numbered])
        return numbered

    def of_shopper(self, shopper: str, *, limit: int | None = None) -> list[ClosetItem]:
        """A shopper's items, newest first."""
        statement = select(closet_items).where(closet_items.c.shopper == shopper).limit(limit)
        order = closet_items.c.time_ms.desc(), closet_items.c.item_id.desc()
        with self._database.read() as connection:
            return [_item(row) for row in connection.execute(statement.order_by(*order))]

    def count(self, shopper: str) -> int:
        """How many items a shopper has."""
        statement = select(func.count()).select_from(closet_items).where(closet_items.c.shopper == shopper)
        with self._database.read() as connection:
            return connection.execute(statement).scalar_one()

    def remove(self, shopper: str, item_ids: Iterable[int]) -> list[ClosetItem]:
        """Take these items out of a shopper's closet; returns those that were there, oldest first.

        Ids of other shoppers' items do nothing. A photo is needed no more when no item names it (`photos_left`).
        """
        mine = (closet_items.c.shopper == shopper) & closet_items.c.item_id.in_(list(item_ids)[:IN_CHUNK])
        with self._database.write() as connection:
            gone = [_item(row) for row in connection.execute(select(closet_items).where(mine).order_by("item_id"))]
            connection.execute(delete(closet_items).where(mine))
        self._database.empty_log()
        return gone

    def photos_left(self, names: Iterable[str]) -> set[str]:
        """Those of these photos that an item of anyone still names."""
        statement = select(closet_items.c.photo).distinct().where(closet_items.c.photo.in_(list(names)[:IN_CHUNK]))
        with self._database.read() as connection:
            return set(connection.execute(statement).scalars())


def move_closet(connection: Connection, name: str, shopper: str) -> None:
    """Give what was hung up under a name to the profile it now belongs to."""
    connection.execute(update(closet_items).where(closet_items.c.told_as == name).values(shopper=shopper))


def _row(item: ClosetItem) -> dict[str, Any]:
    row = {name: getattr(item, name) for name in closet_items.c.keys()}  # noqa: SIM118 - columns, not a dictionary
    return row | {"told_as": item.told_as or item.shopper, "box": list(item.box), "vector": to_bytes(item.vector)}


def _item(row: Row[Any]) -> ClosetItem:
    values = dict(row._mapping)
    vector = from_bytes([values.pop("vector")])[0].astype(np.float32)
    return ClosetItem(**values | {"box": tuple(values["box"]), "vector": vector})
