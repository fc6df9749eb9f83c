"""What verbs share that draw products: how large these are shown, and the real ones most like them."""

from __future__ import annotations

from collections.abc import Sequence

from bottega.actions.search.hits import Scored, hits
from bottega.actions.search.shapes import Hit
from bottega.catalogue.filter import Filter
from bottega.datasets.photos.reading import Photo
from bottega.models.vision.parts.regions import WHOLE
from bottega.models.vision.slots import part_of_type
from bottega.shop.open_shop import OpenShop

__all__ = ["FACTOR", "real_products"]

FACTOR = 2
"""Times as large as products are drawn. Photo rescue does it by its mean answer: the likely one, and four times, dot
what was drawn soft."""


def real_products(
    shop: OpenShop, pictures: Sequence[Photo], types: Sequence[str], n: int, wanted: Filter | None
) -> list[list[Hit]]:
    """Of each picture real products by what the eye sees in it, the most alike first.

    `types` [N] of what was drawn, empty where nobody knows: a shirt is drawn on somebody who wears trousers, and
    products of another place of an outfit come behind.
    """
    index = shop.search_index()
    vectors = index.eye.load().look(list(pictures)).vectors
    with shop.floor() as floor:
        allowed = index.allowed(floor, wanted, ())
        found = []
        for vector, kind in zip(vectors, types, strict=True):
            alike = index.like(vector, allowed, part=part_of_type(kind) or WHOLE)
            scored: Scored = {row: (score, ["photo"]) for row, score in alike.items()}
            found.append(hits(floor, scored, n=n, return_product=True))
    return found
