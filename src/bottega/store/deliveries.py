"""Which deliveries of which platform were taken, for so many days: one that comes again changes nothing."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select

from bottega.store.database import Database
from bottega.store.tables import deliveries

__all__ = ["DeliveryStore"]


class DeliveryStore:
    """Deliveries by platform and id. Every moment is passed in, UTC milliseconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, platform: str, delivery: str) -> bool:
        """Whether this one was taken before."""
        mine = deliveries.c.platform == platform, deliveries.c.delivery == delivery
        with self._database.read() as connection:
            return connection.execute(select(deliveries.c.time_ms).where(*mine)).first() is not None

    def add(self, platform: str, delivery: str, *, now_ms: int) -> None:
        """It was taken."""
        row = {"platform": platform, "delivery": delivery, "time_ms": now_ms}
        mine = deliveries.c.platform == platform, deliveries.c.delivery == delivery
        with self._database.write() as connection:
            if connection.execute(select(deliveries.c.time_ms).where(*mine)).first() is None:
                connection.execute(insert(deliveries), row)

    def counts(self) -> dict[str, tuple[int, int]]:
        """Of each platform how many are known, and when the last one was taken."""
        columns = deliveries.c.platform, func.count(), func.max(deliveries.c.time_ms)
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).group_by(deliveries.c.platform))
            return {platform: (count, last_ms) for platform, count, last_ms in rows}

    def prune(self, before_ms: int) -> int:
        """Forget those before a moment; returns how many."""
        with self._database.write() as connection:
            return connection.execute(delete(deliveries).where(deliveries.c.time_ms < before_ms)).rowcount
