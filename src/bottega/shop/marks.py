"""Marks: a job that is taken up again gives what it makes the same names, so that nothing is made twice."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import blake2b

from bottega.shop.folder import ShopFolder

__all__ = ["drawn_name", "marked", "new_version"]

_mark: ContextVar[str] = ContextVar("mark", default="")


@contextmanager
def marked(mark: str) -> Iterator[None]:
    """Inside, new versions are this one: a job that is taken up again makes the same version, not a second one."""
    token = _mark.set(mark)
    try:
        yield
    finally:
        _mark.reset(token)


def new_version() -> str:
    """A version that tells the time to whoever reads it; which is newer, the numbers of runs say."""
    return _mark.get() or datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")


def drawn_name(shop: ShopFolder, what: str, size: int) -> str:
    """A name of `size` bytes in hex that nobody can guess; in a job, of its one `what` the same whenever it is taken up
    again, so that what an earlier attempt made is made over and not twice."""
    mark = _mark.get()
    if not mark:
        return secrets.token_hex(size)
    key = shop.store.identity().to_bytes(8, "big")
    return blake2b(f"{what}:{mark}".encode(), key=key, digest_size=size).hexdigest()
