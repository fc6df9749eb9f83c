"""API keys: a key that was right a moment ago is believed, so that not every request asks the store."""

from __future__ import annotations

import time

from bottega.store.keys import KeyStore

__all__ = ["KeyRing"]

KEYS_KEPT_S = 5.0
"""How long a key that was right is believed without asking the store again; a revoked key opens no longer than that."""


class KeyRing:
    """Keys of one shop. Safe to call from several threads."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._until: dict[str, float] = {}

    def believes(self, key: str) -> bool:
        """Whether a key was right a moment ago; asks nobody."""
        return self._until.get(key, 0.0) > time.monotonic()

    def opens(self, key: str) -> bool:
        """Whether a key opens this shop."""
        if self.believes(key):
            return True
        now = time.monotonic()
        if not self._store.verify(key):
            return False
        self._until = {known: until for known, until in self._until.items() if until > now} | {key: now + KEYS_KEPT_S}
        return True

    def first(self) -> str | None:
        """A new key when the shop has none yet. Nobody sees it again."""
        return None if self._store.count() else self._store.create("first")
