"""A shop's rows become histories: unknown products counted, runs collapsed, log-ins joined."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Histories
from bottega.datasets.load import collapse, collapsed, load_dataset
from bottega.errors import CatalogueEmpty
from bottega.events.event import Event
from bottega.names import KIND_WEIGHT, EventKind, KindCode
from bottega.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/shop.db") as opened:
        yield opened


def event(shopper: str, product: str, kind: str, time_ms: int) -> Event:
    return Event(shopper_id=shopper, product_id=product, kind=EventKind(kind), time_ms=time_ms)


def test_an_empty_shop_says_what_to_do(store: Store) -> None:
    with pytest.raises(CatalogueEmpty, match=r"no products.*bottega import catalogue"):
        load_dataset(store)


def test_rows_become_histories(store: Store) -> None:
    store.products.upsert([Product(id="s", group_id="shirt", title="S"), Product(id="m", group_id="shirt", title="M")])
    store.products.upsert([Product(id="mug", title="Mug")])
    store.events.add(
        [
            event("bob", "mug", "view", 30),
            event("ann", "m", "purchase", 20),
            event("ann", "s", "view", 10),
            event("ann", "gone", "view", 15),
            event("ann", "mug", "impression", 40),
            event("bob", "shirt", "wishlist", 50),
        ]
    )
    dataset = load_dataset(store)
    by_shopper = {name: dataset.histories.take([i]) for i, name in enumerate(dataset.shoppers)}
    assert sorted(by_shopper) == ["ann", "bob"]
    assert by_shopper["ann"].items.tolist() == [0], "sizes of one shirt are one item, and its run is one event"
    assert by_shopper["ann"].kinds.tolist() == [KindCode.PURCHASE]
    assert by_shopper["bob"].items.tolist() == [1, 0], "a group id names its item"
    assert dataset.unknown_products == 1
    assert dataset.events_seen == 6
    assert [dataset.items.product_ids(code) for code in range(2)] == [["s", "m"], ["mug"]]


def test_anonymous_history_joins_the_shopper(store: Store) -> None:
    store.products.upsert([Product(id=name, title=name) for name in "abc"])
    store.events.add(
        [
            Event(anonymous_id="cookie", product_id="a", kind=EventKind.VIEW, time_ms=1),
            Event(anonymous_id="cookie", shopper_id="ann", product_id="b", kind=EventKind.VIEW, time_ms=2),
            Event(anonymous_id="cookie", product_id="c", kind=EventKind.VIEW, time_ms=3),
        ]
    )
    dataset = load_dataset(store)
    assert dataset.shoppers == ["ann"]
    assert dataset.histories.items.tolist() == [0, 1, 2]


def test_one_history_collapses_as_many_do() -> None:
    draw = random.Random(1)
    kinds = sorted(KIND_WEIGHT)
    for length in range(30):
        events = [(draw.randrange(3), int(draw.choice(kinds)), time) for time in range(length)]
        items, codes, times = ([event[place] for event in events] for place in range(3))
        expected = collapse(Histories.from_lists([items], n_items=3, kinds=[codes], times=[times]))
        found = collapsed(events, 3)
        for name in ("offsets", "items", "kinds", "times"):
            one, other = getattr(found, name), getattr(expected, name)
            assert one.tolist() == other.tolist() and one.dtype == other.dtype
        assert found.n_items == 3


def test_collapse_keeps_the_strongest_kind_the_last_time_and_every_purchase() -> None:
    view, cart, buy = KindCode.VIEW, KindCode.ADD_TO_CART, KindCode.PURCHASE
    histories = Histories.from_lists(
        [[5, 5, 5, 5, 2, 5], [5, 5], []],
        n_items=6,
        kinds=[[view, cart, buy, view, view, view], [cart, view]],
        times=[[1, 2, 3, 4, 5, 6], [7, 8]],
    )
    once = collapse(histories)
    assert once.offsets.tolist() == [0, 4, 5, 5]
    assert once.items.tolist() == [5, 5, 2, 5, 5]
    assert once.kinds.tolist() == [buy, view, view, view, cart]
    assert once.times.tolist() == [3, 4, 5, 6, 8]
    assert collapse(once).items.tolist() == once.items.tolist()
