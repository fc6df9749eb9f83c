"""What was read from the store under a name, kept until the name is touched."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

__all__ = ["Kept"]

LANES = 1024
"""Names share so many counters that tell what is being read whether it was overtaken by a change."""
_T = TypeVar("_T")


class Kept(Generic[_T]):
    """Values by name, those asked for last. Reading happens outside of the lock. Safe to call from several threads.

    `stamp` gives the version of a name (`shop/versions.py`): a value is believed for as long as that is the same.
    """

    def __init__(self, read: Callable[[str], _T], *, most: int, stamp: Callable[[str], int]) -> None:
        self._read = read
        self._most = most
        self._stamp = stamp
        self._lock = threading.Lock()
        self._values: OrderedDict[str, tuple[int, _T]] = OrderedDict()
        self._changes = [0] * LANES

    def __call__(self, name: str) -> _T:
        """The value of a name; read where it is not here."""
        lane = hash(name) % LANES
        stamp = self._stamp(name)  # before the reading: what is written meanwhile leaves another one
        with self._lock:
            found = self._values.get(name)
            if found is not None and found[0] == stamp:
                self._values.move_to_end(name)
                return found[1]
            changes = self._changes[lane]
        value = self._read(name)
        with self._lock:
            if changes == self._changes[lane]:  # else it may be older than the change
                self._values[name] = stamp, value
                self._values.move_to_end(name)
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
        return value

    def here(self, name: str) -> _T | None:
        """The value of a name, where it is here and holds; reads nothing."""
        stamp = self._stamp(name)
        with self._lock:
            found = self._values.get(name)
            return found[1] if found is not None and found[0] == stamp else None

    def drop(self, names: Iterable[str]) -> None:
        """These names were touched: what is known of them holds no longer."""
        with self._lock:
            for name in names:
                self._values.pop(name, None)
                self._changes[hash(name) % LANES] += 1

    def clear(self) -> None:
        """Any name may have been touched."""
        with self._lock:
            self._values.clear()
            self._changes = [change + 1 for change in self._changes]
