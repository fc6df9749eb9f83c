"""Products side by side, and browsed: what differs first, what is not said, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.actions.catalogue.browse import BrowseRequest, VariantsRequest, browse, variants
from bottega.actions.catalogue.compare import CompareRequest, compare
from bottega.catalogue.product import Product
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.names import Availability
from bottega.shop.open_shop import OpenShop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    lamp = Product(
        id="oak/1",
        title="Oak lamp",
        brand="Nord",
        category=("Home", "Lamps"),
        price_minor=3990,
        currency="EUR",
        attributes={"colour": ("brown", "white"), "height": ("40 cm",)},
    )
    steel = lamp.model_copy(
        update={
            "id": "steel ☕",
            "title": "Steel lamp",
            "price_minor": 1990,
            "availability": Availability.OUT_OF_STOCK,
            "attributes": {"colour": ("White", "Brown"), "material": ("steel",)},
        }
    )
    cheap = steel.model_copy(update={"id": "yen", "price_minor": 500, "currency": "JPY"})
    sizes = [Product(id=f"hat-{size}", group_id="hat", title=f"Hat {size}", category=("Clothes",)) for size in "SM"]
    hidden = Product(id="draft", title="Draft", hidden=True)
    with OpenShop.open(tmp_path / "shop") as opened:
        opened.upsert([lamp, steel, cheap, *sizes, hidden])
        yield opened


def test_what_differs_comes_first_and_what_is_not_said_is_null(shop: OpenShop) -> None:
    answer = compare(shop, CompareRequest(product_ids=["oak/1", "steel ☕"]))
    assert answer.product_ids == ["oak/1", "steel ☕"]
    rows = {row.attribute: row for row in answer.rows}
    assert [row.attribute for row in answer.rows] == [
        *("title", "price", "availability", "height", "material"),
        *("brand", "category", "colour"),
    ]
    assert [row.differs for row in answer.rows] == [True] * 5 + [False] * 3, "another order of values is no difference"
    assert rows["price"].unit == "EUR" and rows["price"].values == {"oak/1": "39.90", "steel ☕": "19.90"}
    assert rows["availability"].values == {"oak/1": "in stock", "steel ☕": "out of stock"}
    assert rows["height"].values == {"oak/1": "40 cm", "steel ☕": None}
    assert rows["category"].values["oak/1"] == "Home > Lamps" and rows["colour"].values["oak/1"] == "brown, white"


def test_prices_in_two_currencies_say_their_own(shop: OpenShop) -> None:
    rows = {row.attribute: row for row in compare(shop, CompareRequest(product_ids=["oak/1", "yen", "hat-S"])).rows}
    assert rows["price"].unit is None
    assert rows["price"].values == {"oak/1": "39.90 EUR", "yen": "500 JPY", "hat-S": None}


def test_what_cannot_be_compared_is_refused(shop: OpenShop) -> None:
    with pytest.raises(ProductUnknown, match="'gone'"):
        compare(shop, CompareRequest(product_ids=["oak/1", "gone"]))
    with pytest.raises(RequestInvalid, match=r"'oak/1' is named twice"):
        compare(shop, CompareRequest(product_ids=["oak/1", "yen", "oak/1"]))


def test_the_shop_is_browsed_by_category_with_variants_together(shop: OpenShop) -> None:
    everything = browse(shop, BrowseRequest(n=2))
    assert everything.total == 4 and everything.next == 2, "two sizes are one, the draft is not shown"
    assert [(one.label, one.count) for one in everything.inside] == [("Home", 3), ("Clothes", 1)]
    assert [[one.id for one in group] for group in everything.groups] == [["oak/1"], ["hat-S", "hat-M"]], "turn by turn"
    lamps = browse(shop, BrowseRequest(category=["Home", "Lamps"]))
    assert lamps.total == 3 and lamps.inside == [] and lamps.next is None
    found = variants(shop, VariantsRequest(product_ids=["hat-M", "hat", "oak/1", "draft", "gone"])).groups
    assert {name: [one.id for one in group] for name, group in found.items()} == {
        "hat-M": ["hat-S", "hat-M"],
        "hat": ["hat-S", "hat-M"],
        "oak/1": ["oak/1"],
    }
