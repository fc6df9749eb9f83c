"""What shoppers say they like: a row for each attribute that a shopper named values of.

The table has a column `shopper`, so that export and forget reach it (shoppers.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from bottega.store.database import Database
from bottega.store.tables import tastes

__all__ = ["TasteStore", "declared_by", "move_tastes"]


class TasteStore:
    """Declared tastes. What is declared anew for an attribute replaces what was said of it before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def declare(self, shopper: str, liked: Mapping[str, Sequence[str]], *, time_ms: int) -> None:
        """Keep the values liked of each attribute, from this moment (UTC) on; an empty list takes a taste back."""
        rows = [
            {"shopper": shopper, "attribute": name, "liked": list(values), "time_ms": time_ms}
            for name, values in liked.items()
        ]
        mine = tastes.c.shopper == shopper
        with self._database.write() as connection:
            connection.execute(delete(tastes).where(mine, tastes.c.attribute.in_([*liked])))
            if kept := [row for row in rows if row["liked"]]:
                connection.execute(insert(tastes), kept)

    def shoppers(self) -> set[str]:
        """Everyone who has declared a taste."""
        with self._database.read() as connection:
            return declared_by(connection)

    def of_shopper(self, shopper: str) -> dict[str, tuple[list[str], int]]:
        """The values liked of each attribute, and when that was said (UTC ms)."""
        statement = select(tastes.c.attribute, tastes.c.liked, tastes.c.time_ms).where(tastes.c.shopper == shopper)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(tastes.c.attribute)).all()
        return {name: (list(values), time_ms) for name, values, time_ms in rows}


def declared_by(connection: Connection) -> set[str]:
    """Everyone who declared a taste."""
    return set(connection.execute(select(tastes.c.shopper).distinct()).scalars())


def move_tastes(connection: Connection, before: str, shopper: str) -> None:
    """Give what was declared under an anonymous id to the shopper it became; what the shopper said wins."""
    said = select(tastes.c.attribute).where(tastes.c.shopper == shopper)
    connection.execute(delete(tastes).where(tastes.c.shopper == before, tastes.c.attribute.in_(said)))
    connection.execute(update(tastes).where(tastes.c.shopper == before).values(shopper=shopper))
