"""Alternative texts: read where a platform has them, kept with the first picture, written where they fit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.catalogue.writers.base import HeaderNeeds, Losses, write
from bottega.catalogue.writers.registry import WRITERS, writer_called

I = "https://s.example/"  # noqa: E741
ALT = "A mug, seen from above"
RED, BLUE = f"{I}red.jpg", f"{I}blue.jpg"


def _csv(*rows: dict[str, str]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    table = csv.DictWriter(out, names, restval="")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


SHOPIFY = {"Handle": "mug", "Title": "Mug", "Option1 Name": "Color", "Published": "TRUE"}
OLD = _csv(
    SHOPIFY
    | {"Option1 Value": "Red", "Variant SKU": "r", "Variant Price": "9", "Image Src": RED, "Image Position": "1"}
    | {"Image Alt Text": ALT, "Variant Image": RED, "Body (HTML)": ""},
    {"Handle": "mug", "Option1 Value": "Blue", "Variant SKU": "b", "Variant Price": "9", "Variant Image": BLUE},
    {"Handle": "mug", "Image Src": BLUE, "Image Position": "2", "Image Alt Text": "The blue one"},
)
NEW = _csv(
    {"Title": "Mug", "URL handle": "mug", "Description": "", "Status": "active", "SKU": "r", "Price": "9"}
    | {"Option1 name": "Title", "Option1 value": "Default Title", "Product image URL": RED, "Image alt text": ALT},
)
REST = json.dumps(
    {
        "products": [
            {"id": 1, "title": "Mug", "body_html": "", "vendor": "V", "product_type": "Mugs", "handle": "mug"}
            | {"variants": [{"id": 2, "sku": "r", "price": "9"}]}
            | {"images": [{"id": 8, "position": 2, "src": BLUE}, {"id": 7, "position": 1, "src": RED, "alt": ALT}]}
        ]
    }
)
GRAPHQL = json.dumps(
    {"id": "gid://shopify/Product/1", "title": "Mug", "vendor": "V", "handle": "mug"}
    | {"variants": [{"id": "gid://shopify/ProductVariant/2", "sku": "r", "price": "9"}]}
    | {"media": [{"id": "gid://shopify/MediaImage/3", "image": {"url": RED, "altText": ALT}}]}
)
ASKED = json.dumps(
    {"id": "gid://shopify/Product/1", "title": "Mug", "vendor": "V", "handle": "mug"}
    | {"variants": {"nodes": [{"id": "gid://shopify/ProductVariant/2", "sku": "r", "price": "9"}]}}
    | {"media": {"nodes": [{"id": "gid://shopify/MediaImage/3", "alt": ALT, "preview": {"image": {"url": RED}}}]}}
)
OF_VARIANT = json.dumps(
    {"id": "gid://shopify/Product/1", "title": "Mug", "vendor": "V", "handle": "mug"}
    | {"variants": [{"id": "gid://shopify/ProductVariant/2", "sku": "r", "image": {"url": RED, "altText": ALT}}]}
    | {"media": [{"id": "gid://shopify/MediaImage/3", "alt": "x", "preview": {"image": {"url": BLUE}}}]}
)
WOO = json.dumps(
    [
        {"id": 1, "name": "Mug", "sku": "r", "type": "simple", "status": "publish", "price": "9"}
        | {"catalog_visibility": "visible", "stock_status": "instock", "categories": [], "description": ""}
        | {"images": [{"id": 5, "src": RED, "name": "m", "alt": ALT}, {"id": 6, "src": BLUE, "name": "m", "alt": "x"}]}
    ]
)
BIGCOMMERCE = _csv(
    {"Item": "Product", "ID": "r", "Name": "Mug", "Type": "physical", "SKU": "r", "Price": "9", "Categories": "Mugs"}
    | {"Is Visible": "TRUE", "Inventory Tracking": "none"},
    {"Item": "Image", "Image URL (Import)": BLUE, "Image Description": "x", "Image is Thumbnail": "FALSE"},
    {"Item": "Image", "Image URL (Import)": RED, "Image Description": ALT, "Image is Thumbnail": "TRUE"},
)
MAGENTO = _csv(
    {"sku": "r", "store_view_code": "", "attribute_set_code": "Default", "product_type": "simple", "name": "Mug"}
    | {"product_websites": "base", "price": "9", "base_image": "/m/red.jpg", "base_image_label": ALT, "url_key": "mug"}
)
PRESTASHOP = _csv(
    {
        "Product ID": "r",
        "Active (0/1)": "1",
        "Name *": "Mug",
        "Categories (x,y,z...)": "Mugs",
        "Price tax included": "9",
    }
    | {"Image URLs (x,y,z...)": f"{RED},{BLUE}", "Image alt texts (x,y,z...)": "A mug,The blue one"}
)
PLAIN = _csv({"id": "r", "title": "Mug", "price": "9 EUR", "image": RED, "alt_text": ALT})


@pytest.fixture
def read(read_feed: Callable[..., Any]) -> Callable[[Path], list[Product]]:
    """The products of a file."""
    return lambda path: list(read_feed(path).products)


@pytest.mark.parametrize(
    ("name", "text", "alt"),
    [
        ("old.csv", OLD, ALT),
        ("new.csv", NEW, ALT),
        ("rest.json", REST, ALT),
        ("graphql.json", GRAPHQL, ALT),
        ("asked.json", ASKED, ALT),
        ("variant.json", OF_VARIANT, ALT),
        ("woo.json", WOO, ALT),
        ("big.csv", BIGCOMMERCE, ALT),
        ("magento.csv", MAGENTO, ALT),
        ("presta.csv", PRESTASHOP, "A mug"),
        ("plain.csv", PLAIN, ALT),
    ],
)
def test_the_alternative_text_of_the_first_picture_comes_in(
    tmp_path: Path, read: Callable[[Path], list[Product]], name: str, text: str, alt: str
) -> None:
    (tmp_path / name).write_text(text)
    products = read(tmp_path / name)
    assert products[0].images[0].endswith("red.jpg")
    assert products[0].attributes["image_alt"] == (alt,)
    if name == "old.csv":
        assert products[1].attributes["image_alt"] == ("The blue one",), "a variant has that of its own picture"


def test_no_word_for_nothing_becomes_one(tmp_path: Path, read: Callable[[Path], list[Product]]) -> None:
    (tmp_path / "new.csv").write_text(NEW.replace(f'"{ALT}"', "n/a"))
    assert "image_alt" not in read(tmp_path / "new.csv")[0].attributes


def _written(name: str, family: list[Product]) -> tuple[list[dict[str, str]], Losses, str]:
    writer, needs, losses, out = writer_called(name), HeaderNeeds(), Losses(), io.StringIO()
    for product in family:
        needs.look(product)
    for _ in write(writer, [family], out, needs=needs, currency="EUR", losses=losses):
        pass
    return list(csv.DictReader(io.StringIO(out.getvalue()), delimiter=writer.delimiter)), losses, out.getvalue()


def _mug(number: str, image: str, alt: str, **more: Any) -> Product:
    attributes: dict[str, tuple[str, ...]] = {"color": (number,)}
    if alt:
        attributes["image_alt"] = (alt,)
    return Product(id=number, title="Mug", group_id="mug", images=(image,), attributes=attributes, **more)


def test_shopify_and_bigcommerce_have_a_field_for_it() -> None:
    family = [_mug("red", RED, ALT), _mug("blue", BLUE, "The blue one")]
    rows, losses, _ = _written("shopify", family)
    assert {row["Image Src"]: row["Image Alt Text"] for row in rows if row["Image Src"]} == {
        RED: ALT,
        BLUE: "The blue one",
    }
    assert not losses.fields["attr.image_alt"] and not [name for name in rows[0] if "bottega.image_alt" in name]
    rows, losses, text = _written("bigcommerce", family)
    pictures = {row["Image URL (Import)"]: row["Image Description"] for row in rows if row["Item"] == "Image"}
    assert pictures == {RED: ALT, BLUE: "The blue one"} and "image_alt" not in text
    assert not losses.fields["attr.image_alt"]


@pytest.mark.parametrize("name", ["shopify", "bigcommerce"])
def test_what_is_lost_of_it_is_counted(name: str) -> None:
    family = [_mug("red", RED, ALT), _mug("blue", RED, "The same picture, told otherwise")]
    assert _written(name, family)[1].fields["attr.image_alt"] == 1
    assert _written(name, [_mug("red", "images/red.jpg", ALT)])[1].fields["attr.image_alt"] == 1


@pytest.mark.parametrize("name", ["google", "meta"])
def test_a_feed_without_a_field_tells_nobody_and_counts_it(name: str) -> None:
    rows, losses, text = _written(name, [_mug("red", RED, ALT)])
    assert ALT not in text and losses.fields["attr.image_alt"] == 1 and rows[0]["color"] == "red"
    assert "alternative texts of pictures" in writer_called(name).limits


@pytest.mark.parametrize("name", ["shopify", "bigcommerce", "woocommerce"])
def test_it_comes_back(tmp_path: Path, read: Callable[[Path], list[Product]], name: str) -> None:
    family = [_mug("red", RED, ALT), _mug("blue", BLUE, "The blue one, & <3")]
    path = tmp_path / f"back{writer_called(name).suffix}"
    path.write_text(_written(name, family)[2])
    back = {one.images[0]: one.attributes.get("image_alt") for one in read(path)}
    assert back == {RED: (ALT,), BLUE: ("The blue one, & <3",)}


def test_every_writer_is_asked() -> None:
    assert {one.name for one in WRITERS} == {"shopify", "bigcommerce", "woocommerce", "google", "meta"}
