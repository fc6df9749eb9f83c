"""What was once accepted for products goes with them when they are written again."""

from __future__ import annotations

from collections.abc import Sequence

from bottega.catalogue.attributes import value_of, with_value
from bottega.catalogue.product import Product
from bottega.store.store import Store

__all__ = ["with_accepted"]


def with_accepted(store: Store, products: Sequence[Product]) -> list[Product]:
    """Products about to be stored, with what was once accepted for them wherever they say nothing themselves."""
    found = {product.id: product for product in products}
    for one in store.suggestions.accepted(found):
        product = found[one.product_id]
        if not value_of(product, one.attribute):
            found[one.product_id] = with_value(product, one.attribute, one.value)
    return [found[product.id] for product in products]
