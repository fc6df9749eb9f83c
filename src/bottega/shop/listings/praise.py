"""How much the reviews of each item praise it, as the store has them read (`shop/listings/reviews.py`).

Shapes   I items.
"""

from __future__ import annotations

import numpy as np

from bottega.datasets.items import Items
from bottega.models.recommend.last_mile.leaning import unpraised
from bottega.names import FloatArray
from bottega.store.reviews import ReviewStore

__all__ = ["unpraised_items"]


def unpraised_items(reviews: ReviewStore, items: Items) -> FloatArray:
    """How little each item is praised [I], 0 to 1, NaN where nobody reviewed it; hidden reviews do not count."""
    sums = np.zeros(len(items), dtype=np.float32)
    counts = np.zeros(len(items), dtype=np.int32)
    for chunk in reviews.iterate():
        told = [
            (one.review.product_id, float(np.mean(sure)))
            for one in chunk
            if one.review.published and (sure := [said["value"] for said in one.claims if said["polarity"] != "unsure"])
        ]
        codes = items.codes([name for name, _ in told])
        known = codes >= 0
        np.add.at(sums, codes[known], np.array([value for _, value in told], dtype=np.float32)[known])
        np.add.at(counts, codes[known], 1)
    means = np.asarray(sums / np.maximum(counts, 1), dtype=np.float32)
    return unpraised(means, counts)
