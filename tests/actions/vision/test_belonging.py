"""Where an attribute belongs: a shop's own labels before the eye's opinion."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.actions.vision.belonging import belonging
from bottega.actions.vision.shapes import TagCatalogueRequest
from bottega.actions.vision.suggestions import all_suggestions
from bottega.actions.vision.tag_catalogue import tag_catalogue
from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop


def things(category: str, count: int, stated: int) -> list[Product]:
    return [
        Product(
            id=f"{category}-{number}",
            title="Thing",
            category=tuple(category.split(" > ")) if category else (),
            attributes={"gender": ("men",)} if number < stated else {},
        )
        for number in range(count)
    ]


def chances(products: list[Product], taught: float | None, attribute: str = "gender") -> dict[str, float]:
    eye = None if taught is None else np.full(len(products), taught, dtype=np.float32)
    found = belonging(products, range(len(products)), attribute, eye)
    return {" > ".join(product.category): float(chance) for product, chance in zip(products, found, strict=True)}


@pytest.mark.parametrize("taught", [0.01, 0.99, None])
def test_own_labels_weigh_more_than_what_ships(taught: float | None) -> None:
    shop = [*things("Clothes > Shirts", 40, 25), *things("Home > Candles", 40, 0), *things("Clothes > Hats", 4, 0)]
    found = chances(shop, taught)
    assert found["Clothes > Shirts"] > 0.5, "the shirts that lack it are those to be filled"
    assert found["Home > Candles"] < 0.5, "no candle here has a gender, whatever a photo looks like"
    assert found["Clothes > Hats"] > 0.5, "a few hats belong to the clothes"


def test_a_shop_that_says_nothing_of_it_leaves_it_to_the_eye() -> None:
    shop = [*things("Clothes", 30, 3), *things("Home", 30, 0), *things("", 5, 0)]
    assert all(chance > 0.9 for chance in chances(shop, 0.99).values())
    assert all(chance < 0.1 for chance in chances(shop, 0.01).values())
    few = [*things("Clothes", 60, 50), *things("Home", 6, 0), *things("", 5, 0)]
    assert chances(few, 0.99)["Home"] > 0.5, "six are too few to teach anything"


def test_products_of_a_category_are_judged_together() -> None:
    shop = things("Home > Lamps", 10, 0)
    taught = np.array([0.95, *[0.02] * 9], dtype=np.float32)
    assert (belonging(shop, range(10), "gender", taught) < 0.5).all(), "one odd photo does not dress a lamp"
    assert belonging(shop, [0], "gender", taught[:1])[0] > 0.5, "where it is the only one that was looked at"


def test_nothing_is_suggested_where_nobody_says_it(shop: ShopFolder) -> None:
    known = shop.store.products.all()
    blank = [
        product.model_copy(update={"category": ("Home", "Rods"), "attributes": {}})
        for product in known
        if product.id.startswith("Belts-")
    ]
    shop.store.products.upsert(blank)
    report = tag_catalogue(OpenShop(shop), TagCatalogueRequest())
    filled = {one.product_id for one in all_suggestions(shop.store) if one.attribute == "color"}
    assert not {product.id for product in blank} & filled, "thirty rods without a colour, thirty trousers with one"
    assert filled == {"bare", "bare/2"} and report.empty["color"] == 34
