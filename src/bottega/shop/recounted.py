"""Reviews came or went: texts that say how many say what are held against the counts of now."""

from __future__ import annotations

from collections.abc import Iterable

from bottega.shop.listings.suggested_texts import claims_counts
from bottega.shop.open_shop import OpenShop

__all__ = ["withdraw_recounted"]

_AT_A_TIME = 500


def withdraw_recounted(shop: OpenShop, product_ids: Iterable[str] | None = None) -> None:
    """Write those products again whose texts claim a count of reviews; with them go the texts of which it changed.

    `product_ids`: whose reviews changed, their variants with them; None for any.
    """
    store = shop.store
    claiming = {one.product_id for one in store.suggestions.standing_texts() if claims_counts(one)}
    if product_ids is not None and claiming:
        claiming &= {name for product_id in set(product_ids) for name in store.reviews.family(product_id)}
    ids = sorted(claiming)
    for start in range(0, len(ids), _AT_A_TIME):
        if products := list(store.products.get(ids[start : start + _AT_A_TIME]).values()):
            shop.upsert(products)
