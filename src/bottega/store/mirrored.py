"""Mirrored talks: where else a talk is seen (a desk, as agents have one elsewhere), and how far it was told there.

One process at a time tells one talk to one desk: it claims the row until a moment, and the next one waits for that.
What was sent is written down line by line, so that whoever goes on after a crash sends again one line at most.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from bottega.store.database import Database
from bottega.store.tables import mirrored_talks, talks

__all__ = ["MirrorStore", "Mirrored"]


class Mirrored(NamedTuple):
    """One talk at one desk."""

    talk_id: str
    foreign_id: str
    """As the desk calls it; empty until it has a name there."""
    sent: int
    """Number of the last line that went out."""
    fence: int
    """Of the owner that the desk knows of; 0: of none."""


class MirrorStore:
    """Talks by desk. Every moment is passed in, UTC milliseconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, platform: str, *, since_ms: int, now_ms: int, limit: int) -> list[str]:
        """Ids of talks with lines that a desk has not been told, of those with a line since a moment."""
        joined = and_(mirrored_talks.c.talk_id == talks.c.talk_id, mirrored_talks.c.platform == platform)
        behind = talks.c.lines > func.coalesce(mirrored_talks.c.sent, 0)
        free = func.coalesce(mirrored_talks.c.claimed_ms, 0) <= now_ms
        chosen = select(talks.c.talk_id).outerjoin(mirrored_talks, joined)
        statement = chosen.where(talks.c.changed_ms >= since_ms, behind, free).order_by(talks.c.changed_ms).limit(limit)
        with self._database.read() as connection:
            return list(connection.execute(statement).scalars())

    def claim(self, platform: str, talk_id: str, *, until_ms: int, now_ms: int) -> Mirrored | None:
        """Take up telling a talk; None where it is gone, or somebody else is at it."""
        with self._database.write() as connection:
            talk = connection.execute(
                select(talks.c.shopper).where(talks.c.talk_id == talk_id).with_for_update()
            ).first()
            if talk is None:
                return None
            row = connection.execute(select(mirrored_talks).where(_one(platform, talk_id))).first()
            if row is None:
                values = {"platform": platform, "talk_id": talk_id, "shopper": talk.shopper, "claimed_ms": until_ms}
                connection.execute(insert(mirrored_talks), {**values, "foreign_id": "", "sent": 0, "fence": 0})
                return Mirrored(talk_id, "", 0, 0)
            if row.claimed_ms > now_ms:
                return None
            self._set(connection, platform, talk_id, claimed_ms=until_ms)
            return _mirrored(row)

    def note(self, platform: str, talk_id: str, **values: Any) -> None:
        """Write down how far it is: `foreign_id`, `sent`, `fence` or `claimed_ms` (0 lets go of it)."""
        with self._database.write() as connection:
            self._set(connection, platform, talk_id, **values)

    def named(self, platform: str, foreign_id: str) -> Mirrored | None:
        """The talk that a desk calls so."""
        its = mirrored_talks.c.platform == platform, mirrored_talks.c.foreign_id == foreign_id
        with self._database.read() as connection:
            row = connection.execute(select(mirrored_talks).where(*its)).first()
        return _mirrored(row) if row else None

    @staticmethod
    def _set(connection: Connection, platform: str, talk_id: str, **values: Any) -> None:
        connection.execute(update(mirrored_talks).where(_one(platform, talk_id)).values(**values))


def _one(platform: str, talk_id: str) -> Any:
    return and_(mirrored_talks.c.platform == platform, mirrored_talks.c.talk_id == talk_id)


def _mirrored(row: Row[Any]) -> Mirrored:
    return Mirrored(*(getattr(row, name) for name in Mirrored._fields))
