"""The course of a training: how far it has come, by its steps, or by the clock where that is faster.

Idea     A recipe says how many steps it takes. Given seconds as well, a training ends when either is over, and
         everything that changes on the way (step size, size of the pictures) follows whichever is further: within an
         hour on a graphics card all steps are made, in a minute on a processor the same recipe runs through in small.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate

__all__ = ["Course"]


class Course:
    """`step` of `steps`, and `spent_s` of `seconds` where there are any; the clock runs from `begin` on.

    The clock ends nothing before `least` steps: on a machine that is busy with other things a minute may be a few.
    """

    def __init__(
        self,
        steps: int,
        seconds: float | None = None,
        *,
        least: int = 1,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.steps, self.seconds, self.least = steps, seconds, min(least, steps)
        self.step = 0
        self._before_s, self._clock = 0.0, clock
        self._began: float | None = None

    def begin(self, *, step: int | None = None, spent_s: float | None = None) -> None:
        """Start the clock, where a training that was stopped had come to `step` after `spent_s` from there."""
        self.step = self.step if step is None else step
        self._before_s = self.spent_s if spent_s is None else spent_s
        self._began = self._clock()

    def advance(self) -> None:
        """One step more."""
        self.step += 1

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The clock stands still inside: what is prepared there is no learning."""
        self._before_s, self._began = self.spent_s, None
        try:
            yield
        finally:
            self._began = self._clock()

    @property
    def spent_s(self) -> float:
        """Seconds of learning so far, those before a stop included."""
        return self._before_s + (0.0 if self._began is None else self._clock() - self._began)

    @property
    def share(self) -> float:
        """How much of the course lies behind, 0 to 1."""
        by_steps = self.step / max(1, self.steps)
        return min(1.0, by_steps if self.seconds is None else max(by_steps, self._by_clock(self.seconds)))

    def _by_clock(self, seconds: float) -> float:
        by_clock = self.spent_s / seconds
        return by_clock if self.step >= self.least else min(by_clock, self.step / self.least)

    def part(self, shares: Sequence[float]) -> int:
        """In which of its parts, given by their shares of all, the course stands; the last one never ends."""
        if self.seconds is None:
            ends = [round(end * self.steps) for end in accumulate(shares)]
            behind = [end <= self.step for end in ends]
        else:
            behind = [end <= self.share for end in accumulate(shares)]
        return min(sum(behind), len(shares) - 1)

    @property
    def over(self) -> bool:
        """Whether it is time to stop; at least one step is made, or no step at all where there are none."""
        late = self.seconds is not None and self.step > 0 and self._by_clock(self.seconds) >= 1
        return self.step >= self.steps or late

    @property
    def shown(self) -> tuple[int, int]:
        """What a progress bar shows: done, and total."""
        if self.seconds is None or self.step / max(1, self.steps) >= self._by_clock(self.seconds):
            return self.step, self.steps
        return self.step, max(self.step, round(self.step / max(self.share, 1e-9)))
