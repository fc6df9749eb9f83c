"""Jobs: work that is done apart from the request that asked for it, by whichever worker takes it up.

    waiting ──claim──> running ──finish──> done
     ^   ^                │ ├───fail─────> failed ────┐
     │   └──hand back─────┘ └───release──> cancelled ─┤  (a waiting job is cancelled at once)
     └──retry─────────────────────────────────────────┘

A job that met what may pass (`again` of the error tree) is handed back with a moment before which nobody takes it up,
each time a later one, `TRIES_MAX` times in all; jobs behind it in its lane go ahead meanwhile.

A worker holds a job by a lease that it renews with every `beat`. A job whose lease ran out, because its worker was
killed, is claimed again until `ATTEMPTS_MAX` ended so; whoever held it before is told so by its next `beat` and can no
longer write into the row. Every moment is passed in, so that time is whatever the caller says.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, or_, select, update

from bottega.errors import JobAbandoned
from bottega.store.database import Database, take
from bottega.store.tables import jobs

__all__ = ["ATTEMPTS_MAX", "TRIES_MAX", "Beat", "Job", "JobState", "JobStore", "put_in_queue", "wait_ms"]

ATTEMPTS_MAX = 3
"""How often a job is left lying before it counts as one that kills its workers."""
TRIES_MAX = 8
"""How often a job may meet what passes before it fails: some four hours with the waits between."""
LOG_MOST = 200
"""Steps of a job that are kept: of more, the newest."""
_FIRST_WAIT_MS, _LAST_WAIT_MS = 15_000, 3_600_000
_LEASE_MOST_MS = 600_000
"""No lease, and no clock of another machine, is ahead of ours by more."""


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Beat(StrEnum):
    """What a worker hears when it says that it is still at work."""

    GO_ON = "go on"
    CANCEL = "cancel"
    """Somebody wishes the job to end."""
    LOST = "lost"
    """The job is no longer this worker's; what it does from here on counts for nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. Moments are UTC milliseconds."""

    number: int
    verb: str
    request: dict[str, Any]
    lane: str | None
    """Jobs of one lane run one after the other, in the order of their numbers."""
    state: JobState
    cancel: bool
    """Whether somebody wishes it to end."""
    stage: str
    """What it is at, as in "looking at photos"; `done` of `total` (None: unknown) of it are done."""
    done: int
    total: int | None
    note: str
    answer: dict[str, Any] | None
    """What came of it, once it is done."""
    error: dict[str, str] | None
    """Why it failed: code, message, seen, allowed, next_step."""
    attempts: int
    """How often a worker took it up. With `worker`, what tells one holder of the job from the next."""
    put_off: int
    """How many of these attempts met what may pass."""
    next_ms: int | None
    """Before that nobody takes it up; None: at once."""
    worker: str | None
    lease_ms: int | None
    created_ms: int
    started_ms: int | None
    """When it was first taken up."""
    ended_ms: int | None
    log: list[list[Any]] | None
    """What it went through, oldest first: moment and words of each step; None before the first."""

    @property
    def spent(self) -> bool:
        """Whether it may be left lying no more often, once it is again."""
        return self.attempts - self.put_off >= ATTEMPTS_MAX

    @property
    def over(self) -> bool:
        """Whether it will not change any more."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def mark(self) -> str:
        """A stamp that sorts by time and is the same whenever the job is taken up again: what it writes bears it."""
        assert self.started_ms is not None, "a job has a mark once it was taken up"
        moment = datetime.fromtimestamp(self.started_ms // 1000, UTC)
        return f"{moment:%Y%m%dT%H%M%S}{self.started_ms % 1000:03d}{self.number % 1000:03d}"

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """A job as its row says it."""
        return cls(**{**row._mapping, "state": JobState(row.state)})


_columns = [jobs.c[item.name] for item in fields(Job)]
_HELD_BY_NOBODY = {"worker": None, "lease_ms": None}


class JobStore:
    """The queue of jobs, oldest first, and what became of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, verb: str, request: dict[str, Any], *, now_ms: int, lane: str | None = None) -> Job:
        """Put a job at the end of the queue.

        Where a job of the same lane, verb and request waits already, it is that job: running it twice on end would
        change nothing.
        """
        with self._database.write() as connection:
            return put_in_queue(connection, verb, request, now_ms=now_ms, lane=lane)

    def claim(self, worker: str, *, now_ms: int, lease_ms: int, verbs: Collection[str] | None = None) -> Job | None:
        """Take up the first job that waits or was left lying, of these `verbs` (any where absent); None without one.

        It is this worker's for `lease_ms` from now, and longer with every `beat`. Asking costs one read while there is
        nothing to do.
        """
        with self._database.read() as connection:
            if connection.execute(_claimable(now_ms, verbs).limit(1)).first() is None:
                return None
        with self._database.write() as connection:
            take(connection, "jobs", 0)  # one claim at a time, so that two workers never see the same lane free
            _end_hopeless(connection, now_ms)
            row = connection.execute(_claimable(now_ms, verbs).limit(1)).first()
            if row is None:
                return None
            claimed = connection.execute(
                update(jobs)
                .where(jobs.c.number == row.number, _free(now_ms))
                .values(
                    state=JobState.RUNNING.value,
                    worker=worker,
                    attempts=jobs.c.attempts + 1,
                    lease_ms=now_ms + lease_ms,
                    started_ms=func.coalesce(jobs.c.started_ms, now_ms),
                    stage="",
                    done=0,
                    total=None,
                    note="",
                    next_ms=None,
                    error=None,
                )
            )
            if not claimed.rowcount:
                return None
            _note(connection, row.number, now_ms, f"taken up by {worker}")
            return _job(connection, row.number)

    def beat(
        self,
        job: Job,
        *,
        now_ms: int,
        lease_ms: int,
        stage: str = "",
        done: int = 0,
        total: int | None = None,
        note: str = "",
    ) -> Beat:
        """Renew the lease of a job that was claimed, and say how far it is."""
        statement = (
            update(jobs)
            .where(_held(job))
            .values(lease_ms=now_ms + lease_ms, stage=stage, done=done, total=total, note=note)
            .returning(jobs.c.cancel)
        )
        with self._database.write() as connection:
            before = connection.execute(select(jobs.c.stage).where(_held(job))).scalar()
            cancel = connection.execute(statement).scalar()
            if stage and cancel is not None and stage != before:
                _note(connection, job.number, now_ms, stage)
        if cancel is None:
            return Beat.LOST
        return Beat.CANCEL if cancel else Beat.GO_ON

    def finish(self, job: Job, answer: dict[str, Any], *, now_ms: int) -> bool:
        """The job is done. False, and nothing changes, where it is no longer this worker's."""
        return self._end(job, JobState.DONE, now_ms, answer=answer)

    def fail(self, job: Job, error: dict[str, str], *, now_ms: int) -> bool:
        """The job cannot be done. False where it is no longer this worker's."""
        return self._end(job, JobState.FAILED, now_ms, error=error)

    def release(self, job: Job, *, now_ms: int) -> bool:
        """The job was ended midway, because somebody wished it. False where it is no longer this worker's."""
        return self._end(job, JobState.CANCELLED, now_ms)

    def hand_back(self, job: Job, *, now_ms: int, counted: bool = False, note: str | None = None) -> bool:
        """The worker lets go, the job waits for another; `counted` says whether this was one of its attempts,
        `note` why.

        A job that is wished to end ends. False where it is no longer this worker's.
        """
        values: dict[str, Any] = {} if counted else {"attempts": job.attempts - 1}
        said = f"handed back: {note}" if note else "left lying" if counted else "handed back"
        return self._hand_back(job, now_ms, values | ({} if note is None else {"note": note}), said)

    def put_off(self, job: Job, error: dict[str, str], *, now_ms: int) -> bool:
        """The job met what may pass: it waits for its next try, longer each time, and says why.

        A job that is wished to end ends. False where it is no longer this worker's.
        """
        next_ms = now_ms + wait_ms(job.put_off + 1)
        values = {"put_off": job.put_off + 1, "next_ms": next_ms, "error": error}
        return self._hand_back(job, now_ms, values, f"put off: {error.get('message', '')}")

    def retry(self, number: int, *, now_ms: int) -> Job | None:
        """Let a job that failed or was cancelled wait again, as if nobody had taken it up.

        One that was put off need not wait any longer. What runs, waits or is done stays as it is. None where no job
        has this number.
        """
        of_number, waits = jobs.c.number == number, {"state": JobState.WAITING.value, "next_ms": None}
        ended = jobs.c.state.in_([JobState.FAILED.value, JobState.CANCELLED.value])
        anew = {"attempts": 0, "put_off": 0, "cancel": False, "started_ms": None, "ended_ms": None, "error": None}
        blank = {"stage": "", "done": 0, "total": None, "note": ""}
        with self._database.write() as connection:
            take(connection, "jobs", 0)
            again = connection.execute(update(jobs).where(of_number, ended).values(**waits, **anew, **blank)).rowcount
            put_off = (jobs.c.state == JobState.WAITING.value) & jobs.c.next_ms.is_not(None)
            again += connection.execute(update(jobs).where(of_number, put_off).values(next_ms=None)).rowcount
            if again:
                _note(connection, number, now_ms, "asked for again")
            row = connection.execute(select(*_columns).where(of_number)).first()
        return Job.of(row) if row else None

    def _hand_back(self, job: Job, now_ms: int, values: dict[str, Any], said: str) -> bool:
        with self._database.write() as connection:
            ended = connection.execute(
                update(jobs)
                .where(_held(job), jobs.c.cancel)
                .values(state=JobState.CANCELLED.value, ended_ms=now_ms, **_HELD_BY_NOBODY)
            )
            if ended.rowcount:
                _note(connection, job.number, now_ms, JobState.CANCELLED.value)
                return True
            waiting = {"state": JobState.WAITING.value, **_HELD_BY_NOBODY, **values}
            back = connection.execute(update(jobs).where(_held(job)).values(waiting)).rowcount
            if back:
                _note(connection, job.number, now_ms, said)
        return bool(back)

    def cancel(self, number: int, *, now_ms: int) -> Job | None:
        """Wish a job to end: one that waits is cancelled now, one that runs when its worker next says a word.

        What is over stays as it is. None where no job has this number.
        """
        of_number = jobs.c.number == number
        with self._database.write() as connection:
            take(connection, "jobs", 0)
            ended = {"state": JobState.CANCELLED.value, "cancel": True, "ended_ms": now_ms}
            waits = jobs.c.state == JobState.WAITING.value
            if connection.execute(update(jobs).where(of_number, waits).values(ended)).rowcount:
                _note(connection, number, now_ms, JobState.CANCELLED.value)
            runs = (jobs.c.state == JobState.RUNNING.value) & ~jobs.c.cancel
            if connection.execute(update(jobs).where(of_number, runs).values(cancel=True)).rowcount:
                _note(connection, number, now_ms, "asked to end")
            row = connection.execute(select(*_columns).where(of_number)).first()
        return Job.of(row) if row else None

    def get(self, number: int) -> Job | None:
        """The job of a number."""
        with self._database.read() as connection:
            row = connection.execute(select(*_columns).where(jobs.c.number == number)).first()
        return Job.of(row) if row else None

    def newest(self, verb: str) -> Job | None:
        """The last job of a verb that was taken up, whatever became of it."""
        statement = select(*_columns).where(jobs.c.verb == verb, jobs.c.started_ms.is_not(None))
        with self._database.read() as connection:
            row = connection.execute(statement.order_by(jobs.c.number.desc()).limit(1)).first()
        return Job.of(row) if row else None

    def page(
        self, *, state: JobState | None = None, verb: str | None = None, limit: int = 50, before: int | None = None
    ) -> tuple[list[Job], int | None]:
        """One page of jobs, the newest first, and what to give as `before` for the next one (None at the end)."""
        statement = select(*_columns)
        if verb is not None:
            statement = statement.where(jobs.c.verb == verb)
        if state is not None:
            statement = statement.where(jobs.c.state == state.value)
        if before is not None:
            statement = statement.where(jobs.c.number < before)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(jobs.c.number.desc()).limit(limit + 1)).all()
        page = [Job.of(row) for row in rows[:limit]]
        return page, page[-1].number if len(rows) > limit else None

    def failed_since(self, since_ms: int) -> list[Job]:
        """Every job that failed since a moment, oldest first."""
        statement = select(*_columns).where(jobs.c.state == JobState.FAILED.value, jobs.c.ended_ms >= since_ms)
        with self._database.read() as connection:
            return [Job.of(row) for row in connection.execute(statement.order_by(jobs.c.number))]

    def unfinished(self) -> list[Job]:
        """Every job that waits or runs, oldest first."""
        states = (JobState.WAITING.value, JobState.RUNNING.value)
        with self._database.read() as connection:
            rows = connection.execute(select(*_columns).where(jobs.c.state.in_(states)).order_by(jobs.c.number))
            return [Job.of(row) for row in rows]

    def counts(self) -> dict[JobState, int]:
        """How many jobs are in each state; every state is there."""
        with self._database.read() as connection:
            rows = connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
            found = {JobState(state): count for state, count in rows}
        return {state: found.get(state, 0) for state in JobState}

    def _end(self, job: Job, state: JobState, now_ms: int, **values: object) -> bool:
        ended = {"state": state.value, "ended_ms": now_ms, **_HELD_BY_NOBODY, **values}
        error = values.get("error")
        said = f"{state.value}: {error.get('message', '')}" if isinstance(error, dict) else state.value
        with self._database.write() as connection:
            done = connection.execute(update(jobs).where(_held(job)).values(ended)).rowcount
            if done:
                _note(connection, job.number, now_ms, said)
        return bool(done)


