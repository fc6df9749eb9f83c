"""How often something was let through within an hour, by all processes together; nothing of who asked is kept."""

from __future__ import annotations

from sqlalchemy import select, update

from bottega.store.database import Database
from bottega.store.tables import allowances

__all__ = ["AllowanceStore"]

HOUR_MS = 3_600_000


class AllowanceStore:
    """Counts by name, each of the clock's present hour."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, most: int, now_ms: int) -> bool:
        """Take one of `most` in the hour of a moment; False where none is left."""
        hour = now_ms // HOUR_MS
        with self._database.write() as connection:
            self._database.insert_ignoring(connection, allowances, "name", ("name", "hour", "taken"), [(name, hour, 0)])
            mine = allowances.c.name == name
            connection.execute(update(allowances).where(mine, allowances.c.hour < hour).values(hour=hour, taken=0))
            there = allowances.c.taken < most
            done = connection.execute(update(allowances).where(mine, there).values(taken=allowances.c.taken + 1))
            return done.rowcount == 1

    def taken(self, name: str, now_ms: int) -> int:
        """How many were taken in the hour of a moment."""
        mine = (allowances.c.name == name) & (allowances.c.hour == now_ms // HOUR_MS)
        with self._database.read() as connection:
            return connection.execute(select(allowances.c.taken).where(mine)).scalar() or 0
