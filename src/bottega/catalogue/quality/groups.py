"""Variants: groups whose members do not belong together, or do not say what they differ in, and variants without one.

Costs    A few numbers a group and its first member's texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from bottega.catalogue.product import Product
from bottega.catalogue.quality.facts import Facts
from bottega.catalogue.quality.whole import sets_of
from bottega.sources.findings import FEED, CheckFinding

__all__ = ["GroupCheck"]

_WATCHED = ("color", "size", "material", "pattern")
"""What variants of most groups differ in."""
_WORD = re.compile(r"\w{2,}")
_FAR = 10.0
_ALIKE = 3.0
"""What siblings may cost at most of one another where one is far from them."""
_LEAST = 3
"""Variants from which a price may be far from the others'."""
_SETS_MOST = 20
"""Sets that are named one by one where nothing at all is grouped."""


@dataclass(slots=True)
class _Group:
    row: str
    words: frozenset[str]
    category: tuple[str, ...]
    look: int
    members: int = 1
    categories: str = ""
    unlike: str = ""
    titles: bool = False
    """Whether titles differ."""
    undescribed: bool = True
    """Whether all members have the same attributes."""
    has: Counter[str] = field(default_factory=Counter)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    prices: list[tuple[float, str]] = field(default_factory=list)


@dataclass(slots=True)
class GroupCheck:
    """Looks at the groups as products go by."""

    _groups: dict[str, _Group] = field(default_factory=dict)
    grouped: int = 0

    def add(self, product: Product) -> None:
        """Take in one product."""
        if product.group_id is None:
            return
        self.grouped += 1
        row = product.source_row or product.id
        words = frozenset(_WORD.findall(product.title.casefold()))
        look = hash(tuple(sorted((name, values) for name, values in product.attributes.items() if name not in _NAMES)))
        group = self._groups.get(product.group_id)
        if group is None:
            group = self._groups[product.group_id] = _Group(row, words, product.category, look)
        else:
            group.members += 1
            group.undescribed = group.undescribed and look == group.look
            group.titles = group.titles or words != group.words
            if product.category and group.category and product.category != group.category and not group.categories:
                group.categories = f"{' > '.join(group.category)}; {' > '.join(product.category)}"
            if words and group.words and not words & group.words and not group.unlike:
                group.unlike = product.title
        for name in _WATCHED:
            if product.attributes.get(name):
                group.has[name] += 1
            else:
                group.lacking.setdefault(name, []).append(row)
        if product.price_minor:
            group.prices.append((float(product.price_minor), row))

    def end(self, facts: Facts) -> Iterator[CheckFinding]:
        """What the groups have against them, and products that should be in one."""
        for name, group in self._groups.items():
            if group.members > 1:
                yield from self._of(name, group)
        yield from self._ungrouped(facts)

    def _of(self, name: str, group: _Group) -> Iterator[CheckFinding]:
        if group.categories:
            yield CheckFinding("group_categories", group.row, "category", f"{name}: {group.categories}")
        if group.unlike:
            yield CheckFinding("group_unlike", group.row, "group_id", f"{name}: {group.unlike}")
        if group.undescribed and group.titles and not any(group.has.values()):
            yield CheckFinding("group_undescribed", group.row, "group_id", f"{name}: {group.members} variants")
        for attribute, rows in group.lacking.items():
            if group.has[attribute] > len(rows):
                for row in rows:
                    yield CheckFinding(
                        "variant_gap", row, attribute, f"{group.has[attribute]} variants of {name} have one"
                    )
        if len(group.prices) >= _LEAST:
            middle = float(np.median([price for price, _ in group.prices]))
            near = [price for price, _ in group.prices if middle / _FAR < price < middle * _FAR]
            alike = bool(near) and max(near) <= _ALIKE * min(near)  # else it is sold by the piece and by the hundred
            for price, row in group.prices if alike else ():
                if not middle / _FAR < price < middle * _FAR:
                    seen = f"{price / 100:g}, where the middle of {name} is {middle / 100:g}"
                    yield CheckFinding("group_price_far", row, "price", seen)

    def _ungrouped(self, facts: Facts) -> Iterator[CheckFinding]:
        stems = facts.column("stem").copy()
        stems[facts.column("group") != 0] = 0
        sets = [products for products in sets_of(facts, stems) if facts.are_variants(products)]
        products = sum(map(len, sets))
        if self.grouped or len(sets) < _SETS_MOST:
            for found in sets:
                yield CheckFinding("variants_ungrouped", facts.rows[found[0]], "group_id", facts.named(found))
        elif sets:
            seen = f"{products:,} products in {len(sets):,} sets, as {facts.named(sets[0])}; no product has a group"
            yield CheckFinding("variants_ungrouped", FEED, "group_id", seen)


_NAMES = frozenset({"sku", "gtin", "mpn", "barcode", "ean", "upc", "list_price"})
"""Attributes in which every variant differs."""
