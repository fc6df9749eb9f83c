"""What shoppers say they like: a row for each attribute that a shopper named values of.

The table has a column `shopper`, so that export and forget reach it (shoppers.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from bottega.store.database import Database
from bottega.store.profiles import listeners
from bottega.store.tables import tastes
from bottega.store.tellings import Word, Words, by_place, note_words, shelves

__all__ = ["TasteStore", "declared_by", "rebuild_tastes"]


class TasteStore:
    """Declared tastes. What is declared anew for an attribute replaces what was said of it before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def declare(
        self, shopper: str, liked: Mapping[str, Sequence[str]], *, time_ms: int, told_as: str | None = None
    ) -> None:
        """Keep the values liked of each attribute, from this moment (UTC) on; an empty list takes a taste back.

        `told_as`: the name that the profile was called by; its own where absent.
        """
        name = told_as or shopper
        rows = [
            {"shopper": shopper, "attribute": name, "liked": list(values), "time_ms": time_ms}
            for name, values in liked.items()
        ]
        mine = tastes.c.shopper == shopper
        with self._database.write() as connection:
            connection.execute(delete(tastes).where(mine, tastes.c.attribute.in_([*liked])))
            if kept := [row for row in rows if row["liked"]]:
                connection.execute(insert(tastes), kept)
            told_to = listeners(connection, {name: shopper})[name]
            words = {
                f"taste.{attribute}": Word(
                    value=list(values), time_ms=time_ms, now=True, source=None, told_to=told_to, place=0
                )
                for attribute, values in liked.items()
            }
            note_words(connection, [(shopper, name, words)])

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


def rebuild_tastes(connection: Connection, shopper: str, told: Mapping[str, Words]) -> None:
    """Make anew what a profile likes, from all that was told of it; what the shopper said wins."""
    own, along = shelves(shopper, told, "taste.")
    liked: Words = {}
    for one in by_place(words for _, group in along for words in group):
        liked |= {name: word for name, word in one.items() if word["value"] or name not in liked}
    for one in by_place(own):
        liked |= one
    connection.execute(delete(tastes).where(tastes.c.shopper == shopper))
    rows = [
        {"shopper": shopper, "attribute": name, "liked": word["value"], "time_ms": word["time_ms"]}
        for name, word in liked.items()
        if word["value"]
    ]
    if rows:
        connection.execute(insert(tastes), rows)
