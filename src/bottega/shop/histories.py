"""Recent events: what the shoppers asked about last did, in memory, in step with the store.

What this process wrote it is told at once (`record`); what other processes wrote it finds by `catch_up`. A shopper's
events are read when first asked about. They name products by the merchant's ids, so that they outlive any model;
`Past` is how a floor sees them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from bottega.datasets.arrays import Histories
from bottega.datasets.items import Items
from bottega.datasets.load import collapse
from bottega.names import POSITIVE_KINDS, KindCode
from bottega.shop.kept import Kept
from bottega.store.events import Added, StoredEvent
from bottega.store.store import Store

__all__ = ["Past", "RecentEvents", "Said"]

SHOPPERS_KEPT = 20_000
"""Shoppers whose events are held in memory, those asked about last."""
EVENTS_AT_ONCE = 10_000
Row = tuple[int, int, str]
"""Time in ms, kind code, product id of one event."""
Said = dict[str, tuple[list[str], int]]
"""What a shopper declared: attribute -> values and when (UTC ms)."""


class Past:
    """What one shopper did, in the codes of one floor. Read once, so that all of it is of one moment."""

    def __init__(self, rows: Sequence[Row], items: Items) -> None:
        self._rows = rows
        self._items = items
        self._codes: list[int] = items.codes([row[2] for row in rows]).tolist()
        self.history = self._history()
        """The newest events as a single row, runs on one item collapsed."""
        self.purchases = self._purchases()
        """Items that were bought, with the time of the last purchase (UTC ms)."""

    def __bool__(self) -> bool:
        """Whether there is any event at all."""
        return bool(self._rows)

    def touched(self) -> dict[int, str]:
        """Items of the history, each with the product id that the newest event on it named."""
        return {
            code: product_id
            for (_, kind, product_id), code in zip(self._rows, self._codes, strict=True)
            if code >= 0 and kind in POSITIVE_KINDS
        }

    def _history(self) -> Histories:
        known = [
            (time_ms, kind, code)
            for (time_ms, kind, _), code in zip(self._rows, self._codes, strict=True)
            if code >= 0 and kind in POSITIVE_KINDS
        ]
        return collapse(
            Histories.from_lists(
                [[code for _, _, code in known]],
                n_items=len(self._items),
                kinds=[[kind for _, kind, _ in known]],
                times=[[time_ms for time_ms, _, _ in known]],
            )
        )

    def _purchases(self) -> dict[int, int]:
        bought: dict[int, int] = {}
        for (time_ms, kind, _), code in zip(self._rows, self._codes, strict=True):
            if kind == KindCode.PURCHASE and code >= 0:
                bought[code] = max(time_ms, bought.get(code, 0))
        return bought


class RecentEvents:
    """Events, profiles and declared tastes of shoppers. Safe to call from several threads.

    No lock is held while the store is asked. Who asks while an event comes in gets the history before or after it.
    """

    def __init__(self, store: Store, *, history_events: int) -> None:
        self._store = store
        self._history_events = history_events
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        """Held by whoever catches up; nobody else waits for it."""
        self._seq = store.events.newest_seq()
        self._forgotten = store.shoppers.forgotten()
        self._joined = store.shoppers.joined_since(None)[1]
        self._tellers = frozenset(store.tastes.shoppers())
        self.events_seen = store.events.count()
        """How many events the store has, as far as this process knows."""
        self.purchases_seen = 0
        """Purchases that came in since this was made."""
        self.forgotten_seen = 0
        """How often somebody was forgotten since this was made."""
        self._rows: Kept[tuple[Row, ...]] = Kept(self._read_rows, most=SHOPPERS_KEPT)
        self._said: Kept[Said] = Kept(store.tastes.of_shopper, most=SHOPPERS_KEPT)
        self._profiles: Kept[str | None] = Kept(store.shoppers.profile, most=SHOPPERS_KEPT)

    def past(self, shopper: str, items: Items) -> Past:
        """What a profile did, in the codes of these items."""
        return Past(self._rows(shopper), items)

    def profile(self, name: str) -> str | None:
        """The profile that a shopper id, an anonymous id or a session id means; None where nobody is known by it."""
        return name if self._rows.here(name) else self._profiles(name)

    def said(self, shopper: str) -> Said:
        """What a profile declared."""
        return self._said(shopper) if shopper in self._tellers else {}

    def record(self, added: Added) -> None:
        """Take in what this process just wrote, as the store told it; asks nothing."""
        with self._lock:
            if added.after == self._seq:  # nobody else wrote in between, so these need not be read again
                self._seq = added.newest
                self.events_seen += added.added
                self.purchases_seen += added.purchases
            # a log-in takes the declared tastes along
            self._tellers |= {shopper for before, shopper in added.moved if before in self._tellers}
        self._drop(added.names)

    def declared(self, shopper: str) -> None:
        """A profile declared a taste or took one back."""
        with self._lock:
            self._tellers |= {shopper}
        self._drop([shopper])

    def catch_up(self) -> int:
        """Take in what other processes wrote; returns how many events.

        A shopper who was forgotten is gone from memory with this, too.
        """
        count = 0
        with self._turn:
            before, forgotten = self._tellers, self._store.shoppers.forgotten()
            tellers = frozenset(self._store.tastes.shoppers())
            with self._lock:
                self._tellers = tellers | (self._tellers - before)  # some may have spoken meanwhile
            if tellers:
                self._said.clear()
            if forgotten != self._forgotten:
                self._forgotten = forgotten
                for kept in (self._rows, self._said, self._profiles):
                    kept.clear()
                self.forgotten_seen += 1
                self.events_seen = self._store.events.count()
            while rows := self._store.events.since(self._seq, EVENTS_AT_ONCE):
                with self._lock:
                    rows = [row for row in rows if row.seq > self._seq]
                    if rows:
                        self._seq = rows[-1].seq
                        self.events_seen += len(rows)
                        self.purchases_seen += sum(row.kind == KindCode.PURCHASE for row in rows)
                count += len(rows)
                self._drop(name for row in rows for name in _names(row))
            joined, self._joined = self._store.shoppers.joined_since(self._joined)
            self._drop(joined)  # a log-in may come without an event
        return count

    def _drop(self, names: Iterable[str]) -> None:
        names = list(names)
        for kept in (self._rows, self._said, self._profiles):
            kept.drop(names)

    def _read_rows(self, shopper: str) -> tuple[Row, ...]:
        """Oldest first."""
        found = self._store.events.of_shopper(shopper, self._history_events)
        return tuple((row.time_ms, int(row.kind), row.product_id or "") for row in reversed(found))


def _names(row: StoredEvent) -> list[str]:
    return [name for name in (row.shopper, row.shopper_id, row.anonymous_id, row.session_id) if name]
