"""Work that one process of a machine does for all of a shop's: whoever holds the lock of its name does it.

The system lets go of a lock when its process ends, however it ends, so that another one can take the work over. What
must happen once at a moment, on whichever machine (a nightly training), is a turn of the store (`store/turns.py`).
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Alone"]


class Alone:
    """The lock of one piece of work, a file in the shop's folder. Not taken until asked for; may be asked again."""

    def __init__(self, folder: Path, name: str) -> None:
        """`folder`: where the shop keeps what its running processes share (`ShopFolder.running`)."""
        self._path = folder / f"{name}.lock"
        self._held: int | None = None

    @property
    def held(self) -> bool:
        """Whether the work is this one's."""
        return self._held is not None

    def take(self) -> bool:
        """Take the work where nobody has it; whether it is this one's now. Never waits."""
        if self._held is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            found = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(found)
                return False
            self._held = found
        return True

    def release(self) -> None:
        """Let others have it."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
