"""Products by webhook: as they are now, with all their variants; what is older, shared or told apart stays apart."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.serving.http.test_webhooks_over_http import Platforms

from bottega.catalogue.product import Product
from bottega.names import Availability

SHOPIFY: dict[str, Any] = {
    "id": 7001,
    "title": "Rain coat",
    "handle": "rain-coat",
    "body_html": "<p>Keeps the rain off all day long.</p>",
    "vendor": "Nord",
    "product_type": "Coats",
    "status": "active",
    "published_at": "2026-05-01T00:00:00Z",
    "updated_at": "2026-05-02T00:00:00Z",
    "tags": "rain, coat",
    "options": [{"name": "Size", "values": ["S", "M"]}],
    "variants": [
        {
            "id": 71,
            "product_id": 7001,
            "title": "S",
            "option1": "S",
            "sku": "RC-S",
            "price": "59.90",
            "compare_at_price": "79.90",
            "inventory_item_id": 171,
            "inventory_management": "shopify",
            "inventory_policy": "deny",
            "inventory_quantity": 4,
        },
        {
            "id": 72,
            "product_id": 7001,
            "title": "M",
            "option1": "M",
            "sku": "",
            "price": "59.90",
            "inventory_item_id": 172,
            "inventory_management": "shopify",
            "inventory_policy": "continue",
            "inventory_quantity": 0,
        },
    ],
    "images": [{"id": 1, "src": "https://cdn.example/coat.jpg"}, {"id": 2, "src": "../../etc/passwd"}],
}
WOOCOMMERCE: dict[str, Any] = {
    "id": 799,
    "name": "Premium Quality",
    "type": "simple",
    "status": "publish",
    "catalog_visibility": "visible",
    "permalink": "https://shop.example/premium",
    "sku": "PQ",
    "regular_price": "21.99",
    "sale_price": "",
    "price": "21.99",
    "stock_status": "instock",
    "stock_quantity": None,
    "date_modified_gmt": "2026-05-02T00:00:00",
    "description": "<p>Soft cotton, cut wide at the shoulders.</p>",
    "categories": [{"id": 9, "name": "Clothing"}],
    "images": [{"id": 792, "src": "https://cdn.example/pq.jpg"}],
    "attributes": [],
    "variations": [],
}


@pytest.fixture
def platforms(door: Any) -> Platforms:
    return Platforms(door)


def changed(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(body) | changes


def test_a_product_of_shopify_stands_in_the_next_answer(platforms: Platforms) -> None:
    answer = platforms.send("shopify", "products/create", SHOPIFY)
    assert (answer["result"], answer["products"], answer["rejected"]) == ("done", 2, {})
    small, medium = platforms.product("RC-S"), platforms.product("rain-coat/M")
    assert (small.group_id, medium.group_id) == ("7001", "7001")
    assert (small.title, small.price_minor, small.attributes["size"]) == ("Rain coat", 5990, ("S",))
    assert small.images == ("https://cdn.example/coat.jpg",) and small.description == "Keeps the rain off all day long."
    assert (small.availability, medium.availability) == (Availability.IN_STOCK, Availability.BACKORDER)
    assert platforms.door.ids(filter={"ids": ["7001"]}) != []


def test_what_changed_replaces_what_was_and_a_variant_less_is_discontinued(platforms: Platforms) -> None:
    platforms.send("shopify", "products/create", SHOPIFY)
    fewer = changed(SHOPIFY, title="Rain coat II", updated_at="2026-05-03T00:00:00Z")
    del fewer["variants"][1]
    assert platforms.send("shopify", "products/update", fewer)["products"] == 2
    assert platforms.product("RC-S").title == "Rain coat II"
    assert platforms.product("rain-coat/M").availability is Availability.DISCONTINUED
    platforms.send("shopify", "products/update", changed(SHOPIFY, updated_at="2026-05-04T00:00:00Z"))
    assert platforms.product("rain-coat/M").availability is Availability.BACKORDER, "it is back"


def test_a_state_that_was_overtaken_changes_nothing(platforms: Platforms) -> None:
    platforms.send("shopify", "products/update", changed(SHOPIFY, title="New", updated_at="2026-05-03T00:00:00Z"))
    assert platforms.send("shopify", "products/update", changed(SHOPIFY, title="Old"))["result"] == "older"
    assert platforms.product("RC-S").title == "New"


def test_a_draft_is_hidden_and_a_deleted_product_shown_no_more(platforms: Platforms) -> None:
    platforms.send("shopify", "products/create", changed(SHOPIFY, status="draft"))
    assert platforms.product("RC-S").hidden and platforms.door.ids(filter={"ids": ["7001"]}) == []
    assert platforms.send("shopify", "products/delete", {"id": 7001})["products"] == 2
    assert {platforms.product(name).availability for name in ("RC-S", "rain-coat/M")} == {Availability.DISCONTINUED}


def test_stock_follows_the_product_that_told_of_its_item(platforms: Platforms) -> None:
    platforms.send("shopify", "products/create", SHOPIFY)
    for item, name, left in ((171, "RC-S", Availability.OUT_OF_STOCK), (172, "rain-coat/M", Availability.BACKORDER)):
        level = {"inventory_item_id": item, "location_id": 1, "available": 0, "updated_at": "2026-05-03T00:00:00Z"}
        assert platforms.send("shopify", "inventory_levels/update", level)["result"] == "done"
        assert platforms.product(name).availability is left
    platforms.send("shopify", "inventory_levels/update", {"inventory_item_id": 171, "location_id": 1, "available": 3})
    assert platforms.product("RC-S").availability is Availability.IN_STOCK


def test_two_products_that_share_a_sku_stay_two(platforms: Platforms) -> None:
    platforms.send("shopify", "products/create", SHOPIFY)
    twin = changed(SHOPIFY, id=7002, title="Another", handle="another")
    twin["variants"] = [{**twin["variants"][0], "id": 81, "inventory_item_id": 181}]
    assert platforms.send("shopify", "products/create", twin)["products"] == 1
    assert (platforms.product("RC-S").title, platforms.product("another/S").title) == ("Rain coat", "Another")
    level = {"inventory_item_id": 181, "location_id": 1, "available": 0}
    assert platforms.send("shopify", "inventory_levels/update", level)["result"] == "done"
    assert platforms.product("another/S").availability is Availability.OUT_OF_STOCK


def test_a_product_that_came_by_csv_is_the_same_one(platforms: Platforms) -> None:
    """Shopify's CSV groups by handle, its JSON by number; the ids are the same in both."""
    rows = [Product(id=name, group_id="rain-coat", title="Rain coat") for name in ("RC-S", "rain-coat/M", "RC-OLD")]
    platforms.door.shop.upsert(rows)
    platforms.send("shopify", "products/update", SHOPIFY)
    assert platforms.product("RC-S").group_id == platforms.product("rain-coat/M").group_id == "7001"
    assert platforms.product("RC-OLD").availability is Availability.DISCONTINUED


