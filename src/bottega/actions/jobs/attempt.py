"""One attempt at one job: a process is started, listened to, kept alive in the row, and ended when somebody wishes it.

Whatever happens to the process, the row says what became of the job, and nothing half-written stays behind.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Any

import structlog

from bottega.actions.jobs.uploads import discard_upload
from bottega.errors import DiskFull, JobAbandoned, StoreUnavailable
from bottega.events.times import now_ms
from bottega.shop.folder import ShopFolder
from bottega.shop.trained.runs import sweep_unfinished
from bottega.store.jobs import TRIES_MAX, Beat, Job, JobState

__all__ = ["WAITS_FOR_ROOM", "Terms", "attempt"]

log = structlog.get_logger("bottega")
_LISTEN_S = 0.2
"""How long a process that says nothing is listened to before the worker looks whether it shall stop."""
_SOONEST_S = 0.2
"""Least time between two words in the row; a new stage is told that soon."""
_ENOUGH = 1 << 16
WAITS_FOR_ROOM = "the disk is full; it is tried again every minute, and goes on when there is room"
"""Note of a job that waits for that."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a worker holds a job."""

    lease_ms: int = 30_000
    """Without a word from the worker for so long, others take the job up."""
    beat_s: float = 2.0
    """Seconds between two words; a wish to cancel is heard within that."""
    grace_s: float = 10.0
    """What a process has to take half-written files away before it is killed."""
    now_ms: Callable[[], int] = now_ms
    """The clock of leases: UTC milliseconds."""
    command: tuple[str, ...] = (sys.executable, "-m", "bottega.actions.jobs.process")
    """What does a job; the shop's folder and the job's number are added to it."""


class _Lost(Exception):
    """The job is no longer ours."""


class _Heard:
    """What the process said so far."""

    def __init__(self) -> None:
        self.stage, self.done, self.note = "", 0, ""
        self.total: int | None = None
        self.answer: dict[str, Any] | None = None
        self.error: dict[str, str] | None = None
        self.again = False
        """Whether the error may be gone by itself."""
        self._rest = b""

    def take(self, said: bytes) -> None:
        *lines, self._rest = (self._rest + said).split(b"\n")
        for line in lines:
            word: dict[str, Any] = json.loads(line)
            if "progress" in word:
                self.stage, self.done, self.total, self.note = word["progress"]
            self.answer = word.get("answer", self.answer)
            self.error = word.get("error", self.error)
            self.again = word.get("again", self.again)


def attempt(folder: ShopFolder, job: Job, terms: Terms, stop: Event) -> Job | None:
    """Do a job that was claimed; what its row says then, None where it was lost to another worker.

    When `stop` is set the job is handed back: it waits for another worker, and the attempt does not count. The same
    where the disk is full, which no number of attempts mends; then `DiskFull` is raised, for the worker to wait.
    """
    command = [*terms.command, str(folder.root), str(job.number)]
    # A session of its own, so that Ctrl+C at a terminal reaches the worker alone.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            heard, wish = _follow(process, folder, job, terms, stop)
        except _Lost:
            log.warning("job", number=job.number, verb=job.verb, state="lost")
            return None
        finally:
            process.kill()
    _close(folder, job, terms, heard, wish, process.returncode)
    now = folder.store.jobs.get(job.number)
    if now is not None and now.over and now.state is not JobState.FAILED:
        discard_upload(folder, now)
    return now


def _follow(
    process: subprocess.Popen[bytes], folder: ShopFolder, job: Job, terms: Terms, stop: Event
) -> tuple[_Heard, str]:
    """Listen until the process has ended; what it said, and the wish that ended it ("cancel", "stop" or none)."""
    assert process.stdout is not None
    pipe = process.stdout.fileno()
    heard, wish = _Heard(), ""
    told = ""
    next_beat_s = soonest_s = kill_at_s = 0.0
    held_until_ms = terms.now_ms() + terms.lease_ms
    with selectors.DefaultSelector() as listening:
        listening.register(pipe, selectors.EVENT_READ)
        while True:
            if listening.select(_LISTEN_S):
                said = os.read(pipe, _ENOUGH)
                if not said:
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(terms.grace_s)
                    return heard, wish
                heard.take(said)
            now_s = time.monotonic()
            if wish and now_s > kill_at_s:
                process.kill()
            wished = "stop" if stop.is_set() else ""
            if now_s >= (next_beat_s if heard.stage == told else soonest_s):
                told = heard.stage
                soonest_s, next_beat_s = now_s + _SOONEST_S, now_s + terms.beat_s
                word = _beat(folder, job, terms, heard)
                if word is not None:
                    held_until_ms = terms.now_ms() + terms.lease_ms
                if word is Beat.LOST or terms.now_ms() >= held_until_ms:
                    raise _Lost
                wished = "cancel" if word is Beat.CANCEL else wished
            if wished and not wish:
                wish, kill_at_s = wished, now_s + terms.grace_s
                process.terminate()


def _beat(folder: ShopFolder, job: Job, terms: Terms, heard: _Heard) -> Beat | None:
    """Say a word in the row; None when the store cannot be reached, which the lease may outlast."""
    try:
        return folder.store.jobs.beat(
            job,
            now_ms=terms.now_ms(),
            lease_ms=terms.lease_ms,
            stage=heard.stage,
            done=heard.done,
            total=heard.total,
            note=heard.note,
        )
    except StoreUnavailable as error:
        log.warning("job", number=job.number, verb=job.verb, code=error.code, message=str(error))
        return None


def _close(folder: ShopFolder, job: Job, terms: Terms, heard: _Heard, wish: str, code: int) -> None:
    """Write down what became of it."""
    jobs, ended_ms = folder.store.jobs, terms.now_ms()
    if heard.answer is not None:
        _beat(folder, job, terms, heard)  # all of it is done: the row shall not stop at what it said a moment before
        jobs.finish(job, heard.answer, now_ms=ended_ms)
        return
    sweep_unfinished(folder, job.mark)
    if wish == "cancel":
        jobs.release(job, now_ms=ended_ms)
    elif wish == "stop":
        jobs.hand_back(job, now_ms=ended_ms)
    elif heard.error is not None and heard.error["code"] == DiskFull.code:
        jobs.hand_back(job, now_ms=ended_ms, note=WAITS_FOR_ROOM)
        raise DiskFull(heard.error["seen"], next_step=heard.error["next_step"])
    elif heard.error is not None and heard.again and job.put_off + 1 < TRIES_MAX:
        jobs.put_off(job, heard.error, now_ms=ended_ms)
    elif heard.error is None and not job.spent:
        jobs.hand_back(job, now_ms=ended_ms, counted=True)
    else:
        deaths = job.attempts - job.put_off
        died = JobAbandoned(
            f"The process of the job ended {deaths} times without an answer, at last with {_cause(code)}.",
            next_step="Look into the log of the worker and at its memory, then ask for the job again.",
        )
        jobs.fail(job, heard.error or died.as_dict(), now_ms=ended_ms)


def _cause(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
