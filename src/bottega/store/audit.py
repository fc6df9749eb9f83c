"""The audit log: who changed what, and when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select

from bottega.store.changes import PENDING, AuditLine, Pending
from bottega.store.database import Database
from bottega.store.tables import audit

__all__ = ["AuditStore"]


class AuditStore:
    """Lines by number, in the order in which changes were made."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def changing(self, change: AuditLine) -> Iterator[None]:
        """What is written within this block is this change: its line is written with it, in one transaction.

        Where nothing was written and nothing failed, the line is written by itself. What fails before it writes leaves
        no line.
        """
        pending = Pending(self._database, change)
        token = PENDING.set(pending)
        try:
            yield
            if not pending.written:
                with self._database.write():
                    pass
        finally:
            PENDING.reset(token)

    def newest(
        self, n: int, *, before: int | None = None, who: str = "", verb: str = ""
    ) -> list[tuple[int, AuditLine]]:
        """The newest lines with their numbers, those before a number, of somebody or of a verb alone."""
        asked = select(audit).order_by(audit.c.number.desc()).limit(n)
        if before is not None:
            asked = asked.where(audit.c.number < before)
        if who:
            asked = asked.where(audit.c.who == who)
        if verb:
            asked = asked.where(audit.c.verb == verb)
        with self._database.read() as connection:
            return [
                (row.number, AuditLine(row.at_ms, row.by, row.who, row.verb, row.what, row.request_id))
                for row in connection.execute(asked)
            ]

    def drop(self, before_ms: int) -> int:
        """Drop lines older than a moment; returns how many."""
        with self._database.write() as connection:
            return connection.execute(delete(audit).where(audit.c.at_ms < before_ms)).rowcount
