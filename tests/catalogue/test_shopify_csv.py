"""Shopify exports of both generations, and a real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.errors import ColumnMissing
from bottega.names import Availability

OLD = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,"
    "Option2 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,"
    "Variant Compare At Price,Variant Barcode,Image Src,Image Position,Variant Image,Google Shopping / Gender,"
    "Google Shopping / Custom Label 0,Fabric (product.metafields.custom.fabric),Variant Grams,Status"
)
NEW = (
    "URL handle,Title,Description,Vendor,Product category,Type,Tags,Published on online store,Option1 name,"
    "Option1 value,Option2 name,Option2 value,SKU,Inventory tracker,Inventory quantity,"
    "Continue selling when out of stock,Price,Compare-at price,Barcode,Product image URL,Image position,"
    "Variant image URL,Google Shopping / Gender,Google Shopping / Custom Label 0,"
    "Fabric (product.metafields.custom.fabric),Weight value (grams),Status"
)
I = "https://cdn.example/"  # noqa: E741
ROWS = f"""
tee,Tee,<p>Soft &amp; warm cotton that lasts for years.</p>,Acme,Apparel > Shirts,Tees,"summer, sale",TRUE,Size,S,\
Color,Red,T-S,shopify,3,deny,10.00,15.00,4006381333931,{I}2.jpg,2,{I}v.jpg,unisex,top,cotton; linen,200,active
tee,,,,,,,,,M,,Red,T-M,shopify,0,deny,10.00,,,{I}1.jpg,1,,,,,200,
tee,,,,,,,,,L,,Red,T-M,shopify,0,continue,10.00,,,,,,,,,200,
tee,,,,,,,,,,,,,,,,,,,{I}3.jpg,3,,,,,,
mug,Mug,,Acme,,Cups,,TRUE,Title,Default Title,,,,,-5,deny,7.5,,,,,,,,,300,draft
"""
OLD_FEED, NEW_FEED = OLD + ROWS, NEW + ROWS.replace(",deny,", ",FALSE,").replace(",continue,", ",TRUE,")


@pytest.mark.parametrize("content", [OLD_FEED, NEW_FEED], ids=["old header", "new header"])
def test_both_headers(read_feed: Callable[..., Any], content: str) -> None:
    feed = read_feed("products_export.csv", content)
    assert feed.format == "shopify-csv"
    assert [product.id for product in feed.products] == ["T-S", "T-M", "tee/L/Red", "mug"]
    small, medium, large, mug = feed.products
    assert [product.group_id for product in feed.products] == ["tee", "tee", "tee", None]
    assert small.description == "Soft & warm cotton that lasts for years."
    assert (small.price_minor, small.attributes["list_price"]) == (1000, ("15.00",))
    assert small.images == (I + "v.jpg", I + "1.jpg", I + "2.jpg", I + "3.jpg")
    assert medium.images == (I + "1.jpg", I + "2.jpg", I + "3.jpg")
    assert small.category == ("Apparel", "Shirts")
    assert {name: small.attributes[name] for name in small.attributes if name != "list_price"} == {
        "size": ("S",),
        "color": ("Red",),
        "tags": ("summer", "sale"),
        "product_type": ("Tees",),
        "gender": ("unisex",),
        "custom_label_0": ("top",),
        "fabric": ("cotton", "linen"),
        "gtin": ("4006381333931",),
    }
    assert [product.availability for product in (small, medium, large, mug)] == [
        Availability.IN_STOCK,
        Availability.OUT_OF_STOCK,
        Availability.BACKORDER,
        Availability.IN_STOCK,
    ]
    assert mug.hidden and not small.hidden
    assert mug.category == ("Cups",)
    assert "title" not in mug.attributes
    assert "sku_repeated" in feed.rules()
    assert "description_html" not in feed.rules()
    assert len(feed.reading.unused_columns) == 1  # the weight
    assert feed.reading.read == 4


def test_an_unpublished_product_is_hidden(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("export.csv", OLD_FEED.replace(",TRUE,Size", ",FALSE,Size"))
    assert feed.by_id("T-S").hidden


def test_a_handle_is_needed(read_feed: Callable[..., Any]) -> None:
    with pytest.raises(ColumnMissing, match="no column Handle or URL handle"):
        read_feed("export.csv", "Title,Variant Price\nTee,5\n", format="shopify-csv")


def test_a_real_export(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    feed = read_feed(real_data("feeds/shopify_apparel.csv"))
    assert (feed.format, len(feed.products), feed.reading.rejected) == ("shopify-csv", 22, 0)
    assert [p.id for p in feed.products if p.group_id == "classic-varsity-top"] == [
        "classic-varsity-top/Small",
        "classic-varsity-top/Medium",
        "classic-varsity-top/Large",
    ]
    assert feed.by_id("ocean-blue-shirt").price_minor == 5000
    assert all(product.images and product.recommendable for product in feed.products)
