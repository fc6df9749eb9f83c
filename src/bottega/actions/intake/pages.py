"""One page of what a platform gives, a webhook's body say, through the readers of its exports: a file's rules hold.

A page has no folder, so a picture counts by its web address alone.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.catalogue.addresses import is_web
from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.mapping import parse_mapping
from bottega.catalogue.readers.registry import find_reader
from bottega.shop.open_shop import OpenShop
from bottega.sources.problems import Problem, Severity
from bottega.sources.source import Source

__all__ = ["OrdersTaken", "ProductsRead", "products_of", "take_orders"]


@dataclass(slots=True)
class ProductsRead:
    """The products of a page, and the rules that the rows left out broke."""

    products: list[Product] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    """Rule -> rows."""


@dataclass(frozen=True, slots=True)
class OrdersTaken:
    """What became of the orders of a page."""

    added: int
    """Events that were new."""
    known: int
    """Events that were there already."""
    ignored: int
    """Events of kinds that are of no use: an order that nobody paid, say."""
    rejected: Counter[str]
    """Rule -> rows."""


def products_of(shop: OpenShop, format: str, name: str, page: Mapping[str, Any]) -> ProductsRead:
    """The products that a page holds, by the catalogue reader of this name; nothing is stored.

    Their `source_row` is the platform and its number of the product, as in "shopify:7001".
    """
    found = ProductsRead()

    def note(problem: Problem) -> None:
        if problem.severity is Severity.REJECT:
            found.rejected[problem.rule] += 1

    source = Source.page(name, orjson.dumps(page))
    columns = parse_mapping(None)
    reader = find_reader(source, format)
    reading = Reading(source, note, columns, shop.settings.currency, now_ms=time.time_ns() // 1_000_000)
    web: dict[str, bool] = {}
    """Address -> whether it is one; variants share theirs."""
    for product in reader.read(reading):
        for address in product.images:
            if address not in web:
                web[address] = is_web(address)
        images = tuple(address for address in product.images if web[address])
        number = product.group_id or product.id
        place = f"{name.rpartition('.')[0]}:{number}"
        found.products.append(product.model_copy(update={"images": images, "source_row": place}))
    return found


def take_orders(shop: OpenShop, format: str, name: str, page: Mapping[str, Any]) -> OrdersTaken:
    """Store the orders that a page holds, by the events reader of this name. Safe to repeat."""
    with tempfile.TemporaryDirectory(prefix="bottega-page-") as folder:
        path = Path(folder) / name
        path.write_bytes(orjson.dumps(page))
        report = import_events(shop, ImportEventsRequest(source=path, format=format))
    ignored = sum(report.ignored.values())
    return OrdersTaken(report.added, report.duplicates, ignored, Counter(report.by_rule))
