"""Old events become counts: each once, of nobody who said no, and none of them comes back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from bottega.events.event import Event
from bottega.events.times import now_ms
from bottega.events.traits import Traits
from bottega.names import DAY_MS, EventKind, KindCode
from bottega.store import events as event_store
from bottega.store import folded
from bottega.store.folded import PastCount
from bottega.store.store import Store
from bottega.store.traits import Telling

JAN, FEB, MAR = (int(datetime(2026, month, 1, tzinfo=UTC).timestamp()) * 1000 for month in (1, 2, 3))


def event(name: str, at: int, shopper: str, kind: EventKind, product: str | None = "mug", **others: object) -> Event:
    return Event.model_validate(
        {"event_id": name, "shopper_id": shopper, "kind": kind, "product_id": product, "time_ms": at, **others}
    )


EVENTS = [
    event("1", JAN, "ann", EventKind.VIEW),
    event("2", JAN + 5, "ann", EventKind.ADD_TO_CART),
    event("3", JAN + 6, "ann", EventKind.VIEW),
    event("4", JAN + DAY_MS, "ann", EventKind.VIEW),
    event("5", JAN, "bob", EventKind.PURCHASE, quantity=3, order_id="o1"),
    event("6", JAN + 9, "bob", EventKind.SEARCH, None, query="mug"),
    event("7", FEB, "bob", EventKind.VIEW),
    event("8", FEB - 1, "bob", EventKind.VIEW, "cup 🎁"),
    event("9", FEB + 1, "eve", EventKind.VIEW),
    event("10", MAR, "ann", EventKind.VIEW),
]
JANUARY = [
    PastCount(JAN, "cup 🎁", KindCode.VIEW, 1, 0),
    PastCount(JAN, "mug", KindCode.VIEW, 1, 0),
    PastCount(JAN, "mug", KindCode.ADD_TO_CART, 1, 0),
    PastCount(JAN, "mug", KindCode.PURCHASE, 1, 3),
]


def in_order(counts: list[PastCount]) -> list[tuple[int, str, int, int, int]]:
    return sorted((one.month_ms, one.product_id, int(one.kind), one.shoppers, one.pieces) for one in counts)


@pytest.mark.parametrize("chunk", [1000, 2])
def test_old_events_become_counts(store: Store, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folded, "CHUNK", chunk)
    store.events.add(EVENTS)
    assert store.folded.until_ms() == 0 and store.folded.counts() == []
    assert store.folded.fold(FEB, "assumed") == 7
    assert [one.event_id for one in store.events.since(0, 100)] == ["7", "9", "10"]
    assert store.folded.until_ms() == FEB
    if chunk == 1000:
        assert in_order(store.folded.counts()) == in_order(JANUARY)
    else:  # who comes back within a day may be counted once in each chunk
        found = {(one.product_id, one.kind): one.pieces for one in store.folded.counts()}
        assert found[("mug", KindCode.PURCHASE)] == 3 and set(found) == {(one.product_id, one.kind) for one in JANUARY}


def test_a_second_time_changes_nothing_and_a_later_one_adds(store: Store) -> None:
    store.events.add(EVENTS)
    store.folded.fold(FEB, "assumed")
    assert store.folded.fold(FEB, "assumed") == 0 and in_order(store.folded.counts()) == in_order(JANUARY)
    assert store.folded.fold(JAN, "assumed") == 0 and store.folded.until_ms() == FEB, "time does not run backwards"
    assert store.folded.fold(MAR, "assumed") == 2
    more = [PastCount(FEB, "mug", KindCode.VIEW, 2, 0)]
    assert in_order(store.folded.counts()) == in_order(JANUARY + more)


def test_what_was_folded_does_not_come_back(store: Store) -> None:
    store.events.add(EVENTS)
    store.folded.fold(FEB, "assumed")
    added = store.events.add(EVENTS)
    assert (added.added, added.duplicates) == (0, len(EVENTS))
    new = [event("11", FEB - 1, "zoe", EventKind.VIEW), event("12", FEB, "zoe", EventKind.VIEW)]
    added = store.events.add(new)
    assert (added.added, added.duplicates) == (1, 1)
    assert store.events.add(new[:1]).duplicates == 1, "nothing is left of the batch"
    store.folded.fold(FEB, "assumed")
    assert in_order(store.folded.counts()) == in_order(JANUARY)


def test_nobody_who_said_no_is_counted_and_designs_stay(store: Store) -> None:
    store.events.add([*EVENTS, event("13", JAN, "zoe", EventKind.PURCHASE, design_id="d-1")])
    no = Traits.model_validate({"consent": {"personalisation": "no"}})
    store.traits.tell([Telling("bob", no)], now_ms=JAN)
    assert store.folded.fold(FEB, "assumed") == 7, "what bob did goes all the same"
    assert {(one.product_id, one.kind) for one in store.folded.counts()} == {
        ("mug", KindCode.VIEW),
        ("mug", KindCode.ADD_TO_CART),
    }
    assert "13" in {one.event_id for one in store.events.since(0, 100)}


def test_what_was_given_back_is_not_counted(store: Store) -> None:
    store.events.add([*EVENTS, event("14", JAN + 10, "bob", EventKind.REFUND, quantity=2, order_id="o1")])
    store.folded.fold(FEB, "assumed")
    assert [one.pieces for one in store.folded.counts() if one.kind is KindCode.PURCHASE] == [1]


def bought(store: Store) -> list[tuple[int, int, int]]:
    """Of each month in which mugs were bought: when it began, who bought, pieces that stayed."""
    counts = [one for one in store.folded.counts() if (one.product_id, one.kind) == ("mug", KindCode.PURCHASE)]
    return [(one.month_ms, one.shoppers, one.pieces) for one in counts]


def test_a_refund_of_what_was_folded_takes_from_the_counts_once(store: Store) -> None:
    more = [event("20", FEB + 5, "ann", EventKind.PURCHASE, order_id="o2")]
    store.events.add([*EVENTS, *more])
    store.folded.fold(MAR, "assumed")
    assert bought(store) == [(JAN, 1, 3), (FEB, 1, 1)]
    refunds = [
        event("21", MAR + 1, "bob", EventKind.REFUND, quantity=2, order_id="o1", source="shopify:refund"),
        event("22", MAR + 2, "eve", EventKind.REFUND, "vase"),  # of which none was sold
    ]
    store.events.add(refunds)
    assert store.folded.fold(MAR, "assumed") == 0
    assert bought(store) == [(JAN, 1, 2)], "newest first, and no month has more who bought than pieces"
    store.events.add([event("23", MAR + 3, "zoe", EventKind.REFUND)])  # of all pieces, and nobody knows how many
    store.folded.fold(MAR, "assumed")
    assert bought(store) == [(JAN, 1, 1)]
    retold = event("24", MAR + 9, "bob", EventKind.REFUND, quantity=2, order_id="o1", source="csv:refund")
    store.events.add([*refunds, retold])
    store.folded.fold(MAR, "assumed")
    assert bought(store) == [(JAN, 1, 1)], "what two sources tell of is given back once"
    store.events.add([event("25", MAR + 9, "bob", EventKind.REFUND, quantity=9, source="csv:refund")])
    store.folded.fold(MAR, "assumed")
    assert bought(store) == []


def test_a_refund_that_found_its_purchase_takes_nothing_more(store: Store) -> None:
    store.folded.fold(JAN, "assumed")
    kept = event("20", MAR, "ann", EventKind.PURCHASE, order_id="o2")
    early = event("21", FEB, "bob", EventKind.REFUND, quantity=1, order_id="o1")
    store.events.add([*EVENTS, kept, early, event("22", MAR + 1, "ann", EventKind.REFUND, order_id="o2")])
    for until in (FEB, FEB, MAR, MAR + DAY_MS):
        store.folded.fold(until, "assumed")
        assert bought(store)[0] == (JAN, 1, 2)
    assert bought(store) == [(JAN, 1, 2)], "the other one came back as a whole"


def test_a_refund_of_whom_nothing_is_counted_takes_nothing(store: Store) -> None:
    store.events.add(EVENTS)
    store.folded.fold(FEB, "assumed")
    no = Traits.model_validate({"consent": {"personalisation": "no"}})
    store.traits.tell([Telling("eve", no)], now_ms=JAN)
    store.events.add([event("20", MAR, "eve", EventKind.REFUND)])
    store.folded.fold(FEB, "assumed")
    assert bought(store) == [(JAN, 1, 3)]


def test_of_what_happened_just_now_nobody_is_asked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_ms()
    store.events.add([event("1", now - 26 * DAY_MS, "ann", EventKind.VIEW), event("2", JAN, "ann", EventKind.VIEW)])
    assert store.folded.fold(now + DAY_MS, "assumed") == 1, "what is young stays"
    assert store.folded.until_ms() <= now_ms() - folded.YOUNG_MS
    asked: list[int] = []
    look = folded.folded_until

    def counted(connection: Connection) -> int:
        asked.append(1)
        return look(connection)

    monkeypatch.setattr(event_store, "folded_until", counted)
    assert store.events.add([event("3", now, "ann", EventKind.VIEW)]).added == 1 and not asked
    late = [event("4", now, "ann", EventKind.VIEW), event("2", JAN, "ann", EventKind.VIEW)]
    assert store.events.add(late).added == 1 and asked == [1]
