"""Schedules: work that is asked for again and again, by whichever process first sees that it is due.

Taking the turn (`turns.py`) and adding the job is one transaction: however many servers and workers look, and whenever
one of them is killed, one moment gives one job.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from bottega.store.database import Database, take
from bottega.store.jobs import Job, put_in_queue
from bottega.store.tables import turns

__all__ = ["ScheduleStore"]


class ScheduleStore:
    """Schedules by the verb of their jobs. Moments are UTC milliseconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self,
        verb: str,
        request: dict[str, Any],
        *,
        due_ms: int,
        late_ms: int,
        now_ms: int,
        lane: str | None,
        turn: str = "",
    ) -> Job | None:
        """The job of the schedule's moment `due_ms`; None where there is nothing to ask for.

        That is so where somebody looked since that moment, where it lies more than `late_ms` back, and at the first
        sight of a schedule: whoever switches it on waits for the next moment. `turn`: the name of its turns, where one
        verb has several schedules.
        """
        turn = turn or verb
        with self._database.read() as connection:
            last_ms = _last_look(connection, turn)
        if last_ms is not None and last_ms >= due_ms:
            return None
        with self._database.write() as connection:
            take(connection, "jobs", 0)  # one at a time, so that two never find the same moment free
            last_ms = _last_look(connection, turn)
            if last_ms is not None and last_ms >= due_ms:
                return None
            _look(connection, turn, now_ms, first=last_ms is None)
            if last_ms is None or now_ms - due_ms > late_ms:
                return None
            return put_in_queue(connection, verb, request, now_ms=now_ms, lane=lane)

    def begin(self, verb: str, now_ms: int) -> None:
        """A schedule was switched on or changed: the moments before need no asking for."""
        with self._database.write() as connection:
            take(connection, "jobs", 0)
            _look(connection, verb, now_ms, first=_last_look(connection, verb) is None)


def _last_look(connection: Connection, verb: str) -> int | None:
    last_ms: int | None = connection.execute(select(turns.c.time_ms).where(turns.c.name == verb)).scalar()
    return last_ms


def _look(connection: Connection, verb: str, now_ms: int, *, first: bool) -> None:
    if first:
        connection.execute(insert(turns), {"name": verb, "time_ms": now_ms})
    else:
        connection.execute(update(turns).where(turns.c.name == verb).values(time_ms=now_ms))
