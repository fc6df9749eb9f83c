"""How near products are to one in all that nobody asked to change: who it is for, title, attributes, price.

What tells products apart rather than groups them (a GTIN, a long text) is the same of none.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from bottega.catalogue.product import Product
from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.shop.search.told_rows import ToldRows
from bottega.shop.shelf.shelf import Shelf

__all__ = ["Likeness"]

PEOPLE, TITLE, BRAND, PRICE, PLAIN = 3.0, 2.0, 0.75, 0.5, 1.0
"""What counts: whom it is for, the title's words, the brand, the price, any other attribute."""


class Likeness:
    """What is like one product, some fields left out of it."""

    def __init__(self, product: Product, *, without: Collection[str], words: Collection[str], priced: bool) -> None:
        """`without`: fields that change; `words` of a title that say what changes; `priced`: whether it counts."""
        self._left_out = frozenset(words) | {
            word for name in without for value in product.attributes.get(name, ()) for word in tokens(value)
        }
        self._title = self._words(product.title)
        self._brand = None if "brand" in without else product.brand
        self._price = product.price_minor if priced else None
        self._values: Mapping[str, frozenset[str]] = {
            name: _folded(values) for name, values in product.attributes.items() if name not in without
        }
        self._weights = {name: PEOPLE if _of_people(values) else PLAIN for name, values in self._values.items()}

    def to(self, shelf: Shelf, rows: Sequence[int], told: ToldRows) -> list[float]:
        """How near each of these rows is, from 0 to 1; `told`: what they say."""
        known = zip(shelf.titles_at(rows), shelf.prices_of(np.array(rows, dtype=np.int32)).tolist(), strict=True)
        return [self._to(told, place, title, price) for place, (title, price) in enumerate(known)]

    def _to(self, told: ToldRows, place: int, title: str, price: int) -> float:
        total = shared = 0.0
        for name, values in self._values.items():
            weight = self._weights[name]
            total += weight
            theirs = told.folded(place, name)
            shared += weight * len(values & theirs) / max(len(values | theirs), 1)
        if self._title:
            theirs = self._words(title)
            total += TITLE
            shared += TITLE * len(self._title & theirs) / max(len(self._title | theirs), 1)
        if self._brand:
            total += BRAND
            shared += BRAND * (told.brand(place) == self._brand)
        if self._price and price > 0:
            total += PRICE
            shared += PRICE * math.exp(-abs(math.log(price / self._price)))
        return shared / total if total else 0.0

    def _words(self, title: str) -> frozenset[str]:
        return frozenset(word for word in tokens(title) if word not in self._left_out)


def _folded(values: Sequence[str]) -> frozenset[str]:
    return frozenset(value.casefold() for value in values)


def _of_people(values: frozenset[str]) -> bool:
    """Whether these values say whom a thing is for."""
    meant = (lexicon().means(tokens(value)) for value in values)
    return any(one.concept.startswith("people.") for found in meant for one in found)
