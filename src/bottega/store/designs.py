"""Designs: a shopper's picture on a product, as it was placed (the picture is a file: shop/pictures/shopper_files.py).

The table has a column `shopper`, so that export and forget reach it (shoppers.py). An event that names a design keeps
it; one that no event names is dropped after some days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict

from sqlalchemy import Connection, delete, func, insert, select, update

from bottega.names import KindCode
from bottega.store.database import Database
from bottega.store.tables import designs, events

__all__ = ["DesignStore", "KeptDesign", "Placed", "move_designs"]

_AT_ONCE = 500


class Placed(TypedDict):
    """How a picture lies on a print, as JSON keeps it."""

    fit: Literal["fill", "fit"]
    scale: float
    x: float
    y: float
    rotate: float


@dataclass(frozen=True, slots=True)
class KeptDesign:
    """One picture on one product."""

    design_id: str
    shopper: str
    """Whose it is; empty where nobody said."""
    product_id: str
    template: str
    made_from: Literal["picture", "song"]
    file: str
    placement: Placed
    time_ms: int
    """UTC; when it was made."""
    told_as: str = ""
    """The name under which it was made; the shopper where empty."""


class DesignStore:
    """Designs by id and by shopper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, design: KeptDesign) -> None:
        """Keep a new one, or in the place of one of its id, which an attempt before made."""
        with self._database.write() as connection:
            connection.execute(delete(designs).where(designs.c.design_id == design.design_id))
            connection.execute(insert(designs), [_row(design)])

    def get(self, design_id: str) -> KeptDesign | None:
        """The design of an id."""
        with self._database.read() as connection:
            row = connection.execute(select(designs).where(designs.c.design_id == design_id)).first()
        return KeptDesign(**row._mapping) if row else None

    def place(self, design: KeptDesign, placement: Placed) -> KeptDesign:
        """Lay its picture otherwise; the design keeps its id."""
        with self._database.write() as connection:
            chosen = designs.c.design_id == design.design_id
            connection.execute(update(designs).where(chosen).values(placement=dict(placement)))
        return replace(design, placement=placement)

    def ordered(self, design_id: str) -> bool:
        """Whether a purchase names it: what is being printed is not changed any more."""
        bought = (events.c.design_id == design_id) & (events.c.kind == int(KindCode.PURCHASE))
        with self._database.read() as connection:
            return connection.execute(select(events.c.seq).where(bought).limit(1)).first() is not None

    def count(self, shopper: str) -> int:
        """How many a shopper has."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).where(designs.c.shopper == shopper)).scalar_one()

    def made_since(self, time_ms: int) -> int:
        """How many there are of all shoppers that were made since a moment."""
        with self._database.read() as connection:
            chosen = select(func.count()).where(designs.c.time_ms >= time_ms)
            return connection.execute(chosen).scalar_one()

    def remove(self, shopper: str, design_ids: list[str]) -> list[KeptDesign]:
        """Take a shopper's designs out, but for those that were ordered; returns those that went."""
        mine = (designs.c.shopper == shopper) & designs.c.design_id.in_(design_ids) & ~_bought()
        return self._take_out(mine)

    def expire(self, before_ms: int) -> list[KeptDesign]:
        """Drop designs made before a moment that no purchase names, some hundred at a time; returns them."""
        return self._take_out((designs.c.time_ms < before_ms) & ~_bought())

    def _take_out(self, chosen: Any) -> list[KeptDesign]:
        with self._database.write() as connection:
            rows = connection.execute(select(designs).where(chosen).order_by(designs.c.time_ms).limit(_AT_ONCE))
            gone = [KeptDesign(**row._mapping) for row in rows]
            ids = [each.design_id for each in gone]
            connection.execute(delete(designs).where(designs.c.design_id.in_(ids)))
        if gone:
            self._database.empty_log()
        return gone


def move_designs(connection: Connection, name: str, shopper: str) -> None:
    """Give what was made under a name to the profile it now belongs to."""
    connection.execute(update(designs).where(designs.c.told_as == name).values(shopper=shopper))


def _bought() -> Any:
    bought = (events.c.design_id == designs.c.design_id) & (events.c.kind == int(KindCode.PURCHASE))
    return select(events.c.seq).where(bought).exists()


def _row(design: KeptDesign) -> dict[str, Any]:
    row = {name: getattr(design, name) for name in designs.c.keys()}  # noqa: SIM118 - columns, not a dictionary
    return row | {"told_as": design.told_as or design.shopper, "placement": dict(design.placement)}
