"""What was told under a cookie or a session is its log-in's, in whatever order the events arrive."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, text

from bottega.events.event import Event
from bottega.events.traits import Traits
from bottega.names import Purpose
from bottega.store.closet import ClosetItem
from bottega.store.store import Store
from bottega.store.tables import tellings
from bottega.store.traits import Telling
from bottega.store.vectors import to_bytes

T = 1_700_000_000_000
NOW = 1_780_000_000_000


def event(at: int, **who: Any) -> Event:
    return Event.model_validate({"kind": "view", "product_id": "mug", "time_ms": T + at, **who})


def tell(store: Store, who: str, /, **fields: Any) -> str:
    ((profile, _),) = store.traits.tell([Telling(who, Traits.model_validate(fields))], now_ms=NOW)
    return profile


def hang_up(store: Store, shopper: str, told_as: str) -> None:
    photo = f"{told_as}.jpg"
    item = ClosetItem(shopper, photo, (0, 0, 9, 9), "upper", np.ones(4, np.float32), 7, told_as=told_as)
    store.closet.add([item])


def known(store: Store, shopper: str) -> tuple[Any, ...]:
    """Name, e-mail, consents, tastes and photos in the closet of a profile."""
    found = store.traits.of(shopper)
    assert found is not None
    said = {purpose.value: word.given for purpose, word in found.consents.items() if word.given is not None}
    liked = {name: values for name, (values, _) in store.tastes.of_shopper(shopper).items()}
    photos = {item.photo for item in store.closet.of_shopper(shopper)}
    return found.fields["name"], found.fields["email"], said, liked, photos


LOG_INS = [
    event(1, anonymous_id="c-1"),
    event(3, anonymous_id="c-1", shopper_id="ann"),
    event(2, anonymous_id="c-1", shopper_id="bob"),
]


@pytest.mark.parametrize("order", list(permutations(LOG_INS)))
def test_a_no_goes_to_whose_the_cookie_is(store: Store, order: tuple[Event, ...]) -> None:
    tell(store, "ann", name="Ann", consent={"personalisation": "yes", "messages": "yes"})
    store.tastes.declare("ann", {"color": ["red"]}, time_ms=3)
    hang_up(store, "ann", "ann")
    tell(store, "c-1", name="Cookie", email="c1@x.de", consent={"personalisation": "no", "analytics": "no"})
    store.tastes.declare("c-1", {"color": ["green"], "style": ["boho"]}, time_ms=5)
    hang_up(store, "c-1", "c-1")
    for one in order:
        store.events.add([one])
    own = ("Ann", None, {"personalisation": True, "messages": True}, {"color": ["red"]}, {"ann.jpg"})
    assert known(store, "ann") == own
    told = {"personalisation": False, "analytics": False}
    assert known(store, "bob") == ("Cookie", "c1@x.de", told, {"color": ["green"], "style": ["boho"]}, {"c-1.jpg"})
    assert store.events.frame()["shopper"].unique().to_list() == ["ann"]
    said, _ = store.traits.consents_since(0, Purpose.PERSONALISATION)
    assert said == {"ann": True, "bob": False}


def test_readers_are_told_that_a_no_has_left(store: Store) -> None:
    tell(store, "c-1", consent={"personalisation": "no"})
    store.events.add(LOG_INS[:2])
    said, revision = store.traits.consents_since(0, Purpose.PERSONALISATION)
    assert said == {"ann": False}
    added = store.events.add(LOG_INS[2:])
    assert added.told and ("ann", "bob") in added.moved and {"ann", "bob", "c-1"} <= added.names
    assert store.traits.consents_since(revision, Purpose.PERSONALISATION)[0] == {"ann": None, "bob": False}


def test_what_a_known_cookie_says_moves_on_with_it_and_leaves_the_shoppers_own(store: Store) -> None:
    tell(store, "ann", name="Ann", email="ann@x.de", consent={"messages": "no"})
    store.events.add([LOG_INS[1]])
    assert tell(store, "c-1", name="Anna", language="de", consent={"messages": "yes", "analytics": "yes"}) == "ann"
    store.tastes.declare("ann", {"color": ["red"]}, time_ms=3)
    store.tastes.declare("ann", {"color": ["blue"]}, time_ms=5, told_as="c-1")
    hang_up(store, "ann", "c-1")
    assert known(store, "ann") == (
        "Anna", "ann@x.de", {"messages": True, "analytics": True}, {"color": ["blue"]}, {"c-1.jpg"},
    )  # fmt: skip
    store.events.add([LOG_INS[2]])
    assert known(store, "ann") == ("Ann", "ann@x.de", {"messages": False}, {"color": ["red"]}, set())
    told = {"messages": True, "analytics": True}
    assert known(store, "bob") == ("Anna", None, told, {"color": ["blue"]}, {"c-1.jpg"})


def test_a_taste_taken_back_stays_taken_back(store: Store) -> None:
    store.tastes.declare("c-1", {"color": ["green"]}, time_ms=5)
    store.events.add([LOG_INS[1]])
    store.tastes.declare("ann", {"color": []}, time_ms=6)
    tell(store, "c-2", name="Other")
    store.events.add([event(4, anonymous_id="c-2", shopper_id="ann")])
    assert known(store, "ann") == ("Other", None, {}, {}, set())


TWO = {"anonymous_id": "ca-1", "session_id": "se-1"}


@pytest.mark.parametrize("told", [0, 1, 2, 3])
def test_what_is_told_under_a_session_is_its_cookies(store: Store, told: int) -> None:
    """Before its events, after the first, before the log-in of another session, after it."""
    arrivals = [event(1, **TWO), event(2, **TWO), event(3, anonymous_id="ca-1", shopper_id="cy", session_id="se-2")]
    for place in range(4):
        if place == told:
            tell(store, "se-1", name="Cy", email="cy@x.de", consent={"personalisation": "no"})
            store.tastes.declare(store.shoppers.profile("se-1") or "", {"color": ["red"]}, time_ms=3, told_as="se-1")
            hang_up(store, store.shoppers.profile("se-1") or "", "se-1")
        if place < 3:
            store.events.add([arrivals[place]])
        if 1 <= place < 2 and told <= place:
            assert known(store, "ca-1")[2] == {"personalisation": False}
            assert store.shoppers.profile("se-1") == "ca-1"
    assert store.shoppers.profile("se-1") == "cy"
    assert known(store, "cy") == ("Cy", "cy@x.de", {"personalisation": False}, {"color": ["red"]}, {"se-1.jpg"})
    assert store.events.frame().is_empty()
    store.events.add([event(0, anonymous_id="ca-1", shopper_id="bob")])
    assert known(store, "bob") == ("Cy", "cy@x.de", {"personalisation": False}, {"color": ["red"]}, {"se-1.jpg"})
    assert known(store, "cy") == (None, None, {}, {}, set())
    assert store.shoppers.forget("se-1") is not None
    with store.database.read() as connection:
        assert connection.execute(select(tellings)).all() == []
    assert store.traits.of("se-1") is None


def test_a_session_with_events_of_its_own_keeps_what_it_was_told(store: Store) -> None:
    store.events.add([event(1, session_id="se-1")])
    tell(store, "se-1", consent={"personalisation": "no"})
    store.events.add([event(2, **TWO)])
    assert known(store, "se-1")[2] == {"personalisation": False}


def test_a_word_under_a_session_does_not_undo_the_no_of_the_shopper(store: Store) -> None:
    tell(store, "cy", consent={"personalisation": "no"})
    store.events.add([event(1, **TWO)])
    assert tell(store, "se-1", consent={"personalisation": "yes"}) == "ca-1"
    store.events.add([event(3, anonymous_id="ca-1", shopper_id="cy")])
    assert known(store, "cy")[2] == {"personalisation": False}
    tell(store, "se-1", consent={"personalisation": "yes"})
    assert known(store, "cy")[2] == {"personalisation": True}, "said after the log-in"


def test_what_was_there_is_told_as_its_owner(store_url: str, of_migrations: Any) -> None:
    with of_migrations(store_url, "0009") as connection:
        said = "consents (shopper, purpose, given, time_ms, revision)"
        for sql in (
            "shoppers (shopper, name, email, email_opt_in, time_ms) VALUES ('ann', 'Ann', 'a@x.de', true, 5)",
            f"{said} VALUES ('ann', 'messages', false, 5, 1), ('c-1', 'messages', true, 5, 2)",
            "tastes (shopper, attribute, liked, time_ms) VALUES ('ann', 'color', '[\"red\"]', 5)",
        ):
            connection.execute(text(f"INSERT INTO {sql}"))
        connection.execute(text("UPDATE counters SET value = 2 WHERE name = 'consents'"))
        columns = "item_id, shopper, time_ms, photo, box, part, tags, vector"
        values = {"box": "[0, 0, 9, 9]", "vector": to_bytes(np.ones((1, 4), np.float32)[0])}
        connection.execute(
            text(f"INSERT INTO closet_items ({columns}) VALUES (1, 'c-1', 5, 'c', :box, 'top', '{{}}', :vector)"),
            values,
        )
    with Store.open(store_url) as store:
        store.events.add([LOG_INS[1]])
        assert known(store, "ann")[:4] == ("Ann", "a@x.de", {"messages": False}, {"color": ["red"]})
        store.events.add([LOG_INS[2]])
        assert known(store, "ann")[:4] == ("Ann", "a@x.de", {"messages": False}, {"color": ["red"]})
        assert known(store, "bob")[2] == {"messages": True} and store.closet.count("bob") == 1
        with store.database.read() as connection:
            assert {row.told_as for row in connection.execute(select(tellings))} == {"ann", "c-1"}
