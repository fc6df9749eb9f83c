"""The shelf answers every filter as the products themselves would."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bottega.catalogue.filter import Filter, PriceRange
from bottega.catalogue.product import Product
from bottega.datasets.growing import GrowingColumn
from bottega.datasets.items import Items
from bottega.datasets.name_table import NameTable
from bottega.names import Availability
from bottega.shop.shelf.product_reader import ProductReader
from bottega.shop.shelf.shelf import Shelf, items_with
from bottega.shop.shelf.shelf_rows import ShelfRows

PRODUCTS = [
    Product(id="s", group_id="shirt", title="S", category=("Apparel", "Shirts"), brand="Ofen", price_minor=2000),
    Product(id="m", group_id="shirt", title="M", category=("Apparel", "Shirts"), brand="ofen ", price_minor=2500),
    Product(id="mug", title="Mug", category=("Kitchen",), attributes={"color": ("Red", "white")}, hidden=True),
    Product(id="lamp", title="Lamp", category=("Home", "Lamps"), availability=Availability.OUT_OF_STOCK),
]


@pytest.fixture
def shelf() -> Shelf:
    """In the postings and columns that a catalogue is opened with."""
    rows = ShelfRows(NameTable.of([]))
    rows.see(PRODUCTS, [1] * len(PRODUCTS))
    columns, groups = rows.columns()
    reader = ProductReader(
        lambda ids: {product.id: product for product in PRODUCTS if product.id in ids},
        lambda ids: {product.id: product.title for product in PRODUCTS if product.id in ids},
    )
    growing = {name: GrowingColumn(column) for name, column in columns.items()}
    return Shelf(Items.of(PRODUCTS), growing, rows.postings(), rows.facets(), groups, reader)


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        (Filter(), lambda p: True),
        (Filter(brand=["OFEN"]), lambda p: p.brand is not None),
        (Filter(category=["shirts"]), lambda p: "Shirts" in p.category),
        (Filter(category=["home > lamps", "Kitchen"]), lambda p: p.id in ("lamp", "mug")),
        (Filter(attributes={"color": ["red"]}), lambda p: p.id == "mug"),
        (Filter(ids=["shirt"]), lambda p: p.group_id == "shirt"),
        (Filter(ids=["m", "lamp"]), lambda p: p.id in ("m", "lamp")),
        (Filter(availability=[Availability.OUT_OF_STOCK]), lambda p: p.id == "lamp"),
        (Filter(price_minor=PriceRange(min=2100)), lambda p: p.id == "m"),
        (Filter(price_minor=PriceRange(max=2100)), lambda p: p.id == "s"),
        (Filter.model_validate({"not": {"brand": "Ofen"}}), lambda p: p.brand is None),
        (
            Filter.model_validate({"not": [{"brand": "Ofen"}, {"category": ["Kitchen"]}]}),
            lambda p: p.brand is None and "Kitchen" not in p.category,
        ),
        (Filter.model_validate({"not": []}), lambda p: True),
    ],
)
def test_filters(shelf: Shelf, wanted: Filter, holds: Callable[[Product], bool]) -> None:
    found = [product.id for product, meets in zip(PRODUCTS, shelf.matching(wanted), strict=True) if meets]
    assert found == [product.id for product in PRODUCTS if holds(product)]


def test_what_may_not_be_shown_is_not_allowed_and_changes_are_followed(shelf: Shelf) -> None:
    rows, items = shelf.allowed(None)
    assert rows.tolist() == [True, True, False, False]
    assert items.tolist() == [True, False, False]
    lamp = PRODUCTS[3].model_copy(update={"availability": Availability.IN_STOCK, "brand": "Licht"})
    after = shelf.stocked(Items.of(PRODUCTS), [lamp], [2])
    assert after.allowed(None)[1].tolist() == [True, False, True]
    assert after.matching(Filter(brand=["licht"])).tolist() == [False, False, False, True]
    assert after.changed_since(shelf) == [3] and after.changed_since(after) == []


def test_a_shelf_stays_as_it_was_when_another_follows(shelf: Shelf) -> None:
    items = Items.of(PRODUCTS)
    sold_out = PRODUCTS[0].model_copy(update={"availability": Availability.OUT_OF_STOCK, "brand": "Lana"})
    more = [sold_out, Product(id="new", title="New", brand="Ofen"), Product(id="l", group_id="shirt", title="L")]
    before = [shelf.matching(wanted).tolist() for wanted in (Filter(), Filter(brand=["ofen"]), Filter(ids=["shirt"]))]
    grown = items.copy()
    grown.add(more)
    after = shelf.stocked(grown, more, [2, 2, 2])
    found = [shelf.matching(wanted).tolist() for wanted in (Filter(), Filter(brand=["ofen"]), Filter(ids=["shirt"]))]
    assert found == before and len(shelf) == 4 and shelf.get("new") is None and shelf.usable.tolist()[0]
    assert items.product_ids(0) == ["s", "m"] and grown.product_ids(0) == ["s", "m", "l"]
    assert after.matching(Filter(brand=["ofen"])).tolist() == [False, True, False, False, True, False]
    assert after.matching(Filter(ids=["shirt"])).tolist() == [True, True, False, False, False, True]
    assert after.get("s") == sold_out and not after.usable[0] and after.changed_since(shelf) == [0, 4, 5]


def test_items_follow_from_their_variants() -> None:
    item_of = np.array([0, 0, 1, 2], dtype=np.int32)
    assert items_with(np.array([False, True, False, True]), item_of, 3).tolist() == [True, False, True]
