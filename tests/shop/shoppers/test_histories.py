"""What shoppers did is followed at once where this process wrote it, and at the next look where others did."""

from __future__ import annotations

import gc
from weakref import ref

from bottega.catalogue.product import Product
from bottega.datasets.items import Items
from bottega.events.event import Event
from bottega.names import Availability, EventKind, KindCode
from bottega.shop.open_shop import OpenShop
from bottega.shop.shoppers.histories import Past
from bottega.store.store import Store

PRODUCTS = [Product(id=name, title=f"{name} thing", attributes={"color": ("red",)}) for name in "abc"]


def view(product: str, time_ms: int, kind: EventKind = EventKind.VIEW, **who: str) -> Event:
    return Event.model_validate(
        {"product_id": product, "kind": kind, "time_ms": time_ms, **(who or {"shopper_id": "ann"})}
    )


def history(shop: OpenShop, name: str) -> list[int]:
    with shop.floor() as floor:
        items: list[int] = floor.past(shop.profile(name)).history.items.tolist()
        return items


def test_an_event_is_in_the_very_next_history(shop: OpenShop) -> None:
    assert history(shop, "ann") == []
    for time_ms, product in enumerate("abca"):
        shop.record([view(product, time_ms)])
        assert history(shop, "ann")[-1] == "abc".index(product)
    assert history(shop, "ann") == [1, 2, 0], "only the newest three are kept"


def test_other_processes_are_noticed_when_catching_up(shop: OpenShop, tmp_path: object) -> None:
    assert history(shop, "ann") == []
    with Store.open(str(shop.store.database.engine.url)) as other:
        other.events.add([view("b", 5)])
        other.products.upsert([PRODUCTS[0].model_copy(update={"availability": Availability.OUT_OF_STOCK})])
        other.products.upsert([Product(id="d", title="d", attributes={"color": ("red",)})])
    assert history(shop, "ann") == []
    shop.catch_up()
    assert history(shop, "ann") == [1]
    with shop.floor() as floor:
        assert floor.recommendable.tolist() == [False, True, True, True]
        assert floor.features.attributes.shape[0] == 4 and [
            floor.items.id(code) for code in range(len(floor.items))
        ] == ["a", "b", "c", "d"]
    assert shop._recent().events_seen == 1


def test_a_log_in_elsewhere_is_noticed_under_every_name(shop: OpenShop) -> None:
    shop.record([view("a", 1, anonymous_id="cookie")])
    assert shop.profile("cookie") == "cookie" and history(shop, "cookie") == [0]
    with Store.open(str(shop.store.database.engine.url)) as other:
        other.events.add([view("b", 2, anonymous_id="cookie", shopper_id="ann")])
    shop.catch_up()
    assert shop.profile("cookie") == "ann" and history(shop, "cookie") == [0, 1]


def test_logging_in_joins_what_was_seen_before(shop: OpenShop) -> None:
    shop.record([view("a", 1, anonymous_id="cookie")])
    assert history(shop, "cookie") == [0]
    shop.record([view("b", 2, anonymous_id="cookie", shopper_id="ann")])
    assert history(shop, "ann") == [0, 1] and shop.profile("cookie") == "ann"


def test_purchases_and_what_was_touched(shop: OpenShop) -> None:
    kinds = [("a", EventKind.ADD_TO_CART), ("b", EventKind.ADD_TO_CART), ("a", EventKind.PURCHASE)]
    shop.record(
        [Event(shopper_id="ann", product_id=product, kind=kind, time_ms=i) for i, (product, kind) in enumerate(kinds)]
    )
    with shop.floor() as floor:
        past = floor.past("ann")
        assert past and past.purchases == {0: 2} and past.touched(floor.items) == {0: "a", 1: "b"}
        assert KindCode.PURCHASE in past.history.kinds
        assert not floor.past("stranger") and floor.past(None).history.n_events == 0


def test_a_past_does_not_hold_the_items_of_a_model_that_answers_no_more() -> None:
    items = Items()
    gone, past = ref(items), Past([(1, int(KindCode.VIEW), "a")], items)
    assert past.knows(items)
    del items
    gc.collect()
    assert gone() is None and not past.knows(Items())


def test_a_past_is_of_one_moment(shop: OpenShop) -> None:
    shop.record([view("a", 1)])
    with shop.floor() as floor:
        past = floor.past("ann")
        shop.record([view("b", 2, EventKind.PURCHASE)])
        assert past.history.items.tolist() == [0] and past.purchases == {}
        assert floor.past("ann").purchases == {1: 2}, "the next look sees it, on the same floor"


def test_own_events_are_not_read_again(shop: OpenShop) -> None:
    history(shop, "ann")
    shop.record([view("a", 1), view("b", 2)])
    recent = shop._recent()
    assert recent.events_seen == 2 and recent.catch_up() == 0 and recent.events_seen == 2
    with Store.open(str(shop.store.database.engine.url)) as other:
        other.events.add([view("c", 3)])
    shop.record([view("a", 4)])
    assert recent.catch_up() == 2 and recent.events_seen == 4, "others wrote in between, so all is read on from there"


def test_the_forgotten_are_gone_and_counted_out(shop: OpenShop) -> None:
    shop.record([view("a", 1), view("b", 1, shopper_id="bob")])
    assert history(shop, "ann") == [0]
    shop.store.shoppers.forget("ann")
    shop.catch_up()
    assert history(shop, "ann") == [] and shop._recent().events_seen == 1
