"""Query products: search the catalogue, hidden products included, a page at a time."""

from __future__ import annotations

import numpy as np

from bottega.actions.intake.shapes import ProductQuery, ProductQueryAnswer
from bottega.catalogue.product import Product, listing_words
from bottega.errors import RequestInvalid
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop

__all__ = ["query_products"]

_AT_ONCE = 1000
"""Products that are read at a time to be searched for words."""


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
    if request.ids is not None:
        asked = floor.items.rows(request.ids)
        rows &= np.isin(np.arange(len(rows)), asked)
    words = (request.text or "").casefold().split()
    found = np.flatnonzero(rows).tolist()
    page: list[Product] = []
    for start in range(0, len(found), _AT_ONCE):
        # One more than asked for says whether there is a page behind; with words, more are read to be looked through.
        some = found[start : start + (_AT_ONCE if words else request.n + 1)]
        listed = [one for one in floor.shelf.products_at(some) if all(word in listing_words(one) for word in words)]
        page += listed[: request.n + 1 - len(page)]
        if len(page) > request.n:
            return ProductQueryAnswer(products=page[: request.n], next=page[request.n - 1].id)
    return ProductQueryAnswer(products=page, next=None)
