"""A shop's products have the same ids and names, whichever way they come: by file, by interface, by webhook."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bottega.catalogue.product import Product

I = "https://s.example/"  # noqa: E741
SHOPIFY_CSV = """Handle,Title,Vendor,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price
shirt,Linen Shirt,Nord,Color,Red,Size,L,,20.00
shirt,,,,Red,,M,SH-RM,20.00
shirt,,,,Blue / Navy,,M,,21.00
mug,Mug,Nord,Title,Default Title,,,,9.00
lamp,Lamp,Nord,Title,Default Title,,,LAMP,30.00
twin,Twin,Nord,Title,Default Title,,,LAMP,31.00
hat,Hat,Nord,Head size,58,,,,12.00
"""


def _shopify(graphql: bool) -> list[dict[str, Any]]:
    """The same products as the interface tells them."""
    shirts: list[tuple[str, str | None, str, int]] = [
        ("Red", "L", "", 20),
        ("Red", "M", "SH-RM", 20),
        ("Blue / Navy", "M", "", 21),
    ]
    told: list[tuple[int, str, str, list[str], list[tuple[str, str | None, str, int]]]] = [
        (1, "shirt", "Linen Shirt", ["Color", "Size"], shirts),
        (2, "mug", "Mug", ["Title"], [("Default Title", None, "", 9)]),
        (3, "lamp", "Lamp", ["Title"], [("Default Title", None, "LAMP", 30)]),
        (4, "twin", "Twin", ["Title"], [("Default Title", None, "LAMP", 31)]),
        (5, "hat", "Hat", ["Head size"], [("58", None, "", 12)]),
    ]  # fmt: skip
    found = []
    for number, handle, title, names, variants in told:
        nodes = []
        for place, (first, second, sku, price) in enumerate(variants):
            values = [value for value in (first, second) if value]
            if graphql:
                chosen = [{"name": name, "value": value} for name, value in zip(names, values, strict=True)]
                one: dict[str, Any] = {"id": f"gid://shopify/ProductVariant/{number}{place}", "selectedOptions": chosen}
            else:
                one = {"id": number * 10 + place, "option1": first, "option2": second, "product_id": number}
            nodes.append(one | {"sku": sku, "price": f"{price}.00"})
        found.append({
            "id": f"gid://shopify/Product/{number}" if graphql else number,
            "handle": handle,
            "title": title,
            "vendor": "Nord",
            "variants": {"nodes": nodes} if graphql else nodes,
            **({"productType": "", "descriptionHtml": ""} if graphql else {
                "product_type": "", "body_html": "", "options": [{"name": name} for name in names]
            }),
        })  # fmt: skip
    return found


def _told(products: list[Product]) -> list[tuple[Any, ...]]:
    return [(one.id, one.title, one.brand, one.price_minor, dict(one.attributes)) for one in products]


def test_shopify(read_feed: Callable[..., Any]) -> None:
    csv = read_feed("products.csv", SHOPIFY_CSV)
    rest = read_feed("rest.json", json.dumps({"products": _shopify(graphql=False)}))
    graphql = read_feed("graphql.json", json.dumps({"data": {"products": {"nodes": _shopify(graphql=True)}}}))
    assert [feed.format for feed in (csv, rest, graphql)] == ["shopify-csv", "shopify-json", "shopify-json"]
    assert [one.id for one in csv.products] == [
        "shirt/Red/L", "SH-RM", "shirt/Blue / Navy/M", "mug", "LAMP", "twin", "hat/58",
    ]  # fmt: skip
    assert _told(csv.products) == _told(rest.products) == _told(graphql.products)


def test_woocommerce(read_feed: Callable[..., Any]) -> None:
    csv = read_feed(
        "products.csv",
        "ID,Type,SKU,Name,Published,In stock?,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)\n"
        '10,variable,TEE,Tee,1,1,,,Color,"Red, Blue"\n'
        "11,variation,,Tee - Red,1,1,15,TEE,Color,Red\n"
        "12,variation,TEE-B,Tee - Blue,1,1,16,id:10,Color,Blue\n"
        "20,simple,,Lamp,1,1,30,,,\n",
    )
    variations = [
        {"id": 11, "sku": "", "name": "Red", "regular_price": "15"},
        {"id": 12, "sku": "TEE-B", "name": "Blue", "regular_price": "16"},
    ]
    for one in variations:
        one |= {"attributes": [{"name": "Color", "option": one["name"]}], "stock_status": "instock", "permalink": I}
    tee = {
        "id": 10, "type": "variable", "sku": "TEE", "name": "Tee", "permalink": I, "status": "publish",
        "stock_status": "instock", "attributes": [{"name": "Color", "options": ["Red", "Blue"]}],
    }  # fmt: skip
    lamp = {
        "id": 20, "type": "simple", "name": "Lamp", "status": "publish", "regular_price": "30", "sku": "",
        "permalink": I, "stock_status": "instock",
    }  # fmt: skip
    held = read_feed("held.json", json.dumps([tee | {"variations": variations}, lamp]))
    beside = read_feed(
        "beside.json",
        json.dumps([tee | {"variations": [11, 12]}, *(one | {"parent_id": 10} for one in variations), lamp]),
    )
    assert [feed.format for feed in (csv, held, beside)] == ["woocommerce-csv", "woocommerce-json", "woocommerce-json"]
    assert [(one.id, one.title, one.group_id) for one in csv.products] == [
        ("11", "Tee - Red", "10"), ("12", "Tee - Blue", "10"), ("20", "Lamp", None),
    ]  # fmt: skip
    for feed in (held, beside):
        assert _told(feed.products) == _told(csv.products)
        assert [one.group_id for one in feed.products] == [one.group_id for one in csv.products]


def test_bigcommerce(read_feed: Callable[..., Any]) -> None:
    csv = read_feed(
        "products.csv",
        "Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Price,Is Visible\n"
        "Product,7,Shirt,physical,SH,,variant,,20,TRUE\n"
        "Variant,71,,,SH-R,Type=Dropdown|Name=Color|Value=Red|Type=Dropdown|Name=Size|Value=L,,3,,\n"
        "Variant,72,,,,Type=Dropdown|Name=Color|Value=Blue|Type=Dropdown|Name=Size|Value=L,,3,21,\n"
        "Product,8,Lamp,physical,LAMP,,product,2,30,TRUE\n",
    )

    def variant(number: int, sku: str, price: float | None, **options: str) -> dict[str, Any]:
        values = [{"option_display_name": name, "label": label} for name, label in options.items()]
        return {"id": number, "sku": sku, "price": price, "inventory_level": 3, "option_values": values}

    shirt = {
        "id": 7, "name": "Shirt", "sku": "SH", "price": 20, "inventory_tracking": "variant", "is_visible": True,
        "inventory_level": 6, "custom_url": {"url": "/shirt"},
        "variants": [variant(71, "SH-R", None, Color="Red", Size="L"), variant(72, "", 21, Color="Blue", Size="L")],
    }  # fmt: skip
    lamp = {
        "id": 8, "name": "Lamp", "sku": "LAMP", "price": 30, "inventory_tracking": "product", "is_visible": True,
        "inventory_level": 2, "variants": [variant(81, "LAMP", None)],
    }  # fmt: skip
    found = read_feed("products.json", json.dumps({"data": [shirt, lamp]}))
    assert [feed.format for feed in (csv, found)] == ["bigcommerce-csv", "bigcommerce-json"]
    assert [(one.id, one.title, one.group_id) for one in csv.products] == [
        ("SH-R", "Shirt", "7"), ("7/Blue/L", "Shirt", "7"), ("8", "Lamp", None),
    ]  # fmt: skip
    assert _told(csv.products) == _told(found.products)
    assert [one.group_id for one in found.products] == [one.group_id for one in csv.products]
