"""Votes: one a shopper and day, once whoever hands them on; meanings keep their numbers; over both databases."""

from __future__ import annotations

from bottega.events.event import Event
from bottega.names import EventKind
from bottega.store.meanings import KeptMeaning, WordVote
from bottega.store.store import Store

VIEW, PURCHASE = 1, 6


def happened(store: Store, shopper: str | None, time_ms: int, kind: str, **more: str) -> None:
    who = {"shopper_id": shopper} if shopper else {"anonymous_id": more.pop("anonymous")}
    store.events.add([Event(event_id=f"e-{shopper}-{time_ms}", kind=kind, time_ms=time_ms, **who, **more)])  # type: ignore[arg-type]


def vote(shopper: str, product_id: str, kind: int = VIEW, day: int = 1) -> WordVote:
    return WordVote("blarfo", shopper, day, product_id, "", kind, 1)


def test_what_came_after_a_search_is_told_once(store: Store) -> None:
    happened(store, "ana", 1_000, "search", query="blarfo")
    happened(store, "ana", 2_000, "view", product_id="mug")
    happened(store, "ben", 3_000, "view", product_id="cup")
    happened(store, "ana", 2_000_000, "view", product_id="late")
    led, reached = store.meanings.led("assumed", limit=10)
    assert [(one.shopper, one.product_id, one.query) for one in led] == [
        ("ana", "mug", "blarfo"),
        ("ben", "cup", None),
        ("ana", "late", None),
    ]
    assert store.meanings.vote([vote("ana", "mug")], reached) == 1
    assert store.meanings.vote([vote("ana", "cup")], reached) == 0  # another process came first
    assert [one.product_id for one in store.meanings.votes()] == ["mug"]
    assert store.meanings.led("assumed", limit=10) == ([], reached)
    happened(store, "ben", 3_500, "search", query="late")
    assert store.meanings.led("assumed", limit=10) == ([], reached + 1)


def test_few_at_once_are_gone_on_with(store: Store) -> None:
    for place in range(5):
        happened(store, "ana", 1_000 + place, "view", product_id=f"p{place}")
    first, reached = store.meanings.led("assumed", limit=3)
    store.meanings.vote([], reached)
    rest, _ = store.meanings.led("assumed", limit=3)
    assert [one.product_id for one in first + rest] == ["p0", "p1", "p2", "p3", "p4"]


def test_a_firmer_vote_of_a_day_stays(store: Store) -> None:
    happened(store, "ana", 1, "view", product_id="mug")
    store.meanings.vote([vote("ana", "mug", PURCHASE), vote("ana", "cup")], 1)
    store.meanings.vote([vote("ana", "jug"), vote("ana", "pot", day=2), vote("ghost", "jug")], 2)
    assert [(one.day, one.product_id) for one in store.meanings.votes()] == [(1, "mug"), (2, "pot")]


def test_votes_go_with_their_shopper(store: Store) -> None:
    happened(store, None, 1, "view", product_id="mug", anonymous="cookie")
    happened(store, "ana", 2, "view", product_id="mug")
    store.meanings.vote([vote("cookie", "mug"), vote("cookie", "pot", day=2), vote("ana", "cup")], 9)
    store.events.add(
        [
            Event(
                event_id="login",
                shopper_id="ana",
                anonymous_id="cookie",
                kind=EventKind.VIEW,
                product_id="mug",
                time_ms=3,
            )
        ]
    )
    kept = store.meanings.votes()
    assert sorted((one.shopper, one.day, one.product_id) for one in kept) == [("ana", 1, "cup"), ("ana", 2, "pot")]
    assert store.shoppers.forget("ana") is not None
    assert store.meanings.votes() == []


def test_meanings_keep_their_numbers_and_what_was_taken_back(store: Store) -> None:
    lamps = KeptMeaning("blarfo", "category", "Lamps", 8, 8, 8, 0.2, 0.7, True)
    red = KeptMeaning("blarfo", "colour", "red", 3, 8, 8, 0.2, 0.2, False)
    assert store.meanings.replace([lamps, red])
    assert not store.meanings.replace([lamps._replace(chosen=9)])
    assert [(one.number, one.chosen) for one in store.meanings.used()] == [(1, 9)]
    assert store.meanings.take_back([1, 7], forgotten=True) == [1]
    assert not store.meanings.replace([lamps])
    assert not store.meanings.replace([])
    assert [one.value for one in store.meanings.page(state="forgotten")[0]] == ["Lamps"]
    assert store.meanings.take_back([1], forgotten=False) == [1]
    assert store.meanings.replace([lamps]) and store.meanings.used()[0].number == 1
    assert store.meanings.page(state="used", phrase="other") == ([], 0)