def test_a_simple_product_of_woocommerce(platforms: Platforms) -> None:
    assert platforms.send("woocommerce", "product.created", WOOCOMMERCE)["products"] == 1
    found = platforms.product("799")
    assert (found.title, found.price_minor, found.currency) == ("Premium Quality", 2199, "USD")
    sold = changed(WOOCOMMERCE, stock_status="outofstock", date_modified_gmt="2026-05-03T00:00:00")
    assert platforms.send("woocommerce", "product.updated", sold)["result"] == "done"
    assert platforms.product("799").availability is Availability.OUT_OF_STOCK
    assert platforms.send("woocommerce", "product.updated", WOOCOMMERCE)["result"] == "older"
    assert platforms.send("woocommerce", "product.deleted", {"id": 799})["products"] == 1


def test_variations_of_woocommerce_are_told_apart_from_their_product(platforms: Platforms) -> None:
    rows = [Product(id=str(name), group_id="800", title="Shirt", brand="Nord", price_minor=5) for name in (801, 802)]
    platforms.door.shop.upsert(rows)
    errands = platforms.door.shop.store.errands
    parent = changed(WOOCOMMERCE, id=800, type="variable", variations=[801, 802], status="draft")
    assert platforms.send("woocommerce", "product.updated", parent)["result"] == "queued"
    assert platforms.product("801").hidden and platforms.product("802").availability is Availability.IN_STOCK
    assert [one.foreign_id for one in errands.waiting("woocommerce")] == ["800"]
    platforms.send("woocommerce", "product.updated", {**parent, "status": "publish"})
    variation = changed(
        WOOCOMMERCE, id=801, type="variation", parent_id=800, sku="S", regular_price="25.00", price="25.00"
    )
    assert platforms.send("woocommerce", "product.updated", variation)["result"] == "done"
    found = platforms.product("801")
    assert (found.price_minor, found.title, found.brand, found.group_id) == (2500, "Shirt", "Nord", "800")
    assert platforms.product("802").price_minor == 5
    unknown = {**variation, "id": 803}
    assert platforms.send("woocommerce", "product.updated", unknown)["result"] == "queued"
    assert [one.foreign_id for one in errands.waiting("woocommerce")] == ["800"]


@pytest.mark.parametrize(("platform", "topic"), [("shopify", "products/update"), ("woocommerce", "product.updated")])
@pytest.mark.parametrize(
    "body",
    [{}, {"id": 1}, {"id": None, "title": "x", "variants": 7}, {"id": 1, "title": "", "variants": [None, "x", {}]}],
)
def test_a_product_that_says_nothing_is_answered(platforms: Platforms, platform: str, topic: str, body: Any) -> None:
    before = platforms.door.shop.store.products.count()
    answer = platforms.send(platform, topic, body)
    assert answer["result"] == "unusable" and platforms.door.shop.store.products.count() == before
