"""Made once: by whoever asks first and outside of every lock; others who need it wait for it alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

__all__ = ["Once"]

_T = TypeVar("_T")


class Once(Generic[_T]):
    """A value that `make` gives when it is first asked for. Where that fails, the next one to ask tries again."""

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._found: Future[_T] | None = None

    @property
    def made(self) -> _T | None:
        """The value, where somebody asked for it before; never waits."""
        found = self._found
        return found.result() if found is not None and found.done() and found.exception() is None else None

    def let_go(self) -> None:
        """Forget the value; the next one to ask has it made again."""
        with self._lock:
            self._found = None

    def __call__(self) -> _T:
        with self._lock:
            first = self._found is None
            found = self._found = self._found or Future()
        if first:
            try:
                found.set_result(self._make())
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
                with self._lock:
                    self._found = None
                found.set_exception(error)
        return found.result()
