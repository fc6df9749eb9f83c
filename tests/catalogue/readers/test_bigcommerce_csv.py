"""BigCommerce's exports, of today, of before, and with the names of its API."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.names import Availability

I = "https://s.example/"  # noqa: E741
LEGACY = f"""\
Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Brand Name,Option Set,Product Description,Price,\
Retail Price,Sale Price,Allow Purchases?,Product Visible?,Track Inventory,Current Stock Level,Category,\
Product Image File - 1,Product Image File - 2,Search Keywords,Product Custom Fields,Product Condition,Product UPC/EAN
Product,77,Stool,P,STOOL,Nord,Set,<p>Of solid oak</p>,89.00,99.00,0.00,Y,Y,by option,0,Shop All;Home/A\\/B/Stools,\
{I}1.jpg,{I}2.jpg,"oak, stool",Wood=Oak;Legs=3,New,4006381333931
  SKU,301,"[S]Height=Low,[CS]Colour=Red:#ff0000",,STOOL-L,,,,,,,,,,7,,,,,,,
  SKU,302,[S]Height=High,,STOOL-H,,,,95.5,,,,,,0,,,,,,,
  Rule,303,[S]Height=High,,,,,,,,,,,,,,,,,,,
Product,78,Hidden,P,H,Nord,,,5.00,0.00,4.00,Y,N,by product,3,Home,,,,,,
Product,79,Sold out,P,S,Nord,,,5.00,0.00,0.00,Y,Y,by product,0,Home,,,,,,
Product,80,Not for sale,P,N,Nord,,,5.00,0.00,0.00,N,Y,none,0,Home,,,,,,
"""
TODAY = f"""\
Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Price,Retail Price,Sale Price,Brand ID,Categories,\
Description,Custom Fields,Product URL,UPC/EAN,Global Trade Number,Is Visible,Product Condition,Variant Image URL,\
Internal Image URL (Export),Image URL (Import),Image is Thumbnail
Product,111,Shirt,physical,SHIRT,,variant,0,20,0,0,35,23;24,<p>A shirt</p>,,/shirt/,,,TRUE,Used,,,,
Variant,7,,,SHIRT-S,Type=Dropdown|Name=Color|Value=Natural|Type=Dropdown|Name=Size|Value=5A,,2,,,,,,,,,,,,,{I}v.jpg,,,
Variant,8,,,,Type=Dropdown|Name=Color|Value=Black|Type=Dropdown|Name=Size|Value=5A,,0,25,,,,,,,,,,,,,,,
Image,9,,,,,,,,,,,,,,,,,,,,{I}2.jpg,,FALSE
Image,10,,,,,,,,,,,,,,,,,,,,{I}1.jpg,,TRUE
Video,11,,,,,,,,,,,,,,,,,,,,,,
Product,112,Mug,physical,,,none,,5,0,4,0,,,,,,,FALSE,New,,,,
"""


def test_the_export_of_before(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("products.csv", LEGACY)
    assert feed.format == "bigcommerce-csv"
    found = {product.id: product for product in feed.products}
    assert list(found) == ["STOOL-L", "STOOL-H", "78", "79", "80"]
    assert feed.reading.joined == 2  # the stool, and a rule
    low, high = found["STOOL-L"], found["STOOL-H"]
    assert low.group_id == high.group_id == "77" and found["78"].group_id is None
    assert (low.title, low.brand, low.description) == ("Stool", "Nord", "Of solid oak")
    assert (low.price_minor, low.attributes["list_price"], high.price_minor) == (8900, ("99.00",), 9550)
    assert low.category == ("Home", "A/B", "Stools")
    assert low.images == high.images == (I + "1.jpg", I + "2.jpg")
    assert {name: low.attributes[name] for name in low.attributes if name not in ("list_price", "categories")} == {
        "height": ("Low",), "colour": ("Red",), "wood": ("Oak",), "legs": ("3",), "tags": ("oak", "stool"),
        "condition": ("new",), "gtin": ("4006381333931",),
    }  # fmt: skip
    assert (low.availability, high.availability) == (Availability.IN_STOCK, Availability.OUT_OF_STOCK)
    assert [found[key].hidden for key in ("78", "79")] == [True, False]
    assert found["78"].price_minor == 400 and found["79"].price_minor == 500  # 0.00 is no sale
    assert [found[key].availability for key in ("79", "80")] == [Availability.OUT_OF_STOCK] * 2


def test_the_export_of_today(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("export.csv", TODAY)
    assert feed.format == "bigcommerce-csv"
    small, black, mug = feed.products
    assert feed.reading.joined == 4  # the shirt, two pictures and a video
    assert [product.id for product in feed.products] == ["SHIRT-S", "111/Black/5A", "112"]
    assert small.group_id == black.group_id == "111"
    assert small.images == (I + "v.jpg", I + "1.jpg", I + "2.jpg") and black.images == (I + "1.jpg", I + "2.jpg")
    assert small.attributes["color"] == ("Natural",) and black.attributes["size"] == ("5A",)
    assert small.category == () and small.attributes["category_id"] == ("23", "24")
    assert small.attributes["brand_id"] == ("35",) and "brand_id" not in mug.attributes
    assert (small.price_minor, black.price_minor, mug.price_minor) == (2000, 2500, 400)
    assert (small.availability, black.availability) == (Availability.IN_STOCK, Availability.OUT_OF_STOCK)
    assert mug.hidden and not small.hidden


def test_a_variant_without_its_product_is_refused(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("a.csv", "\n".join([TODAY.splitlines()[0], TODAY.splitlines()[2]]) + "\n")
    assert feed.products == [] and feed.rules(row=":2") == ["title_empty"]


@pytest.mark.real_data
def test_a_real_table(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    path = real_data("feeds/bigcommerce_feed.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
    feed = read_feed(path)
    assert len(feed.products) == len(rows) == 966 and feed.reading.rejected == 0
    assert [product.id for product in feed.products] == [row["sku"] for row in rows]
    assert [product.price_minor for product in feed.products] == [round(float(row["price"]) * 100) for row in rows]
    assert {product.group_id for product in feed.products} == {row["custom_url"] for row in rows}
    pictures = [
        len({row[name] for name in row if name.startswith(("image_", "primary_image")) and row[name]}) for row in rows
    ]
    assert [len(product.images) for product in feed.products] == pictures
    assert sum(product.availability is Availability.PREORDER for product in feed.products) == 461
    assert feed.rules().count("variant_repeated") < 10
    assert feed.by_id("B100-BLK-S").attributes["size"] == ("S",) and "size" not in feed.by_id("B100-BLK").attributes


def test_variants_that_only_their_skus_tell_apart(read_feed: Callable[..., Any]) -> None:
    head = "name,sku,price,retail_price,calculated_price,is_visible,inventory_tracking,custom_url,brand_id\n"
    rows = [("Shirt", "B1", "/s/"), ("Shirt", "B1-S", "/s/"), ("Shirt", "B1-2XL-BLK", "/s/"), ("Cap", "B1-C", "/c/")]
    text = "".join(f"{name},{sku},5,6,5,true,none,{url},1\n" for name, sku, url in rows)
    feed = read_feed("a.csv", head + text, format="bigcommerce-csv")
    told = [(one.attributes.get("size"), one.attributes.get("option")) for one in feed.products]
    assert told == [(None, None), (("S",), None), (None, ("2XL-BLK",)), (None, None)]
    assert "variant_repeated" not in feed.rules()
