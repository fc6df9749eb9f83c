"""Errands: what a platform said has changed without saying how; whoever may ask its API fetches it.

A thing has one errand at most. Told of once more, it gets a new number, so that whoever was fetching it meanwhile
does not strike the newer word off.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from bottega.store.database import Database, take
from bottega.store.tables import errands

__all__ = ["Errand", "ErrandStore"]


class Errand(NamedTuple):
    """One thing to fetch."""

    number: int
    platform: str
    kind: str
    """What it is: product, order, stock."""
    foreign_id: str
    """As the platform calls it."""
    time_ms: int
    """When it was told of, UTC."""


class ErrandStore:
    """Errands, the oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, platform: str, kind: str, foreign_id: str) -> None:
        """There is something to fetch."""
        same = errands.c.platform == platform, errands.c.kind == kind, errands.c.foreign_id == foreign_id
        with self._database.write() as connection:
            number = take(connection, "errands", 1) + 1
            connection.execute(delete(errands).where(*same))
            row = Errand(number, platform, kind, foreign_id, time.time_ns() // 1_000_000)._asdict()
            connection.execute(insert(errands), row)

    def waiting(self, platform: str, *, limit: int = 1000) -> list[Errand]:
        """What is to be fetched of a platform; it stays until it is `done`."""
        columns = [errands.c[name] for name in Errand._fields]
        statement = select(*columns).where(errands.c.platform == platform).order_by(errands.c.number).limit(limit)
        with self._database.read() as connection:
            return [Errand(*row) for row in connection.execute(statement)]

    def done(self, numbers: Iterable[int]) -> None:
        """These were fetched and stored."""
        with self._database.write() as connection:
            for number in numbers:
                connection.execute(delete(errands).where(errands.c.number == number))
