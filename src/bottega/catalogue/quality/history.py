"""A feed beside what the shop has: did rows, ids, prices, stock or groups change more than a day changes them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bottega.catalogue.product import Product
from bottega.catalogue.quality.facts import number_of
from bottega.names import Availability
from bottega.sources.findings import FEED, CheckFinding

__all__ = ["DROP_MAX", "HistoryCheck"]

DROP_MAX = 0.3
"""Largest share of the products on sale that a feed may lack."""
_ENOUGH = 20
_SCALES = (10, 100, 1000)
_JUMP = 5.0
_MOST = 0.5
_GROUPS = 0.3
_NEW_IDS = 0.8


@dataclass(slots=True)
class HistoryCheck:
    """Compares as products go by. `known`: products of the shop by id."""

    selling: int
    """Products of the shop that are not discontinued."""
    titles: frozenset[int] = frozenset()
    """Of the shop's products, as numbers."""
    seen: int = 0
    met: int = 0
    """Of those seen, how many the shop has."""
    met_selling: int = 0
    same_title: int = 0
    """Of those that it has not, how many have a title that it has."""
    priced: int = 0
    _scaled: Counter[float] = field(default_factory=Counter)
    _jumps: list[tuple[str, str]] = field(default_factory=list)
    _currencies: Counter[tuple[str, str]] = field(default_factory=Counter)
    _flips: Counter[str] = field(default_factory=Counter)
    _groups: int = 0

    def add(self, products: Iterable[Product], known: Mapping[str, Product]) -> None:
        """Take in some products, with those that the shop has under their ids."""
        for product in products:
            self.seen += 1
            before = known.get(product.id)
            if before is None:
                self.same_title += number_of(product.title.casefold()) in self.titles
                continue
            self.met += 1
            self.met_selling += before.availability is not Availability.DISCONTINUED
            self._groups += product.group_id != before.group_id
            if product.recommendable != before.recommendable:
                self._flips["sold out" if before.recommendable else "in stock"] += 1
            if product.currency != before.currency and product.currency and before.currency:
                self._currencies[before.currency, product.currency] += 1
            elif product.price_minor and before.price_minor:
                self._compare(product, product.price_minor / before.price_minor, before)

    def end(self) -> Iterator[CheckFinding]:
        """What has changed too much."""
        gone = self.selling - self.met_selling
        if self.selling >= _ENOUGH and self.seen < (1 - DROP_MAX) * self.selling:
            yield CheckFinding(
                "rows_dropped",
                FEED,
                "id",
                f"{self.seen:,} rows, where the shop sells {self.selling:,}; {gone:,} are gone",
            )
        new = self.seen - self.met
        if self.selling >= _ENOUGH and new > _NEW_IDS * self.seen and self.same_title > _MOST * new:
            yield CheckFinding(
                "ids_changed", FEED, "id", f"{new:,} of {self.seen:,} ids are new, {self.same_title:,} titles known"
            )
        scale, times = max(self._scaled.items(), key=lambda pair: pair[1], default=(1.0, 0))
        scaled = self.priced >= _ENOUGH and times > _MOST * self.priced
        if scaled:
            yield CheckFinding(
                "prices_scaled", FEED, "price", f"{times:,} of {self.priced:,} prices are {scale:g} times those known"
            )
        for row, seen in () if scaled else self._jumps:
            yield CheckFinding("price_jumped", row, "price", seen)
        for (before, after), times in self._currencies.items():
            yield CheckFinding("currency_changed", FEED, "currency", f"{before} to {after} on {times:,} products")
        for state, times in self._flips.items():
            if self.met >= _ENOUGH and times > _MOST * self.met:
                yield CheckFinding(
                    "availability_flipped", FEED, "availability", f"{times:,} of {self.met:,} are now {state}"
                )
        if self.met >= _ENOUGH and self._groups > _GROUPS * self.met:
            yield CheckFinding("groups_changed", FEED, "group_id", f"{self._groups:,} of {self.met:,} products")

    def _compare(self, product: Product, ratio: float, before: Product) -> None:
        self.priced += 1
        for scale in _SCALES:
            for exact in (float(scale), 1 / scale):
                if abs(ratio / exact - 1) < 0.02:
                    self._scaled[exact] += 1
        if not 1 / _JUMP < ratio < _JUMP:
            seen = f"{product.price_minor} in minor units, {before.price_minor} before"
            self._jumps.append((product.source_row or product.id, seen))
