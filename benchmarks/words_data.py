"""Real listings as products of a shop: fashion, office, a demo shop, and hand-made things; for benchmarks of texts."""

from __future__ import annotations

import ast
import csv
import gzip
import json
import random
import re
from collections.abc import Iterator
from html import unescape

from bottega.catalogue.product import Product
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.known import known
from bottega.shop.listings.listing_facts import TitleWords, listing_of
from common import DATA

__all__ = ["SETS", "products_of", "sheets_of"]

SETS = {"fashion": 2_000, "office": 2_000, "demo_products": 2_000, "etsy": 500}
"""Products that are taken of each."""
_LINE = re.compile(r"^(?:- |  )(id|name|category|style|price|gender_affinity): (.*)$")


def products_of(name: str, count: int = 0, seed: int = 14) -> list[Product]:
    """Products of one set, drawn by a seed; all of them where `count` is 0."""
    rows = list({"fashion": _fashion, "office": _office, "demo_products": _demo, "etsy": _etsy}[name]())
    if count:
        rows = random.Random(seed).sample(rows, min(count, len(rows)))
    return rows


def sheets_of(products: list[Product]) -> list[FactSheet]:
    """What is known of each, as a shop of these products knows it."""
    words = TitleWords.of(products)
    return [known(listing_of(product, words)) for product in products]


def _fashion() -> Iterator[Product]:
    names = {"gender": "gender", "articleType": "article_type", "baseColour": "base_colour", "season": "season"}
    with (DATA / "fashion" / "styles.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            said = {**names, "usage": "usage", "year": "year"}
            yield Product(
                id=row["id"],
                title=row["productDisplayName"] or row["id"],
                category=(row["masterCategory"], row["subCategory"], row["articleType"]),
                attributes={other: (row[name],) for name, other in said.items() if row[name]},
            )


def _office() -> Iterator[Product]:
    with gzip.open(DATA / "office" / "products.jsonl.gz", "rt") as file:
        for row in map(json.loads, file):
            yield Product(id=row["id"], title=unescape(row["title"]))


def _demo() -> Iterator[Product]:
    row: dict[str, str] = {}
    for line in [*(DATA / "texts" / "demo_products.yaml").read_text().splitlines(), "- id: end"]:
        if (match := _LINE.match(line)) is None:
            continue
        if match[1] == "id" and row:
            people = {"F": ("Women",), "M": ("Men",)}.get(row.get("gender_affinity", ""), ())
            yield Product(
                id=row["id"],
                title=row["name"],
                category=(row["category"], row["style"]),
                attributes={"gender": people} if people else {},
                price_minor=round(float(row["price"]) * 100),
                currency="USD",
            )
            row = {}
        row[match[1]] = match[2].strip("'\"")


def _etsy() -> Iterator[Product]:
    with gzip.open(DATA / "texts" / "etsy.csv.gz", "rt", newline="") as file:
        for place, row in enumerate(csv.DictReader(file)):
            try:
                made_of = tuple(ast.literal_eval(row["materials"] or "[]"))
            except (ValueError, SyntaxError):
                made_of = ()
            yield Product(
                id=f"etsy-{place}",
                title=unescape(row["title"]),
                attributes={"materials": made_of} if made_of else {},
                price_minor=round(float(row["price"]) * 100),
                currency=row["currency_code"],
            )
