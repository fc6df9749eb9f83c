"""Sets of simulated shoppers: products, and who wants one of them, with the training part of their history."""

from __future__ import annotations

import csv
import gzip
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bottega.catalogue.product import Product
from bottega.datasets.demo_store import write_demo_shop
from bottega.names import DAY_MS
from search_queries import products_of
from shoppers_words import LANGUAGES

__all__ = ["Shopper", "shoppers_of"]

KINDS = ("view", "add_to_cart", "purchase", "wishlist")
EVENTS_LEAST, EVENTS_MOST = 4, 60
FASHION_MOST = 3000


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who wants something."""

    name: str
    target: Product
    history: tuple[tuple[str, str, int], ...]
    """Kind, product, time of each event of the training part."""
    language: str


def _with_histories(
    products: dict[str, Product], rows: dict[str, list[tuple[str, str, int]]], count: int, rng: np.random.Generator
) -> Iterator[Shopper]:
    """Shoppers whose last product is one that they had not seen before."""
    names = sorted(rows)
    for place in rng.permutation(len(names)).tolist():
        events = [one for one in rows[names[place]] if one[1] in products][-EVENTS_MOST:]
        seen = {id_ for _, id_, _ in events[:-1]}
        if len(events) <= EVENTS_LEAST or events[-1][1] in seen:
            continue
        history = tuple(one for one in events[:-1] if one[1] != events[-1][1])
        yield Shopper(names[place], products[events[-1][1]], history, LANGUAGES[count % len(LANGUAGES)])
        if not (count := count - 1):
            return


def shoppers_of(
    name: str, data: Path, count: int, rng: np.random.Generator
) -> tuple[dict[str, Product], list[Shopper]]:
    """The products of a set by id, and who wants one of them."""
    rows: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    if name == "demo":
        with tempfile.TemporaryDirectory() as folder:
            demo = write_demo_shop(Path(folder), products=600, shoppers=600, pictures=False)
            products = {one.id: one for one in products_of(demo.catalogue, None) if not one.hidden}
            with demo.events.open(encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    if row["kind"] in KINDS and row["shopper_id"] and row["time"].isdigit():
                        rows[row["shopper_id"]].append((row["kind"], row["product_id"], int(row["time"])))
        for events in rows.values():
            events.sort(key=lambda one: one[2])
    elif name == "office":
        products = {
            one.id: Product(id=one.id, title=one.title)
            for one in products_of(data / "office" / "products.jsonl.gz", None)
        }
        now = time.time_ns() // 1_000_000
        with gzip.open(data / "office" / "sequences.txt.gz", "rt") as file:
            for who, *ids in (text.split() for text in file):
                days = range(len(ids), 0, -1)
                rows[who] = [("purchase", id_, now - day * DAY_MS) for id_, day in zip(ids, days, strict=True)]
    else:
        with (data / "fashion" / "styles.csv").open(encoding="utf-8") as file:
            table = [row for row in csv.DictReader(file) if row["productDisplayName"]]
        drawn = [table[place] for place in rng.permutation(len(table))[:FASHION_MOST]]
        products = {row["id"]: _of_fashion(row) for row in drawn}
        targets = [products[drawn[place]["id"]] for place in rng.permutation(len(drawn))[:count]]
        return products, [Shopper(f"f{at}", one, (), LANGUAGES[at % 5]) for at, one in enumerate(targets)]
    return products, list(_with_histories(products, rows, count, rng))


def _of_fashion(row: dict[str, str]) -> Product:
    told = {"color": row["baseColour"], "gender": row["gender"], "season": row["season"], "usage": row["usage"]}
    path = (row["masterCategory"], row["subCategory"], row["articleType"])
    attributes: dict[str, tuple[str, ...]] = {field: (value,) for field, value in told.items() if value}
    return Product(id=row["id"], title=row["productDisplayName"], category=path, attributes=attributes)