def wait_ms(times: int) -> int:
    """How long a job waits that was put off so many times: four times as long each time, up to an hour.

    >>> [wait_ms(times) // 1000 for times in range(1, 7)]
    [15, 60, 240, 960, 3600, 3600]
    """
    return int(min(_FIRST_WAIT_MS * 4 ** (times - 1), _LAST_WAIT_MS))


def put_in_queue(connection: Connection, verb: str, request: dict[str, Any], *, now_ms: int, lane: str | None) -> Job:
    """`JobStore.add` within a write of the caller's."""
    number = take(connection, "jobs", 0) + 1
    if lane is not None:
        same = select(*_columns).where(jobs.c.state == JobState.WAITING.value, jobs.c.verb == verb, jobs.c.lane == lane)
        for row in connection.execute(same.order_by(jobs.c.number)):
            if row.request == request:
                return Job.of(row)
    take(connection, "jobs", 1)
    values = {
        "number": number,
        "verb": verb,
        "request": request,
        "lane": lane,
        "state": JobState.WAITING.value,
        "cancel": False,
        "stage": "",
        "done": 0,
        "note": "",
        "attempts": 0,
        "put_off": 0,
        "created_ms": now_ms,
    }
    connection.execute(insert(jobs), values)
    return _job(connection, number)


