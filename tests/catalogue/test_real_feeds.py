"""Every public feed of the formats here, counted against a reading that knows nothing of Bottega."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, parse

import pytest

pytestmark = pytest.mark.real_data

Counts = tuple[int, int, int]
"""Products, variants among them, and products with a picture."""


def rows_of(path: Path, *, skip: int = 0) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        for _ in range(skip):
            next(stream)
        return list(csv.DictReader(stream))


def shopify(path: Path) -> Counts:
    """Rows with an SKU, an option or a price are variants, or the first of a handle that has none."""
    handles: dict[str, list[dict[str, str]]] = {}
    for row in rows_of(path):
        handles.setdefault(row["Handle"], []).append(row)
    ids = several = pictured = 0
    for rows in handles.values():
        variants = [row for row in rows if row["Variant SKU"] or row["Option1 Value"] or row["Variant Price"]] or rows[
            :1
        ]
        seen = {(row["Option1 Value"], row.get("Option2 Value"), row.get("Option3 Value")) for row in variants}
        ids += len(seen)
        several += len(seen) if len(seen) > 1 else 0
        pictured += len(seen) if any(row["Image Src"] or row.get("Variant Image") for row in rows) else 0
    return ids, several, pictured


def items(path: Path, tag: str, picture: Sequence[str]) -> Counts:
    def local(element: Element) -> str:
        return element.tag.rsplit("}", 1)[-1]

    found = [element for element in parse(path).iter() if local(element) == tag]
    groups = [
        (child.text or "").strip() for one in found for child in one if local(child) == "item_group_id" and child.text
    ]
    pictured = sum(any(local(child) in picture and (child.text or "").strip() for child in one) for one in found)
    return len(found), len(groups), pictured


def table(path: Path, picture: str, skip: int = 0) -> Counts:
    rows = rows_of(path, skip=skip)
    groups = Counter(group for row in rows if (group := row.get("item_group_id", "").strip()))
    variants = sum(members for members in groups.values() if members > 1)
    return len(rows), variants, sum(bool(row[picture].strip()) for row in rows)


def wix(path: Path) -> Counts:
    """A product is its variants, or itself where it has none; pictures stand at the product."""
    rows = rows_of(path)
    variants = Counter(row["handleId"] for row in rows if row["fieldType"] == "Variant")
    products = [row for row in rows if row["fieldType"] == "Product"]
    several = sum(number for number in variants.values() if number > 1)
    pictured = sum(variants.get(row["handleId"], 1) for row in products if row["productImageUrl"].strip())
    return sum(variants.get(row["handleId"], 1) for row in products), several, pictured


def one_a_row(path: Path, pictures: Sequence[str], group: str = "") -> Counts:
    rows = rows_of(path)
    groups = Counter(row[group] for row in rows) if group else Counter()
    pictured = sum(any(row[name].strip() for name in pictures) for row in rows)
    return len(rows), sum(number for number in groups.values() if number > 1), pictured


def offers(path: Path) -> Counts:
    found = {offer.get("id"): offer.find("picture") is not None for offer in parse(path).iter("offer")}
    return len(found), 0, sum(found.values())


def addresses(path: Path) -> Counts:
    objects = json.loads(path.read_text(encoding="utf-8"))
    return len({one["url"] for one in objects}), 0, len({one["url"] for one in objects if one.get("images")})


def fashion(path: Path) -> Counts:
    lines = path.read_text(encoding="utf-8").splitlines()
    return len(lines) - 1, 0, 0


def office(path: Path) -> Counts:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        kept = [row for line in stream if (row := json.loads(line)) and row["title"].strip()]
    return len(kept), 0, 0


FEEDS: list[tuple[str, str, dict[str, Any], Callable[[Path], Counts], int]] = [
    ("feeds/shopify_apparel.csv", "shopify-csv", {}, shopify, 0),
    ("feeds/shopify_english.csv", "shopify-csv", {}, shopify, 0),
    ("feeds/shopify_many_variants.csv", "shopify-csv", {}, shopify, 0),
    ("feeds/shopify_small.csv", "shopify-csv", {}, shopify, 0),
    ("feeds/shopify_spanish.csv", "shopify-csv", {}, shopify, 0),
    ("feeds/shopify_with_awin.csv", "shopify-csv", {}, shopify, 0),
    ("feeds/awin_feed.csv", "merchant-tsv", {}, lambda path: table(path, "image_link"), 0),
    ("feeds/meta_catalogue.csv", "merchant-tsv", {}, lambda path: table(path, "image_link", skip=1), 0),
    ("feeds/google_feed.xml", "merchant-xml", {}, lambda path: items(path, "item", ("image_link",)), 0),
    ("feeds/google_atom_russian.xml", "merchant-xml", {}, lambda path: items(path, "entry", ("image_link",)), 0),
    ("feeds/prisjakt_swedish.txt", "merchant-xml", {}, lambda path: items(path, "product", ("image_url",)), 0),
    ("feeds/wix_products.csv", "wix-csv", {}, wix, 0),
    ("feeds/yml_russian.xml", "yml", {}, offers, 0),
    ("feeds/woocommerce_serbian.csv", "woocommerce-csv", {}, lambda path: one_a_row(path, ["main_image"]), 0),
    (
        "feeds/woocommerce_serbian_variations.csv",
        "woocommerce-csv",
        {"mapping": "title=parent_name"},
        lambda path: one_a_row(path, ["image"], "parent_id"),
        0,
    ),
    ("feeds/woocommerce_rest_serbian.json", "jsonl", {"mapping": "id=url"}, addresses, 0),
    ("fashion/styles.csv", "csv", {"mapping": "title=productDisplayName"}, fashion, 0),
    ("office/products.jsonl.gz", "jsonl", {}, office, 0),
]


@pytest.mark.parametrize(("name", "format", "options", "counted", "rejected"), FEEDS, ids=[feed[0] for feed in FEEDS])
def test_every_product_of_a_real_feed_comes_in(
    read_feed: Callable[..., Any],
    real_data: Callable[[str], Path],
    name: str,
    format: str,
    options: dict[str, Any],
    counted: Callable[[Path], Counts],
    rejected: int,
) -> None:
    path = real_data(name)
    feed = read_feed(path, **options)
    ids = {product.id: product for product in feed.products}
    groups = Counter(product.group_id for product in ids.values() if product.group_id)
    variants = sum(members for members in groups.values() if members > 1)
    pictured = sum(bool(product.images) for product in ids.values())
    assert feed.format == format
    assert (len(ids), variants, pictured) == counted(path)
    assert feed.reading.rejected == rejected
    assert feed.reading.read == len(feed.products) + rejected
