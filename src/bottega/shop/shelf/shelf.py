"""The shelf: every product as a row of arrays, so that a filter over the catalogue is a few array operations.

Rows follow catalogue order and never move: a row is the one number of a product, here, in searches and in answers. A
shelf never changes; a product that does makes another shelf, which shares with this one what stayed. The products
themselves lie in the store and are read when they are shown.
Shapes   V products (variants), I items, N terms of products that came or changed since the postings were made.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.datasets.growing import GrowingColumn
from bottega.datasets.items import Items
from bottega.datasets.name_table import NameTable
from bottega.names import BoolArray, Int8Array, IntArray, LongArray
from bottega.shop.shelf.facet_rows import facet_of, gathered
from bottega.shop.shelf.product_reader import ProductReader
from bottega.shop.shelf.shelf_rows import (
    AVAILABILITY,
    COLUMNS,
    HIGHEST_PRICE,
    Postings,
    ShelfRows,
    attribute,
    group_name,
    term,
)

__all__ = ["MASKS_KEPT", "Shelf", "Visible", "items_with"]

MASKS_KEPT = 128
"""Filters whose answers are remembered until a product changes."""
TITLES_KEPT = 20_000
"""Titles remembered beside them by row."""


def items_with(variants: BoolArray, item_of_variant: IntArray, n_items: int) -> BoolArray:
    """The items [I] that have at least one of the marked `variants` [V]; `item_of_variant` [V] names their items."""
    items = np.zeros(n_items, dtype=np.bool_)
    items[item_of_variant[variants]] = True
    return items


@dataclass(frozen=True, slots=True)
class Visible:
    """Products that are not hidden, G groups of them in catalogue order.

    `rows` [N] from `offsets` [G + 1] are those of each group, whose first one has the category `paths[path_of[g]]`.
    """

    rows: IntArray
    offsets: LongArray
    paths: list[tuple[str, ...]]
    path_of: IntArray

    def of(self, group: int) -> list[int]:
        """The rows of a group, in catalogue order."""
        found: list[int] = self.rows[self.offsets[group] : self.offsets[group + 1]].tolist()
        return found


class Shelf:
    """Products by row, and which rows meet a filter."""

    def __init__(
        self,
        items: Items,
        columns: Mapping[str, GrowingColumn],
        postings: Postings,
        facets: tuple[LongArray, IntArray],
        groups: NameTable,
        reader: ProductReader,
    ) -> None:
        """`items` must not be added to any more; `columns` are those of `shelf_rows.COLUMNS`, `facets` what `ShelfRows`
        gives."""
        self._items, self._reader = items, reader
        self._columns, self._groups = dict(columns), groups
        self._postings = postings
        self._facets = facets
        self._packed = len(columns["revision"])
        """Rows below it are in the postings."""
        self._moved: BoolArray | None = None
        """Those of them that changed since [packed]; None for none."""
        nothing = np.zeros(0, dtype=np.int64)
        self._later = tuple(GrowingColumn(nothing.astype(kind)) for kind in (np.uint64, np.int32, np.int64))
        """Terms of rows that came or changed since, with the row and its revision [N]: true while it has that one."""
        self._later_facets = tuple(GrowingColumn(nothing.astype(kind)) for kind in (np.int32, np.int32, np.int64))
        """Facets of such rows, likewise."""
        self._start()

    def stocked(self, items: Items, products: Sequence[Product], revisions: Sequence[int]) -> Shelf:
        """The shelf with new and changed products, each with its revision: what the store counts up with each write.

        `items` must know them already, and must not be added to any more.
        """
        new = Shelf.__new__(Shelf)
        new.__dict__ |= self.__dict__
        new._items = items
        new._start()
        fresh = len(self)
        self._reader.keep(products, revisions)
        found = items.rows([product.id for product in products]).tolist()
        by_row = dict(zip(found, zip(products, revisions, strict=True), strict=True))
        known = self._columns["revision"].array
        rows = sorted(row for row, (_, revision) in by_row.items() if row >= fresh or revision != int(known[row]))
        seen = ShelfRows(self._groups)
        seen.see([by_row[row][0] for row in rows], [by_row[row][1] for row in rows])
        values, new._groups = seen.columns()
        where = np.array(rows, dtype=np.int64)
        old = where < fresh
        assert (where[~old] == np.arange(fresh, fresh + int((~old).sum()))).all(), "rows come one behind the other"
        for name in COLUMNS:
            column = self._columns[name]
            if old.any():
                column = column.changed(where[old], values[name][old])
            new._columns = {**new._columns, name: column.grown(values[name][~old])}
        terms, places = seen.terms()
        of_terms = where[places], values["revision"][places]
        new._later = _grown(self._later, (terms, *of_terms))
        offsets, facets = seen.facets()
        places = np.repeat(np.arange(len(where)), np.diff(offsets))
        new._later_facets = _grown(self._later_facets, (facets, where[places], values["revision"][places]))
        moved = where[where < self._packed]
        if len(moved):
            new._moved = np.zeros(self._packed, dtype=np.bool_) if self._moved is None else self._moved.copy()
            new._moved[moved] = True
        return new

    def changed_since(self, before: Shelf | None) -> list[int]:
        """Rows whose product is not the one that an earlier shelf of this shop has there."""
        if before is self:
            return []
        return self.differing(self.revisions[:0] if before is None else before.revisions)

    def differing(self, revisions: LongArray) -> list[int]:
        """Rows whose product is not of the revision that is given for them, those beyond included."""
        now = self.revisions
        then = revisions[: len(now)]
        return [*np.flatnonzero(now[: len(then)] != then).tolist(), *range(len(then), len(now))]

    @property
    def revisions(self) -> LongArray:
        """Revision of the store with which each row's product was written [V]."""
        return self._column("revision")

    def _start(self) -> None:
        self._lock = threading.Lock()
        """Held for as long as a remembered answer is looked up."""
        self._masks: OrderedDict[str, tuple[BoolArray, BoolArray]] = OrderedDict()
        self._visible: Visible | None = None
        self._titles: dict[int, str] = {}
        """Titles told of rows, until a product changes."""

    def __len__(self) -> int:
        return len(self._columns["revision"])

    @property
    def item(self) -> IntArray:
        """Item code of each row [V]."""
        return self._items.item_of_row[: len(self)]

    @property
    def usable(self) -> BoolArray:
        """Whether each row may be shown at all [V]."""
        return self._column("usable")

    @property
    def hidden(self) -> BoolArray:
        """Whether each row is hidden [V]."""
        return self._column("hidden")

    def product(self, row: int) -> Product:
        """The product of a row."""
        return self.products_at([row])[0]

    def products_at(self, rows: Sequence[int]) -> list[Product]:
        """The products of these rows, in one query for those that were not shown lately."""
        revision = self._columns["revision"].array
        return self._reader.of([self._items.product_id(row) for row in rows], [int(revision[row]) for row in rows])

    def titles_at(self, rows: Sequence[int]) -> list[str]:
        """The titles of these rows' products, in one query for those that were not told lately."""
        told = self._titles
        try:
            return [told[row] for row in rows]
        except KeyError:
            pass
        revision = self._columns["revision"].array
        ids = [self._items.product_id(row) for row in rows]
        titles = self._reader.titles(ids, [int(revision[row]) for row in rows])
        if len(told) + len(titles) > TITLES_KEPT:
            told = self._titles = {}  # whoever reads the one before goes on with it
        told.update(zip(rows[:TITLES_KEPT], titles, strict=False))
        return titles

    def product_id(self, row: int) -> str:
        """The id of a row's product."""
        return self._items.product_id(row)

    def row_of(self, product_id: str) -> int:
        """The row of a product; -1 when unknown."""
        return self._items.row(product_id)

    def get(self, product_id: str) -> Product | None:
        """The product of an id."""
        row = self.row_of(product_id)
        return None if row < 0 else self.product(row)

    def group(self, row: int, by: str) -> int:
        """Code of a row's category or brand; -1 where it has none."""
        return int(self._columns["category" if by == "category" else "brand"].array[row])

    def facets_of(self, rows: IntArray) -> tuple[IntArray, IntArray]:
        """Numbers of the facets of some rows, each once a row, and the place among `rows` that each is of."""
        packed = rows < self._packed
        if self._moved is not None:
            packed[packed] = ~self._moved[rows[packed]]
        numbers, places = gathered(*self._facets, rows[packed])
        found, where = [numbers], [np.flatnonzero(packed).astype(np.int32)[places]]
        later, of_row, of_revision = (column.values for column in self._later_facets)
        if len(later):
            place_of = np.full(len(self), -1, dtype=np.int32)
            place_of[rows] = np.arange(len(rows), dtype=np.int32)
            true = (place_of[of_row] >= 0) & (self._columns["revision"].array[of_row] == of_revision)
            found.append(later[true])
            where.append(place_of[of_row[true]])
        return np.concatenate(found), np.concatenate(where)

    def facet(self, number: int) -> tuple[str, str]:
        """The field and the value of a facet's number."""
        return facet_of(self._groups.name(number))

    def paths_of(self, rows: IntArray) -> tuple[list[tuple[str, ...]], IntArray]:
        """The different categories of some rows, () for none, and which of them each row has."""
        numbers = self._column("path")[rows] + 1
        there = np.bincount(numbers) > 0
        place = (np.cumsum(there) - 1)[numbers].astype(np.int32)
        return [self._path(number - 1) for number in np.flatnonzero(there).tolist()], place

    def brands_of(self, rows: IntArray) -> IntArray:
        """Codes of the brands of some rows; -1 for none."""
        return self._column("brand")[rows]

    def prices_of(self, rows: IntArray) -> LongArray:
        """Prices of some rows in minor units; -1 where unknown."""
        return self._column("price")[rows]

    def availability_of(self, rows: IntArray) -> Int8Array:
        """Codes of `AVAILABILITY` of some rows."""
        return self._column("availability")[rows]

    def siblings(self, product_or_group_id: str) -> list[int]:
        """Rows of the visible variants of the product that an id means, itself included; none of what is hidden."""
        hidden, group = self._columns["hidden"].array, self._columns["group"].array
        row = self.row_of(product_or_group_id)
        if row >= 0 and not hidden[row]:
            if group[row] < 0:
                return [row]
            code, item = int(group[row]), int(self.item[row])
        else:
            code = self._groups.number(group_name(product_or_group_id))
            item = self._items.code(product_or_group_id)
        if code < 0 or item < 0:
            return []
        return [one for one in self.rows_of(item) if group[one] == code and not hidden[one]]

    def visible(self) -> Visible:
        """The products that are not hidden, by group; found once."""
        if self._visible is None:
            rows = np.flatnonzero(~self._column("hidden")).astype(np.int32)
            group = self._column("group")[rows]
            group = np.where(group < 0, len(self._groups) + rows, group)  # alone: a number that no group has
            _, first, group_of, sizes = np.unique(group, return_index=True, return_inverse=True, return_counts=True)
            order = np.argsort(first, kind="stable")
            place = np.empty(len(order), dtype=np.int64)
            place[order] = np.arange(len(order))
            used, path_of = np.unique(self._column("path")[rows[first[order]]], return_inverse=True)
            self._visible = Visible(
                rows[np.argsort(place[group_of], kind="stable")],
                np.concatenate([[0], np.cumsum(sizes[order])]),
                [self._path(number) for number in used.tolist()],
                path_of.astype(np.int32),
            )
        return self._visible

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
        return self._items.rows_of(item)

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
            rows &= self._having(attribute(name), values)
        if wanted.availability is not None:
            codes: Int8Array = np.array([AVAILABILITY[one] for one in wanted.availability], dtype=np.int8)
            rows &= np.isin(self._column("availability"), codes)
        if wanted.price_minor is not None:
            price = self._column("price")
            rows &= price >= min(wanted.price_minor.min or 0, HIGHEST_PRICE)
            if wanted.price_minor.max is not None:
                rows &= price <= min(wanted.price_minor.max, HIGHEST_PRICE)
        for left_out in wanted.not_ if isinstance(wanted.not_, list) else [wanted.not_]:
            if left_out is not None:
                rows &= ~self.matching(left_out)
        return rows

    def _path(self, number: int) -> tuple[str, ...]:
        return () if number < 0 else tuple(self._groups.name(number).split("\x1f")[1:])

    def _column(self, name: str) -> NDArray[Any]:
        return self._columns[name].values

    def _of_ids(self, ids: Sequence[str]) -> BoolArray:
        rows = np.zeros(len(self), dtype=np.bool_)
        for name in ids:
            if (row := self.row_of(name)) >= 0:
                rows[row] = True
            elif (item := self._items.code(name)) >= 0:
                rows[self.rows_of(item)] = True
        return rows

    def _having(self, kind: str, values: Sequence[str]) -> BoolArray:
        rows = np.zeros(len(self), dtype=np.bool_)
        wanted = [term(kind, value) for value in values]
        for one in wanted:
            rows[self._postings.of(one)] = True
        if self._moved is not None:
            rows[: self._packed] &= ~self._moved
        terms, of_row, of_revision = (column.values for column in self._later)
        if len(terms):
            hits = np.flatnonzero(np.isin(terms, np.array(wanted, dtype=np.uint64)))
            true = self._columns["revision"].array[of_row[hits]] == of_revision[hits]
            rows[of_row[hits[true]]] = True
        return rows


def _grown(columns: Sequence[GrowingColumn], more: Sequence[NDArray[Any]]) -> tuple[GrowingColumn, ...]:
    return tuple(column.grown(values) for column, values in zip(columns, more, strict=True))
