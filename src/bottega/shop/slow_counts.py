"""What takes long to count, kept for each shop that is open: counted at most every five minutes, by who waits for it.

Who does not wait gets what was counted last, with its moment. One thread counts for a shop; others of that shop wait
for it, and those of other shops for nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from bottega.events.times import now_ms
from bottega.shop.open_shop import OpenShop

__all__ = ["KEPT_MS", "SlowCount", "SlowCounts", "is_old"]

KEPT_MS = 300_000
"""So long what was counted is taken for new."""
_KINDS = 8
"""Of one shop so many different counts are kept, those that were asked for last."""

Found = TypeVar("Found")


class SlowCount(NamedTuple, Generic[Found]):
    """What was found, and when."""

    found: Found
    at_ms: int

    @property
    def at(self) -> str:
        """The moment, ISO 8601, UTC."""
        return datetime.fromtimestamp(self.at_ms / 1000, UTC).isoformat("T", "seconds")


class _OfShop(Generic[Found]):
    def __init__(self) -> None:
        self.counting = threading.Lock()
        self.kept: dict[Hashable, SlowCount[Found]] = {}


class SlowCounts(Generic[Found]):
    """Counts of one kind, of all open shops."""

    def __init__(self) -> None:
        self._of: WeakKeyDictionary[OpenShop, _OfShop[Found]] = WeakKeyDictionary()
        self._making = threading.Lock()

    def last(self, shop: OpenShop, what: Hashable = None) -> SlowCount[Found] | None:
        """What was counted last, however long ago; None where nothing was since the shop was opened."""
        return self._shop(shop).kept.get(what)

    def of(self, shop: OpenShop, count: Callable[[], Found], what: Hashable = None) -> SlowCount[Found]:
        """Counted within the last five minutes, or now. `what` tells one count of a shop from another."""
        mine = self._shop(shop)
        with mine.counting:
            now, kept = now_ms(), mine.kept.pop(what, None)
            if kept is None or now - kept.at_ms > KEPT_MS:
                kept = SlowCount(count(), now)
            mine.kept[what] = kept
            while len(mine.kept) > _KINDS:
                mine.kept.pop(next(iter(mine.kept)))
            return kept

    def _shop(self, shop: OpenShop) -> _OfShop[Found]:
        with self._making:
            return self._of.setdefault(shop, _OfShop())


def is_old(counted_at: str | None) -> bool:
    """Whether what was counted at a moment (ISO 8601) was so too long ago to be taken for new; None: never."""
    if counted_at is None:
        return True
    return (datetime.now(UTC) - datetime.fromisoformat(counted_at)).total_seconds() * 1000 > KEPT_MS
