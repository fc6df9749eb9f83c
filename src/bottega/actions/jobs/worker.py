"""A worker takes jobs up one by one, for as long as nobody stops it. Any number may run, on any machine of a shop."""

from __future__ import annotations

import math
import os
import secrets
import socket
import time
from threading import Event

import structlog

from bottega.actions.jobs.ask import LATER
from bottega.actions.jobs.attempt import Terms, attempt
from bottega.actions.jobs.schedule import ask_when_due
from bottega.actions.jobs.uploads import sweep_uploads
from bottega.errors import DiskFull, FilesUnavailable, StoreUnavailable
from bottega.shop.folder import ShopFolder
from bottega.shop.strays import share_strays

__all__ = ["Worker"]

log = structlog.get_logger("bottega")
SCHEDULE_S = 10.0
"""Seconds between two looks whether scheduled work is due; one costs reading the settings and a row."""
POLL_S = 1.0
"""Seconds between two looks for a job; one costs a read of an index."""
AILING_S = 10.0
"""Seconds before a worker goes on that met what it cannot mend: a store out of reach, no room for a process."""
FULL_S = 60.0
"""Seconds before a worker tries again that found the disk full."""
UPLOAD_S = 3600.0
"""How long an upload may lie without a job: its request is under way."""
STRAY_S = 86_400.0
"""Age at which a file that should be in the bucket, and is here, is no import's that is still under way."""


class Worker:
    """Works off one shop's jobs."""

    def __init__(self, folder: ShopFolder, *, terms: Terms | None = None, name: str = "") -> None:
        self._folder = folder
        self._terms = terms or Terms()
        self.name = name or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        """Unlike any other worker's, that of an earlier process with the same number included."""
        self._look_s = self._sweep_s = -math.inf

    def run(self, stop: Event, *, once: bool = False) -> int:
        """Work until `stop` is set, or with `once` until nothing waits; how many jobs were taken up.

        Who stops hands the job back that it was at.
        """
        taken = 0
        while not stop.is_set():
            try:
                if self.turn(stop):
                    taken += 1
                elif once:
                    break
                else:
                    stop.wait(POLL_S)
            except StoreUnavailable as error:
                if once:
                    raise
                log.warning("worker", code=error.code, message=str(error))
                stop.wait(FULL_S if isinstance(error, DiskFull) else AILING_S)
            except Exception as error:
                if once:
                    raise
                log.error("worker", exc_info=error)
                stop.wait(AILING_S)
        return taken

    def turn(self, stop: Event) -> bool:
        """Ask for what is due, then take up one job; False where none waits. Raises `StoreUnavailable`."""
        if time.monotonic() >= self._look_s:
            ask_when_due(self._folder, self._terms.now_ms())
            self._look_s = time.monotonic() + SCHEDULE_S
        if time.monotonic() >= self._sweep_s:
            self._sweep_s = time.monotonic() + UPLOAD_S
            try:
                sweep_uploads(self._folder, before_s=time.time() - UPLOAD_S)
                share_strays(self._folder, before_s=time.time() - STRAY_S)
            except FilesUnavailable as error:  # jobs that need no file there go on meanwhile
                log.warning("worker", code=error.code, message=str(error))
                self._sweep_s = time.monotonic() + FULL_S
        return self._next(stop)

    def _next(self, stop: Event) -> bool:
        job = self._folder.store.jobs.claim(
            self.name, now_ms=self._terms.now_ms(), lease_ms=self._terms.lease_ms, verbs=LATER
        )
        if job is None:
            return False
        log.info("job", number=job.number, verb=job.verb, state="taken up", attempt=job.attempts)
        now = attempt(self._folder, job, self._terms, stop)
        if now is not None:
            code = (now.error or {}).get("code", "")
            log.info("job", number=now.number, verb=now.verb, state=now.state.value, code=code)
        return True
