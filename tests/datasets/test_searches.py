"""Which products a search led to."""

from __future__ import annotations

from pathlib import Path

from bottega.catalogue.product import Product
from bottega.datasets.items import Items
from bottega.datasets.searches import searches_led_to
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.store.store import Store

MINUTE_MS = 60_000


def test_an_event_belongs_to_the_last_search_before_it(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/shop.db") as store:
        items = Items.of([Product(id="lamp", title="Lamp"), Product(id="mug", title="Mug")])
        assert searches_led_to(store, items).height == 0
        rows = []
        for shopper in ("ann", "bob", "eve"):
            rows += [
                (shopper, "view", "mug", None, 0),  # before any search
                (shopper, "search", None, "Oak  LAMP ", 1),
                (shopper, "view", "lamp", None, 2),
                (shopper, "purchase", "lamp", None, 3),  # the same shopper again counts once
                (shopper, "view", "mug", None, 9),  # too long after
            ]
        rows += [("ann", "search", None, "ann's secret", 20), ("ann", "view", "mug", None, 21)]
        rows += [("bob", "search", None, "oak lamp", 30), ("bob", "search", None, "mug", 31)]
        rows += [("bob", "view", "mug", None, 32), ("bob", "view", "unknown", None, 33)]
        store.events.add(
            [
                Event(shopper_id=who, kind=EventKind(kind), product_id=product, query=query, time_ms=minute * MINUTE_MS)
                for who, kind, product, query, minute in rows
            ]
        )
        found = searches_led_to(store, items)
        # "mug" and the secret have fewer than three shoppers.
        assert found.rows() == [("oak lamp", items.code("lamp"), 3)]
        assert store.events.searches().height == 6
