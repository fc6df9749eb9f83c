"""Query products: search the catalogue, hidden products included, a page at a time."""

from __future__ import annotations

import numpy as np

from bottega.actions.intake.shapes import ProductQuery, ProductQueryAnswer
from bottega.catalogue.product import Product, listing_words
from bottega.errors import RequestInvalid
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop

__all__ = ["query_products"]


def query_products(shop: OpenShop, request: ProductQuery) -> ProductQueryAnswer:
    """One page of products in catalogue order. Raises `RequestInvalid` for a cursor that no page gave.

    A cursor is the id of the last product of the page before. With a filter the shelf searches, which knows all of
    them; without one the database does.
    """
    if request.filter is None:
        found, after = shop.folder.store.products.query(
            text=request.text, ids=request.ids, limit=request.n, after=request.after
        )
        return ProductQueryAnswer(products=found, next=after)
    with shop.floor() as floor:
        return _on_shelf(floor, request)


def _on_shelf(floor: Floor, request: ProductQuery) -> ProductQueryAnswer:
    assert request.filter is not None
    rows = floor.shelf.matching(request.filter)
    if request.after is not None:
        last = floor.shelf.row_of(request.after)
        if last < 0:
            raise RequestInvalid(
                f"Field after is {request.after!r}.",
                allowed="It must be the `next` of the page before.",
                next_step="Start without it.",
            )
        rows[: last + 1] = False
    ids = None if request.ids is None else set(request.ids)
    words = (request.text or "").casefold().split()
    page: list[Product] = []
    for row in np.flatnonzero(rows).tolist():
        product = floor.shelf.product(row)
        if (ids is None or product.id in ids) and all(word in listing_words(product) for word in words):
            if len(page) == request.n:
                return ProductQueryAnswer(products=page, next=page[-1].id)
            page.append(product)
    return ProductQueryAnswer(products=page, next=None)
