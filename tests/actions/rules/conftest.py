"""A shop of sixty products, open and untrained: rules are about what is made of scores, not about scores."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest, UpsertRequest
from bottega.actions.intake.upsert_products import upsert_products
from bottega.shop.open_shop import OpenShop

KINDS = {"lamp": ["Home", "Lamps"], "mug": ["Kitchen", "Mugs"], "shirt": ["Clothes", "Shirts"]}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path_factory.mktemp("shop")) as opened:
        rows = [
            {
                "id": f"{kind}-{i}",
                "title": f"{kind} {'oak' if i % 2 else 'steel'} {i}",
                "category": path,
                "brand": f"brand{i % 4}",
                "price_minor": 1000 + 100 * i,
                "currency": "USD",
            }
            for kind, path in KINDS.items()
            for i in range(20)
        ]
        upsert_products(opened, UpsertRequest(products=rows))
        events = [{"shopper_id": "ann", "kind": "view", "product_id": f"lamp-{i}"} for i in (1, 2, 3)]
        events += [{"shopper_id": "bob", "kind": "purchase", "product_id": "mug-4"}]
        record_events(opened, RecordRequest(events=events))
        yield opened


@pytest.fixture
def shop(shared: OpenShop) -> Iterator[OpenShop]:
    """The shop without any rule, and left so."""
    yield shared
    for rule in shared.rules.all():
        shared.rules.put(rule.id, None)
