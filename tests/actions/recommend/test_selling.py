"""Upsell and cross-sell: what may stand in such lists, whatever the default strategy would put there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.models.recommend.purchases.relations import Relations, RelationsConfig
from bottega.names import Availability
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import RuleKind, SavedRule


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path_factory.mktemp("shop")) as opened:
        prices = {"a": 1000, "b": 1100, "c": 1600, "d": 1601, "e": 900, "f": 1300, "g": 1400}
        lamps = [
            Product(
                id=f"lamp-{name}",
                title=f"Lamp {name}",
                category=("Home", "Lamps"),
                price_minor=price,
                currency="USD",
                availability=Availability.OUT_OF_STOCK if name == "g" else Availability.IN_STOCK,
            )
            for name, price in prices.items()
        ]
        rest = [
            Product(id=name, title=name, category=("Home", kind), price_minor=1200, currency="USD")
            for name, kind in (("bulb", "Bulbs"), ("rug", "Rugs"), ("shade", "Shades"))
        ]
        opened.upsert([*lamps, *rest])
        with opened.floor() as floor:
            table = np.zeros((len(floor.items), len(floor.items)), dtype=np.float32)
            for name, weight in (("bulb", 1.0), ("shade", 0.5), ("lamp-f", 0.4)):
                table[floor.items.code("lamp-a"), floor.items.code(name)] = weight
            relations = Relations(sparse.csr_matrix(table), sparse.csr_matrix(table * 0), RelationsConfig())
            object.__setattr__(floor.side_models, "relations", relations)
        yield opened


def listed(shop: OpenShop, strategy: str, *beside: str, **more: Any) -> tuple[set[str], str | None]:
    saved = more.pop("saved", None)
    asked = {"placement": "product", "product_ids": list(beside), "strategy": strategy, "n": 10, **more}
    answer = recommend(shop, RecommendationRequest.model_validate(asked), saved=saved)
    return {one.product_id for one in answer.items}, answer.fallback


def test_an_upsell_is_dearer_of_the_same_kind_and_in_stock(shop: OpenShop) -> None:
    assert listed(shop, "upsell", "lamp-a")[0] == {"lamp-b", "lamp-c", "lamp-f"}
    assert listed(shop, "upsell", "lamp-a", "lamp-c", placement="cart")[0] == {"lamp-b", "lamp-f"}
    found, fallback = listed(shop, "upsell", "rug")
    assert fallback == "nothing_dearer" and "lamp-a" in found


def test_a_cross_sell_goes_with_it_and_is_of_another_kind(shop: OpenShop) -> None:
    assert listed(shop, "cross_sell", "lamp-a")[0] == {"bulb", "shade"}
    assert listed(shop, "cross_sell", "rug")[1] == "nothing_goes_with"


def test_filters_and_saved_rules_hold_in_it(shop: OpenShop) -> None:
    assert listed(shop, "upsell", "lamp-a", filter={"price_minor": {"max": 1300}})[0] == {"lamp-b", "lamp-f"}
    hide = SavedRule(id="no", kind=RuleKind.HIDE, product_ids=["lamp-c"])
    assert listed(shop, "upsell", "lamp-a", saved=[hide])[0] == {"lamp-b", "lamp-f"}


def test_it_stands_beside_something(shop: OpenShop) -> None:
    with pytest.raises(RequestInvalid, match="upsell"):
        recommend(shop, RecommendationRequest(placement="home", strategy="upsell"))
