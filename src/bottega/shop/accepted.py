"""What was once accepted for products goes with them when they are written again.

Where the merchant's own data says it by now, that is noted: then it is theirs, and taking the acceptance back may not
take it from them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bottega.catalogue.attributes import value_of, with_value
from bottega.catalogue.product import Product
from bottega.store.store import Store

__all__ = ["with_accepted"]


def with_accepted(
    store: Store,
    products: Sequence[Product],
    *,
    from_merchant: Collection[str] = (),
    undone: Collection[int] = (),
) -> list[Product]:
    """Products about to be stored, with what was once accepted for them wherever they say nothing themselves.

    `from_merchant`: ids of those that come as the merchant wrote them, not out of the store. `undone`: numbers of
    suggestions whose acceptance is being taken back.
    """
    found = {product.id: product for product in products}
    accepted = [one for one in store.suggestions.accepted(found) if one.number not in undone]
    own = set(from_merchant)
    theirs = [one for one in accepted if one.product_id in own and value_of(found[one.product_id], one.attribute)]
    if said := [one.number for one in theirs if not one.confirmed]:
        store.suggestions.confirm(said)
    for one in accepted:
        product = found[one.product_id]
        if not value_of(product, one.attribute):
            found[one.product_id] = with_value(product, one.attribute, one.value)
    return [found[product.id] for product in products]
