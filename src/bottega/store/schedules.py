"""Schedules: work that is asked for again and again, by whichever process first sees that it is due.

A row says up to which moment nobody need ask any more. Asking moves it on and adds the job in one transaction, so that
however many servers and workers look, and whenever one of them is killed, one moment gives one job.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from bottega.store.database import Database, take
from bottega.store.jobs import Job, put_in_queue
from bottega.store.tables import schedules

__all__ = ["ScheduleStore"]


class ScheduleStore:
    """How far each schedule has come, by the verb of its jobs. Moments are UTC milliseconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self, verb: str, request: dict[str, Any], *, due_ms: int, late_ms: int, now_ms: int, lane: str | None
    ) -> Job | None:
        """The job of the schedule's moment `due_ms`; None where there is nothing to ask for.

        That is so where somebody asked for this moment or a later one before, where it lies more than `late_ms` back,
        and at the first sight of a schedule: whoever switches it on waits for the next moment.
        """
        with self._database.read() as connection:
            last_ms = _asked_up_to(connection, verb)
        if last_ms is not None and last_ms >= due_ms:
            return None
        with self._database.write() as connection:
            take(connection, "jobs", 0)  # one at a time, so that two never find the same moment free
            last_ms = _asked_up_to(connection, verb)
            if last_ms is not None and last_ms >= due_ms:
                return None
            _move_to(connection, verb, due_ms, new=last_ms is None)
            if last_ms is None or now_ms - due_ms > late_ms:
                return None
            return put_in_queue(connection, verb, request, now_ms=now_ms, lane=lane)

    def begin(self, verb: str, due_ms: int) -> None:
        """A schedule was switched on or changed: its moments up to `due_ms` need no asking for."""
        with self._database.write() as connection:
            take(connection, "jobs", 0)
            _move_to(connection, verb, due_ms, new=_asked_up_to(connection, verb) is None)


def _asked_up_to(connection: Connection, verb: str) -> int | None:
    last_ms: int | None = connection.execute(select(schedules.c.due_ms).where(schedules.c.name == verb)).scalar()
    return last_ms


def _move_to(connection: Connection, verb: str, due_ms: int, *, new: bool) -> None:
    if new:
        connection.execute(insert(schedules), {"name": verb, "due_ms": due_ms})
    else:
        connection.execute(update(schedules).where(schedules.c.name == verb).values(due_ms=due_ms))
