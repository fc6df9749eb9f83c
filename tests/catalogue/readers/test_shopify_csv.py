"""Shopify exports of both generations, and a real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


HEAD = (
    "Handle,Title,Vendor,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,"
    "Image Src\n"
)


def test_rows_of_a_handle_may_stand_apart(read_feed: Callable[..., Any]) -> None:
    rows = [
        "scarf,,,,,Blue,SC-B,30,,",
        f"hat,Hat,Nord,TRUE,Title,Default Title,HAT,25,,{I}h.jpg",
        f"scarf,Scarf,Nord,TRUE,Colour,Red,SC-R,30,,{I}s.jpg",
        f"hat,,,,,,,,,{I}h2.jpg",
    ]
    feed = read_feed("export.csv", HEAD + "\n".join(rows) + "\n")
    assert {product.id: product.group_id for product in feed.products} == {
        "HAT": "hat",
        "SC-B": "scarf",
        "SC-R": "scarf",
    }
    assert feed.by_id("SC-B").title == "Scarf" and feed.by_id("SC-B").attributes["colour"] == ("Blue",)
    assert feed.by_id("HAT").images == (f"{I}h.jpg", f"{I}h2.jpg")
    assert (feed.reading.read, feed.reading.rejected, feed.reading.joined) == (3, 0, 1)
    together = read_feed("export.csv", HEAD + "\n".join(sorted(rows, key=lambda row: row.split(",")[0])) + "\n")
    assert sorted(one.model_dump_json(exclude={"source_row"}) for one in together.products) == sorted(
        one.model_dump_json(exclude={"source_row"}) for one in feed.products
    )


def test_a_second_title_under_one_handle_is_counted(read_feed: Callable[..., Any]) -> None:
    rows = [
        "pot,Glass teapot,Nord,TRUE,,,,24.00,,",
        "cup,Glass teacup,Nord,,,,,,,",
        "cup,Second glass teacup,Nord,,,,,,,",
        f"tin,Tea tin,Nord,TRUE,,,,,,{I}3.jpg",
        f"tin,Other tea tin,Nord,TRUE,,,,,,{I}4.jpg",
        "pot,,,,,,,,,",
    ]
    feed = read_feed("export.csv", HEAD + "\n".join(rows) + "\n")
    assert [product.id for product in feed.products] == ["cup", "tin", "pot"]
    assert feed.by_id("tin").images == (f"{I}3.jpg",)
    assert (feed.reading.read, feed.reading.rejected, feed.reading.joined) == (6, 3, 0)
    assert feed.rules(row="export.csv:4") == feed.rules(row="export.csv:6") == ["handle_repeated"]
    assert feed.rules(row="export.csv:7") == ["row_empty"]


def test_variants_may_have_titles_of_their_own(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("export.csv", HEAD + "tee,Tee,,,Size,S,T-S,5,,\ntee,Tee large,,,Size,L,T-L,5,,\n")
    assert [(product.id, product.title, product.group_id) for product in feed.products] == [
        ("T-S", "Tee", "tee"),
        ("T-L", "Tee large", "tee"),
    ]


def test_a_missing_handle_is_made_as_shopify_makes_it(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("export.csv", HEAD + f",Glass teapot,,,Size,1 l,,9,,\n,,,,,2 l,,12,,{I}2.jpg\n,Tea tin,,,,,,4,,\n")
    assert [(product.id, product.group_id) for product in feed.products] == [
        ("glass-teapot/1 l", "glass-teapot"),
        ("glass-teapot/2 l", "glass-teapot"),
        ("tea-tin", None),
    ]


@pytest.mark.parametrize(
    ("price", "compare_at", "minor", "former"),
    [
        ('"1,299.00"', '"1,499.00"', 129900, "1499.00"),
        ("$19.99", "$29.99", 1999, "29.99"),
        ('"19,99"', '"29,99"', 1999, "29.99"),
        ("19.99", "29.99", 1999, "29.99"),
        ("19.99", "0.00", 1999, None),
        ("19.99", "", 1999, None),
        ("'19.99", "'29.99", 1999, "29.99"),
    ],
)
def test_former_prices_are_read_like_prices(
    read_feed: Callable[..., Any], price: str, compare_at: str, minor: int, former: str | None
) -> None:
    feed = read_feed("export.csv", HEAD + f"sofa,Sofa,Nord,TRUE,,,S,{price},{compare_at},\n")
    (sofa,) = feed.products
    assert (sofa.price_minor, sofa.attributes.get("list_price")) == (minor, (former,) if former else None)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", ""]),
            st.sampled_from(["", "", "Lamp", "Desk"]),
            st.sampled_from(["", "S", "M"]),
            st.sampled_from(["", "X-1", "X-2", "X-3"]),
            st.sampled_from(["", "5.00", "ask"]),
            st.sampled_from(["", I + "1.jpg", I + "2.jpg"]),
        ),
        max_size=12,
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_a_product_or_part_of_one_or_refused(
    read_feed: Callable[..., Any], rows: list[tuple[str, ...]]
) -> None:
    rows = [row for row in rows if any(row)]
    lines = (
        f"{handle},{title},,,,{option},{sku},{price},,{image}" for handle, title, option, sku, price, image in rows
    )
    feed = read_feed("export.csv", HEAD + "".join(f"{line}\n" for line in lines), format="shopify-csv")
    reading = feed.reading
    assert reading.read == len(feed.products) + reading.rejected
    assert len(rows) == reading.read + reading.joined
    ids = [product.id for product in feed.products]
    told = feed.rules()
    assert len(ids) - len(set(ids)) == told.count("duplicate_id")
