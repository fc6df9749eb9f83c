"""Strategies that sell more beside products: upsell, the dearer of the same kind; cross_sell, what goes with them.

Idea     Both only say what may stand in the list; who comes first in it is the default strategy's choice, for this
         shopper. Dearer stands for better: nothing else in a catalogue says so of every product.
Shapes   I items, V products (rows of the shelf).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bottega.catalogue.filter import Filter, PriceRange
from bottega.names import BoolArray, IntArray
from bottega.shop.floor import CROSS_SELL, UPSELL, Floor

__all__ = ["NOTHING", "UPSELL_FROM", "UPSELL_TO", "sold_beside"]

UPSELL_FROM, UPSELL_TO = 1.1, 1.6
"""How many times as dear as the product an upsell is: more than a tenth above, and not another sort of purchase."""
NOTHING = {UPSELL: "nothing_dearer", CROSS_SELL: "nothing_goes_with"}
"""The fallback of a list for which there is none: it is the default strategy's then."""


def sold_beside(floor: Floor, strategy: str, product_ids: Sequence[str]) -> BoolArray | None:
    """Which products [V] such a list may hold; None where there is none that can be shown."""
    codes = np.array([code for name in product_ids if (code := floor.items.code(name)) >= 0], dtype=np.int32)
    usable = floor.shelf.allowed(None)[0]
    rows = _dearer(floor, product_ids) if strategy == UPSELL else _going_with(floor, codes)
    rows = rows & usable & ~np.isin(floor.shelf.item, codes)
    return rows if rows.any() else None


def _dearer(floor: Floor, product_ids: Sequence[str]) -> BoolArray:
    shelf, categories = floor.shelf, floor.features.categories
    found = np.zeros(len(shelf), dtype=np.bool_)
    for name in product_ids:
        code = floor.items.code(name)
        row = shelf.row_of(name) if code >= 0 else -1
        row = row if row >= 0 else next(iter(shelf.rows_of(code) if code >= 0 else ()), -1)
        price = shelf.product(row).price_minor if row >= 0 else None
        if not price or categories[code] < 0:
            continue
        price_range = PriceRange(min=int(np.ceil(price * UPSELL_FROM)), max=int(price * UPSELL_TO))
        if price_range.max is None or price_range.min is None or price_range.max < price_range.min:
            continue
        found |= (categories == categories[code])[shelf.item] & shelf.matching(Filter(price_minor=price_range))
    return found


def _going_with(floor: Floor, codes: IntArray) -> BoolArray:
    """Complements, of other categories than those of the products."""
    categories = floor.features.categories
    found = np.zeros(len(floor.items), dtype=np.bool_)
    for one in floor.side_models.relations.asked_for(codes.tolist()):
        found[one] = True
    found &= ~np.isin(categories, categories[codes][categories[codes] >= 0])
    return found[floor.shelf.item]
