"""Recent events: what the shoppers asked about last did, in memory, in step with the store.

A shopper's events are read when first asked about, and again when the version of the shopper is another one
(`shop/versions.py`): whoever wrote on this machine has raised it. What was written past it, by another machine or
straight into the store, `catch_up` finds. Events name products by the merchant's ids, so that they outlive any model;
`Past` is how a floor sees them.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from weakref import ref

from bottega.datasets.arrays import Histories
from bottega.datasets.items import Items
from bottega.datasets.load import collapsed
from bottega.models.recommend.purchases.shopper_columns import CART_KINDS
from bottega.names import POSITIVE_KINDS, KindCode
from bottega.shop.kept import Kept
from bottega.shop.versions import ShopPart, Versions
from bottega.store.events import Added, StoredEvent
from bottega.store.store import Store

__all__ = ["Past", "RecentEvents", "Said"]

SHOPPERS_KEPT = 20_000
"""Shoppers whose events are held in memory, those asked about last."""
NAMES_KEPT = 200_000
"""Product ids that histories share; then they begin anew, for ids of events may be anything."""
EVENTS_AT_ONCE = 10_000
Row = tuple[int, int, str]
"""Time in ms, kind code, product id of one event."""
Said = dict[str, tuple[list[str], int]]
"""What a shopper declared: attribute -> values and when (UTC ms)."""


class Past:
    """What one shopper did, in the codes of one floor. Read once, so that all of it is of one moment.

    It does not hold these items: many shoppers of one model, who do not come back, would keep all of it in memory.
    """

    def __init__(self, rows: Collection[Row], items: Items) -> None:
        self._items = ref(items)
        self._rows = rows
        code_of = self._codes(items)
        known = [
            (code, kind, time_ms)
            for time_ms, kind, name in rows
            if kind in POSITIVE_KINDS and (code := code_of[name]) >= 0
        ]
        self.history = collapsed(known, len(items))
        """The newest events as a single row, runs on one item collapsed."""
        self.purchases: dict[int, int] = {}
        """Items that were bought, with the time of the last purchase (UTC ms)."""
        for code, kind, time_ms in known:
            if kind == KindCode.PURCHASE:
                self.purchases[code] = max(time_ms, self.purchases.get(code, 0))

    def __bool__(self) -> bool:
        """Whether there is any event at all."""
        return bool(self._rows)

    def knows(self, items: Items) -> bool:
        """Whether its codes are those of these items."""
        return self._items() is items

    def touched(self, items: Items) -> dict[int, str]:
        """Items of the history, each with the product id that the newest event on it named; `items`: those it knows."""
        code_of = self._codes(items)
        return {code: name for _, kind, name in self._rows if kind in POSITIVE_KINDS and (code := code_of[name]) >= 0}

    def carts(self, items: Items) -> Histories:
        """Every event that puts a product into the cart, takes it out or buys it, as a single row; `items`: those it
        knows."""
        code_of = self._codes(items)
        found = [row for row in self._rows if row[1] in CART_KINDS and code_of[row[2]] >= 0]
        return Histories.from_lists(
            [[code_of[name] for _, _, name in found]],
            n_items=len(items),
            kinds=[[kind for _, kind, _ in found]],
            times=[[time_ms for time_ms, _, _ in found]],
        )

    def _codes(self, items: Items) -> dict[str, int]:
        names = list(dict.fromkeys([row[2] for row in self._rows]))
        return dict(zip(names, items.codes(names).tolist(), strict=True))


class _Packed:
    """Rows in a tenth of the room that tuples of their own would take: of many shoppers, many are held."""

    __slots__ = ("_kinds", "_names", "_times")

    def __init__(self, rows: Sequence[Row], shared: dict[str, str]) -> None:
        self._times = array("q", [row[0] for row in rows])
        self._kinds = bytes([row[1] for row in rows])
        self._names = tuple([shared.setdefault(row[2], row[2]) for row in rows])

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[Row]:
        return zip(self._times, self._kinds, self._names, strict=True)

    def __contains__(self, row: object) -> bool:
        return any(row == one for one in self)


class _Rows:
    """The newest events of one profile, as they were read, and what the last floor that asked saw in them."""

    __slots__ = ("newest", "past", "rows")

    def __init__(self, rows: _Packed, newest: int) -> None:
        self.rows = rows
        """Oldest first."""
        self.newest = newest
        """Number of the last of them in the order of arrival."""
        self.past: Past | None = None

    def __bool__(self) -> bool:
        return bool(self.rows)

    def seen_by(self, items: Items) -> Past:
        """The same past for as long as rows and items are the same."""
        past = self.past
        if past is None or not past.knows(items):
            past = self.past = Past(self.rows, items)
        return past


class RecentEvents:
    """Events, profiles and declared tastes of shoppers. Safe to call from several threads.

    No lock is held while the store is asked. Who asks while an event comes in gets the history before or after it.
    """

    def __init__(self, store: Store, versions: Versions, *, history_events: int) -> None:
        self._store = store
        self._versions = versions
        self._history_events = history_events
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        """Held by whoever catches up; nobody else waits for it."""
        self._seq = store.events.newest_seq()
        self._forgotten = store.shoppers.forgotten()
        self._joined = store.shoppers.joined_since(None)[1]
        self._tellers_stamp = versions.of_part(ShopPart.TASTES)
        self._tellers = frozenset(store.tastes.shoppers())
        self.events_seen = store.events.count()
        """How many events the store has, as far as this process knows."""
        self.purchases_seen = 0
        """Purchases that came in since this was made."""
        self.forgotten_seen = 0
        """How often somebody was forgotten since this was made."""
        self._names: dict[str, str] = {}
        self._rows = Kept[_Rows](self._read_rows, most=SHOPPERS_KEPT, stamp=versions.of)
        self._said = Kept[Said](store.tastes.of_shopper, most=SHOPPERS_KEPT, stamp=versions.of)
        self._profiles = Kept[str | None](store.shoppers.profile, most=SHOPPERS_KEPT, stamp=versions.of)

    def past(self, shopper: str, items: Items) -> Past:
        """What a profile did, in the codes of these items; the same object until something changes."""
        return self._rows(shopper).seen_by(items)

    def profile(self, name: str) -> str | None:
        """The profile that a shopper id, an anonymous id or a session id means; None where nobody is known by it."""
        return name if self._rows(name) else self._profiles(name)  # its events are needed next, and cost one statement

    def said(self, shopper: str) -> Said:
        """What a profile declared."""
        if self._tellers_stamp != self._versions.of_part(ShopPart.TASTES):
            self._read_tellers()
        return self._said(shopper) if shopper in self._tellers else {}

    def record(self, added: Added) -> None:
        """Count what this process just wrote, as the store told it; asks nothing."""
        with self._lock:
            if added.after == self._seq:  # nobody else wrote in between, so these need not be read again
                self._seq = added.newest
                self.events_seen += added.added
                self.purchases_seen += added.purchases

    def catch_up(self) -> int:
        """Take in what other processes wrote; returns how many events.

        A shopper who was forgotten is gone from memory with this, too.
        """
        count = 0
        with self._turn:
            forgotten = self._store.shoppers.forgotten()
            self._read_tellers()
            if self._tellers:
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
                self._take(rows)
            joined, self._joined = self._store.shoppers.joined_since(self._joined)
            self._drop(joined)  # a log-in may come without an event
        return count

    def _take(self, rows: Sequence[StoredEvent]) -> None:
        """Let go of what these events changed, but of histories that have them already."""
        fresh = [row for row in rows if (here := self._rows.here(row.shopper)) is None or here.newest < row.seq]
        self._rows.drop(name for row in fresh for name in _names(row))
        names = {name for row in rows for name in _names(row)}
        for kept in (self._said, self._profiles):
            kept.drop(names)

    def _read_tellers(self) -> None:
        stamp = self._versions.of_part(ShopPart.TASTES)
        tellers = frozenset(self._store.tastes.shoppers())
        with self._lock:
            self._tellers, self._tellers_stamp = tellers, stamp

    def _drop(self, names: Iterable[str]) -> None:
        names = list(names)
        for kept in (self._rows, self._said, self._profiles):
            kept.drop(names)

    def _read_rows(self, shopper: str) -> _Rows:
        found = self._store.events.brief_of_shopper(shopper, self._history_events)
        rows = [(time_ms, kind, product_id or "") for _, time_ms, kind, product_id in reversed(found)]
        if len(self._names) > NAMES_KEPT:
            self._names = {}
        return _Rows(_Packed(rows, self._names), max((row[0] for row in found), default=0))


def _names(row: StoredEvent) -> list[str]:
    return [name for name in (row.shopper, row.shopper_id, row.anonymous_id, row.session_id) if name]
