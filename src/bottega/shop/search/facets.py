"""How many of some products are of each category, brand, price, and so on: what a shopper may narrow a result by.

Variants count once a value. Fields come in the order of use: what a thing is, who made it, colour, size, then
attributes by how much they tell in this result (bits a product), then price and availability.
Shapes   R rows of the shelf, N pairs of a row and a value.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bottega.catalogue.attributes import ALIASES
from bottega.catalogue.filter import Filter
from bottega.names import Availability, IntArray, LongArray
from bottega.shop.search.variants import Variants
from bottega.shop.shelf.facet_rows import BRAND
from bottega.shop.shelf.shelf import Shelf
from bottega.shop.shelf.shelf_rows import AVAILABILITY

__all__ = ["AVAILABLE", "CATEGORY", "PRICE", "Counted", "Counts", "chosen_in", "facets_of", "without"]

CATEGORY, PRICE, AVAILABLE = "category", "price", "availability"
FIRST = (*ALIASES["color"], "size", "sizes", "shoe_size")
"""Attributes that shoppers look for first."""
ATTRIBUTES_MOST = 6
VALUES_MOST = 30
"""Values told of one field; those chosen are told whatever their place."""
LEAST_SHARE = 0.1
"""Fields that fewer of the products have are passed over, but where one of them is chosen."""
LEAST_TOLD = 0.15
"""So many bits a product, or an attribute is passed over: nearly all have the same value."""
EACH_ITS_OWN = 0.5
"""From this many values a product an attribute groups nothing."""
RANGES = 5
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Counted:
    """One value with the number of products that have it; `low` and `high`: ends of prices, in minor units."""

    value: str
    label: str
    count: int
    chosen: bool = False
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The values of one field, those of most products first (prices: the lowest first)."""

    name: str
    is_attribute: bool
    values: tuple[Counted, ...] = field(default=())


def without(wanted: Filter | None, name: str, *, is_attribute: bool) -> Filter | None:
    """A filter without its condition on one field, so that the field's other values can be counted."""
    if wanted is None:
        return None
    if is_attribute:
        left = {one: values for one, values in (wanted.attributes or {}).items() if _key(one) != _key(name)}
        return wanted.model_copy(update={"attributes": left or None})
    return wanted.model_copy(update={"price_minor" if name == PRICE else name: None})


def chosen_in(wanted: Filter | None) -> list[tuple[str, bool]]:
    """Fields that a filter has conditions on, and whether each is an attribute."""
    if wanted is None:
        return []
    own = {CATEGORY: wanted.category, BRAND: wanted.brand, PRICE: wanted.price_minor, AVAILABLE: wanted.availability}
    named = [(name, False) for name, condition in own.items() if condition is not None]
    return named + [(name, True) for name in wanted.attributes or {}]


def facets_of(
    shelf: Shelf, rows: IntArray, wanted: Filter | None, loose: Mapping[tuple[str, bool], IntArray], *, digits: int
) -> list[Counts]:
    """Counts over `rows`; over those of `loose` for a field (and whether it is an attribute) that the filter `wanted`
    sets. `digits`: decimals of the shop's currency."""
    found: list[Counts] = []
    if counts := _categories(shelf, loose.get((CATEGORY, False), rows), (wanted and wanted.category) or ()):
        found.append(counts)
    by_field = _valued(shelf, rows)
    for (name, is_attribute), others in loose.items():
        if is_attribute or name == BRAND:
            key = _key(name) if is_attribute else BRAND
            by_field[key] = _valued(shelf, others).get(key, Counter())
    products = max(_products(shelf, rows), 1)
    said = {_key(name): values for name, values in ((wanted and wanted.attributes) or {}).items()}
    if wanted and wanted.brand:
        said[BRAND] = wanted.brand
    for name in _told(by_field, products, set(said)):
        counted = _named(by_field[name], said.get(name, ()))
        found.append(Counts(name, name != BRAND, counted))
    if (counts := _prices(shelf, loose.get((PRICE, False), rows), wanted, digits)) is not None:
        found.append(counts)
    stocks = _availability(shelf, loose.get((AVAILABLE, False), rows), (wanted and wanted.availability) or ())
    return [*found, stocks] if len(stocks.values) > 1 or any(one.chosen for one in stocks.values) else found


def _valued(shelf: Shelf, rows: IntArray) -> dict[str, Counter[str]]:
    """Products by field and value, as the merchant writes it; spellings that differ in case alone are one."""
    numbers, places = shelf.facets_of(rows)
    counts = Variants(shelf.item[rows]).counted(numbers, places)
    spelt: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    for number in np.flatnonzero(counts).tolist():
        name, value = shelf.facet(number)
        spelt[name, _key(value)].append((int(counts[number]), number, value))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for (name, _), ways in spelt.items():
        shown = max(ways, key=lambda way: (way[0], -way[1]))[2]
        if len(ways) == 1:
            found[name][shown] = ways[0][0]
        else:
            mine = np.isin(numbers, [number for _, number, _ in ways])
            found[name][shown] = len(np.unique(shelf.item[rows[places[mine]]]))
    return dict(found)


def _products(shelf: Shelf, rows: IntArray) -> int:
    return Variants(shelf.item[rows]).products


