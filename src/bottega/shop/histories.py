"""The live shop: what answers are made from, in memory, kept in step with the store.

This process tells it at once what it wrote (`upsert`, `record`); what other processes wrote it finds by `refresh`.
Histories are read when a shopper is first asked about and kept for the shoppers asked about last.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features, Histories
from bottega.datasets.features import FeatureSpace
from bottega.datasets.items import Items
from bottega.datasets.load import collapse
from bottega.events.event import Event
from bottega.events.log_in import LogIn
from bottega.names import KIND_CODE, POSITIVE_KINDS, BoolArray, EventKind, KindCode
from bottega.store.store import Store

__all__ = ["LiveShop"]

SHOPPERS_KEPT = 20_000
"""Histories held in memory, of the shoppers asked about last."""
EVENTS_AT_ONCE = 10_000
LANES = 1024
"""Shoppers share this many counters that tell a history read from the store whether it was overtaken by an event."""
_Row = tuple[int, int, int, str]
"""Time in ms, kind code, quantity, product id of one event."""


class LiveShop:
    """Products, features and histories for answering. Safe to call from several threads.

    Features of an item stay as they were when it was first seen, because models have learnt them; whether it may be
    shown follows every change at once.
    """

    def __init__(self, store: Store, items: Items, space: FeatureSpace, *, history_events: int) -> None:
        self._store = store
        self._space = space
        self._history_events = history_events
        self._lock = threading.RLock()
        self._reading = threading.Lock()
        self._rows: OrderedDict[str, list[_Row]] = OrderedDict()
        self._changes = [0] * LANES
        self.revision = 0
        """Store revision up to which products are known."""
        self._seq = store.events.newest_seq()
        self._forgotten = store.shoppers.forgotten()
        self.tellers: set[str] = store.tastes.shoppers()
        """Profiles that have declared a taste."""
        self.items = items
        self.products: dict[str, Product] = {}
        self.events_seen = store.events.count()
        self._photos = space.item_photos(store)
        self.features: Features = space.arrays([], self._photos)
        self.recommendable: BoolArray = np.zeros(0, dtype=np.bool_)
        """Whether some variant of the item may be shown [I]."""
        self.refresh()

    def refresh(self) -> bool:
        """Take in what other processes wrote; true when there are items the models have not seen."""
        grown = self.refresh_products()
        self.refresh_events()
        return grown

    def refresh_products(self) -> bool:
        """Take in products that other processes wrote; true when there are items the models have not seen."""
        with self._lock:
            products, self.revision = self._store.products.changed_since(self.revision)
            return self.upsert(products)

    def refresh_events(self) -> int:
        """Take in events that other processes wrote, and count them. Nobody waits while they are read.

        A shopper who was forgotten is gone from memory with this, too.
        """
        count = 0
        with self._reading:
            self.tellers = self._store.tastes.shoppers()
            forgotten = self._store.shoppers.forgotten()
            if forgotten != self._forgotten:
                self._forgotten = forgotten
                with self._lock:
                    self._rows.clear()
                    self._changes = [change + 1 for change in self._changes]
                self.events_seen = self._store.events.count()
            while rows := self._store.events.since(self._seq, EVENTS_AT_ONCE):
                self._seq = rows[-1].seq
                count += len(rows)
                with self._lock:
                    for row in rows:
                        self._forget(row.shopper)
            if count:
                self.events_seen = self._store.events.count()
        return count

    def upsert(self, products: Sequence[Product]) -> bool:
        """Take in products that the store has; true when there are items the models have not seen."""
        if not products:
            return False
        with self._lock:
            before = self.features.n_items
            self.products.update((product.id, product) for product in products)
            touched = self.items.add(products)
            if len(self.items) > before:
                new = [self.variants(code) for code in range(before, len(self.items))]
                if self._photos is not None:
                    self._photos.refresh(self._store)
                self.features = self.features.stack(self._space.arrays(new, self._photos))
            recommendable = np.zeros(len(self.items), dtype=np.bool_)
            recommendable[:before] = self.recommendable
            for code in touched:
                recommendable[code] = any(product.recommendable for product in self.variants(code))
            self.recommendable = recommendable
            return len(self.items) > before

    def record(self, events: Sequence[Event | LogIn]) -> None:
        """Take in events that the store has acknowledged."""
        with self._lock:
            for event in events:
                shopper = self.resolve(event.shopper_id, event.anonymous_id, event.session_id)
                names = {shopper, event.shopper_id, event.anonymous_id, event.session_id}
                if names & self.tellers:  # a log-in takes the declared tastes along
                    self.tellers.add(shopper)
                for name in names:
                    if name:
                        self._forget(name)

    def resolve(self, shopper_id: str | None, anonymous_id: str | None = None, session_id: str | None = None) -> str:
        """The profile these ids belong to."""
        return self._store.events.resolve(shopper_id, anonymous_id, session_id)

    def variants(self, item: int) -> list[Product]:
        """The products of an item, in catalogue order."""
        return [self.products[name] for name in self.items.products[item] if name in self.products]

    def history(self, shopper: str) -> Histories:
        """The newest events of one shopper as a single row, runs on one item collapsed."""
        rows = [row for row in self._events(shopper) if row[1] in POSITIVE_KINDS]
        codes = self.items.codes([row[3] for row in rows])
        known = [(row, code) for row, code in zip(rows, codes.tolist(), strict=True) if code >= 0]
        return collapse(
            Histories.from_lists(
                [[code for _, code in known]],
                n_items=len(self.items),
                kinds=[[row[1] for row, _ in known]],
                times=[[row[0] for row, _ in known]],
            )
        )

    def purchases(self, shopper: str) -> dict[int, int]:
        """Items the shopper bought, with the time of the last purchase (UTC ms)."""
        bought: dict[int, int] = {}
        for time_ms, kind, _, product_id in self._events(shopper):
            if kind == KindCode.PURCHASE and (code := self.items.code(product_id)) >= 0:
                bought[code] = max(time_ms, bought.get(code, 0))
        return bought

    def knows(self, shopper: str) -> bool:
        """Whether there is any event under this profile id."""
        return bool(self._events(shopper))

    def touched(self, shopper: str) -> dict[int, str]:
        """Items of the history, each with the product id that the shopper's newest event on it named."""
        rows = [(kind, product_id) for _, kind, _, product_id in self._events(shopper)]
        named = ((self.items.code(product_id), product_id) for kind, product_id in rows if kind in POSITIVE_KINDS)
        return {item: product_id for item, product_id in named if item >= 0}

    def cart(self, shopper: str) -> list[str]:
        """Product ids added to the cart and neither removed nor bought since."""
        cart: dict[str, None] = {}
        for _, kind, _, product_id in self._events(shopper):
            if kind == KIND_CODE[EventKind.ADD_TO_CART]:
                cart[product_id] = None
            elif kind in (KindCode.REMOVE_FROM_CART, KindCode.PURCHASE):
                cart.pop(product_id, None)
        return list(cart)

    def _events(self, shopper: str) -> list[_Row]:
        """Oldest first."""
        with self._lock:
            rows = self._rows.get(shopper)
            if rows is not None:
                self._rows.move_to_end(shopper)
                return rows
            changes = self._changes[hash(shopper) % LANES]
        found = self._store.events.of_shopper(shopper, self._history_events)
        rows = [(row.time_ms, int(row.kind), row.quantity, row.product_id or "") for row in reversed(found)]
        with self._lock:
            if changes == self._changes[hash(shopper) % LANES]:
                self._rows[shopper] = rows
                while len(self._rows) > SHOPPERS_KEPT:
                    self._rows.popitem(last=False)
        return rows

    def _forget(self, shopper: str) -> None:
        self._rows.pop(shopper, None)
        self._changes[hash(shopper) % LANES] += 1
