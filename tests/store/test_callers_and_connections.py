"""What callers of other systems say, events one by one, and where connectors go on."""

from __future__ import annotations

from bottega.events.event import Event
from bottega.names import EventKind, KindCode
from bottega.store.foreign import ForeignProduct
from bottega.store.single_events import WantedEvents
from bottega.store.store import Store


def event(name: str, product: str, kind: EventKind = EventKind.VIEW, source: str | None = None) -> Event:
    return Event(shopper_id=name, product_id=product, kind=kind, time_ms=1_770_000_000_000, source=source)


def test_records_read_back_word_for_word_and_one_system_knows_nothing_of_another(store: Store) -> None:
    said = {"Labels": {"a": [1, None, "é😀"]}, "Comment": ""}
    store.foreign.put_shoppers("gorse", {"ann": said, "bob": {}})
    store.foreign.put_shoppers("gorse", {"bob": {"Comment": "new"}})
    assert store.foreign.shoppers("gorse", ["ann", "bob", "eve"]) == {"ann": said, "bob": {"Comment": "new"}}
    assert store.foreign.shoppers("personalize", ["ann"]) == {}
    store.foreign.put_products("gorse", {"a/b": ForeignProduct(said, {"title": "A"})})
    store.foreign.put_products("gorse", {"a/b": ForeignProduct(said, {"title": "B"})})
    assert store.foreign.products("gorse", ["a/b", "c"]) == {"a/b": ForeignProduct(said, {"title": "B"})}
    assert store.foreign.told_of("gorse", limit=5) == ["ann", "bob"]
    assert store.foreign.told_of("gorse", after="ann", limit=5) == ["bob"]


def test_what_a_caller_said_is_exported_and_forgotten_and_makes_nobody_known(store: Store) -> None:
    store.foreign.put_shoppers("gorse", {"c-77": {"Comment": "a cookie"}})
    store.events.add([Event(anonymous_id="c-77", shopper_id="ann", product_id="p", kind=EventKind.VIEW, time_ms=1)])
    assert store.shoppers.profile("c-77") == "ann"  # the record does not make a shopper of the cookie
    found = store.shoppers.forget("ann")
    assert found is not None and [row["shopper"] for row in found.tables["foreign_shoppers"]] == ["c-77"]
    assert store.foreign.shoppers("gorse", ["c-77"]) == {}
    store.foreign.put_shoppers("gorse", {"eve": {}})
    assert store.shoppers.forget("eve") is not None and store.shoppers.forget("eve") is None


def test_events_are_listed_a_page_at_a_time_and_taken_back(store: Store) -> None:
    store.events.add([event("ann", f"p{n}", source="gorse:read") for n in range(5)])
    store.events.add([event("bob", "p1", EventKind.PURCHASE), event("bob", "p2")])
    first = store.single_events.page(WantedEvents(shopper="ann"), limit=3)
    rest = store.single_events.page(WantedEvents(shopper="ann"), after=first[-1].seq, limit=3)
    assert [row.product_id for row in (*first, *rest)] == [f"p{n}" for n in range(5)]
    wanted = WantedEvents(product_id="p1", kinds=[KindCode.VIEW], sources=["gorse:read"])
    found = store.single_events.page(wanted, limit=9)
    assert [row.shopper for row in found] == ["ann"]
    assert store.single_events.remove(WantedEvents(numbers=[found[0].seq])) == (1, frozenset({"ann"}))
    assert store.single_events.remove(WantedEvents(numbers=[found[0].seq])) == (0, frozenset())
    assert store.events.count() == 6
    assert store.single_events.shoppers(limit=9) == ["ann", "bob"]
    assert store.single_events.shoppers(after="ann", limit=9) == ["bob"]


def test_where_a_connector_goes_on(store: Store) -> None:
    assert store.connections.get("shopify") is None
    store.connections.put("shopify", "https://a.example", {"products": {"since": "t"}})
    store.connections.put("shopify", "https://b.example", {})
    kept = store.connections.get("shopify")
    assert kept is not None and (kept.address, kept.cursors) == ("https://b.example", {})
