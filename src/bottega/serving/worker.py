"""Who works off jobs: a thread of the server (of one of its processes), or the command `bottega worker`, anywhere.

Either way each job is done in a process of its own at low priority, so that answers do not wait for it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bottega.actions.jobs.worker import Worker
from bottega.serving.beside import beside
from bottega.serving.rounds import work_round
from bottega.shop.folder import ShopFolder
from bottega.shop.shops_folder import ShopsFolder

__all__ = ["work_all_until_told", "work_beside", "work_until_told"]


@contextmanager
def work_beside(folder: ShopFolder) -> Iterator[None]:
    """A worker in a thread for as long as the block lasts; at its end the job under way is handed back.

    Of several servers of one shop on this machine one has it, the next when that one ends.
    """
    with beside(folder.running, "worker", Worker(folder).run):
        yield


def work_until_told(folder: ShopFolder, *, once: bool = False) -> int:
    """A worker in this thread until SIGTERM or Ctrl+C, or until nothing waits; how many jobs it took up."""
    with _until_told() as stop:
        return Worker(folder).run(stop, once=once)


def work_all_until_told(shops: ShopsFolder, *, once: bool = False) -> int:
    """The same for all shops of a folder, one job of each in turn."""
    with _until_told() as stop:
        return work_round(shops, stop, once=once)


@contextmanager
def _until_told() -> Iterator[threading.Event]:
    """What is set by SIGTERM or Ctrl+C for as long as the block lasts."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
