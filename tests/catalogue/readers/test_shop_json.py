"""Shop platforms' JSON: answers and files of Shopify, WooCommerce, BigCommerce, Tiendanube and Cafe24."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.samples import SAMPLES, I

from bottega.names import Availability

IN, OUT = Availability.IN_STOCK, Availability.OUT_OF_STOCK

GRAPHQL = {
    "data": {
        "products": {
            "edges": [
                {
                    "cursor": "x",
                    "node": {
                        "id": "gid://shopify/Product/1", "title": "Mug", "handle": "mug", "status": "ACTIVE",
                        "descriptionHtml": "<p>Of enamel</p>", "vendor": "Nord", "productType": "Mugs",
                        "category": {"fullName": "Home > Kitchen > Mugs"}, "tags": ["enamel", "garden"],
                        "publishedAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-05-01T12:00:00Z",
                        "onlineStoreUrl": "https://s.example/products/mug",
                        "media": {"nodes": [{"id": "gid://shopify/MediaImage/5", "image": {"url": I + "1.jpg"}}]},
                        "metafields": {"nodes": [{"namespace": "custom", "key": "fabric", "value": "steel"}]},
                        "variants": {
                            "nodes": [
                                {
                                    "id": "gid://shopify/ProductVariant/7", "sku": "MUG-B", "price": "9.00",
                                    "compareAtPrice": "12.00", "barcode": "4006381333931",
                                    "selectedOptions": [{"name": "Color", "value": "Blue"}], "inventoryQuantity": 0,
                                    "inventoryPolicy": "CONTINUE", "inventoryItem": {"tracked": True},
                                    "image": {"url": I + "b.jpg"},
                                },
                                {
                                    "id": "gid://shopify/ProductVariant/8", "sku": "", "inventoryQuantity": 0,
                                    "price": {"amount": "9.5", "currencyCode": "EUR"},
                                    "selectedOptions": [{"name": "Color", "value": "Red"}],
                                    "inventoryItem": {"tracked": False},
                                },
                            ]
                        },
                    },
                },
                {"node": {"id": "gid://shopify/Product/2", "title": "Draft", "handle": "d", "status": "DRAFT"}},
                {"node": {"id": "gid://shopify/Product/3", "title": "Not out", "handle": "n", "publishedAt": None}},
            ],
            "pageInfo": {"hasNextPage": False},
        }
    },
    "extensions": {},
}  # fmt: skip
BULK = [
    {"id": "gid://shopify/Product/1", "title": "Mug", "handle": "mug", "status": "ACTIVE", "vendor": "Nord"},
    {"id": "gid://shopify/ProductVariant/7", "sku": "MUG-B", "price": "9.00", "__parentId": "gid://shopify/Product/1",
     "selectedOptions": [{"name": "Color", "value": "Blue"}]},
    {"id": "gid://shopify/InventoryLevel/3", "available": 2, "__parentId": "gid://shopify/ProductVariant/7"},
    {"id": "gid://shopify/MediaImage/5", "image": {"url": I + "1.jpg"}, "__parentId": "gid://shopify/Product/1"},
    {"id": "gid://shopify/Product/2", "title": "Desk", "handle": "desk", "status": "ARCHIVED"},
    {"id": "gid://shopify/ProductVariant/9", "sku": "D", "price": "5", "__parentId": "gid://shopify/Product/2"},
]  # fmt: skip


@pytest.mark.parametrize("wrapped", ["products", "array", "single", "page a line", "one a line"])
def test_shopify_rest(read_feed: Callable[..., Any], wrapped: str) -> None:
    products = json.loads(SAMPLES["shopify-json"][1])["products"]
    text = {
        "products": json.dumps({"products": products}, indent=2), "array": json.dumps(products),
        "single": json.dumps({"product": products[0]}), "page a line": json.dumps({"products": products}) + "\n",
        "one a line": "".join(json.dumps(product) + "\n" for product in products),
    }[wrapped]  # fmt: skip
    feed = read_feed("products.json", text)
    assert feed.format == "shopify-json"
    small, medium = feed.products[:2]
    assert [product.id for product in feed.products] == ["D-S", "desk/M", "lamp"][: 2 if wrapped == "single" else 3]
    assert small.group_id == medium.group_id == "1" and small.description == "A desk"
    assert (small.price_minor, small.attributes["list_price"], medium.price_minor) == (900, ("12.00",), 950)
    assert small.attributes["size"] == ("S",) and small.attributes["tags"] == ("oak", "home")
    assert (small.availability, medium.availability) == (IN, OUT)
    assert small.images == (I + "1.jpg", I + "2.jpg") and medium.images == (I + "2.jpg", I + "1.jpg")
    assert [product.hidden for product in feed.products][2:] == ([] if wrapped == "single" else [True])


def test_shopify_graphql(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("answer.json", json.dumps(GRAPHQL), currency="EUR")
    assert feed.format == "shopify-json"
    blue, red, draft, unpublished = feed.products
    assert [product.id for product in feed.products] == ["MUG-B", "mug/Red", "d", "n"]
    assert blue.category == ("Home", "Kitchen", "Mugs") and blue.attributes["product_type"] == ("Mugs",)
    assert (blue.price_minor, blue.attributes["list_price"], red.price_minor, red.currency) == (
        900,
        ("12.00",),
        950,
        "EUR",
    )
    assert blue.images == (I + "b.jpg", I + "1.jpg") and red.images == (I + "1.jpg",)
    assert (blue.availability, red.availability) == (Availability.BACKORDER, IN)  # the red one is not tracked
    assert blue.attributes["fabric"] == ("steel",) and blue.attributes["gtin"] == ("4006381333931",)
    assert blue.url == "https://s.example/products/mug" and blue.updated_at_ms == 1_777_636_800_000
    assert draft.hidden and unpublished.hidden and not blue.hidden


@pytest.mark.parametrize("order", [range(6), (0, 4, 5, 1, 2, 3), (0, 4, 1, 5, 3, 2)], ids=["near", "apart", "mixed"])
def test_shopifys_bulk_operation(read_feed: Callable[..., Any], order: Any) -> None:
    feed = read_feed("bulk.jsonl", "".join(json.dumps(BULK[place]) + "\n" for place in order))
    assert feed.format == "shopify-json"
    found = {product.id: product for product in feed.products}
    assert set(found) == {"MUG-B", "D"} and feed.reading.joined == 4 and feed.reading.rejected == 0
    assert found["MUG-B"].images == (I + "1.jpg",) and found["MUG-B"].attributes["color"] == ("Blue",)
    assert found["D"].hidden and found["D"].group_id == "2"


def test_a_part_of_nothing_is_refused(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("bulk.jsonl", "".join(json.dumps(row) + "\n" for row in BULK[:1] + BULK[5:]))
    assert [product.id for product in feed.products] == ["mug"]
    assert feed.rules(row=":2") == ["parent_unknown"]


def test_woocommerce(read_feed: Callable[..., Any]) -> None:
    lamp, desk = read_feed(*SAMPLES["woocommerce-json"]).products
    assert (lamp.id, desk.id, desk.group_id) == ("1", "3", "2")
    assert lamp.hidden and lamp.availability is OUT and lamp.category == ("Home",)
    assert lamp.attributes["colour"] == ("Blue", "Red") and lamp.images == (I + "1.jpg",)
    assert desk.availability is Availability.BACKORDER and desk.attributes["size"] == ("S",) and desk.title == "Desk"


@pytest.mark.parametrize(
    ("prices", "paid", "former"),
    [
        ({"price": "17.50", "regular_price": "25.00", "sale_price": ""}, 1750, ("25.00",)),
        ({"price": "25.00", "regular_price": "25.00", "sale_price": ""}, 2500, None),
        ({"price": "27.00", "regular_price": "25.00", "sale_price": ""}, 2500, None),
        ({"price": "", "regular_price": "25.00", "sale_price": "17.50"}, 1750, ("25.00",)),
        ({"price": "17.50", "regular_price": "", "sale_price": ""}, 1750, None),
    ],
)
def test_woocommerces_price_of_today_counts_where_no_sale_is_told(
    read_feed: Callable[..., Any], prices: dict[str, str], paid: int, former: tuple[str] | None
) -> None:
    desk = {"id": 5, "name": "Desk", "status": "publish", "catalog_visibility": "visible", "stock_status": "instock"}
    product = read_feed("p.json", json.dumps([desk | prices])).products[0]
    assert product.price_minor == paid and product.attributes.get("list_price") == former


def test_woocommerces_variations_beside_their_product(read_feed: Callable[..., Any]) -> None:
    parent = {"id": 2, "name": "Desk", "type": "variable", "status": "publish", "stock_status": "instock",
              "regular_price": "", "catalog_visibility": "visible", "variations": [3]}  # fmt: skip
    variation = {"id": 3, "name": "Desk - S", "type": "variation", "parent_id": 2, "regular_price": "9",
                 "stock_status": "instock", "status": "publish", "image": {"src": I + "s.jpg"}}  # fmt: skip
    feed = read_feed("a.json", json.dumps([variation, parent]))
    assert [(product.id, product.group_id) for product in feed.products] == [("3", "2")]
    assert feed.reading.joined == 1 and feed.products[0].images == (I + "s.jpg",)
    alone = read_feed("b.json", json.dumps([parent | {"price": "9"}]))
    assert [(product.id, product.price_minor) for product in alone.products] == [("2", 900)]


def test_woocommerces_api_for_storefronts(read_feed: Callable[..., Any]) -> None:
    shirt = {"id": 5, "name": "Shirt", "type": "simple", "permalink": "https://s.example/shirt/", "is_in_stock": False,
             "is_purchasable": True, "short_description": "", "description": "<p>Of linen</p>", "prices":
             {"price": "1250", "regular_price": "1990", "sale_price": "1250", "currency_code": "EUR",
              "currency_minor_unit": 2}, "attributes": [{"name": "Colour", "terms": [{"name": "Red"}]}]}  # fmt: skip
    prices = {"price": "900", "regular_price": "900", "sale_price": "900", "currency_code": "JPY",
              "currency_minor_unit": 0}  # fmt: skip
    feed = read_feed("a.json", json.dumps([shirt, shirt | {"id": 6, "prices": prices, "is_in_stock": True}]))
    first, second = feed.products
    assert feed.format == "woocommerce-json" and (first.availability, second.availability) == (OUT, IN)
    assert (first.price_minor, first.currency, first.attributes["list_price"]) == (1250, "EUR", ("19.90",))
    assert (second.price_minor, second.currency) == (900, "JPY") and "sale_price_not_lower" not in feed.rules()
    assert first.attributes["colour"] == ("Red",)


def test_bigcommerce(read_feed: Callable[..., Any]) -> None:
    small, medium, lamp = read_feed(*SAMPLES["bigcommerce-json"]).products
    assert [product.id for product in (small, medium, lamp)] == ["D-S", "1/M", "2"]
    assert (small.price_minor, small.attributes["list_price"], medium.price_minor) == (900, ("12",), 913)
    assert (small.availability, medium.availability, lamp.availability) == (IN, OUT, IN)
    assert small.attributes["category_id"] == ("23",) and lamp.hidden and lamp.attributes["sku"] == ("L",)


def test_tiendanube(read_feed: Callable[..., Any]) -> None:
    small, medium, light = read_feed(*SAMPLES["tiendanube-json"]).products
    assert [product.id for product in (small, medium, light)] == ["M-S", "1/M", "2"]
    assert small.title == "Mesa" and small.category == ("Casa", "Mesas") and small.attributes["talle"] == ("S",)
    assert (small.price_minor, small.attributes["list_price"], medium.price_minor) == (700, ("9.00",), 900)
    assert small.images == (I + "2.jpg", I + "1.jpg") and medium.images == (I + "1.jpg", I + "2.jpg")
    assert (medium.availability, light.availability) == (OUT, IN)  # null: nobody counts
    assert light.hidden


def test_cafe24(read_feed: Callable[..., Any]) -> None:
    small, medium, lamp = read_feed(*SAMPLES["cafe24-json"], currency="KRW").products
    assert [(product.id, product.group_id) for product in (small, medium, lamp)] == [
        ("P0A0A", "1"), ("P0A0B", "1"), ("2", None),
    ]  # fmt: skip
    assert (small.price_minor, medium.price_minor, small.attributes["list_price"]) == (9000, 9500, ("12000.00",))
    assert (small.availability, medium.availability, lamp.availability) == (IN, OUT, OUT)
    assert lamp.hidden and small.attributes["condition"] == ("new",)


def test_any_json_in_the_object_of_an_answer(read_feed: Callable[..., Any]) -> None:
    rows = [{"id": 1, "title": "Lamp", "price": 5}, {"id": 2, "title": "Desk", "price": 7}]
    for text in (json.dumps({"products": rows}), json.dumps({"meta": {"page": 1}, "data": {"items": rows}}, indent=1)):
        feed = read_feed("answer.json", text)
        assert feed.format == "jsonl" and [product.id for product in feed.products] == ["1", "2"]


def test_an_answer_that_is_cut_off_is_noticed(read_feed: Callable[..., Any]) -> None:
    text = SAMPLES["shopify-json"][1]
    feed = read_feed("products.json", text[: text.index('{"id": 2, "title"') + 9])
    assert len(feed.products) == 2 and feed.reading.cut_short and feed.reading.rejected == 1


@pytest.mark.real_data
def test_real_shopify_products(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    path = real_data("feeds/shopify_products.json")
    given = json.loads(path.read_text())
    feed = read_feed(path)
    assert feed.format == "shopify-json" and feed.reading.rejected == 0
    assert [product.group_id for product in feed.products] == [str(product["id"]) for product in given]
    assert [len(product.images) for product in feed.products] == [len(product["images"]) for product in given]
    assert {product.price_minor for product in feed.products} == {19900}


@pytest.mark.parametrize("format", ["shopify-json", "woocommerce-json", "bigcommerce-json", "tiendanube-json"])
def test_a_mapping_wins_over_the_format(read_feed: Callable[..., Any], format: str) -> None:
    feed = read_feed(*SAMPLES[format], format=format, mapping="brand:=Acme,attr.number=id")
    assert {product.brand for product in feed.products} == {"Acme"}
    assert {value for product in feed.products for value in product.attributes["number"]} == {"1", "2"}
