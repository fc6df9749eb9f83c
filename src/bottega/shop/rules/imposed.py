"""What saved rules impose on one list: rows that are left, what scores are multiplied by, products at places.

Idea     Each of the three is kept for as long as the same rules act on the same floor, so that a list pays for looking
         them up and for a multiplication over its candidates.
Shapes   V products (rows of the shelf), I items, C candidates, R rules that multiply.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.models.recommend.answering.pool import Within
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.shop.rules.rule import IN_ORDER, RuleKind, SavedRule
from bottega.shop.shelf.shelf import MASKS_KEPT, items_with

if TYPE_CHECKING:
    from bottega.shop.floor import Floor

__all__ = ["Factors", "Imposed", "LeftRows"]

LEAST = 1e-6
"""What a score is multiplied by at least, so that what a model says nothing of stays so."""
Bits = NDArray[np.uint8]
NARROWED_KEPT = MASKS_KEPT
"""Filters of requests whose masks are kept with the rows that rules leave."""


class _Narrowed(NamedTuple):
    """A request's mask, held so that its identity stays its own, and what rules leave of it."""

    asked: BoolArray
    rows: BoolArray
    within: Within
    acting: list[str]


class LeftRows:
    """Which products filters, hides and replacements leave: `rows` [V]."""

    def __init__(self, floor: Floor, rules: Sequence[SavedRule]) -> None:
        shelf = floor.shelf
        self.rules = tuple(rules)
        self._item, self._n_items = shelf.item, len(floor.items)
        self.rows: BoolArray = np.ones(len(shelf), dtype=np.bool_)
        self._out: list[tuple[str, Bits]] = []
        """Of each rule the products that it keeps out, eight to a byte."""
        for rule in rules:
            mask = shelf.matching(rule.about)
            out = mask if rule.kind is RuleKind.HIDE else ~mask
            self._out.append((rule.id, np.packbits(out)))
            self.rows &= ~out
        self._narrowed: OrderedDict[int, _Narrowed] = OrderedDict()

    def of(self, rows: BoolArray) -> _Narrowed:
        """What is left of the rows [V] that a request's filter leaves."""
        found = self._narrowed.get(id(rows))
        if found is None or found.asked is not rows:
            left, packed = rows & self.rows, np.packbits(rows)
            acting = [name for name, out in self._out if (out & packed).any()]
            found = _Narrowed(rows, left, Within(items_with(left, self._item, self._n_items)), acting)
            self._narrowed[id(rows)] = found
            while len(self._narrowed) > NARROWED_KEPT:
                self._narrowed.popitem(last=False)
        return found


class Factors:
    """What scores are multiplied by, of rows [V] and of items [I]; `rules` are those that multiply."""

    def __init__(self, floor: Floor, rules: Sequence[SavedRule]) -> None:
        shelf, n_items = floor.shelf, len(floor.items)
        self.rules = list(rules)
        self.of_rows = np.ones(len(shelf), dtype=np.float32)
        self.of_items = np.ones(n_items, dtype=np.float32)
        """An item that has a product which a rule is about counts as such."""
        width = (len(rules) + 7) // 8
        self._rows: Bits = np.zeros((len(shelf), width), dtype=np.uint8)
        self._items: Bits = np.zeros((n_items, width), dtype=np.uint8)
        for place, rule in enumerate(rules):
            rows = shelf.matching(rule.about)
            items = items_with(rows, shelf.item, n_items)
            byte, bit = place // 8, np.uint8(128 >> place % 8)
            self._rows[rows, byte] |= bit
            self._items[items, byte] |= bit
            self.of_rows[rows] *= max(rule.factor, LEAST)
            self.of_items[items] *= max(rule.factor, LEAST)

    def moved_items(self, items: Sequence[int]) -> list[list[str]]:
        """Of some items, the ids of the rules that are about them."""
        return self._moved(self._items, items)

    def moved_rows(self, rows: Sequence[int]) -> list[list[str]]:
        """Of some rows likewise."""
        return self._moved(self._rows, rows)

    def _moved(self, packed: Bits, places: Sequence[int]) -> list[list[str]]:
        bits = np.unpackbits(packed[list(places)], axis=1, count=len(self.rules))
        found: list[list[str]] = [[] for _ in places]
        for place, rule in zip(*np.nonzero(bits), strict=True):
            found[int(place)].append(self.rules[int(rule)].id)
        return found

    @cached_property
    def lifted(self) -> IntArray:
        """Items whose scores grow."""
        return np.flatnonzero(self.of_items > 1).astype(np.int32)

    @cached_property
    def sunk(self) -> IntArray:
        """Items whose scores shrink."""
        return np.flatnonzero(self.of_items < 1).astype(np.int32)


@dataclass(frozen=True)
class Imposed:
    """What the rules that act on a list come to; `rules` in the order in which they win."""

    rules: tuple[SavedRule, ...]
    left: LeftRows | None = None
    factors: Factors | None = None
    pins: list[tuple[str, int, str]] = field(init=False)
    """Products or groups, each with its place, from 0, and the rule that sets it there. One rule's share a place: what
    cannot be shown leaves it to the next."""

    def __post_init__(self) -> None:
        found: dict[str, tuple[str, int, str]] = {}
        for rule in self.rules:
            for name in rule.product_ids if rule.kind in IN_ORDER else ():
                found.setdefault(name, (name, rule.rank - 1, rule.id))
        object.__setattr__(self, "pins", list(found.values()))

    @cached_property
    def without_pins(self) -> Imposed:
        """The same, with nothing at places."""
        return Imposed(tuple(rule for rule in self.rules if rule.kind not in IN_ORDER), self.left, self.factors)

    @property
    def url(self) -> tuple[str, str] | None:
        """Where a search is sent, and the rule that says so."""
        rule = next((rule for rule in self.rules if rule.kind is RuleKind.REDIRECT), None)
        return None if rule is None or rule.url is None else (rule.url, rule.id)

    def within(self, rows: BoolArray, within: Within) -> tuple[BoolArray, Within]:
        """What is left of rows [V] and their items [I] that meet the filter of a request."""
        if self.left is None:
            return rows, within
        found = self.left.of(rows)
        return found.rows, found.within

    def multiplied(self, values: FloatArray, items: IntArray) -> FloatArray:
        """Scores [C] of these items [C] after boosts and buries; -inf stays."""
        return values if self.factors is None else values * self.factors.of_items[items]

    def moved(self, items: Sequence[int]) -> list[list[str]]:
        """Of some items, the ids of the rules that multiplied their scores."""
        return [[] for _ in items] if self.factors is None else self.factors.moved_items(items)

    def acting(self, moved: Iterable[Sequence[str]], rows: BoolArray) -> list[str]:
        """Ids of the rules that acted on a list, in the order in which they win: those that moved its products, and
        those that kept out any of the rows [V] that the request's filter leaves."""
        found = {one for each in moved for one in each}
        found.update(() if self.left is None else self.left.of(rows).acting)
        return [rule.id for rule in self.rules if rule.id in found or rule.kind is RuleKind.REDIRECT]
