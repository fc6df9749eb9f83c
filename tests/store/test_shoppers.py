"""A shopper's rows as a whole: found under every name, read out, deleted everywhere."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import select

from bottega.events.event import Event
from bottega.store.profiles import PERSONAL, profiles
from bottega.store.store import Store
from bottega.store.tables import events, identities, metadata


def event(number: int, **who: str) -> Event:
    row = {"event_id": f"e{number}", "kind": "view", "product_id": "mug", "time_ms": 1_700_000_000_000 + number}
    return Event.model_validate(row | who)


def fill(store: Store) -> None:
    store.events.add([event(1, anonymous_id="cookie"), event(2, shopper_id="bob", anonymous_id="other")])
    store.events.add([event(3, shopper_id="ada", anonymous_id="cookie"), event(4, session_id="tab")])


def test_a_profile_is_found_under_each_of_its_names(store: Store) -> None:
    fill(store)
    for name in ("ada", "cookie"):
        found = store.shoppers.record(name)
        assert found is not None and found.shopper == "ada"
        assert found.names == {"anonymous": ["cookie"], "session": []}
        assert [row["event_id"] for row in found.tables["events"]] == ["e1", "e3"]
        assert found.ids == {"ada", "cookie"}
    guest = store.shoppers.record("tab")
    assert guest is not None and guest.shopper == "tab" and guest.ids == {"tab"}
    assert store.shoppers.record("nobody") is None


def test_one_name_means_the_same_as_many(store: Store) -> None:
    names = [None, "ann", "bob", "c-1", "c-2", "s-1", "s-2"]
    draw = random.Random(3)
    for number in range(40):
        who = dict(zip(("shopper_id", "anonymous_id", "session_id"), draw.choices(names, k=3), strict=True))
        if any(who.values()):
            store.events.add([event(number, **{key: name for key, name in who.items() if name})])
        if number % 10 == 5:
            store.tastes.declare("told", {"color": ["red"]}, time_ms=number)
        if number % 10 == 7:
            store.shoppers.forget(draw.choice(["ann", "bob", "c-1"]))
        with store.database.read() as connection:
            for name in (*names[1:], "told", "nobody"):
                assert store.shoppers.profile(name or "") == profiles(connection, [name or ""]).get(name or "")


def test_forgetting_leaves_no_trace_and_touches_nobody_else(store: Store) -> None:
    fill(store)
    assert store.shoppers.forgotten() == 0
    gone = store.shoppers.forget("cookie")
    assert gone is not None and gone.shopper == "ada" and len(gone.tables["events"]) == 2
    assert store.shoppers.forgotten() == 1
    assert store.shoppers.record("ada") is None and store.shoppers.forget("ada") is None
    with store.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert not {"ada", "cookie"} & set(map(str, row)), table.name
        assert len(connection.execute(select(events)).all()) == 2
        assert len(connection.execute(select(identities)).all()) == 1
    assert store.events.resolve(None, "cookie") == "cookie", "the device starts anew"


def test_events_that_come_later_are_numbered_on(store: Store) -> None:
    fill(store)
    seen = store.events.newest_seq()
    store.shoppers.forget("tab")
    store.events.add([event(9, shopper_id="eve")])
    assert [row.event_id for row in store.events.since(seen, 10)] == ["e9"]


def test_every_table_that_names_a_shopper_is_reached() -> None:
    reached = {table.name for table in PERSONAL} | {"identities"}
    naming = {table.name for table in metadata.sorted_tables if {"shopper", "shopper_id"} & set(table.c.keys())}
    assert naming == reached


def test_sqlite_keeps_nothing_on_disk(tmp_path: Path) -> None:
    secret = "ada-of-a-very-particular-name"
    with Store.open(f"sqlite:///{tmp_path / 'shop.db'}") as store:
        store.events.add([event(1, shopper_id=secret), event(2, shopper_id="bob")])
        assert any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
        store.shoppers.forget(secret)
        assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
