"""Work beside the answers of several shops: one thread goes round all of them for jobs, and one for talks.

Shops that are open are looked at every second. Of those that are not, one after another has its turn, without being
opened for answers: its rows are read, and nothing is loaded. So fifty shops cost no more than a few, and a job that was
asked for in a closed shop waits for seconds, not for ever. One job is done at a time, in a process of its own.

Being looked at is no question: it keeps no shop from being closed when idle. And no shop is held beyond its own turn,
so that one that is closed while a job runs, for hours perhaps, gives its memory back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import structlog

from bottega.errors import BottegaError
from bottega.serving.beside import beside
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shops_folder import ShopsFolder

if TYPE_CHECKING:
    from bottega.actions.jobs.worker import Worker

__all__ = ["tend_beside_shops", "work_beside_shops", "work_round"]

log = structlog.get_logger("bottega")
PAUSE_S = 1.0
"""Seconds between two rounds where nothing was to do."""
Opened = Callable[[], Mapping[str, OpenShop]]
"""The shops that are open for answers now, by name."""


def work_beside_shops(shops: ShopsFolder, opened: Opened) -> AbstractContextManager[None]:
    """A worker for all shops in a thread, for as long as the block lasts; `opened` are those open now."""
    return beside(shops.running, "worker", lambda stop: work_round(shops, stop, opened=opened))


def tend_beside_shops(shops: ShopsFolder, opened: Opened) -> AbstractContextManager[None]:
    """Somebody who tends to the talks of all shops for as long as the block lasts."""
    return beside(shops.running, "talks", lambda stop: _tend_round(shops, opened, stop))


def work_round(shops: ShopsFolder, stop: threading.Event, *, opened: Opened = dict, once: bool = False) -> int:
    """Work off the jobs of all shops, one of each in turn, until `stop` is set, or with `once` until none waits; how
    many were taken up."""
    from bottega.actions.jobs.worker import Worker

    workers: WeakKeyDictionary[OpenShop, Worker] = WeakKeyDictionary()  # each knows what it looked at last
    taken, idle, turn = 0, 0, _Turn(shops)
    while not stop.is_set():
        took = 0
        for name in turn.next(opened()):
            if stop.is_set():
                break
            with _told("worker", name):
                if (worker := _worker_of(opened().get(name), workers)) is not None:
                    took += worker.turn(stop)
                else:
                    with ShopFolder.open(shops.folder(name)) as folder:
                        took += Worker(folder).turn(stop)
        taken += took
        idle = 0 if took else idle + 1
        if once and idle > len(shops.names()):
            break
        if not took and not once:
            stop.wait(PAUSE_S)
    return taken


def _worker_of(shop: OpenShop | None, workers: WeakKeyDictionary[OpenShop, Worker]) -> Worker | None:
    from bottega.actions.jobs.worker import Worker

    return None if shop is None else workers.setdefault(shop, Worker(shop.folder))


def _tend_round(shops: ShopsFolder, opened: Opened, stop: threading.Event) -> None:
    turn = _Turn(shops)
    while not stop.is_set():
        for name in turn.next(opened()):
            if stop.is_set():
                break
            with _told("talks", name):
                _tend(shops, name, opened().get(name))
        stop.wait(PAUSE_S)


def _tend(shops: ShopsFolder, name: str, shop: OpenShop | None) -> None:
    from bottega.actions.talks.tending import tend_talks

    if shop is not None:
        tend_talks(shop, time.time_ns() // 1_000_000)
        return
    with OpenShop.open(shops.folder(name), threads=1) as closed:
        tend_talks(closed, time.time_ns() // 1_000_000)


class _Turn:
    """Whose turn it is: every open shop's, and of the others that one's who waited longest."""

    def __init__(self, shops: ShopsFolder) -> None:
        self._shops = shops
        self._last: dict[str, int] = {}
        self._count = 0

    def next(self, here: Iterable[str]) -> list[str]:
        opened = list(here)
        closed = sorted(set(self._shops.names()) - set(opened), key=lambda name: (self._last.get(name, 0), name))[:1]
        self._count += 1
        self._last |= dict.fromkeys((*opened, *closed), self._count)
        return [*opened, *closed]


@contextmanager
def _told(work: str, shop: str) -> Iterator[None]:
    """What one shop's failure comes to: a line in the log, and the next shop's turn."""
    try:
        yield
    except BottegaError as error:
        log.warning(work, shop=shop, code=error.code, message=str(error))
    except Exception as error:
        log.error(work, shop=shop, exc_info=error)
