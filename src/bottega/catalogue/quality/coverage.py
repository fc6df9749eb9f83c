"""How well a catalogue is filled: each field's share, overall and by category; who lacks what most have."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bottega.catalogue.product import Product
from bottega.sources.findings import CheckFinding

__all__ = ["CoverageCheck", "Share"]

_MOST_HAVE = 0.9
"""What so many have is missing where it is not there."""
_ENOUGH = 20
_ROWS_MOST = 2_000
_WANTED = ("description", "category", "brand", "price", "images", "url")
_WATCHED = ("color", "size", "gender", "age_group", "material", "condition")
_CATEGORIES_MOST = 20_000


class Share(NamedTuple):
    """How many of some products have a field, and how many values it has."""

    field: str
    category: str
    """The first levels; empty for the whole catalogue."""
    having: int
    products: int


@dataclass(slots=True)
class CoverageCheck:
    """Counts as products go by."""

    products: int = 0
    having: Counter[str] = field(default_factory=Counter)
    lacking: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_category: dict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _gaps: dict[tuple[str, tuple[str, ...]], list[str]] = field(default_factory=lambda: defaultdict(list))
    _google: Counter[bool] = field(default_factory=Counter)
    _no_google: list[tuple[str, str]] = field(default_factory=list)
    _no_identifiers: list[str] = field(default_factory=list)
    _identified: int = 0

    def add(self, product: Product, has_identifiers: str = "") -> None:
        """Take in one product. `has_identifiers`: what `identifier_exists` says."""
        row = product.source_row or product.id
        self.products += 1
        filled = {
            "description": bool(product.description),
            "category": bool(product.category),
            "brand": bool(product.brand),
            "price": product.price_minor is not None,
            "images": bool(product.images),
            "url": bool(product.url),
        }
        for name, value in filled.items():
            if value:
                self.having[name] += 1
            elif len(self.lacking[name]) < _ROWS_MOST:
                self.lacking[name].append(row)
        names = [f"attributes.{name}" for name in product.attributes]
        self.having.update(names)
        self.having["group_id"] += product.group_id is not None
        category = product.category if len(self.by_category) < _CATEGORIES_MOST else product.category[:1]
        counts = self.by_category[category]
        counts[""] += 1
        counts.update([*(name for name, value in filled.items() if value), *names])
        for name in _WATCHED:
            if name not in product.attributes and len(gaps := self._gaps[name, category]) < _ROWS_MOST:
                gaps.append(row)
        self._look_at_google(product, row)
        parts = product.attributes
        if parts.get("gtin") or (product.brand and parts.get("mpn")):
            self._identified += 1
        elif has_identifiers.strip().lower() not in ("no", "false", "0") and len(self._no_identifiers) < _ROWS_MOST:
            self._no_identifiers.append(row)

    def end(self) -> Iterator[CheckFinding]:
        """Fields that only a few lack, each row of them."""
        for name in self.few_lack():
            rule = "price_missing" if name == "price" else "required_missing"
            for row in self.lacking[name]:
                yield CheckFinding(rule, row, name, f"empty, where {self.having[name]:,} of {self.products:,} have one")
        for (name, category), rows in self._gaps.items():
            counts = self.by_category[category]
            have = counts[f"attributes.{name}"]
            if category and counts[""] >= _ENOUGH and _MOST_HAVE * counts[""] <= have < counts[""]:
                seen = f"none, where {have:,} of {counts['']:,} in {' > '.join(category)} have one"
                for row in rows:
                    yield CheckFinding("attribute_gap", row, name, seen)
        if self.products >= _ENOUGH and self._identified >= _MOST_HAVE * self.products:
            for row in self._no_identifiers:
                seen = f"none, where {self._identified:,} of {self.products:,} have them"
                yield CheckFinding("identifiers_missing", row, "gtin", seen)
        if self._google[True] > self._google[False]:
            for row, seen in self._no_google:
                yield CheckFinding("category_unknown", row, "google_product_category", seen)

    def few_lack(self) -> list[str]:
        """Fields of which nearly all products have a value, and not all."""
        enough = self.products >= _ENOUGH
        return [name for name in _WANTED if enough and _MOST_HAVE * self.products <= self.having[name] < self.products]

    def shares(self, most: int = 20) -> list[Share]:
        """Each field over all products, then by the categories of most products."""
        names = [*_WANTED, "group_id", *sorted(name for name in self.having if name.startswith("attributes."))]
        found = [Share(name, "", self.having[name], self.products) for name in names]
        top: dict[str, Counter[str]] = defaultdict(Counter)
        for category, counts in self.by_category.items():
            top[" > ".join(category[:2])].update(counts)
        for path in sorted(top, key=lambda name: -top[name][""])[:most]:
            counts = top[path]
            if path:
                found += [Share(name, path, counts[name], counts[""]) for name in names if name != "group_id"]
        return found

    def _look_at_google(self, product: Product, row: str) -> None:
        for value in product.attributes.get("google_product_category", ()):
            if value.strip().isdigit():
                continue
            known = value.split(">")[0].strip() in _GOOGLE
            self._google[known] += 1
            if not known and len(self._no_google) < _ROWS_MOST:
                self._no_google.append((row, value))


_GOOGLE = frozenset(
    {
        "Animals & Pet Supplies", "Apparel & Accessories", "Arts & Entertainment", "Baby & Toddler",
        "Business & Industrial", "Cameras & Optics", "Electronics", "Food, Beverages & Tobacco", "Furniture",
        "Hardware", "Health & Beauty", "Home & Garden", "Luggage & Bags", "Mature", "Media", "Office Supplies",
        "Religious & Ceremonial", "Software", "Sporting Goods", "Toys & Games", "Vehicles & Parts",
    }
)  # fmt: skip
"""First levels of Google's taxonomy, in English; a feed in another language has none of them and is left alone."""
