"""One thread a hand: several hands on one machine would else fight for its cores, each on all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bottega.parallel.variables import variables

__all__ = ["ONE_THREAD", "one_thread"]

_NAMES = ("OMP", "OPENBLAS", "MKL", "NUMBA")
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in _NAMES} | {
    "POLARS_MAX_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
"""Variables that libraries read when they are loaded."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Processes that are started within compute on one thread."""
    with variables(ONE_THREAD):
        yield
