"""Declared tastes: kept, replaced, taken back, moved at log-in, exported and forgotten with their shopper."""

from __future__ import annotations

from bottega.events.event import Event
from bottega.names import EventKind
from bottega.store.store import Store


def test_a_taste_is_kept_replaced_and_taken_back(store: Store) -> None:
    store.tastes.declare("ana", {"color": ["green", "moss 🌿"], "style": ["boho"]}, time_ms=5)
    store.tastes.declare("bo", {"color": ["red"]}, time_ms=6)
    assert store.tastes.of_shopper("ana") == {"color": (["green", "moss 🌿"], 5), "style": (["boho"], 5)}
    store.tastes.declare("ana", {"color": ["blue"], "style": []}, time_ms=9)
    assert store.tastes.of_shopper("ana") == {"color": (["blue"], 9)}
    assert store.tastes.of_shopper("bo") == {"color": (["red"], 6)}
    assert store.tastes.of_shopper("nobody") == {}


def seen(store: Store, shopper: str | None, anonymous: str, time_ms: int) -> None:
    event = Event(shopper_id=shopper, anonymous_id=anonymous, kind=EventKind.VIEW, product_id="lamp", time_ms=time_ms)
    store.events.add([event])


def test_what_a_visitor_declared_follows_them_through_log_in(store: Store) -> None:
    seen(store, None, "cookie", 1_700_000_000_000)
    store.tastes.declare("cookie", {"color": ["green"], "style": ["boho"]}, time_ms=5)
    store.tastes.declare("ana", {"color": ["red"]}, time_ms=3)
    seen(store, "ana", "cookie", 1_700_000_001_000)
    assert store.tastes.of_shopper("ana") == {"color": (["red"], 3), "style": (["boho"], 5)}
    assert store.tastes.of_shopper("cookie") == {}


def test_forgetting_a_shopper_forgets_their_tastes(store: Store) -> None:
    store.tastes.declare("ana", {"color": ["green"]}, time_ms=5)
    store.tastes.declare("bo", {"color": ["red"]}, time_ms=5)
    record = store.shoppers.forget("ana")
    assert record is not None and [row["liked"] for row in record.tables["tastes"]] == [["green"]]
    assert store.tastes.of_shopper("ana") == {} and store.tastes.of_shopper("bo") != {}
