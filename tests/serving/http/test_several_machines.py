"""With the setting `several_machines` what another machine writes into the store is in the very next answer.

The other machine is a store opened by itself: it writes rows, and knows nothing of the stamps by which the processes of
one machine tell each other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.events.traits import Traits
from bottega.names import EventKind
from bottega.store.store import Store
from bottega.store.traits import Telling


def view(product_id: str, **who: Any) -> Event:
    return Event(kind=EventKind.VIEW, product_id=product_id, time_ms=int(time.time() * 1000), **who)


@pytest.fixture
def door(trained: Path, open_door: Callable[..., Any]) -> Any:
    """Never freshened in the background."""
    return open_door(trained, several_machines=True)


@pytest.fixture
def abroad(door: Any) -> Iterator[Store]:
    """The store as another machine sees it."""
    with Store.open(f"sqlite:///{door.folder / 'shop.db'}") as store:
        yield store


def test_an_event_from_abroad_is_in_the_next_answer(door: Any, abroad: Store) -> None:
    before = door.ask(shopper="new")
    assert before["fallback"] == "popular"
    for number in range(3):
        abroad.events.add([view(f"tea-{number}", shopper_id="new")])
        after = door.ask(shopper="new")
        assert after["fallback"] is None and after["items"] != before["items"]
        before = after


def test_a_join_from_abroad_is_in_the_next_answer(door: Any, abroad: Store) -> None:
    abroad.events.add([view("chairs-1", anonymous_id="cookie")])
    apart = door.ask(shopper="cookie")
    abroad.events.add([view("tea-1", shopper_id="joined", anonymous_id="cookie")])
    joined = door.ask(shopper="cookie")
    assert joined["items"] == door.ask(shopper="joined")["items"] != apart["items"]


def test_a_product_from_abroad_is_in_the_next_answer(door: Any, abroad: Store) -> None:
    assert not door.ids(filter={"ids": ["late"]})
    late = Product(id="late", title="Late tea", category=("Food", "Tea"), brand="Nord", price_minor=500, currency="USD")
    abroad.products.upsert([late])
    assert door.ids(filter={"ids": ["late"]}) == ["late"]
    abroad.products.upsert([late.model_copy(update={"hidden": True})])
    assert not door.ids(filter={"ids": ["late"]})


def test_a_consent_withdrawn_abroad_is_in_the_next_answer(door: Any, abroad: Store) -> None:
    stranger, before = door.ask(), door.ask(shopper="s3")
    assert before["items"] != stranger["items"]
    no = Traits.model_validate({"consent": {"personalisation": "no"}})
    abroad.traits.tell([Telling("s3", no)], now_ms=int(time.time() * 1000))
    after = door.ask(shopper="s3")
    assert after["fallback"] == "no_consent" and after["items"] == stranger["items"]


def test_a_taste_declared_abroad_is_in_the_next_answer(door: Any, abroad: Store) -> None:
    before = door.ask(shopper="s3", n=20)["items"]
    abroad.tastes.declare("s3", {"category": ["Home > Lamps"]}, time_ms=int(time.time() * 1000), told_as="s3")
    assert door.ask(shopper="s3", n=20)["items"] != before


def test_without_the_setting_it_comes_with_the_next_refresh(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained)
    before = door.ask(shopper="new")
    with Store.open(f"sqlite:///{door.folder / 'shop.db'}") as abroad:
        abroad.events.add([view("tea-1", shopper_id="new")])
    assert door.ask(shopper="new")["items"] == before["items"]
    door.shop.refresh()
    assert door.ask(shopper="new")["items"] != before["items"]
