"""How long an answer may take: until it begins, and from then until whoever asked has taken it.

What does not begin in time is answered with 504. What began and is not taken is cut off, so that slow readers hold
nothing for ever. Work on a thread cannot be ended: it goes on, and what it finds is thrown away; its place among the
threads is free when it is done. Jobs are not waited for by any answer, and streams end when they are over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import Message

from bottega.errors import TookTooLong

__all__ = ["STREAMS", "TimeLimit", "took_too_long"]

STREAMS = {
    "/v1/catalogue/export": "a file as large as the catalogue, written whole before it begins",
    "/v1/studio/videos/{name}": "a video file, as long as the line of whoever takes it needs",
}
"""Routes without a time limit, and why."""
_EVENTS = b"text/event-stream"
"""An answer of this kind ends when it is over; it began in time, and shows signs of life."""


def took_too_long(limit_s: float, what: str = "The answer") -> TookTooLong:
    """What whoever asked is told."""
    return TookTooLong(
        f"{what} took more than {limit_s:g} s.",
        allowed="What was asked goes on and may still take effect; what it finds is thrown away.",
        next_step="Ask for less at a time, or as a job (POST /v1/jobs), or raise answer_timeout_s.",
    )


class TimeLimit:
    """Watches one request. Made and asked on the event loop; a request that is over costs one timer."""

    __slots__ = ("_begun", "_cut", "_heard_s", "_late", "_limit_s", "_loop", "_never", "_path", "_timer", "over")

    def __init__(
        self, limit_s: float, *, path: Callable[[], str], late: Callable[[], None], cut: Callable[[], object]
    ) -> None:
        """`path` is of the route that answers.

        `late` is called when no answer began in time, `cut` when one that began is not taken in time.
        """
        self._loop = asyncio.get_running_loop()
        self._limit_s = limit_s
        self._path, self._late, self._cut = path, late, cut
        self._heard_s = self._loop.time()
        self._begun = self._never = self.over = False
        self._timer = self._loop.call_later(limit_s, self._look)

    def heard(self) -> None:
        """A piece of the body came: the time counts from here."""
        self._heard_s = self._loop.time()

    def begins(self, message: Message) -> None:
        """The answer begins; the time to take it counts from here."""
        self._begun, self._heard_s = True, self._loop.time()
        self._never = any(name == b"content-type" and _EVENTS in value for name, value in message["headers"])

    def stop(self) -> None:
        """The request is over."""
        self._timer.cancel()

    def _look(self) -> None:
        if self._never or self._path() in STREAMS:
            return
        left_s = self._heard_s + self._limit_s - self._loop.time()
        if left_s > 0:
            self._timer = self._loop.call_later(left_s, self._look)
            return
        self.over = True
        (self._cut if self._begun else self._late)()
