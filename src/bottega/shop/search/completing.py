"""What may be meant by what somebody is typing, beside products: categories, brands, and searches of the past.

A search of the past is one that several shoppers made and that led somebody to a product which can be shown now
(`datasets/searches.py`); what a single shopper typed is told to nobody.
Shapes   V products, Q searches.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bottega.models.search.beginnings import Texts
from bottega.names import BoolArray, IntArray
from bottega.shop.floor import Floor
from bottega.shop.rules.imposed import LeftRows
from bottega.shop.rules.rule import SavedRule
from bottega.shop.shelf.facet_rows import BRAND
from bottega.shop.shelf.shelf import items_with

__all__ = ["Completing", "CountedGroup"]

AT_ONCE_BELOW = 20_000
"""A catalogue of fewer products is looked at anew as soon as it changes."""
STAYS_S = 60.0
"""So long a larger one is believed after a change."""


@dataclass(frozen=True, slots=True)
class CountedGroup:
    """A category or a brand: the path of the one, the name of the other, and how many products can be shown."""

    path: tuple[str, ...]
    count: int


class Completing:
    """Made of one floor, and of what the shop's rules leave of it."""

    def __init__(self, floor: Floor, left: LeftRows | None = None) -> None:
        self._shelf, self._searches, self._rules = floor.shelf, floor.side_models.searches, _rules_of(left)
        self._made_s = time.monotonic()
        shown = floor.shelf.usable if left is None else floor.shelf.usable & left.rows
        usable = np.flatnonzero(shown).astype(np.int32)
        self.every_category = _categories(floor, usable)
        self.every_brand = _brands(floor, usable)
        categories, brands = self.every_category, self.every_brand
        self._by_category = Texts([one.path[-1] for one in categories], [one.count for one in categories])
        self._by_brand = Texts([one.path[0] for one in brands], [one.count for one in brands])
        self._searched, led_to = _searched(floor, shown)
        self._by_search = Texts(self._searched, led_to)

    def still_of(self, floor: Floor, left: LeftRows | None = None) -> bool:
        """Whether it may be used for this floor. Rules hold at once, however large the catalogue is."""
        if self._searches is not floor.side_models.searches or self._rules != _rules_of(left):
            return False
        young = len(self._shelf) >= AT_ONCE_BELOW and time.monotonic() < self._made_s + STAYS_S
        return self._shelf is floor.shelf or young

    def categories(self, typed: str, n: int) -> list[CountedGroup]:
        """Categories whose names begin so, those of most products first."""
        return [self.every_category[number] for number in self._by_category.find(typed, n)]

    def brands(self, typed: str, n: int) -> list[CountedGroup]:
        """Brands likewise."""
        return [self.every_brand[number] for number in self._by_brand.find(typed, n)]

    def searches(self, typed: str, n: int) -> list[str]:
        """Searches of the past whose words begin so, those that led most shoppers to a product first."""
        return [self._searched[number] for number in self._by_search.find(typed, n)]


def _rules_of(left: LeftRows | None) -> Sequence[SavedRule]:
    return () if left is None else left.rules


def _categories(floor: Floor, usable: IntArray) -> list[CountedGroup]:
    paths, place = floor.shelf.paths_of(usable)
    pairs = np.unique(np.stack([place, floor.shelf.item[usable]]), axis=1) if len(usable) else np.zeros((2, 0), int)
    counts = np.bincount(pairs[0], minlength=len(paths)).tolist()
    found: dict[tuple[str, ...], int] = {}
    for path, count in zip(paths, counts, strict=True):
        for depth in range(1, len(path) + 1):
            found[path[:depth]] = found.get(path[:depth], 0) + count
    return [CountedGroup(path, count) for path, count in found.items()]


def _brands(floor: Floor, usable: IntArray) -> list[CountedGroup]:
    shelf = floor.shelf
    codes = shelf.brands_of(usable)
    used, first, place = np.unique(codes, return_index=True, return_inverse=True)
    pairs = np.unique(np.stack([place, shelf.item[usable]]), axis=1) if len(usable) else np.zeros((2, 0), int)
    counts = np.bincount(pairs[0], minlength=len(used)).tolist()
    numbers, of = shelf.facets_of(usable[first])
    names: dict[int, str] = {}
    for number, where in zip(numbers.tolist(), of.tolist(), strict=True):
        name, value = shelf.facet(number)
        if name == BRAND:
            names[where] = value
    return [CountedGroup((names[where],), counts[where]) for where in names]


def _searched(floor: Floor, usable: BoolArray) -> tuple[list[str], list[float]]:
    """Searches that led to what can be shown, and how many shoppers each did."""
    searches = floor.side_models.searches
    shown = items_with(usable, floor.shelf.item, len(floor.items))[searches.item]
    led_to = np.bincount(
        searches.search[shown], weights=searches.shoppers[shown], minlength=len(searches.texts)
    ).tolist()
    kept = [(text, weight) for text, weight in zip(searches.texts, led_to, strict=True) if weight]
    return [text for text, _ in kept], [weight for _, weight in kept]
