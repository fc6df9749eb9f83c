"""The live shop follows its own writes at once and other processes' writes at the next look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.catalogue.product import Product
from bottega.datasets.features import FeatureSpace
from bottega.datasets.items import Items
from bottega.events.event import Event
from bottega.names import Availability, EventKind, KindCode
from bottega.shop.histories import LiveShop
from bottega.store.store import Store

PRODUCTS = [Product(id=name, title=f"{name} thing", attributes={"color": ("red",)}) for name in "abc"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/shop.db") as opened:
        opened.products.upsert(PRODUCTS)
        yield opened


@pytest.fixture
def live(store: Store) -> LiveShop:
    items = Items.of(PRODUCTS[:2])
    return LiveShop(store, items, FeatureSpace.learn([[p] for p in PRODUCTS]), history_events=3)


def view(product: str, time_ms: int, **who: str) -> Event:
    return Event.model_validate(
        {"product_id": product, "kind": EventKind.VIEW, "time_ms": time_ms, **(who or {"shopper_id": "ann"})}
    )


def test_products_younger_than_the_model_go_behind(live: LiveShop) -> None:
    assert live.items.ids == ["a", "b", "c"]
    assert live.features.n_items == 3
    assert live.recommendable.tolist() == [True, True, True]


def test_an_event_is_in_the_very_next_history(live: LiveShop, store: Store) -> None:
    assert live.history("ann").items.tolist() == []
    for time_ms, product in enumerate("abca"):
        events = [view(product, time_ms)]
        store.events.add(events)
        live.record(events)
        assert live.history("ann").row(0)[-1] == live.items.code(product)
    assert live.history("ann").items.tolist() == [1, 2, 0], "only the newest three are kept"


def test_other_processes_are_noticed_on_refresh(live: LiveShop, store: Store) -> None:
    assert live.history("ann").n_events == 0
    store.events.add([view("b", 5)])
    store.products.upsert([PRODUCTS[0].model_copy(update={"availability": Availability.OUT_OF_STOCK})])
    store.products.upsert([Product(id="d", title="d", attributes={"color": ("red",)})])
    assert live.refresh() is True
    assert live.history("ann").items.tolist() == [1]
    assert live.recommendable.tolist() == [False, True, True, True]
    assert live.features.attributes.shape[0] == 4
    assert live.events_seen == 1
    assert live.refresh() is False


def test_a_group_is_recommendable_while_one_variant_is(store: Store) -> None:
    small = Product(id="s", group_id="shirt", title="S", availability=Availability.OUT_OF_STOCK)
    medium = Product(id="m", group_id="shirt", title="M")
    store.products.upsert([small, medium])
    live = LiveShop(store, Items(), FeatureSpace.learn([[p] for p in PRODUCTS]), history_events=3)
    shirt = live.items.code("shirt")
    assert live.recommendable[shirt]
    live.upsert([medium.model_copy(update={"hidden": True})])
    assert not live.recommendable[shirt]


def test_logging_in_joins_what_was_seen_before(live: LiveShop, store: Store) -> None:
    first = [view("a", 1, anonymous_id="cookie")]
    store.events.add(first)
    live.record(first)
    assert live.history("cookie").items.tolist() == [0]
    login = [view("b", 2, anonymous_id="cookie", shopper_id="ann")]
    store.events.add(login)
    live.record(login)
    assert live.history("ann").items.tolist() == [0, 1]
    assert live.resolve(None, "cookie") == "ann"


def test_cart_and_purchases(live: LiveShop, store: Store) -> None:
    kinds = [("a", EventKind.ADD_TO_CART), ("b", EventKind.ADD_TO_CART), ("a", EventKind.PURCHASE)]
    events = [
        Event(shopper_id="ann", product_id=product, kind=kind, time_ms=i) for i, (product, kind) in enumerate(kinds)
    ]
    store.events.add(events)
    live.record(events)
    assert live.cart("ann") == ["b"]
    assert live.purchases("ann") == {0: 2}
    assert KindCode.PURCHASE in live.history("ann").kinds
