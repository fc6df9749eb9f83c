"""Facets count what a result may be narrowed by, as counting the products themselves would."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from bottega.catalogue.filter import Filter, PriceRange
from bottega.catalogue.product import Product
from bottega.datasets.growing import GrowingColumn
from bottega.datasets.items import Items
from bottega.datasets.name_table import NameTable
from bottega.names import Availability, IntArray
from bottega.shop.search.facets import Counts, chosen_in, facets_of, without
from bottega.shop.shelf.facet_rows import VALUES_MOST
from bottega.shop.shelf.product_reader import ProductReader
from bottega.shop.shelf.shelf import Shelf
from bottega.shop.shelf.shelf_rows import ShelfRows

COLOURS, BRANDS = ("Red", "blue", "Green"), ("Lana", "Ofen")


def product(number: int, **more: object) -> Product:
    fields = {
        "id": f"p{number}",
        "title": f"Thing {number}",
        "category": ("Home", ("Mugs", "Lamps")[number % 2]),
        "brand": BRANDS[number % 2],
        "price_minor": 500 + 100 * number,
        "attributes": {"color": (COLOURS[number % 3],), "gtin": (f"{4000 + number}",), "made": ("here",)},
    }
    return Product.model_validate(fields | more)


PRODUCTS = [product(number) for number in range(30)]


def shelf_of(products: list[Product]) -> Shelf:
    rows = ShelfRows(NameTable.of([]))
    rows.see(products, [1] * len(products))
    columns, groups = rows.columns()
    reader = ProductReader(lambda ids: {}, lambda ids: {})
    growing = {name: GrowingColumn(column) for name, column in columns.items()}
    return Shelf(Items.of(products), growing, rows.postings(), rows.facets(), groups, reader)


def counted(
    shelf: Shelf,
    rows: list[int] | IntArray,
    wanted: Filter | None = None,
    loose: dict[tuple[str, bool], IntArray] | None = None,
) -> dict[str, Counts]:
    if loose is None:
        loose = {}
    found = facets_of(shelf, np.asarray(rows, dtype=np.int32), wanted, loose, digits=2)
    return {counts.name: counts for counts in found}


def values(counts: Counts) -> dict[str, int]:
    return {one.value: one.count for one in counts.values}


def test_every_value_is_counted_over_the_result_and_over_nothing_else() -> None:
    shelf, rows = shelf_of(PRODUCTS), list(range(5, 25))
    found = counted(shelf, rows)
    inside = [PRODUCTS[row] for row in rows]
    assert values(found["color"]) == Counter(one.attributes["color"][0] for one in inside)
    assert values(found["brand"]) == Counter(one.brand for one in inside)
    assert values(found["category"]) == Counter(" > ".join(one.category) for one in inside)  # "Home" tells nothing
    assert [one.label for one in found["category"].values] == ["Lamps", "Mugs"]
    assert "gtin" not in found and "made" not in found and "availability" not in found
    assert list(found)[:3] == ["category", "brand", "color"]


def test_ranges_of_price_are_round_and_hold_everything_once() -> None:
    ranges = counted(shelf_of(PRODUCTS), list(range(30)))["price"].values
    assert sum(one.count for one in ranges) == 30 and len(ranges) >= 3
    for one in ranges:
        low, high = one.low or 0, one.high if one.high is not None else 10**9
        assert one.count == sum(low <= each.price_minor <= high for each in PRODUCTS if each.price_minor is not None)
        assert low % 100 == 0


def test_variants_count_once_a_value_and_spellings_as_one() -> None:
    products = [
        product(0, id="s", group_id="shirt", attributes={"color": ("Red",)}),
        product(1, id="m", group_id="shirt", attributes={"color": ("red",)}),
        product(2, id="l", group_id="shirt", attributes={"color": ("blue",)}),
        product(3, id="other", attributes={"color": ("Red",)}),
    ]
    assert values(counted(shelf_of(products), [0, 1, 2, 3])["color"]) == {"Red": 2, "blue": 1}


def test_what_came_and_changed_since_is_counted_as_it_is_now() -> None:
    shelf, items = shelf_of(PRODUCTS), Items.of(PRODUCTS)
    items.add([new := product(30, attributes={"color": ("Gold",)})])
    after = shelf.stocked(items, [product(0, brand="Neu", attributes={"color": ("Gold",)}), new], [2, 2])
    found = counted(after, list(range(31)))
    assert values(found["color"]) == {"Red": 9, "blue": 10, "Green": 10, "Gold": 2}
    assert values(found["brand"]) == {"Lana": 15, "Ofen": 15, "Neu": 1}
    assert values(counted(shelf, list(range(30)))["color"])["Red"] == 10  # the one before stays as it was


def test_values_beside_the_chosen_one_stay_and_the_chosen_is_marked() -> None:
    shelf = shelf_of(PRODUCTS)
    wanted = Filter(attributes={"Color": ["RED"]}, brand=["Lana"])
    rows = np.flatnonzero(shelf.matching(wanted)).astype(np.int32)
    loose = {
        (name, is_attribute): np.flatnonzero(
            np.ones(30, np.bool_)
            if (left := without(wanted, name, is_attribute=is_attribute)) is None
            else shelf.matching(left)
        ).astype(np.int32)
        for name, is_attribute in chosen_in(wanted)
    }
    found = counted(shelf, rows, wanted, loose)
    assert values(found["color"]) == {"Red": 5, "Green": 5, "blue": 5}  # of this brand
    assert values(found["brand"]) == {"Lana": 5, "Ofen": 5}  # of this colour
    assert [one.value for name in ("color", "brand") for one in found[name].values if one.chosen] == ["Red", "Lana"]


def test_a_chosen_value_that_nothing_has_stays_to_be_taken_back() -> None:
    wanted = Filter(attributes={"color": ["Mauve"]}, price_minor=PriceRange(min=1, max=2))
    found = counted(shelf_of(PRODUCTS), [], wanted, {("color", True): np.arange(30, dtype=np.int32)})
    mauve = next(one for one in found["color"].values if one.value == "Mauve")
    assert (mauve.count, mauve.chosen) == (0, True)
    [chosen] = [one for one in found["price"].values if one.chosen]
    assert (chosen.low, chosen.high, chosen.count) == (1, 2, 0)


def test_an_attribute_of_thousands_of_values_is_no_facet() -> None:
    products = [product(number, attributes={"serial": (f"s{number}",)}) for number in range(VALUES_MOST + 1)]
    numbers, _ = shelf_of(products).facets_of(np.arange(10, dtype=np.int32))
    assert len(numbers) == 10  # the brand alone


def test_availability_is_told_where_it_differs() -> None:
    products = [
        product(n, availability=Availability.PREORDER if n % 4 == 0 else Availability.IN_STOCK) for n in range(8)
    ]
    assert values(counted(shelf_of(products), list(range(8)))["availability"]) == {"in_stock": 6, "preorder": 2}


@pytest.mark.parametrize("path", [("Home",), ()])
def test_nothing_to_choose_is_no_facet(path: tuple[str, ...]) -> None:
    found = counted(shelf_of([product(1, category=path)]), [0])
    assert "brand" not in found and "price" not in found
