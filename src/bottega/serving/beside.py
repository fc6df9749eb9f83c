"""Work beside the answers: a thread of one of the processes that serve a shop on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bottega.shop.alone import Alone

__all__ = ["beside"]

TURN_S = 1.0
"""Seconds between two looks whether the process that does it is gone."""


@contextmanager
def beside(running: Path, name: str, work: Callable[[threading.Event], object]) -> Iterator[None]:
    """`work(stop)` in a thread for as long as the block lasts; at its end `stop` is set.

    `running`: the shop's folder of running processes. Of several that do the same one has its turn, the next when that
    one ends.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_alone, args=(running, name, work, stop), name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _alone(running: Path, name: str, work: Callable[[threading.Event], object], stop: threading.Event) -> None:
    with Alone(running, name) as alone:
        while not alone.take():
            if stop.wait(TURN_S):
                return
        work(stop)
