"""What filters ask of products, as columns and terms: read off products a few at a time.

A term is one thing that a product is, as in "brand: Lana"; it is known by a hash of 64 bits, the same in every process.
Shapes   V products, T terms, N times that a product has a term.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.catalogue.product import Product
from bottega.datasets.name_table import HashArray, NameTable, hash_of
from bottega.names import Availability, IntArray, LongArray
from bottega.shop.shelf.facet_rows import FacetRows

__all__ = ["AVAILABILITY", "COLUMNS", "HIGHEST_PRICE", "Postings", "ShelfRows", "attribute", "group_name", "term"]

AVAILABILITY = {availability: code for code, availability in enumerate(Availability)}
COLUMNS: Mapping[str, type[np.generic]] = {
    "usable": np.bool_,
    "hidden": np.bool_,
    "price": np.int64,
    "availability": np.int8,
    "category": np.int32,
    "brand": np.int32,
    "path": np.int32,
    "group": np.int32,
    "revision": np.int64,
}
"""What changes with a product: whether it may be recommended, whether it is hidden, price (-1 where unknown), code of
`AVAILABILITY`, numbers in the table of groups (-1 for none) of its category and its brand in small letters, of its
category as the merchant writes it and of its group id, revision of the store."""
HIGHEST_PRICE = 2**62
_TERMS_KEPT = 1 << 16


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def attribute(name: str) -> str:
    """The kind of the terms of an attribute."""
    return f"attribute {_folded(name)}"


@lru_cache(_TERMS_KEPT)
def term(kind: str, value: str) -> int:
    """The hash of a term."""
    return hash_of(f"{kind}\x1f{_folded(value)}")


def _terms(product: Product) -> Iterator[int]:
    """What filters can ask a product for."""
    if product.brand:
        yield term("brand", product.brand)
    for depth, level in enumerate(product.category):
        yield term("category", level)
        yield term("category", " > ".join(product.category[: depth + 1]))
    for name, values in product.attributes.items():
        for value in values:
            yield term(attribute(name), value)


def _group_names(product: Product) -> dict[str, str]:
    """What a product is put together with others by, as names in the table of groups; empty for none."""
    return {
        "category": f"category\x1f{_folded(' > '.join(product.category))}" if product.category else "",
        "brand": f"brand\x1f{_folded(product.brand)}" if product.brand else "",
        "path": _path_name(product.category),
        "group": group_name(product.group_id) if product.group_id else "",
    }


def _path_name(category: Sequence[str]) -> str:
    """The name of a category as the merchant writes it, level by level."""
    return "\x1f".join(("path", *category)) if category else ""


def group_name(group_id: str) -> str:
    """The name of a group of variants."""
    return f"group\x1f{group_id}"


@dataclass(frozen=True, slots=True)
class Postings:
    """The rows that have a term: `rows` [N] from `offsets` [T + 1] of the place of its hash in `hashes` [T], sorted."""

    hashes: HashArray
    offsets: LongArray
    rows: IntArray

    def of(self, wanted: int) -> IntArray:
        """The rows of a term."""
        place = int(np.searchsorted(self.hashes, np.uint64(wanted)))
        if place == len(self.hashes) or int(self.hashes[place]) != wanted:
            return self.rows[:0]
        return self.rows[int(self.offsets[place]) : int(self.offsets[place + 1])]


class ShelfRows:
    """Columns and terms of products seen, in their order."""

    def __init__(self, groups: NameTable) -> None:
        """`groups`: names of categories and brands that have a number already."""
        self._groups = groups
        self._usable, self._hidden, self._availability = array("b"), array("b"), array("b")
        self._price, self._revision = array("q"), array("q")
        self._named: dict[str, list[str]] = {"category": [], "brand": [], "path": [], "group": []}
        """Names in the table of groups; empty for none."""
        self._terms, self._rows = array("Q"), array("i")
        self._facets = FacetRows()

    def see(self, products: Sequence[Product], revisions: Sequence[int]) -> None:
        """Take in products, and the revision that each was written with."""
        for row, product in enumerate(products, start=len(self._price)):
            self._usable.append(product.recommendable)
            self._price.append(-1 if product.price_minor is None else min(product.price_minor, HIGHEST_PRICE))
            self._availability.append(AVAILABILITY[product.availability])
            self._hidden.append(product.hidden)
            for column, name in _group_names(product).items():
                self._named[column].append(name)
            found = dict.fromkeys(_terms(product))
            self._terms.extend(found)
            self._rows.extend([row] * len(found))
            self._facets.see(product)
        self._revision.extend(revisions)

    def columns(self) -> tuple[dict[str, NDArray[Any]], NameTable]:
        """Each of `COLUMNS` [V], and the groups with those that were not among them, facets included."""
        names = [name for name in dict.fromkeys(chain(*self._named.values(), self._facets.names())) if name]
        numbers = self._groups.numbers(names).tolist()
        groups = self._groups.grown([name for name, number in zip(names, numbers, strict=True) if number < 0])
        self._groups = groups
        number_of = {"": -1} | dict(zip(names, groups.numbers(names).tolist(), strict=True))
        values: dict[str, Any] = {
            "usable": self._usable,
            "hidden": self._hidden,
            "price": self._price,
            "availability": self._availability,
            "revision": self._revision,
            **{column: [number_of[name] for name in row] for column, row in self._named.items()},
        }
        return {name: np.array(values[name], dtype=kind) for name, kind in COLUMNS.items()}, groups

    def facets(self) -> tuple[LongArray, IntArray]:
        """Offsets [V + 1] of each product's facets, and their numbers among the groups that `columns` gave [N]."""
        return self._facets.of(self._groups)

    def terms(self) -> tuple[HashArray, IntArray]:
        """Each term of each product, with the product's place among those seen [N]."""
        return np.array(self._terms, dtype=np.uint64), np.array(self._rows, dtype=np.int32)

    def postings(self) -> Postings:
        """The terms the other way about: which products have each."""
        terms, rows = self.terms()
        order = np.argsort(terms, kind="stable")
        hashes, starts = np.unique(terms[order], return_index=True)
        return Postings(hashes, np.append(starts, len(order)).astype(np.int64), rows[order])
