"""The currency in which a talk speaks of amounts: that of the products, not that of prices which name none."""

from __future__ import annotations

from collections.abc import Iterable

from bottega.shop.open_shop import OpenShop

__all__ = ["spoken_currency"]

LOOKED_AT = 50
"""Products of the shelf that are looked at where none was shown."""


def spoken_currency(shop: OpenShop, shown: Iterable[str]) -> str:
    """The currency of what was shown, else of the shelf's first products, else the shop's setting."""
    with shop.floor() as floor:
        shelf = floor.shelf
        for id_ in shown:
            product = shelf.get(id_)
            if product is not None and product.currency is not None:
                return product.currency
        for row in range(min(LOOKED_AT, len(shelf))):
            if (currency := shelf.product(row).currency) is not None:
                return currency
    return shop.settings.currency
