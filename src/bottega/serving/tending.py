"""Who tends to talks: a thread of the server, of one of its processes on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bottega.serving.beside import beside
from bottega.shop.open_shop import OpenShop

__all__ = ["tend_beside"]


@contextmanager
def tend_beside(shop: OpenShop) -> Iterator[None]:
    """Somebody who tends to talks for as long as the block lasts."""

    def tend(stop: threading.Event) -> None:
        from bottega.actions.talks.tending import tend_until_told

        tend_until_told(shop, stop)

    with beside(shop.folder.running, "talks", tend):
        yield
