"""How much one address may ask of a public storefront: a bucket for each, of a minute's worth, that fills evenly.

Buckets lie in the memory of a process and nowhere else, so that nothing is kept of who asked; the addresses that asked
longest ago are forgotten first. Of IPv6 the network of 64 bits counts as one address, since one home has so many.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from starlette.types import Scope

from bottega.errors import RateExceeded

__all__ = ["VisitorLimit"]

ADDRESSES = 50_000
"""Buckets that are remembered."""


class VisitorLimit:
    """Buckets of one shop in one process. Safe to call from several threads."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = float(per_minute), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Address -> requests that are left in its bucket, and when that was counted."""
        self._lock = threading.Lock()

    def count(self, scope: Scope) -> None:
        """Count a request. Raises `RateExceeded`, which says after how many seconds one is let through."""
        client = scope.get("client")
        address, now = _network(client[0] if client else ""), self._clock()
        with self._lock:
            left, since = self._buckets.pop(address, (self._most, now))
            left = min(self._most, left + (now - since) * self._most / 60)
            self._buckets[address] = (left - 1 if left >= 1 else left), now
            while len(self._buckets) > ADDRESSES:
                self._buckets.popitem(last=False)
        if left < 1:
            raise RateExceeded(
                f"More than {self._most:g} pages and calls within a minute came from this address.",
                allowed="An address may ask for a minute's worth at once; it comes back evenly.",
                next_step="Wait as long as the header Retry-After says. The setting visitor_per_minute allows more.",
                retry_after_s=math.ceil((1 - left) * 60 / self._most),
            )


def _network(address: str) -> str:
    """What counts as one visitor's address.

    >>> _network("203.0.113.9"), _network("2001:db8:1:2:3::4"), _network("::ffff:203.0.113.9"), _network("testclient")
    ('203.0.113.9', '2001:db8:1:2::', '203.0.113.9', 'testclient')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> 64 << 64))
