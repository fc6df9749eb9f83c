"""Read a feed that a test wrote down as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bottega.catalogue.check import FeedCheck
from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.mapping import parse_mapping
from bottega.catalogue.readers.registry import find_reader
from bottega.sources.find import find_source
from bottega.sources.problems import Problem


@dataclass
class Feed:
    """What came out of a feed."""

    format: str
    products: list[Product]
    problems: list[Problem]
    reading: Reading

    def rules(self, *, row: str = "") -> list[str]:
        return [problem.rule for problem in self.problems if problem.row.endswith(row)]

    def by_id(self, product_id: str) -> Product:
        return next(product for product in self.products if product.id == product_id)


ReadFeed = Callable[..., Feed]


@pytest.fixture
def read_feed(tmp_path: Path) -> ReadFeed:
    """Call with a name and the content, or with a path; returns products and problems, feed-wide ones included."""

    def read(
        name: str | Path,
        content: str | bytes = "",
        *,
        format: str | None = None,
        mapping: str = "",
        currency: str = "USD",
        now_ms: int = 1_780_000_000_000,
    ) -> Feed:
        path = name if isinstance(name, Path) else tmp_path / name
        if not isinstance(name, Path):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        source = find_source(path)
        columns = parse_mapping(mapping)
        reader = find_reader(source, format)
        problems: list[Problem] = []
        reading = Reading(source, problems.append, columns, currency, now_ms=now_ms)
        check = FeedCheck(reader.natural_groups)
        products = []
        for product in reader.read(reading):
            found = check.add(product)
            problems += found
            products.append(product)
        problems += check.end()
        return Feed(reader.name, products, problems, reading)

    return read
