"""API keys: a key that was right a moment ago is believed, so that not every request asks the store."""

from __future__ import annotations

import time

from bottega.names import KeyKind
from bottega.store.keys import KeyStore

__all__ = ["KeyRing"]

KEYS_KEPT_S = 5.0
"""How long a key that was right is believed without asking the store again; a revoked key opens no longer than that."""
_NEVER = (0.0, None)


class KeyRing:
    """Keys of one shop. Safe to call from several threads."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._known: dict[str, tuple[float, KeyKind]] = {}

    def believes(self, key: str) -> KeyKind | None:
        """What a key was for a moment ago; None where nobody asked. Asks nobody."""
        until, kind = self._known.get(key, _NEVER)
        return kind if until > time.monotonic() else None

    def opens(self, key: str) -> KeyKind | None:
        """What a key is for; None where it opens nothing here."""
        if (known := self.believes(key)) is not None:
            return known
        now = time.monotonic()
        kind = self._store.verify(key)
        if kind is not None:
            still = {one: told for one, told in self._known.items() if told[0] > now}
            self._known = still | {key: (now + KEYS_KEPT_S, kind)}
        return kind

    def label(self, key: str) -> str | None:
        """What a key is called; None where it opens nothing here."""
        found = self._store.of(key)
        return found.label if found is not None else None

    def first(self) -> str | None:
        """A new secret key when the shop has none yet. Nobody sees it again."""
        return None if self._store.count() else self._store.create("first")
