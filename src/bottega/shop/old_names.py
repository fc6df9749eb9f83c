"""Names of the version before: still taken in requests, and whoever listens hears which came.

A door listens while it reads a request, and tells the client what to write instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["hear_old_names", "heard"]

_listener: ContextVar[dict[str, str] | None] = ContextVar("old_names", default=None)


@contextmanager
def hear_old_names() -> Iterator[dict[str, str]]:
    """Old name -> new one, filled as requests are read inside the block."""
    found: dict[str, str] = {}
    token = _listener.set(found)
    try:
        yield found
    finally:
        _listener.reset(token)


def heard(old: str, new: str) -> None:
    """An old name came."""
    found = _listener.get()
    if found is not None:
        found[old] = new
