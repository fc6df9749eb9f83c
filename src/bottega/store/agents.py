"""Agents: the persons who answer shoppers, and when each last looked."""

from __future__ import annotations

from sqlalchemy import select, update

from bottega.store.database import Database
from bottega.store.tables import agents

__all__ = ["AgentStore"]

SEEN_AGAIN_MS = 15_000
"""Who looked so lately is not written down again: pages look every few seconds."""


class AgentStore:
    """Who is there. Every moment is passed in, UTC milliseconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, name: str, *, now_ms: int) -> None:
        """Somebody just looked."""
        known = select(agents.c.seen_ms).where(agents.c.name == name)
        with self._database.read() as connection:
            before = connection.execute(known).scalar()
        if before is not None and now_ms - before < SEEN_AGAIN_MS:
            return
        with self._database.write() as connection:
            if not connection.execute(update(agents).where(agents.c.name == name).values(seen_ms=now_ms)).rowcount:
                row = (name, now_ms)
                self._database.insert_ignoring(connection, agents, "name", ("name", "seen_ms"), [row])

    def there(self, since_ms: int) -> list[str]:
        """Who looked since a moment, by name."""
        statement = select(agents.c.name).where(agents.c.seen_ms >= since_ms).order_by(agents.c.name)
        with self._database.read() as connection:
            return list(connection.execute(statement).scalars())
