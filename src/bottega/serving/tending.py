"""Who tends to talks: a thread of the server, of one of its processes on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bottega.shop.alone import Alone
from bottega.shop.open_shop import OpenShop

__all__ = ["tend_beside"]

TURN_S = 1.0
"""Seconds between two looks whether the process that tends is gone."""


@contextmanager
def tend_beside(shop: OpenShop) -> Iterator[None]:
    """Somebody who tends to talks for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=_tend_alone, args=(shop, stop), name="talks")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _tend_alone(shop: OpenShop, stop: threading.Event) -> None:
    with Alone(shop.folder.running, "talks") as alone:
        while not alone.take():
            if stop.wait(TURN_S):
                return
        from bottega.actions.talks.tending import tend_until_told

        tend_until_told(shop, stop)
