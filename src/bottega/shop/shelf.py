"""The shelf: every product as a row of arrays, so that a filter over the catalogue is a few array operations.

Rows follow catalogue order and never move; a product that changes is written over in its row.
Shapes   V products (variants), I items.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np

from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.datasets.items import Items
from bottega.names import Availability, BoolArray, Int8Array, IntArray, LongArray

__all__ = ["Shelf", "items_with"]

MASKS_KEPT = 128
"""Filters whose answers are remembered until a product changes."""
_AVAILABILITY = {availability: code for code, availability in enumerate(Availability)}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _terms(product: Product) -> set[str]:
    """What filters can ask a product for."""
    terms = {f"brand\x1f{_folded(product.brand)}"} if product.brand else set()
    for depth, level in enumerate(product.category):
        terms.add(f"category\x1f{_folded(level)}")
        terms.add(f"category\x1f{_folded(' > '.join(product.category[: depth + 1]))}")
    for name, values in product.attributes.items():
        terms.update(f"attribute {_folded(name)}\x1f{_folded(value)}" for value in values)
    return terms


def items_with(variants: BoolArray, item_of_variant: IntArray, n_items: int) -> BoolArray:
    """The items [I] that have at least one of the marked `variants` [V]; `item_of_variant` [V] names their items."""
    items = np.zeros(n_items, dtype=np.bool_)
    items[item_of_variant[variants]] = True
    return items


class Shelf:
    """Products by row, and which rows meet a filter."""

    def __init__(self, items: Items, products: Iterable[Product]) -> None:
        self._items = items
        self.products: list[Product] = []
        self.row: dict[str, int] = {}
        """Product id -> row."""
        self._postings: dict[str, array[int]] = {}
        self._codes: dict[str, int] = {}
        self._masks: OrderedDict[str, tuple[BoolArray, BoolArray]] = OrderedDict()
        self._item = array("i")
        self._usable = array("b")
        self._price = array("q")
        self._availability = array("b")
        self._category = array("i")
        self._brand = array("i")
        self.update(products)

    def update(self, products: Iterable[Product]) -> None:
        """Take in new and changed products; the items must know them already."""
        for product in products:
            row = self.row.get(product.id)
            if row is None:
                row = self.row[product.id] = len(self.products)
                self.products.append(product)
                for column in (self._item, self._usable, self._price, self._availability, self._category, self._brand):
                    column.append(0)
                self._index(row, _terms(product))
            elif product is not self.products[row]:
                before, after = _terms(self.products[row]), _terms(product)
                for term in before - after:
                    self._postings[term].remove(row)
                self._index(row, after - before)
                self.products[row] = product
            self._item[row] = self._items.code(product.id)
            self._usable[row] = product.recommendable
            self._price[row] = -1 if product.price_minor is None else min(product.price_minor, 2**62)
            self._availability[row] = _AVAILABILITY[product.availability]
            self._category[row] = self._code("category", " > ".join(product.category))
            self._brand[row] = self._code("brand", product.brand or "")
        self._masks.clear()

    def __len__(self) -> int:
        return len(self.products)

    @property
    def item(self) -> IntArray:
        """Item code of each row [V]."""
        return np.array(self._item, dtype=np.int32)

    @property
    def usable(self) -> BoolArray:
        """Whether each row may be shown at all [V]."""
        return np.array(self._usable, dtype=np.bool_)

    def group(self, row: int, by: str) -> int:
        """Code of a row's category or brand; -1 where it has none."""
        return (self._category if by == "category" else self._brand)[row]

    def allowed(self, wanted: Filter | None) -> tuple[BoolArray, BoolArray]:
        """Rows [V] that may be shown and meet the filter, and the items [I] that have one. Read only."""
        key = "" if wanted is None else wanted.model_dump_json()
        found = self._masks.get(key)
        if found is None or len(found[1]) != len(self._items):
            rows = self.usable if wanted is None else self.usable & self.matching(wanted)
            found = rows, items_with(rows, self.item, len(self._items))
            self._masks[key] = found
            while len(self._masks) > MASKS_KEPT:
                self._masks.popitem(last=False)
        else:
            self._masks.move_to_end(key)
        return found

    def rows_of(self, item: int) -> list[int]:
        """The rows of an item's products, in catalogue order."""
        return [self.row[name] for name in self._items.products[item] if name in self.row]

    def matching(self, wanted: Filter) -> BoolArray:
        """Rows [V] that meet the filter, those never shown included."""
        rows = np.ones(len(self), dtype=np.bool_)
        if wanted.ids is not None:
            rows &= self._of_ids(wanted.ids)
        if wanted.category is not None:
            rows &= self._having("category", wanted.category)
        if wanted.brand is not None:
            rows &= self._having("brand", wanted.brand)
        for name, values in (wanted.attributes or {}).items():
            rows &= self._having(f"attribute {_folded(name)}", values)
        if wanted.availability is not None:
            codes: Int8Array = np.array([_AVAILABILITY[one] for one in wanted.availability], dtype=np.int8)
            rows &= np.isin(np.array(self._availability, dtype=np.int8), codes)
        if wanted.price_minor is not None:
            price: LongArray = np.array(self._price, dtype=np.int64)
            rows &= price >= min(wanted.price_minor.min or 0, 2**62)
            if wanted.price_minor.max is not None:
                rows &= price <= min(wanted.price_minor.max, 2**62)
        if wanted.not_ is not None:
            rows &= ~self.matching(wanted.not_)
        return rows

    def _of_ids(self, ids: Sequence[str]) -> BoolArray:
        rows = np.zeros(len(self), dtype=np.bool_)
        for name in ids:
            if name in self.row:
                rows[self.row[name]] = True
            elif (item := self._items.code(name)) >= 0:
                rows[self.rows_of(item)] = True
        return rows

    def _having(self, name: str, values: Sequence[str]) -> BoolArray:
        rows = np.zeros(len(self), dtype=np.bool_)
        for value in values:
            posting = self._postings.get(f"{name}\x1f{_folded(value)}")
            if posting:
                rows[np.array(posting, dtype=np.int64)] = True
        return rows

    def _index(self, row: int, terms: Iterable[str]) -> None:
        for term in terms:
            self._postings.setdefault(term, array("i")).append(row)

    def _code(self, name: str, value: str) -> int:
        return self._codes.setdefault(f"{name}\x1f{_folded(value)}", len(self._codes)) if value else -1
