"""Items: the code space that models learn in. A product with variants is one item; a product without is one too.

Learning about a T-shirt instead of its seven sizes pools their events; an answer names the variant to show. Products
have numbers, too, in the order of the catalogue: their **rows**. All of it lies in flat arrays, which can be mapped
files, and a copy shares them.
Shapes   I items, V products.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.catalogue.product import Product
from bottega.datasets.growing import GrowingColumn
from bottega.datasets.name_table import NameTable
from bottega.names import BoolArray, IntArray
from bottega.saved import ModelFile

__all__ = ["Items"]


class Items:
    """Item codes 0 .. I-1 and the merchant's ids behind them. Codes never change; new items go behind."""

    def __init__(self) -> None:
        nothing = np.zeros(0, dtype=np.int32)
        self._keys = NameTable.of([])
        """Group id, or the product's own id where it has no group [I]."""
        self._ids = NameTable.of([])
        """Product ids [V]."""
        self._item, self._next = GrowingColumn(nothing), GrowingColumn(nothing)
        """Item of each product, and the next product of the same item [V]; none where it is -1 or not here yet."""
        self._first, self._last = GrowingColumn(nothing), GrowingColumn(nothing)
        """First product of each item, and the last one there was when it was written down [I]."""

    @classmethod
    def of(cls, products: Iterable[Product]) -> Items:
        """Codes in order of first appearance."""
        items = cls()
        items.add(products)
        return items

    def without_products(self) -> Items:
        """The same codes, for products to come as rows in an order of their own (`add_known`)."""
        items = Items()
        items._keys = self._keys
        items._first, items._last = (GrowingColumn(np.full(len(self), -1, dtype=np.int32)) for _ in range(2))
        return items

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def n_products(self) -> int:
        """V."""
        return len(self._ids)

    @property
    def item_of_row(self) -> IntArray:
        """Item code of each product [V]. Read only."""
        return self._item.values

    def add(self, products: Iterable[Product]) -> list[int]:
        """Take products in; those already known keep their code. Returns the codes touched, new ones included.

        A product that changes its group stays where it was first seen: codes are what models have learnt.
        """
        return self._add([(product.id, product.group_id or product.id) for product in products], None)

    def add_known(self, products: Iterable[Product], known: Items) -> list[int]:
        """The same, but products that `known` has stay in the item that they have there."""
        return self._add([(product.id, product.group_id or product.id) for product in products], known)

    def copy(self) -> Items:
        """The same items, to add to while others read these. Add to the copy alone from then on."""
        new = Items.__new__(Items)
        new.__dict__ |= self.__dict__
        return new

    def code(self, product_or_group_id: str) -> int:
        """The item of a product id or a group id; -1 when unknown."""
        code = self._keys.number(product_or_group_id)
        if code < 0 and (row := self._ids.number(product_or_group_id)) >= 0:
            code = int(self._item.array[row])
        return code

    def codes(self, ids: Sequence[str]) -> IntArray:
        """`code` of each id [len(ids)]."""
        found = self._keys.numbers(ids)
        rest = np.flatnonzero(found < 0)
        if len(rest):
            rows = self._ids.numbers([ids[place] for place in rest.tolist()])
            found[rest[rows >= 0]] = self._item.array[rows[rows >= 0]]
        return found

    def id(self, code: int) -> str:
        """Group id of an item, or its product's own id where it has no group."""
        return self._keys.name(code)

    def product_id(self, row: int) -> str:
        """The id of a product."""
        return self._ids.name(row)

    def row(self, product_id: str) -> int:
        """The row of a product; -1 when unknown."""
        return self._ids.number(product_id)

    def rows(self, product_ids: Sequence[str]) -> IntArray:
        """`row` of each product [len(product_ids)]."""
        return self._ids.numbers(product_ids)

    def rows_of(self, code: int) -> list[int]:
        """Rows of an item's products, in catalogue order."""
        item, following, here = self._item.array, self._next.array, len(self._ids)
        rows, row = [], int(self._first.array[code])
        # A row that is not here, or is another item's, was linked by another copy.
        while 0 <= row < here and item[row] == code:
            rows.append(row)
            row = int(following[row])
        return rows

    def first_rows(self, codes: IntArray, usable: BoolArray) -> IntArray:
        """The first product of each item [N] that is `usable` (a mask over rows); -1 where none is."""
        item, following, here = self._item.array, self._next.array, len(self._ids)
        rows: IntArray = self._first.array[codes]
        looking = np.arange(len(codes))
        while len(looking):
            at = rows[looking]
            there = (at >= 0) & (at < here)
            there[there] = item[at[there]] == codes[looking[there]]
            rows[looking[~there]] = -1
            looking = looking[there]
            looking = looking[~usable[rows[looking]]]
            rows[looking] = following[rows[looking]]
        return rows

    def product_ids(self, code: int) -> list[str]:
        """Product ids of an item, in catalogue order."""
        return [self._ids.name(row) for row in self.rows_of(code)]

    def all_product_ids(self) -> list[str]:
        """The id of every product [V]."""
        return [self._ids.name(row) for row in range(len(self._ids))]

    def places(self, products: Sequence[Product]) -> tuple[list[int], list[bool]]:
        """The item of each of these products, and whether it is the first of its item."""
        rows = self._ids.numbers([product.id for product in products])
        codes = self._item.array[rows]
        return codes.tolist(), (self._first.array[codes] == rows).tolist()

    def first_ids(self) -> list[str]:
        """The id of each item's first product [I]; of an item without a product, the item's own."""
        rows = self._first.values.tolist()
        return [self._ids.name(row) if row >= 0 else self._keys.name(code) for code, row in enumerate(rows)]

    def firsts(self) -> IntArray:
        """The first product of each item [I]; -1 where it has none. Read only."""
        return self._first.values

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as flat arrays."""
        columns = {"item": self._item, "next": self._next, "first": self._first, "last": self._last}
        flat = {f"items.{name}": column.values for name, column in columns.items()}
        return self._keys.arrays("items.keys") | self._ids.arrays("items.ids") | flat

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], *, roomy: Mapping[str, NDArray[Any]] = {}) -> Items:
        """What `arrays` gave; `roomy` are those with spare rows behind, where there are such."""

        def growing(name: str) -> GrowingColumn:
            rows = arrays[f"items.{name}"]
            return GrowingColumn(roomy.get(f"items.{name}", rows), len(rows))

        items = cls()
        items._keys = NameTable.from_arrays(arrays, "items.keys", roomy=roomy)
        items._ids = NameTable.from_arrays(arrays, "items.ids", roomy=roomy)
        items._item, items._next = growing("item"), growing("next")
        items._first, items._last = growing("first"), growing("last")
        return items

    def save(self, path: Path) -> None:
        """Write as arrays, `.npz`."""
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, **self.arrays())

    @classmethod
    def load(cls, path: Path) -> Items:
        """Read what `save` wrote, or the JSON that versions before 0.4 wrote; raises `ModelFileBroken`."""
        with ModelFile(path):
            if path.suffix != ".json":
                with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
                    return cls.from_arrays({name: found[name] for name in found.files})
            table = json.loads(path.read_text())
            pairs = list(zip(table["ids"], table["products"], strict=True))
            items = cls()
            items._add([(name, key) for key, products in pairs for name in products], None)
            return items

    def _add(self, products: Sequence[tuple[str, str]], known: Items | None) -> list[int]:
        """Take in products, each its id and the key of its item; those that are `known` belong to the item they did."""
        n_rows, n_items = self.n_products, len(self)
        ids = [product_id for product_id, _ in products]
        rows, codes = self._ids.numbers(ids).tolist(), self.codes([key for _, key in products]).tolist()
        learnt = [-1] * len(products) if known is None else known._items_of(ids)
        new_keys: dict[str, int] = {}
        new_rows: dict[str, int] = {}
        item_of: list[int] = []
        touched: dict[int, None] = {}
        for place, (product_id, key) in enumerate(products):
            row = rows[place] if rows[place] >= 0 else new_rows.get(product_id, -1)
            if row >= 0:
                code = int(self._item.array[row]) if row < n_rows else item_of[row - n_rows]
            else:
                code = learnt[place] if learnt[place] >= 0 else codes[place]
                if code < 0 and key not in new_keys and key in new_rows:
                    code = item_of[new_rows[key] - n_rows]
                if code < 0:
                    code = new_keys.setdefault(key, n_items + len(new_keys))
                new_rows[product_id] = n_rows + len(item_of)
                item_of.append(code)
            touched[code] = None
        if item_of:
            nothing = np.full(len(new_keys), -1, dtype=np.int32)
            self._keys, self._ids = self._keys.grown(list(new_keys)), self._ids.grown(list(new_rows))
            self._first, self._last = self._first.grown(nothing), self._last.grown(nothing)
            self._item, self._next = self._item.grown(item_of), self._next.grown(np.full(len(item_of), -1))
            self._link(n_rows, item_of)
        return list(touched)

    def _items_of(self, product_ids: Sequence[str]) -> list[int]:
        """The item that each product was put into; -1 where it is unknown."""
        rows = self._ids.numbers(product_ids)
        found = np.full(len(rows), -1, dtype=np.int32)
        found[rows >= 0] = self._item.array[rows[rows >= 0]]
        return found.tolist()

    def _link(self, first_row: int, item_of: Sequence[int]) -> None:
        """Put new rows behind those of their items. Who does not have these rows yet stops before them."""
        item, following, first, last = self._item.array, self._next.array, self._first.array, self._last.array
        for row, code in enumerate(item_of, start=first_row):
            before = int(last[code])
            if not (0 <= before < row and item[before] == code and following[before] < 0):
                before = max((one for one in self.rows_of(code) if one < row), default=-1)
            if before < 0:
                first[code] = row
            else:
                following[before] = row
            last[code] = row
