"""Turns: what must be done once when its moment comes, by whichever process of whichever machine asks first."""

from __future__ import annotations

from sqlalchemy import update

from bottega.store.database import Database
from bottega.store.tables import turns

__all__ = ["TurnStore"]


class TurnStore:
    """When each piece of work was last taken up. Every moment is passed in, UTC milliseconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, *, due_ms: int, now_ms: int) -> bool:
        """Whether the work falls to whoever asks: true to exactly one of those who ask after it was due.

        `due_ms`: the moment since when it must be done once, as in last midnight. Asking costs one read where it was
        taken up since then.
        """
        with self._database.read() as connection:
            found = connection.execute(turns.select().where(turns.c.name == name)).first()
            if found is not None and found.time_ms >= due_ms:
                return False
        with self._database.write() as connection:
            self._database.insert_ignoring(connection, turns, "name", ("name", "time_ms"), [(name, due_ms - 1)])
            mine = update(turns).where(turns.c.name == name, turns.c.time_ms < due_ms).values(time_ms=now_ms)
            return connection.execute(mine).rowcount == 1

    def give_back(self, name: str, due_ms: int) -> None:
        """What was taken up could not be done: whoever asks next has the turn of `due_ms` again."""
        with self._database.write() as connection:
            connection.execute(update(turns).where(turns.c.name == name).values(time_ms=due_ms - 1))
