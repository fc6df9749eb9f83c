"""Events as rows: once each, in order of arrival, by shopper, as one table."""

from __future__ import annotations

import polars as pl
import pytest

from bottega.events.batch import EVENT_COLUMNS, schema_of
from bottega.events.event import Event
from bottega.names import KindCode
from bottega.store.database import AS_ARRAYS_FROM
from bottega.store.event_frames import FRAME_COLUMNS
from bottega.store.events import Added
from bottega.store.store import Store

T = 1_700_000_000_000


def make(
    event_id: str, shopper: str | None = "ada", product: str | None = "mug", at: int = 0, **fields: object
) -> Event:
    row = {"event_id": event_id, "shopper_id": shopper, "product_id": product, "kind": "view", "time_ms": T + at}
    return Event.model_validate({**row, **fields})


def test_every_field_comes_back_as_it_went_in(store: Store) -> None:
    event = Event(
        event_id="e/1 🎁",
        shopper_id="ada l",
        anonymous_id="cookie",
        session_id="s",
        kind="purchase",  # type: ignore[arg-type]
        product_id="mug/1",
        time_ms=T,
        quantity=3,
        value=19.5,
        query="red mug",
        rating=4.5,
        recommendation_id="r",
        source="ga4:purchase",
    )
    store.events.add([event])
    (stored,) = store.events.since(0, 10)
    assert stored.kind is KindCode.PURCHASE and stored.shopper == "ada l"
    for name in Event.model_fields:
        if name != "kind":
            assert getattr(stored, name) == getattr(event, name), name


def test_the_same_id_counts_once(store: Store) -> None:
    assert store.events.add([make("1"), make("2"), make("1")]) == Added(2, 1)
    assert store.events.add([make("2", product="other"), make("3")]) == Added(1, 1)
    assert store.events.count() == 3
    assert [row.product_id for row in store.events.since(0, 10)] == ["mug", "mug", "mug"]
    assert store.events.add([]) == Added(0, 0)


def test_many_at_once_go_in_as_few_do_and_the_first_of_an_id_counts(store: Store) -> None:
    # From so many rows on PostgreSQL is given arrays, of which each field must come out as it went in.
    worth: list[float | None] = [3, None, 2.5, 1e-300]
    given = [
        make(str(number), value=worth[number % 4], query="" if number % 3 else 'Lämpchen {1,NULL}\\ "x"', at=number)
        for number in range(AS_ARRAYS_FROM)
    ]
    again = make("7", query="later", at=9_999)
    added = store.events.add([*given, again])
    assert (added.added, added.duplicates) == (AS_ARRAYS_FROM, 1)
    came = store.events.since(0, AS_ARRAYS_FROM + 1)
    assert [(one.event_id, one.value, one.query, one.time_ms) for one in came] == [
        (one.event_id, one.value, one.query, one.time_ms) for one in given
    ]
    assert store.events.add(given).duplicates == AS_ARRAYS_FROM


def test_an_event_without_id_is_known_again_by_its_content(store: Store) -> None:
    assert store.events.add([make("", at=1), make("", at=2)]) == Added(2, 0)
    assert store.events.add([make("", at=2), make("", at=3)]) == Added(1, 1)


def test_late_events_stand_in_their_place(store: Store) -> None:
    store.events.add([make("now", at=100), make("later", at=200)])
    store.events.add([make("late", at=150)])
    assert [row.event_id for row in store.events.of_shopper("ada", 10)] == ["later", "late", "now"]
    assert store.events.frame()["time_ms"].to_list() == [T + 100, T + 150, T + 200]
    assert [row.event_id for row in store.events.since(0, 10)] == ["now", "later", "late"]


def test_since_walks_in_order_of_arrival(store: Store) -> None:
    assert store.events.newest_seq() == 0 and store.events.last_time_ms() is None
    store.events.add([make(str(number), at=-number) for number in range(5)])
    store.events.add([make("0"), make("5")])
    first = store.events.since(0, 4)
    rest = store.events.since(first[-1].seq, 4)
    assert [row.event_id for row in [*first, *rest]] == [str(number) for number in range(6)]
    assert rest[-1].seq == store.events.newest_seq()
    assert store.events.since(store.events.newest_seq(), 4) == []
    assert store.events.last_time_ms() == T


def test_of_shopper_gives_the_newest_first_and_equal_times_by_arrival(store: Store) -> None:
    store.events.add([make("a"), make("b"), make("c"), make("d", shopper="bob")])
    assert [row.event_id for row in store.events.of_shopper("ada", 2)] == ["c", "b"]
    assert store.events.of_shopper("nobody", 2) == []


def test_the_frame_is_sorted_and_typed(store: Store) -> None:
    assert store.events.frame().schema == pl.Schema(schema_of(FRAME_COLUMNS)) and store.events.frame().is_empty()
    store.events.add(
        [make("1", "bob", at=5), make("2", "Ada", at=9), make("3", "bob", at=1, value=2.5), make("4", "ada")]
    )
    frame = store.events.frame()
    assert frame.schema == pl.Schema(schema_of(FRAME_COLUMNS))
    assert frame.rows() == [
        ("Ada", "mug", 1, T + 9, 1, None, None),
        ("ada", "mug", 1, T, 1, None, None),
        ("bob", "mug", 1, T + 1, 1, 2.5, None),
        ("bob", "mug", 1, T + 5, 1, None, None),
    ]


def test_a_whole_frame_goes_in_and_comes_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bottega.store.event_frames._READ_CHUNK", 3_000)
    size = 10_000
    numbers = pl.int_range(size, eager=True)
    frame = pl.DataFrame(
        {
            "event_id": "e" + numbers.cast(pl.String),
            "shopper_id": "s" + (numbers % 1000).cast(pl.String),
            "product_id": "p" + (numbers % 77).cast(pl.String),
            "kind": numbers % 3,
            "time_ms": T - numbers,
            "quantity": numbers % 5 + 1,
            "value": numbers / 4,
        }
    )
    lacking = [pl.lit(None).alias(name) for name in EVENT_COLUMNS if name not in frame.columns]
    frame = frame.with_columns(lacking).select(
        pl.col(name).cast(kind) for name, kind in schema_of(EVENT_COLUMNS).items()
    )
    assert store.events.add_frame(frame) == Added(size, 0)
    assert store.events.add_frame(frame[:1000]) == Added(0, 1000)
    back = store.events.frame()
    assert len(back) == store.events.count() == size
    expected = frame.rename({"shopper_id": "shopper"}).select(list(FRAME_COLUMNS)).sort("shopper", "time_ms")
    assert back.equals(expected)


def test_a_frame_of_other_columns_is_our_own_mistake(store: Store) -> None:
    with pytest.raises(AssertionError, match="columns must be"):
        store.events.add_frame(pl.DataFrame({"shopper_id": ["ada"]}))


def test_shoppers_are_gone_through_by_name(store: Store) -> None:
    names = [f"s{n:02d}" for n in range(23)] + ["Zoë 🎁", "ann/b"]
    store.events.add([make(f"{name}{n}", name, at=n) for name in names for n in range(2)])
    starts = store.events.every_shopper(10)
    assert len(starts) == 3
    found = [store.events.shoppers_from(*ends) for ends in zip(starts, [*starts[1:], None], strict=True)]
    assert [len(some) for some in found] == [10, 10, 5] and [some[0] for some in found] == starts
    assert sorted([name for some in found for name in some]) == sorted(names)
    assert store.events.every_shopper(1) == [name for some in found for name in some]
