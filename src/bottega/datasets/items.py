"""Items: the code space that models learn in. A product with variants is one item; a product without is one too.

Learning about a T-shirt instead of its seven sizes pools their events; an answer names the variant to show.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from bottega.catalogue.product import Product
from bottega.names import IntArray
from bottega.saved import ModelFile

__all__ = ["Items"]


class Items:
    """Item codes 0 .. I-1 and the merchant's ids behind them. Codes never change; new items go behind."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._products: list[list[str]] = []
        self._code: dict[str, int] = {}
        self._shared: set[int] = set()
        """Items whose list of products another `Items` holds too."""

    @classmethod
    def of(cls, products: Iterable[Product]) -> Items:
        """Codes in order of first appearance."""
        items = cls()
        items.add(products)
        return items

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, products: Iterable[Product]) -> list[int]:
        """Take products in; those already known keep their code. Returns the codes touched, new ones included.

        A product that changes its group stays where it was first seen: codes are what models have learnt.
        """
        touched: dict[int, None] = {}
        for product in products:
            code = self._code.get(product.id, -1)
            if code < 0 or product.id not in self._products[code]:
                key = product.group_id or product.id
                code = self._code.get(key, -1)
                if code < 0:
                    code = len(self._ids)
                    self._ids.append(key)
                    self._products.append([])
                    self._code[key] = code
                self._code.setdefault(product.id, code)
                if product.id not in self._products[code]:
                    if code in self._shared:
                        self._shared.discard(code)
                        self._products[code] = list(self._products[code])
                    self._products[code].append(product.id)
            touched[code] = None
        return list(touched)

    def copy(self) -> Items:
        """The same items, to add to while others read these. Add to the copy alone from then on."""
        new = Items()
        new._ids, new._products, new._code = list(self._ids), list(self._products), dict(self._code)
        new._shared = set(range(len(self._ids)))
        return new

    def code(self, product_or_group_id: str) -> int:
        """The item of a product id or a group id; -1 when unknown."""
        return self._code.get(product_or_group_id, -1)

    def id(self, code: int) -> str:
        """Group id of an item, or its product's own id where it has no group."""
        return self._ids[code]

    def product_ids(self, code: int) -> list[str]:
        """Product ids of an item, in catalogue order. Read only."""
        return self._products[code]

    def codes(self, ids: Sequence[str]) -> IntArray:
        """`code` of each id [len(ids)]."""
        return np.fromiter((self._code.get(name, -1) for name in ids), dtype=np.int32, count=len(ids))

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps({"ids": self._ids, "products": self._products}, ensure_ascii=False))

    @classmethod
    def load(cls, path: Path) -> Items:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        items = cls()
        with ModelFile(path):
            table = json.loads(path.read_text())
            items._ids, items._products = list(table["ids"]), [list(row) for row in table["products"]]
        for code, (key, products) in enumerate(zip(items._ids, items._products, strict=True)):
            items._code[key] = code
            for product in products:
                items._code.setdefault(product, code)
        return items
