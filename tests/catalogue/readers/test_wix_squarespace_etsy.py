"""Wix, Squarespace and Etsy: variants below their product, surcharges and discounts, lists, listings without an id."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.samples import SAMPLES, I

from bottega.names import Availability

WIX_NEW = f"""\
handle,fieldType,name,visible,plainDescription,media,brand,price,strikethroughPrice,inventory,sku,barcode,\
productOptionName1,productOptionChoices1
shirt,PRODUCT,Shirt,TRUE,A shirt,0a1b2c_0123456789abcdef~mv2.jpg;{I}2.jpg,Nord,20.00,25.00,IN_STOCK,,,Size,S;M
shirt,VARIANT,,,,,,18.125,,10,SH-S,,Size,S
shirt,VARIANT,,FALSE,,,,0.00,,0,SH-M,,Size,M
mug,PRODUCT,Mug,FALSE,,,,5.00,,OUT_OF_STOCK,MUG,4006381333931,,
"""


def test_wix(read_feed: Callable[..., Any]) -> None:
    feed = read_feed(*SAMPLES["wix-csv"])
    small, medium, lamp = feed.products
    assert [product.id for product in feed.products] == ["p1/S", "p1/M", "p2"]
    assert (small.group_id, lamp.group_id) == ("p1", None)
    assert [product.price_minor for product in feed.products] == [1900, 2400, 400]
    assert medium.availability is Availability.OUT_OF_STOCK
    assert medium.attributes["size"] == ("M",) and lamp.attributes["sku"] == ("L",)


def test_wixs_new_columns(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("catalog.csv", WIX_NEW)
    small, medium, mug = feed.products
    assert feed.format == "wix-csv" and [product.id for product in feed.products] == ["SH-S", "SH-M", "mug"]
    assert (small.price_minor, medium.price_minor, medium.attributes["list_price"]) == (1813, 2000, ("25.00",))
    assert small.images == ("https://static.wixstatic.com/media/0a1b2c_0123456789abcdef~mv2.jpg", I + "2.jpg")
    assert [product.hidden for product in feed.products] == [False, True, True]
    assert mug.attributes["gtin"] == ("4006381333931",) and mug.availability is Availability.OUT_OF_STOCK


def test_a_discount_of_wix_is_a_sale(read_feed: Callable[..., Any]) -> None:
    name, text = SAMPLES["wix-csv"]
    feed = read_feed(name, text.replace("true,PERCENT,0.0", "true,PERCENT,10.0"))
    assert [product.price_minor for product in feed.products] == [1710, 2160, 400]
    assert feed.by_id("p1/M").attributes["list_price"] == ("24.00",)


def test_squarespace(read_feed: Callable[..., Any]) -> None:
    feed = read_feed(*SAMPLES["squarespace-csv"])
    small, medium, _ = feed.products
    assert [product.id for product in feed.products] == ["v1", "v2", "bb"]
    assert [product.group_id for product in feed.products] == ["aa", "aa", None]
    assert [product.price_minor for product in feed.products] == [700, 900, 500]
    assert medium.title == "Desk" and medium.attributes["size"] == ("M",) and medium.attributes["sku"] == ("D-M",)
    assert small.images == medium.images == (I + "1.jpg", I + "2.jpg") and small.category == ("Home", "Desks")
    assert [product.availability for product in feed.products] == [
        Availability.IN_STOCK, Availability.OUT_OF_STOCK, Availability.IN_STOCK,
    ]  # fmt: skip
    assert [product.hidden for product in feed.products] == [False, False, True]


def test_squarespaces_template_without_ids(read_feed: Callable[..., Any]) -> None:
    name, text = SAMPLES["squarespace-csv"]
    for mark in ("aa,v1", "bb,v3"):
        text = text.replace(mark, ",")
    feed = read_feed(name, text.replace(",v2,", ",,"))
    assert [(product.id, product.group_id) for product in feed.products] == [
        ("D-S", "desk"), ("D-M", "desk"), ("L", "lamp"),
    ]  # fmt: skip


def test_etsys_download(read_feed: Callable[..., Any]) -> None:
    feed = read_feed(*SAMPLES["etsy-csv"])
    desk, lamp = feed.products
    assert (desk.id, lamp.id) == ("D", "lamp") and feed.rules(row=":3")[0] == "id_made"
    assert (desk.price_minor, desk.currency) == (900, "EUR")
    assert desk.attributes == {"tags": ("oak", "desk"), "material": ("oak",), "size": ("S", "M")}
    assert desk.images == (I + "1.jpg", I + "2.jpg")
    assert lamp.availability is Availability.OUT_OF_STOCK


def test_etsys_states(read_feed: Callable[..., Any]) -> None:
    header = "listing_id,state,title,price,currency_code,quantity,sku,taxonomy_path\n"
    rows = '1,active,A,5,USD,2,[],"[\'Home\', ""Kids\' rooms""]"\n2,draft,B,5,USD,2,,\n3,sold_out,C,5,USD,0,,\n'
    feed = read_feed("listings.csv", header + rows)
    assert [product.hidden for product in feed.products] == [False, True, False]
    assert feed.products[0].category == ("Home", "Kids' rooms")
    assert feed.products[2].availability is Availability.OUT_OF_STOCK


@pytest.mark.real_data
def test_a_real_wix_shop(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    path = real_data("feeds/wix_products.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    feed = read_feed(path)
    kinds = Counter(row["fieldType"] for row in rows)
    families = {row["handleId"] for row in rows if row["fieldType"] == "Variant"}
    assert feed.reading.joined == len(families)
    assert len(feed.products) == kinds["Variant"] + kinds["Product"] - len(families)
    assert feed.reading.rejected == 0
    hidden = {row["handleId"] for row in rows if row["visible"] == "false"}
    assert {product.group_id or product.id for product in feed.products if product.hidden} == hidden
    kept = {row["handleId"]: 1 - float(row["discountValue"]) / 100 for row in rows if row["fieldType"] == "Product"}
    prices = [
        round(float(row["surcharge"]) * kept[row["handleId"]] * 100) for row in rows if row["fieldType"] == "Variant"
    ]
    assert [product.price_minor for product in feed.products if product.group_id] == prices  # products cost 0


@pytest.mark.real_data
def test_a_real_etsy_shop(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    path = real_data("feeds/etsy_upload.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
    feed = read_feed(path)
    assert [product.id for product in feed.products] == [row["listing_id"] for row in rows]
    assert [product.price_minor for product in feed.products] == [round(float(row["price"]) * 100) for row in rows]
    assert feed.reading.rejected == 0 and all(product.category for product in feed.products)
