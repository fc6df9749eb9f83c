"""What facets count: brand and attributes of each product, as names in the shelf's table, read off products by the way.

A name is the field and the value as the merchant writes it. What tells products apart rather than groups them is none:
numbers such as a GTIN, long texts, an attribute with thousands of values.
Shapes   V products, N facets of all of them.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from bottega.catalogue.attributes import NUMBERS, is_of_listing
from bottega.catalogue.product import Product
from bottega.datasets.name_table import NameTable
from bottega.names import IntArray, LongArray

__all__ = ["BRAND", "FACET", "FacetRows", "facet_of", "gathered"]

FACET = "facet\x1f"
"""What the name of a facet begins with."""
BRAND = "brand"
VALUE_MOST = 60
"""Longer values are prose."""
VALUES_MOST = 2_000
"""An attribute with more values, in a whole catalogue, is no facet."""


def facet_of(name: str) -> tuple[str, str]:
    """The field and the value of a facet's name."""
    _, field, value = name.split("\x1f", 2)
    return field, value


class FacetRows:
    """Facets of products seen, in their order."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        """Number of each name here."""
        self._facets, self._lengths = array("i"), array("i")

    def see(self, product: Product) -> None:
        """Take in a product."""
        found = dict.fromkeys(self._numbers.setdefault(name, len(self._numbers)) for name in _names(product))
        self._facets.extend(found)
        self._lengths.append(len(found))

    def names(self) -> list[str]:
        """Names of facets; those of attributes with too many values are none."""
        many = Counter(name.rpartition("\x1f")[0] for name in self._numbers)
        return [name for name in self._numbers if many[name.rpartition("\x1f")[0]] <= VALUES_MOST or _is_brand(name)]

    def of(self, table: NameTable) -> tuple[LongArray, IntArray]:
        """Offsets [V + 1] of each product's facets, and their numbers [N] in a table that has the names."""
        kept = self.names()
        number_of = np.full(len(self._numbers) + 1, -1, dtype=np.int32)
        number_of[[self._numbers[name] for name in kept]] = table.numbers(kept)
        facets = number_of[np.array(self._facets, dtype=np.int32)]
        rows = np.repeat(np.arange(len(self._lengths)), np.array(self._lengths, dtype=np.int64))
        lengths = np.bincount(rows[facets >= 0], minlength=len(self._lengths))
        return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), facets[facets >= 0]


def gathered(offsets: LongArray, values: IntArray, rows: Sequence[int] | IntArray) -> tuple[IntArray, IntArray]:
    """The values of some rows of ragged ones, and the place among `rows` that each comes from.

    >>> gathered(np.array([0, 2, 2, 3]), np.array([7, 8, 9]), [2, 0])
    (array([9, 7, 8]), array([0, 1, 1], dtype=int32))
    """
    wanted = np.asarray(rows, dtype=np.int64)
    starts = offsets[wanted]
    lengths = offsets[wanted + 1] - starts
    places = np.repeat(np.arange(len(wanted), dtype=np.int32), lengths)
    within = np.arange(len(places)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return values[np.repeat(starts, lengths) + within], places


def _names(product: Product) -> Iterator[str]:
    if product.brand:
        yield f"{FACET}{BRAND}\x1f{product.brand}"
    for field, values in product.attributes.items():
        if field in NUMBERS or field == BRAND or "\x1f" in field or is_of_listing(field):
            continue
        for value in values:
            if value and len(value) <= VALUE_MOST and "\x1f" not in value:
                yield f"{FACET}{field}\x1f{value}"


def _is_brand(name: str) -> bool:
    return name.startswith(f"{FACET}{BRAND}\x1f")
