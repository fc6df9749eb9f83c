"""Who failed several times in a row is left alone for a while, so that nobody waits for them again and again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["Resting"]


class Resting:
    """Counts failures in a row. Safe to call from several threads."""

    def __init__(self, most: int = 3, rest_s: float = 60.0, clock_s: Callable[[], float] = time.monotonic) -> None:
        """After `most` failures in a row, and after each one that follows, `rest_s` seconds of peace."""
        self.most, self.rest_s, self._clock_s = most, rest_s, clock_s
        self._lock = threading.Lock()
        self._failed, self._until_s = 0, float("-inf")

    @property
    def rests(self) -> bool:
        """Whether they are to be left alone at this moment."""
        with self._lock:
            return self._clock_s() < self._until_s

    def failed(self) -> None:
        """They failed once more."""
        with self._lock:
            self._failed += 1
            if self._failed >= self.most:
                self._until_s = self._clock_s() + self.rest_s

    def worked(self) -> None:
        """They answered."""
        with self._lock:
            self._failed = 0
