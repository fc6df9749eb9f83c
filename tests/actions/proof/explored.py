"""A shop whose home lists were explored, with planted chances and clicks."""

from __future__ import annotations

import time

import numpy as np

from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.shop.open_shop import OpenShop
from bottega.store.answers import LoggedAnswer

__all__ = ["explore"]

HOUR_MS = 3_600_000


def explore(shop: OpenShop) -> None:
    """1,200 lists, each with its second place given by chance: `best` in six of ten; `other` is clicked thrice as
    often."""
    brands = {"top": "North", "best": "North", "other": "South", "last": "East"}
    shop.upsert([Product(id=name, title=name, brand=brand, price_minor=500) for name, brand in brands.items()])
    rng, at = np.random.default_rng(2), time.time_ns() // 1_000_000 - 5 * HOUR_MS
    lists, events = [], []
    for number in range(1_200):
        names, chances = ["best", "other"], [0.6, 0.4]
        name = names[int(rng.random() >= 0.6)]
        one = {"rank": 2, "product_ids": names, "scores": [0.9, 0.6], "propensities": chances}
        shopper = f"s{number // 2}"
        plain = LoggedAnswer(f"r-{number}", shopper, at, "home", None, None, "v1", ["top", name], [1.0, 0.6])
        lists.append(plain._replace(explored=[one]))
        if rng.random() < (0.3 if name == "other" else 0.1):
            of = {"kind": "click", "product_id": name, "time_ms": at + 60_000, "recommendation_id": f"r-{number}"}
            events.append(Event.model_validate({"shopper_id": shopper, **of}))
    shop.store.answers.add(lists, forgotten=0)
    shop.store.events.add(events)
