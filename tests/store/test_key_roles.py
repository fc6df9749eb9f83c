"""Keys with a role, an end and a limit; keys of before open everything."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

from bottega.names import KeyKind, Role
from bottega.store.store import Store

MINUTE_MS = 60_000


def test_keys_of_before_open_what_they_did(store_url: str, of_migrations: Any) -> None:
    """A filled store of the version before: its secret keys become keys of the role that opens everything."""
    with of_migrations(store_url, "0034") as connection:
        for number, kind in enumerate(("secret", "publishable", "agent", "secret")):
            connection.execute(
                text("INSERT INTO api_keys (label, digest, created_at_ms, kind) VALUES (:label, :digest, :at, :kind)"),
                {"label": f"{kind} {number}", "digest": f"{number:064}", "at": number, "kind": kind},
            )
    with Store.open(store_url) as store:
        found = {one.label: (one.role, one.expires_at_ms, one.used_at_ms, one.per_minute) for one in store.keys.all()}
    assert found == {
        "secret 0": (Role.ADMIN, None, None, None),
        "publishable 1": (None, None, None, None),
        "agent 2": (None, None, None, None),
        "secret 3": (Role.ADMIN, None, None, None),
    }


def test_a_key_is_kept_with_its_role_end_and_limit(store: Store) -> None:
    key = store.keys.create("reports", role=Role.READ, expires_at_ms=2 * 10**12, per_minute=90)
    found = store.keys.of(key)
    assert found and (found.role, found.expires_at_ms, found.per_minute) == (Role.READ, 2 * 10**12, 90)
    assert not found.expired(2 * 10**12 - 1) and found.expired(2 * 10**12)
    plain, pages = store.keys.of(store.keys.create("shop")), store.keys.of(store.keys.create("p", KeyKind.PUBLISHABLE))
    assert plain and plain.role is Role.ADMIN and pages and pages.role is None


def test_the_last_use_is_written_once_a_minute(store: Store) -> None:
    key = store.keys.create("shop")
    said = []
    for moment in (1_000, 1_000 + MINUTE_MS - 1, 1_000 + MINUTE_MS, 5):
        store.keys.used({"shop": moment, "nobody": moment})
        found = store.keys.of(key)
        said.append(found and found.used_at_ms)
    assert said == [1_000, 1_000, 61_000, 61_000]


def test_a_bucket_holds_a_minute_and_fills_evenly(store: Store) -> None:
    store.keys.create("slow", per_minute=6)
    now = 10**12
    assert store.keys.take("slow", 4, now) == (4, 0.0)
    assert store.keys.take("slow", 4, now) == (2, 0.0)
    for passed_ms, left_s in ((0, 10.0), (4_000, 6.0)):
        taken, wait_s = store.keys.take("slow", 1, now + passed_ms)
        assert taken == 0 and wait_s == pytest.approx(left_s)
    assert store.keys.take("slow", 1, now + 10_000) == (1, 0.0)
    assert store.keys.take("slow", 1, now - 10**9)[0] == 0, "a clock put back fills nothing"
    assert store.keys.take("slow", 99, now + 10**9) == (6, 0.0), "it never holds more than a minute's worth"
    store.keys.create("free")
    assert store.keys.take("free", 50, now) == (50, 0.0)


def test_processes_together_take_no_more_than_there_is(store_url: str) -> None:
    with Store.open(store_url) as first:
        first.keys.create("busy", per_minute=100)
        got: list[int] = []

        def take_some() -> None:
            with Store.open(store_url) as store:
                for _ in range(10):
                    got.append(store.keys.take("busy", 5, 10**12)[0])

        threads = [threading.Thread(target=take_some) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(got) == 40 and sum(got) == 100


def test_each_role_but_the_one_for_events_opens_what_the_one_before_does() -> None:
    opened = [{one for one in Role if role.opens(one)} for role in (Role.READ, Role.MANAGE, Role.ADMIN)]
    assert all(less < more for less, more in pairwise(opened))
    assert [one for one in Role if Role.EVENTS.opens(one)] == [Role.EVENTS]
