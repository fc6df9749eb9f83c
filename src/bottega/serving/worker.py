"""Who works off jobs: a thread of the server (of one of its processes), or the command `bottega worker`, anywhere.

Either way each job is done in a process of its own at low priority, so that answers do not wait for it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bottega.actions.jobs.worker import Worker
from bottega.shop.alone import Alone
from bottega.shop.folder import ShopFolder

__all__ = ["work_beside", "work_until_told"]

TURN_S = 1.0
"""Seconds between two looks whether the process that works off jobs is gone."""


@contextmanager
def work_beside(folder: ShopFolder) -> Iterator[None]:
    """A worker in a thread for as long as the block lasts; at its end the job under way is handed back.

    Of several servers of one shop on this machine one has it, the next when that one ends.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_work_alone, args=(folder, stop), name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _work_alone(folder: ShopFolder, stop: threading.Event) -> None:
    with Alone(folder.running, "worker") as alone:
        while not alone.take():
            if stop.wait(TURN_S):
                return
        Worker(folder).run(stop)


def work_until_told(folder: ShopFolder, *, once: bool = False) -> int:
    """A worker in this thread until SIGTERM or Ctrl+C, or until nothing waits; how many jobs it took up."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        return Worker(folder).run(stop, once=once)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