def _told(by_field: Mapping[str, Counter[str]], products: int, chosen: set[str]) -> list[str]:
    """Which fields are told, in their order."""
    told: dict[str, float] = {}
    for name, counts in by_field.items():
        having = sum(counts.values())
        bits = -sum(n / having * math.log2(n / having) for n in counts.values()) if having else 0.0
        carries = bits * min(having / products, 1.0)
        usual = name == BRAND or name in FIRST
        rare = having < LEAST_SHARE * products or len(counts) < 2 or (carries < LEAST_TOLD and not usual)
        own = len(counts) > EACH_ITS_OWN * products and len(counts) > VALUES_MOST
        if name in chosen or not (rare or (own and not usual)):
            told[name] = carries
    brand = [name for name in told if name == BRAND]
    first = [name for name in FIRST if name in told]
    others = sorted((name for name in told if name not in {*brand, *first}), key=lambda name: (-told[name], name))
    kept = others[: max(ATTRIBUTES_MOST - len(first), 0)]
    return [*brand, *first, *kept, *(name for name in others if name in chosen and name not in kept)]


def _named(counts: Counter[str], chosen: Sequence[str]) -> tuple[Counted, ...]:
    """The values, those of most products first; those chosen in any case, with 0 where no product has them."""
    wanted = {_key(value): value for value in chosen}
    values = [Counted(value, value, n, _key(value) in wanted) for value, n in counts.items()]
    missing = wanted.keys() - {_key(one.value) for one in values}
    values += [Counted(wanted[key], wanted[key], 0, True) for key in sorted(missing)]
    return _first(values)


def _first(values: Sequence[Counted]) -> tuple[Counted, ...]:
    ranked = sorted(values, key=lambda one: (-one.count, one.value))
    return (*ranked[:VALUES_MOST], *(one for one in ranked[VALUES_MOST:] if one.chosen))


def _categories(shelf: Shelf, rows: IntArray, chosen: Sequence[str]) -> Counts | None:
    """Categories that tell these products apart: those that all of them share are left out, unless chosen."""
    paths, place = shelf.paths_of(rows)
    variants = Variants(shelf.item[rows])
    members = _members(paths, place, variants)
    below: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for path in members:
        below[path[:-1]].append(path)
    said = {_key(value) for value in chosen}
    values = []
    for path, many in members.items():
        value, inside = " > ".join(path), below.get(path, [])
        is_chosen = bool({_key(value), _key(path[-1])} & said)
        told_below = len(inside) == 1 and members[inside[0]] == many
        if is_chosen or not (told_below or (many == variants.products and inside)):
            values.append(Counted(value, path[-1], many, is_chosen))
    return Counts(CATEGORY, False, _first(values)) if len(values) > 1 or any(one.chosen for one in values) else None


def _members(paths: Sequence[tuple[str, ...]], place: IntArray, variants: Variants) -> dict[tuple[str, ...], int]:
    """How many products each category has, those of its own categories included; `place`: the path of each row."""
    number: dict[tuple[str, ...], int] = {}
    levels = max(map(len, paths), default=0)
    of_path = np.full((levels, len(paths)), -1, dtype=np.int32)
    for column, path in enumerate(paths):
        for depth in range(len(path)):
            of_path[depth, column] = number.setdefault(path[: depth + 1], len(number))
    counts = np.zeros(len(number), dtype=np.int64)
    for level in of_path:
        mine = level[place]
        here = np.flatnonzero(mine >= 0)
        counts += variants.counted(mine[here], here, len(number))
    return dict(zip(number, counts.tolist(), strict=True))


def _prices(shelf: Shelf, rows: IntArray, wanted: Filter | None, digits: int) -> Counts | None:
    """Ranges of round prices with about as many products in each, and the range that was chosen."""
    prices = shelf.prices_of(rows)
    variants = Variants(shelf.item[rows][prices >= 0])
    prices = prices[prices >= 0]
    asked = wanted.price_minor if wanted else None
    ends = _round_ends(prices, 10**digits)
    values = []
    for low, high in zip([None, *ends], [*ends, None], strict=True):
        inside = (prices >= (low or 0)) & (prices < high if high is not None else True)
        top = None if high is None else high - 1
        is_chosen = asked is not None and (asked.min or None, asked.max) == (low, top)
        values.append(_range(low, top, variants.among(inside), is_chosen))
    if asked is not None and not any(one.chosen for one in values):
        inside = (prices >= (asked.min or 0)) & (prices <= asked.max if asked.max is not None else True)
        values.insert(0, _range(asked.min, asked.max, variants.among(inside), True))
    kept = [one for one in values if one.count or one.chosen]
    return Counts(PRICE, False, tuple(kept)) if len(kept) > 1 or asked is not None else None


def _range(low: int | None, high: int | None, count: int, chosen: bool) -> Counted:
    name = f"{'' if low is None else low}-{'' if high is None else high}"
    return Counted(name, name, count, chosen, low, high)


def _round_ends(prices: LongArray, unit: int) -> list[int]:
    """Round prices that part these into about equal shares.

    >>> _round_ends(np.arange(500, 10_000, 10), 100)
    [2000, 4000, 6000, 8000]
    """
    if len(prices) < 2:
        return []
    shares = np.quantile(prices, np.linspace(0, 1, RANGES + 1)[1:-1])
    spread = max(float(shares[-1] - shares[0]) / RANGES, unit / 2)
    scale = 10 ** math.floor(math.log10(spread))
    step = next(step * scale for step in _STEPS if step * scale >= 0.5 * spread)
    step = max(step, unit) if spread >= unit else step
    ends = sorted({round(float(share) / step) * step for share in shares})
    lowest, highest = int(prices.min()), int(prices.max())
    return [int(end) for end in ends if lowest < end <= highest]


def _availability(shelf: Shelf, rows: IntArray, chosen: Sequence[Availability]) -> Counts:
    codes, variants = shelf.availability_of(rows), Variants(shelf.item[rows])
    values = [
        Counted(one.value, one.value, n, one in chosen)
        for one, code in AVAILABILITY.items()
        if (n := variants.among(codes == code)) or one in chosen
    ]
    return Counts(AVAILABLE, False, tuple(sorted(values, key=lambda one: -one.count)))


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
