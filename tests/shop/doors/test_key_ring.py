"""Keys while the store does not answer: those that were right open on for some minutes, and limits still hold."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.errors import RateExceeded, StoreUnavailable
from bottega.shop.doors.key_ring import KeyRing
from bottega.store.keys import KeyStore
from bottega.store.store import Store


class Clock:
    """Seconds as the test says."""

    now = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyStore]:
    with Store.open(f"sqlite:///{tmp_path / 'shop.db'}") as store:
        yield store.keys


def away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise StoreUnavailable("It is away.")

    for name in ("of", "take"):
        monkeypatch.setattr(KeyStore, name, fail)


def test_a_key_that_was_right_opens_on_for_ten_minutes(
    keys: KeyStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, revoked, ring = keys.create("right"), keys.create("revoked"), KeyRing(keys)
    assert ring.opens(right) and ring.opens(revoked)
    clock.now += 6
    keys.revoke("revoked")
    assert ring.opens(right) and ring.opens(revoked) is None
    with monkeypatch.context() as patch:
        away(patch)
        for wait_s in (6, 300, 280):
            clock.now += wait_s
            known = ring.opens(right)
            assert known is not None and known.label == "right"
            for other in (revoked, "btg_never"):
                with pytest.raises(StoreUnavailable):
                    ring.opens(other)
        clock.now += 20
        with pytest.raises(StoreUnavailable):
            ring.opens(right)
    assert ring.opens(right) and ring.opens("btg_never") is None


def test_a_limit_holds_without_the_store(keys: KeyStore, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = KeyRing(keys)
    known = ring.opens(keys.create("limited", per_minute=30))
    assert known is not None
    away(monkeypatch)
    for _ in range(30):
        ring.count(known)
    with pytest.raises(RateExceeded) as refused:
        ring.count(known)
    assert refused.value.retry_after_s == 2
    clock.now += 2
    ring.count(known)
    with pytest.raises(RateExceeded):
        ring.count(known)
