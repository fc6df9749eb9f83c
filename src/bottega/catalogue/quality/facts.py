"""What is kept of each product while a catalogue goes by, so that the whole can be judged at its end.

Costs    About 300 bytes a product: its id, its row and a number for each text, never the texts themselves.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TypeVar
from urllib.parse import urlsplit

import numpy as np

from bottega.catalogue.product import Product
from bottega.catalogue.quality.near_texts import Signatures
from bottega.names import IntArray, LongArray
from bottega.prices import exponent

__all__ = ["Facts", "number_of"]

_Key = TypeVar("_Key")
_DESCRIBED = 30
"""Characters from which a description is one."""
_SPELLINGS_MOST = 3000
"""Values of one attribute that are watched for spellings; one with more is free text."""


def number_of(text: str) -> int:
    """64 bits that stand for a text; 0 for an empty one."""
    if not text:
        return 0
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest(), "little", signed=True) or 1


@dataclass
class Facts:
    """Columns by product number, in the order of the catalogue."""

    ids: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    title: array[int] = field(default_factory=lambda: array("q"))
    description: array[int] = field(default_factory=lambda: array("q"))
    url: array[int] = field(default_factory=lambda: array("q"))
    picture: array[int] = field(default_factory=lambda: array("q"))
    all_but_id: array[int] = field(default_factory=lambda: array("q"))
    """Of everything that a product says but its id and row."""
    group: array[int] = field(default_factory=lambda: array("q"))
    """Of the group; 0 for none."""
    stem: array[int] = field(default_factory=lambda: array("q"))
    """Of brand, category and title without size and colour; 0 for a product that names neither."""
    option: array[int] = field(default_factory=lambda: array("q"))
    """Of size and colour."""
    category: array[int] = field(default_factory=lambda: array("i"))
    """Place in `categories`; -1 for none."""
    host: array[int] = field(default_factory=lambda: array("i"))
    """Place in `hosts`; -1 for no link."""
    price: array[float] = field(default_factory=lambda: array("d"))
    """In the currency's own unit; NaN for none."""
    currency: array[int] = field(default_factory=lambda: array("i"))
    sold: array[int] = field(default_factory=lambda: array("b"))
    """Whether it can be recommended."""
    categories: dict[tuple[str, ...], int] = field(default_factory=dict)
    hosts: dict[str, int] = field(default_factory=dict)
    currencies: dict[str, int] = field(default_factory=dict)
    spellings: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Attribute, `brand` or `category` to its values and how often each stands."""
    free: set[str] = field(default_factory=set)
    """Attributes of too many values to be a vocabulary."""
    texts: Signatures = field(default_factory=Signatures)

    def add(self, product: Product) -> None:
        """Take in one product."""
        self.ids.append(product.id)
        self.rows.append(product.source_row or product.id)
        title = product.title.casefold()
        self.title.append(number_of(title))
        self.description.append(number_of(product.description) if len(product.description) >= _DESCRIBED else 0)
        self.url.append(number_of(product.url or ""))
        self.picture.append(number_of(product.images[0] if product.images else ""))
        self.all_but_id.append(_all_but_id(product))
        self.group.append(number_of(product.group_id or ""))
        options = [value for name in ("color", "size") for value in product.attributes.get(name, ()) if value]
        self.option.append(number_of("\n".join(options)))
        self.stem.append(_stem(product, title, options) if options else 0)
        self.category.append(_place(self.categories, product.category) if product.category else -1)
        self.host.append(_place(self.hosts, _host(product.url)) if product.url else -1)
        money = product.currency or ""
        minor = product.price_minor
        self.price.append(float("nan") if minor is None else minor / 10 ** exponent(money))
        self.currency.append(_place(self.currencies, money))
        self.sold.append(product.recommendable)
        self._count_values(product)
        self.texts.add(f"{product.title}\n{product.description}")

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> LongArray:
        """A column of numbers as an array."""
        values: LongArray = np.frombuffer(getattr(self, name), dtype=np.int64) if len(self) else np.zeros(0, np.int64)
        return values

    @cached_property
    def own_group(self) -> LongArray:
        """The group of each product; one without has a number of its own, below zero. Once all are in."""
        group = self.column("group")
        alone = np.arange(1, len(self) + 1, dtype=np.int64)
        return np.where(group == 0, -alone, np.abs(group))

    @property
    def category_codes(self) -> IntArray:
        codes: IntArray = np.array(self.category, dtype=np.int32)
        return codes

    def are_variants(self, products: LongArray) -> bool:
        """Whether products of no group differ in size or colour alone: one rule says so, and no other need."""
        stems, options = self.column("stem")[products], self.column("option")[products]
        alone = (self.column("group")[products] == 0).all()
        return bool(alone and stems[0] and (stems == stems[0]).all() and len(set(options.tolist())) == len(options))

    def named(self, numbers: LongArray, most: int = 5) -> str:
        """Ids of products, the first of many."""
        shown = ", ".join(self.ids[number] for number in numbers[:most].tolist())
        return f"{shown} and {len(numbers) - most:,} more" if len(numbers) > most else shown

    def _count_values(self, product: Product) -> None:
        named = [("brand", product.brand or ""), *(("category", level) for level in product.category)]
        for name, values in product.attributes.items():
            if name not in self.free:
                named += [(name, value) for value in values]
        for name, value in named:
            if value:
                counts = self.spellings[name]
                counts[value] += 1
                if len(counts) > _SPELLINGS_MOST:
                    self.free.add(name)
                    counts.clear()


def _all_but_id(product: Product) -> int:
    """0 where too little is said for two of it to be one product."""
    if not product.description and not product.images:
        return 0
    said = product.model_dump(exclude={"id", "source_row", "updated_at_ms", "url", "group_id"}, mode="python")
    said["attributes"] = sorted((name, values) for name, values in product.attributes.items() if name not in _OWN)
    return number_of(repr(said))


_OWN = frozenset({"sku", "mpn", "gtin", "barcode", "ean", "upc", "isbn"})
"""Attributes that are another name of a product."""


def _stem(product: Product, title: str, options: list[str]) -> int:
    """A title without the product's own colours and sizes."""
    stem = f" {title} "
    for word in sorted((word.casefold() for word in options), key=len, reverse=True):
        stem = stem.replace(f" {word} ", " ")
    return number_of(f"{product.brand}\n{product.category}\n{' '.join(stem.split())}")


def _place(places: dict[_Key, int], key: _Key) -> int:
    return places.setdefault(key, len(places))


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
