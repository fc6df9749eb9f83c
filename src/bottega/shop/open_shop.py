"""The answerer: what a door holds to answer from. One shop, one model at a time, safe for several threads.

What this process writes is in the next answer; what others write, rows and models alike, is taken over by `refresh`.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import structlog

from bottega import __version__
from bottega.catalogue.product import Product
from bottega.errors import ModelFileBroken, StoreUnavailable
from bottega.events.event import Event
from bottega.events.log_in import LogIn
from bottega.models.blocks.threads import limit_threads
from bottega.settings import Settings
from bottega.shop.accepted import with_accepted
from bottega.shop.consents import Consents
from bottega.shop.floor import Floor
from bottega.shop.folder import ShopFolder
from bottega.shop.log_ins import keep_log_ins
from bottega.shop.shape import Health
from bottega.store.events import Added
from bottega.store.products import Upserted

__all__ = ["OpenShop"]

log = structlog.get_logger("bottega")
KEYS_KEPT_S = 5.0
"""How long a key that was right is believed without asking the store again; a revoked key opens no longer than that."""


class OpenShop:
    """Holds a shop's floor and hands it out; the verbs in this room do the rest."""

    def __init__(self, folder: ShopFolder, *, threads: int | None = None) -> None:
        self.folder = folder
        self.consents = Consents(folder.store, folder.settings.personalisation_consent)
        self._threads = threads
        self._lock = threading.RLock()
        self._building = threading.Lock()
        self._keys: dict[str, float] = {}
        self._broken = ""
        self._settled = False
        self._floor = self._build()

    @classmethod
    def open(cls, folder: Path, *, threads: int | None = None) -> Self:
        """The answerer of the shop in a folder; `threads` limits what one answer computes on."""
        return cls(ShopFolder.open(folder), threads=threads)

    def settle(self) -> None:
        """Take what is loaded out of the garbage collector's rounds: for a process that does nothing but answer.

        A round over 12,000 products would stop every answer for a fifth of a second, again and again.
        """
        self._settled = True
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Let go of the store."""
        self.folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def settings(self) -> Settings:
        return self.folder.settings

    @contextmanager
    def floor(self) -> Iterator[Floor]:
        """The floor, for as long as the block lasts; one thread at a time."""
        with self._lock:
            yield self._floor

    def refresh(self) -> bool:
        """Take over what other processes wrote; true when the model changed.

        A new model is loaded beside the old one, which answers meanwhile.
        """
        self.consents.catch_up()
        with self._building:
            run = self.folder.store.runs.latest("recommend")
            current = self._floor.run.version if self._floor.run else ""
            newest = run.version if run else ""
            if newest not in (current, self._broken) or self._floor.outgrown():
                floor = self._build()
                with self._lock:
                    floor.refresh()
                    floor.live.refresh_events()
                    self._floor = floor
                if self._settled:
                    gc.freeze()
                log.info("model", name=floor.info.name, version=floor.info.version)
                return True
            self._floor.live.refresh_events()
            with self._lock:
                self._floor.refresh()
            return False

    def upsert(self, products: Sequence[Product]) -> Upserted:
        """Store products; when this returns they are on disk and in the next answer."""
        products = with_accepted(self.folder.store, products)
        result = self.folder.store.products.upsert(products)
        with self._lock:
            first = not self._floor.shelf.products
            self._floor.upsert(list({product.id: product for product in products}.values()))
        if first and self._floor.untrained:
            self.refresh()
        return result

    def record(self, events: Sequence[Event]) -> Added:
        """Store events; when this returns they are on disk and in the next answer."""
        result = self.folder.store.events.add(events)
        if result.joined:  # a log-in takes consents along
            self.consents.catch_up()
        with self._lock:
            self._floor.live.record(events)
        return result

    def log_in(self, log_ins: Sequence[LogIn]) -> Added:
        """Join the ids of log-ins and keep what they tell; when this returns it is on disk and in the next answer."""
        result = keep_log_ins(self.folder.store, log_ins, source="event")
        if log_ins:
            self.consents.catch_up()
            with self._lock:
                self._floor.live.record(log_ins)
        return result

    def believes(self, key: str) -> bool:
        """Whether an API key was right a moment ago; asks nobody."""
        return self._keys.get(key, 0.0) > time.monotonic()

    def key_opens(self, key: str) -> bool:
        """Whether an API key opens this shop."""
        if self.believes(key):
            return True
        now = time.monotonic()
        if not self.folder.store.keys.verify(key):
            return False
        self._keys = {known: until for known, until in self._keys.items() if until > now}
        self._keys[key] = now + KEYS_KEPT_S
        return True

    def first_key(self) -> str | None:
        """A new API key when the shop has none yet. Nobody sees it again."""
        keys = self.folder.store.keys
        return None if keys.count() else keys.create("first")

    def health(self) -> Health:
        """How the shop is; never raises for a store that cannot be reached."""
        try:
            events, reached = self.folder.store.events.count(), True
        except StoreUnavailable:
            events, reached = self._floor.live.events_seen, False
        with self._lock:
            floor = self._floor
            trained_at_ms = floor.run.trained_at_ms if floor.run else None
            return Health(
                status="ok" if reached else "store_unavailable",
                version=__version__,
                products=len(floor.shelf),
                recommendable_items=int(floor.live.recommendable.sum()),
                events=events,
                model=floor.info,
                model_age_s=None if trained_at_ms is None else round(time.time() - trained_at_ms / 1000, 1),
                store="sqlite" if self.folder.store.database.is_sqlite else "postgresql",
            )

    def _build(self) -> Floor:
        floor = self._newest()
        if self._threads is not None:
            limit_threads(self._threads)
        return floor

    def _newest(self) -> Floor:
        run = self.folder.store.runs.latest("recommend")
        if run is not None:
            try:
                return Floor(self.folder, run)
            except ModelFileBroken as error:
                self._broken = run.version
                log.error("model_file_broken", version=run.version, message=str(error))
                if hasattr(self, "_floor"):
                    return self._floor
        return Floor(self.folder, None)
