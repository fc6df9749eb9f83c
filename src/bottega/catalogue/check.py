"""The feed linter: what a finished product, and a feed as a whole, still have against them.

Source   The rule list of marketplaces (Google product data specification, Dynamic Yield, Criteo), judged for what a
         recommender needs: see problems.py for each rule's severity.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from bottega.catalogue.problems import problem
from bottega.catalogue.product import Product
from bottega.sources.problems import FEED, Problem
from bottega.sources.seen import HashTable, SeenTexts, hashed

__all__ = ["FeedCheck", "check_product", "gtin_is_valid"]

_ID_LONG = 50
_TITLE_LONG = 150
_DESCRIPTION_LONG = 5000
_DESCRIPTION_SHORT = 30
_IMAGES_MANY = 11
_COLORS_MANY = 3
_PLACEHOLDER = 20
_EXAMPLES = 5
_GROUP_LARGE = 0.3
_GROUP_SMALL = 20
"""A group of more than this share of a feed, and of more products than a few, is hardly one product."""
_PROMOTION = re.compile(
    r"\b(free (shipping|delivery|gift)|best price|buy now|order now|on sale|sale!|limited time|special offer"
    r"|cheap(est)?|discount(ed)?|clearance (sale|prices?)|\d+ ?% off|click here|satisfaction guaranteed)\b|!!",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_WATCHED = ("description", "brand", "category", "price", "images", "url")


def check_product(product: Product) -> list[Problem]:
    """Warnings about one product that stands alone; what makes it unusable was found when it was read."""
    problems: list[Problem] = []
    row = product.source_row or product.id

    def warn(rule: str, name: str, seen: str) -> None:
        problems.append(problem(rule, row, name, seen))

    if len(product.id) > _ID_LONG:
        warn("id_long", "id", product.id)
    _check_title(product, warn)
    if description := product.description:
        if len(description) > _DESCRIPTION_LONG:
            warn("description_long", "description", f"{len(description)} characters")
        elif description.casefold() == product.title.casefold():
            warn("description_is_title", "description", description)
        elif len(description) < _DESCRIPTION_SHORT:
            warn("description_short", "description", description)
    if product.price_minor == 0:
        warn("price_zero", "price", f"0 {product.currency}")
    if len(product.images) > _IMAGES_MANY:
        warn("images_many", "images", f"{len(product.images)} pictures")
    for gtin in product.attributes.get("gtin", ()):
        if not gtin_is_valid(gtin):
            warn("gtin_invalid", "gtin", gtin)
    colors = product.attributes.get("color", ())
    if len(colors) > _COLORS_MANY:
        warn("colors_many", "color", ", ".join(colors))
    return problems


def gtin_is_valid(text: str) -> bool:
    """Whether it is 8, 12, 13 or 14 digits with the right check digit (GS1 General Specifications, section 7.9).

    >>> gtin_is_valid("4006381333931"), gtin_is_valid("4006381333932")
    (True, False)
    """
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", digits):
        return False
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


@dataclass(slots=True)
class FeedCheck:
    """Looks at every product of one feed and sees what only the whole shows: doubles, groups, gaps.

    Memory is a few hashes a product, and names of groups (sources/seen.py). A double is one for certain; a variant's
    look and a picture are known by their hash alone, which only warns.
    """

    natural_groups: bool = False
    """Whether a group of one is no mistake in this format."""
    products: int = 0
    ids: SeenTexts = field(default_factory=SeenTexts)
    """Id to the row that had it first."""
    groups: Counter[str] = field(default_factory=Counter)
    _first_row: dict[str, str] = field(default_factory=dict)
    _brands: dict[str, str | None] = field(default_factory=dict)
    _mixed: dict[str, str] = field(default_factory=dict)
    _looks: HashTable = field(default_factory=lambda: HashTable("B"))
    _gtins: SeenTexts = field(default_factory=SeenTexts)
    _pictures: HashTable = field(default_factory=lambda: HashTable("I"))
    _common: dict[str, int] = field(default_factory=dict)
    """Pictures that so many products have that they are probably placeholders."""
    _currencies: Counter[str] = field(default_factory=Counter)
    _empty: Counter[str] = field(default_factory=Counter)
    _empty_rows: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, product: Product) -> list[Problem]:
        """Problems that this product makes beside the ones before it; a "duplicate_id" among them rejects it."""
        row = product.source_row or product.id
        if (before := self.ids.first(product.id, row)) is not None:
            return [problem("duplicate_id", row, "id", f"{product.id} (first in {before})")]
        self.products += 1
        self._count_gaps(product, row)
        if product.currency:
            self._currencies[product.currency] += 1
        problems: list[Problem] = []
        for gtin in product.attributes.get("gtin", ()):
            first = self._gtins.first(gtin, product.id)
            if first is not None and first != product.id:
                problems.append(problem("gtin_shared", row, "gtin", f"{gtin} (also on {first})"))
        if product.images and (product.group_id is None or self.groups[product.group_id] == 0):
            times = self._pictures.count(hashed(product.images[0]))
            if times > _PLACEHOLDER:
                self._common[product.images[0]] = times
        if product.group_id is not None:
            problems += self._add_to_group(product, product.group_id, row)
        return problems

    def end(self) -> list[Problem]:
        """Problems of the feed as a whole."""
        problems: list[Problem] = []
        if not self.natural_groups:
            problems += [
                problem("group_single", self._first_row[group], "group_id", group)
                for group, members in self.groups.items()
                if members == 1
            ]
        problems += [
            problem("group_mixed", self._first_row[group], "brand", f"{group}: {brands}")
            for group, brands in self._mixed.items()
        ]
        problems += [
            problem("group_large", FEED, "group_id", f"{group} holds {members} of {self.products} products")
            for group, members in self.groups.items()
            if members > _GROUP_SMALL and members > _GROUP_LARGE * self.products
        ]
        problems += [
            problem("image_placeholder", FEED, "images", f"{picture} on {times} products")
            for picture, times in self._common.items()
        ]
        if len(self._currencies) > 1:
            seen = ", ".join(f"{code} on {count}" for code, count in self._currencies.most_common())
            problems.append(problem("currency_mixed", FEED, "currency", seen))
        for name in _WATCHED:
            if count := self._empty[name]:
                rows = "" if count == self.products else f", as in {', '.join(self._empty_rows[name])}"
                seen = f"{count} of {self.products} products have no {name}{rows}"
                problems.append(problem("field_empty", FEED, name, seen))
        return problems

    def _count_gaps(self, product: Product, row: str) -> None:
        values = (
            product.description,
            product.brand,
            product.category,
            product.price_minor is not None,
            product.images,
            product.url,
        )
        for name, value in zip(_WATCHED, values, strict=True):
            if not value:
                self._empty[name] += 1
                if len(self._empty_rows[name]) < _EXAMPLES:
                    self._empty_rows[name].append(row)

    def _add_to_group(self, product: Product, group: str, row: str) -> list[Problem]:
        self.groups[group] += 1
        if self.groups[group] == 1:
            self._first_row[group] = row
            self._brands[group] = product.brand
        elif product.brand != self._brands[group]:
            self._mixed.setdefault(group, f"{self._brands[group]}, {product.brand}")
        look = hashed((group, product.title, tuple(sorted(product.attributes.items()))))
        if self._looks.get(look):
            return [problem("variant_repeated", row, "group_id", group)]
        self._looks.put(look, 1)
        return []


def _check_title(product: Product, warn: Callable[[str, str, str], None]) -> None:
    title = product.title
    if len(title) > _TITLE_LONG:
        warn("title_long", "title", title)
    words = _WORD.findall(title)
    if len(words) >= 2 and sum(map(len, words)) >= 10 and title.isupper():
        warn("title_capitals", "title", title)
    if _PROMOTION.search(title):
        warn("title_promo", "title", title)
    if product.brand and title.casefold() == product.brand.casefold():
        warn("title_is_brand", "title", title)
