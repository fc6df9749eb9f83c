"""The shelf: every product as a row of arrays, so that a filter over the catalogue is a few array operations.

Rows follow catalogue order and never move: a row is the one number of a product, here, in searches and in answers. A
shelf never changes; a product that does makes another shelf, which shares with this one what stayed.
Shapes   V products (variants), I items.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np

from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.datasets.items import Items
from bottega.names import Availability, BoolArray, Int8Array, IntArray, LongArray

__all__ = ["MASKS_KEPT", "Shelf", "items_with"]

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


_COLUMNS = ("_item", "_usable", "_price", "_availability", "_category", "_brand")


class Shelf:
    """Products by row, and which rows meet a filter."""

    def __init__(self, items: Items, products: Iterable[Product]) -> None:
        self._items = items
        self._products: list[Product] = []
        self._row: dict[str, int] = {}
        self._postings: dict[str, array[int]] = {}
        self._codes: dict[str, int] = {}
        self._item = array("i")
        self._usable = array("b")
        self._price = array("q")
        self._availability = array("b")
        self._category = array("i")
        self._brand = array("i")
        self._start()
        self._put(products, shared=set())

    def stocked(self, items: Items, products: Iterable[Product]) -> Shelf:
        """The shelf with new and changed products; `items` must know them already."""
        new = Shelf.__new__(Shelf)
        new._items = items
        new._products, new._row = list(self._products), dict(self._row)
        new._postings, new._codes = dict(self._postings), dict(self._codes)
        for name in _COLUMNS:
            setattr(new, name, array(getattr(self, name).typecode, getattr(self, name)))
        new._start()
        new._put(products, shared=set(self._postings))
        return new

    def changed_since(self, before: Shelf | None) -> list[int]:
        """Rows whose product is not the one that an earlier shelf of this shop has there."""
        if before is self:
            return []
        known = [] if before is None else before._products
        rows = [row for row, (one, other) in enumerate(zip(known, self._products, strict=False)) if one is not other]
        return [*rows, *range(len(known), len(self._products))]

    def _start(self) -> None:
        self._lock = threading.Lock()
        """Held for as long as a remembered answer is looked up."""
        self._masks: OrderedDict[str, tuple[BoolArray, BoolArray]] = OrderedDict()

    def _put(self, products: Iterable[Product], *, shared: set[str]) -> None:
        """Write products into their rows. `shared`: terms whose rows another shelf holds too."""
        columns = [getattr(self, name) for name in _COLUMNS]
        for product in products:
            row = self._row.get(product.id)
            if row is None:
                row = self._row[product.id] = len(self._products)
                self._products.append(product)
                for column in columns:
                    column.append(0)
                self._index(row, _terms(product), shared)
            elif product is not self._products[row]:
                before, after = _terms(self._products[row]), _terms(product)
                for term in before - after:
                    self._own(term, shared).remove(row)
                self._index(row, after - before, shared)
                self._products[row] = product
            self._item[row] = self._items.code(product.id)
            self._usable[row] = product.recommendable
            self._price[row] = -1 if product.price_minor is None else min(product.price_minor, 2**62)
            self._availability[row] = _AVAILABILITY[product.availability]
            self._category[row] = self._code("category", " > ".join(product.category))
            self._brand[row] = self._code("brand", product.brand or "")
        self.item: IntArray = np.array(self._item, dtype=np.int32)
        """Item code of each row [V]."""
        self.usable: BoolArray = np.array(self._usable, dtype=np.bool_)
        """Whether each row may be shown at all [V]."""

    def __len__(self) -> int:
        return len(self._products)

    def product(self, row: int) -> Product:
        """The product of a row."""
        return self._products[row]

    def products_at(self, rows: Sequence[int]) -> list[Product]:
        """The products of these rows."""
        return [self._products[row] for row in rows]

    def product_id(self, row: int) -> str:
        """The id of a row's product."""
        return self._products[row].id

    def row_of(self, product_id: str) -> int:
        """The row of a product; -1 when unknown."""
        return self._row.get(product_id, -1)

    def get(self, product_id: str) -> Product | None:
        """The product of an id."""
        row = self._row.get(product_id)
        return None if row is None else self._products[row]

    def group(self, row: int, by: str) -> int:
        """Code of a row's category or brand; -1 where it has none."""
        return (self._category if by == "category" else self._brand)[row]

    def allowed(self, wanted: Filter | None) -> tuple[BoolArray, BoolArray]:
        """Rows [V] that may be shown and meet the filter, and the items [I] that have one. Read only."""
        key = "" if wanted is None else wanted.model_dump_json()
        with self._lock:
            if key in self._masks:
                self._masks.move_to_end(key)
                return self._masks[key]
        rows = self.usable if wanted is None else self.usable & self.matching(wanted)
        found = rows, items_with(rows, self.item, len(self._items))
        with self._lock:
            self._masks[key] = found
            while len(self._masks) > MASKS_KEPT:
                self._masks.popitem(last=False)
        return found

    def rows_of(self, item: int) -> list[int]:
        """The rows of an item's products, in catalogue order."""
        return [self._row[name] for name in self._items.product_ids(item) if name in self._row]

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
            if name in self._row:
                rows[self._row[name]] = True
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

    def _index(self, row: int, terms: Iterable[str], shared: set[str]) -> None:
        for term in terms:
            self._own(term, shared).append(row)

    def _own(self, term: str, shared: set[str]) -> array[int]:
        """The rows of a term, to be written to."""
        posting = self._postings.get(term)
        if posting is None or term in shared:
            shared.discard(term)
            posting = self._postings[term] = array("i", posting or ())
        return posting

    def _code(self, name: str, value: str) -> int:
        return self._codes.setdefault(f"{name}\x1f{_folded(value)}", len(self._codes)) if value else -1
