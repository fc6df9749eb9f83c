"""A folder or zip of several files is one feed where one format takes them all."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.catalogue.readers.test_prestashop_csv import COMBINATIONS, PRODUCTS
from tests.catalogue.samples import SAMPLES

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.mapping import Mapping
from bottega.catalogue.readers.together import feed_of, read_feed
from bottega.errors import SourceUnreadable
from bottega.sources.find import find_feed

LD = (
    '<!doctype html><html><script type="application/ld+json">'
    '{{"@type": "Product", "sku": "{0}", "name": "{0}"}}</script>'
)


def read(path: Path, name: str | None = None) -> tuple[str, list[Product], Reading]:
    reader, (first, *beside) = feed_of(find_feed(path), name)
    reading = Reading(first, lambda problem: None, Mapping(), "EUR", beside=tuple(beside))
    return reader.name, list(read_feed(reader, reading)), reading


def packed(folder: Path, files: dict[str, str]) -> tuple[Path, Path]:
    """A folder with these files, and a zip of them."""
    inside = folder / "inside"
    inside.mkdir()
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for name, text in files.items():
            (inside / name).write_text(text)
            archive.writestr(f"export/{name}", text)
    return inside, folder / "all.zip"


def test_prestashops_files(tmp_path: Path) -> None:
    categories = "Category ID;Active (0/1);Name *;Parent category\n9;1;Vases;Maison\n8;1;Maison;Home\n"
    for path in packed(tmp_path, {"1.csv": categories, "2.csv": COMBINATIONS, "3.csv": PRODUCTS}):
        format, products, reading = read(path)
        assert format == "prestashop-csv"
        assert len(products) == 5 and {"2", "3", "4", "V-1-BL"} < {product.id for product in products}
        assert reading.joined == 1 and reading.rejected == 1
        assert next(product for product in products if product.id == "2").category == ("Maison", "Vases")


def test_saved_pages_where_there_is_nothing_else(tmp_path: Path) -> None:
    inside, archive = packed(tmp_path, {"a.html": LD.format("A"), "b.htm": LD.format("B")})
    for path in (inside, archive):
        assert [product.id for product in read(path)[1]] == ["A", "B"]
    (inside / "feed.csv").write_text(SAMPLES["csv"][1])
    format, products, _ = read(inside)
    assert format == "csv" and len(products) == 2


def test_woocommerces_products_and_their_variations(tmp_path: Path) -> None:
    products = "id,name,sku,type,status,regular_price,stock_status,permalink\n7,Desk,D,variable,publish,,instock,\n"
    variations = "parent_id,parent_name,parent_sku,id,sku,price,attributes\n7,Desk,D,8,D-S,9,Size: S\n"
    inside, _ = packed(tmp_path, {"a.csv": variations, "b.csv": products})
    format, found, reading = read(inside)
    assert format == "woocommerce-csv" and [(product.id, product.group_id) for product in found] == [("8", "7")]
    assert reading.joined == 1 and found[0].attributes["size"] == ("S",)


def test_an_export_in_pieces(tmp_path: Path) -> None:
    header, *rows = SAMPLES["wix-csv"][1].splitlines(keepends=True)
    inside, _ = packed(tmp_path, {"1.csv": header + "".join(rows[:3]), "2.csv": header + "".join(rows[3:])})
    format, found, reading = read(inside)
    assert format == "wix-csv" and [product.id for product in found] == ["p1/S", "p1/M", "p2"]
    assert [product.source_row for product in found][::2] == ["1.csv:3", "2.csv:2"] and reading.read == 3


@pytest.mark.parametrize("second", ["csv", "shopify-csv"])
def test_files_of_several_kinds_are_no_feed(tmp_path: Path, second: str) -> None:
    inside, _ = packed(tmp_path, {"1.csv": SAMPLES["wix-csv"][1], "2.csv": SAMPLES[second][1]})
    with pytest.raises(SourceUnreadable, match=r"holds 2 data files: 1\.csv, 2\.csv"):
        read(inside)


@pytest.mark.real_data
def test_a_real_shop_in_two_tables(tmp_path: Path, real_data: Callable[[str], Path]) -> None:
    names = ("woocommerce_serbian.csv", "woocommerce_serbian_variations.csv")
    for name in names:
        (tmp_path / name).symlink_to(real_data(f"feeds/{name}"))
    format, products, reading = read(tmp_path)
    assert format == "woocommerce-csv" and (len(products), reading.joined, reading.rejected) == (4 + 577, 92, 0)
    assert all(product.price_minor is not None and product.category and product.description for product in products)


def test_prices_that_name_no_currency_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,title,price,currency\n1,A,5,\n2,B,5 EUR,\n3,C,$5,\n4,D,5,SEK\n5,E,,\n")
    _, products, reading = read(tmp_path / "a.csv")
    assert [product.currency for product in products] == ["EUR", "EUR", "USD", "SEK", None]
    assert reading.without_currency == 1