def _job(connection: Connection, number: int) -> Job:
    return Job.of(connection.execute(select(*_columns).where(jobs.c.number == number)).one())


def _note(connection: Connection, number: int, now_ms: int, words: str) -> None:
    """Add a step to what a job went through, within a write of its row."""
    log = connection.execute(select(jobs.c.log).where(jobs.c.number == number)).scalar() or []
    kept = [*log, [now_ms, words]][-LOG_MOST:]
    connection.execute(update(jobs).where(jobs.c.number == number).values(log=kept))


def _held(job: Job) -> ColumnElement[bool]:
    """The row is still that of this claim."""
    return and_(
        jobs.c.number == job.number,
        jobs.c.state == JobState.RUNNING.value,
        jobs.c.worker == job.worker,
        jobs.c.attempts == job.attempts,
    )


def _left_lying(now_ms: int) -> ColumnElement[bool]:
    return and_(jobs.c.state == JobState.RUNNING.value, _past(jobs.c.lease_ms, now_ms))


def _past(moment: ColumnElement[int | None], now_ms: int) -> ColumnElement[bool]:
    """A moment is over; or so far ahead that it was written by a clock that was wrong: nobody waits for that one."""
    return or_(moment <= now_ms, moment > now_ms + _LAST_WAIT_MS + _LEASE_MOST_MS)


