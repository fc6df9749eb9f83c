"""API keys: a key that was right a moment ago is believed, so that not every request asks the store; and for some
minutes while the store cannot be asked, so that what is in memory can still be answered.

A key with a limit takes its requests out of the store's bucket a few at a time, a sixtieth of its minute at most; each
process that answers may so hold that many back. Together they never let more through than the bucket gave.
"""

from __future__ import annotations

import math
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

from bottega.errors import KeyRefused, RateExceeded, StoreUnavailable
from bottega.names import KeyKind
from bottega.store.keys import USE_WRITTEN_MS, ApiKey, KeyStore

__all__ = ["KEYS_KEPT_S", "KeyRing", "refuse_expired"]

KEYS_KEPT_S = 5.0
"""How long a key that was right is believed without asking the store again; a revoked key opens no longer than that."""
AWAY_S = 600.0
"""How long a key that was right is believed while the store does not answer."""
_NEVER = (0.0, None)


class KeyRing:
    """Keys of one shop. Safe to call from several threads."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._known: dict[str, tuple[float, ApiKey]] = {}
        """Key -> until when it is believed, and what is known of it."""
        self._right: dict[str, float] = {}
        """Key -> when the store last said that it is right."""
        self._lock = threading.Lock()
        self._held: dict[str, int] = {}
        """Label -> requests that were taken out of its bucket and not made yet."""
        self._away: dict[str, tuple[float, float]] = {}
        """Label -> requests in the bucket that stands in for the store's, and when that was counted."""
        self._used: dict[str, int] = {}
        """Label -> last use, UTC milliseconds, of keys used since that was last written."""
        self._written: dict[str, int] = {}

    def believes(self, key: str) -> ApiKey | None:
        """What was known of a key a moment ago; None where nobody asked. Asks nobody."""
        until, known = self._known.get(key, _NEVER)
        return known if until > time.monotonic() else None

    def opens(self, key: str) -> ApiKey | None:
        """What is known of a key; None where it opens nothing here. Raises `KeyRefused` where it has expired, and
        `StoreUnavailable` where the store does not answer and has not said for long that the key is right."""
        if (known := self.believes(key)) is not None:
            return known
        now, now_ms = time.monotonic(), _now_ms()
        try:
            found = self._store.of(key)
        except StoreUnavailable:
            found = self._known.get(key, _NEVER)[1]
            if found is None or now - self._right.get(key, -AWAY_S) >= AWAY_S:
                raise
        else:
            still = {one: said for one, said in self._right.items() if now - said < AWAY_S and one != key}
            self._right = still if found is None else still | {key: now}
        if found is None:
            return None
        refuse_expired(found, now_ms)
        kept_s = KEYS_KEPT_S
        if found.expires_at_ms is not None:
            kept_s = min(kept_s, (found.expires_at_ms - now_ms) / 1000)
        known_still = {one: told for one, told in self._known.items() if one in self._right}
        self._known = known_still | {key: (now + kept_s, found)}
        self._used[found.label] = now_ms
        return found

    def note(self, known: ApiKey) -> None:
        """A key was used, which this ring did not open: a pair that signs requests."""
        self._used[known.label] = _now_ms()

    def admits(self, known: ApiKey) -> bool:
        """Count a request of a key where that asks nobody: it has no limit, or requests are held for it."""
        if known.per_minute is None:
            return True
        with self._lock:
            held = self._held.get(known.label, 0)
            if held:
                self._held[known.label] = held - 1
            return held > 0

    def count(self, known: ApiKey) -> None:
        """Count a request of a key. Raises `RateExceeded`, which says after how many seconds one is let through."""
        if self.admits(known):
            return
        assert known.per_minute is not None
        try:
            taken, wait_s = self._store.take(known.label, max(1, known.per_minute // 60), _now_ms())
        except StoreUnavailable:
            taken, wait_s = self._take_here(known.label, known.per_minute)
        if not taken:
            raise RateExceeded(
                f"The key {known.label!r} made more than {known.per_minute} requests in a minute.",
                allowed=f"It holds a minute's worth, {known.per_minute}, and fills evenly.",
                next_step="Wait as long as the header Retry-After says; or make a key with another --per-minute.",
                retry_after_s=max(1, math.ceil(wait_s)),
            )
        with self._lock:
            self._held[known.label] = self._held.get(known.label, 0) + taken - 1

    def _take_here(self, label: str, per_minute: int) -> tuple[int, float]:
        """A request out of a bucket of this process, for as long as the store's own is out of reach: as large, and as
        quick to fill."""
        now = time.monotonic()
        with self._lock:
            there, since = self._away.get(label, (float(per_minute), now))
            there = min(float(per_minute), there + (now - since) * per_minute / 60)
            taken = int(there >= 1)
            self._away[label] = there - taken, now
        return taken, (1 - there) * 60 / per_minute

    def write_uses(self, *, at_once: bool = False) -> None:
        """Keep when keys were last used, each once a minute at most. What cannot be written now is, a little later.

        `at_once`: also what this process wrote less than a minute ago, if the store knows of nothing newer."""
        now_ms = _now_ms()
        due = {
            label: moment
            for label, moment in list(self._used.items())
            if at_once or now_ms - self._written.get(label, 0) >= USE_WRITTEN_MS
        }
        if not due:
            return
        with suppress(StoreUnavailable):
            self._store.used(due)
            self._written |= dict.fromkeys(due, now_ms)
            for label, moment in due.items():
                if self._used.get(label) == moment:
                    del self._used[label]

    def first(self) -> str | None:
        """A new secret key when the shop has none yet. Nobody sees it again."""
        return None if self._store.count() else self._store.create("first", KeyKind.SECRET)


def refuse_expired(known: ApiKey, now_ms: int) -> None:
    """Raise `KeyRefused` where a key has expired."""
    if known.expired(now_ms):
        ended = datetime.fromtimestamp((known.expires_at_ms or 0) / 1000, UTC)
        raise KeyRefused(
            f"The API key expired at {ended:%Y-%m-%d %H:%M} UTC.",
            allowed="A key opens the shop until the moment it was made for.",
            next_step="Make a new one: `bottega keys new LABEL --expires 90d`.",
        )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