def _free(now_ms: int) -> ColumnElement[bool]:
    due = or_(jobs.c.next_ms.is_(None), _past(jobs.c.next_ms, now_ms))
    return or_(and_(jobs.c.state == JobState.WAITING.value, due), _left_lying(now_ms))


def _claimable(now_ms: int, verbs: Collection[str] | None) -> Select[Any]:
    """Jobs that may be taken up now, oldest first: nobody works on them, nor on another of their lane."""
    other = jobs.alias("other")
    lane_is_taken = (
        select(other.c.number)
        .where(other.c.lane == jobs.c.lane, other.c.state == JobState.RUNNING.value, other.c.number != jobs.c.number)
        .exists()
    )
    statement = select(jobs.c.number).where(_free(now_ms), ~lane_is_taken)
    if verbs is not None:
        statement = statement.where(jobs.c.verb.in_(sorted(verbs)))
    return statement.order_by(jobs.c.number)


def _end_hopeless(connection: Connection, now_ms: int) -> None:
    """Of the jobs left lying, end those that are wished to end and those that were tried often enough."""
    connection.execute(
        update(jobs)
        .where(_left_lying(now_ms), jobs.c.cancel)
        .values(state=JobState.CANCELLED.value, ended_ms=now_ms, **_HELD_BY_NOBODY)
    )
    reason = JobAbandoned(
        f"{ATTEMPTS_MAX} workers took the job up and were gone before its end.",
        next_step="Look into the log of the worker and at its memory, then ask for it again.",
    )
    connection.execute(
        update(jobs)
        .where(_left_lying(now_ms), jobs.c.attempts - jobs.c.put_off >= ATTEMPTS_MAX)
        .values(state=JobState.FAILED.value, ended_ms=now_ms, error=reason.as_dict(), **_HELD_BY_NOBODY)
    )
