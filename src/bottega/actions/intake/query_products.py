"""Query products: search the catalogue, hidden products included, a page at a time."""

from __future__ import annotations

import numpy as np

from bottega.actions.intake.shapes import ProductQuery, ProductQueryAnswer
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.store.products import ProductWhere

__all__ = ["query_products"]


def query_products(shop: OpenShop, request: ProductQuery) -> ProductQueryAnswer:
    """One page of products in catalogue order. Raises `RequestInvalid` for a cursor that no page gave.

    Without a filter the database searches; with one, the shelf does, and its cursors count rows.
    """
    if request.after is not None and not (
        request.after.isascii() and request.after.isdecimal() and len(request.after) < 18
    ):
        raise RequestInvalid(
            f"Field after is {request.after!r}.",
            allowed="It must be the `next` of the page before.",
            next_step="Start without it.",
        )
    if request.filter is None:
        where = None if request.ids is None else ProductWhere(ids=tuple(request.ids))
        found, after = shop.folder.store.products.query(
            text=request.text, where=where, limit=request.limit, after=request.after
        )
        return ProductQueryAnswer(products=found, next=after)
    with shop.floor() as floor:
        return _on_shelf(floor, request)


def _on_shelf(floor: Floor, query: ProductQuery) -> ProductQueryAnswer:
    assert query.filter is not None
    rows = floor.shelf.matching(query.filter)
    rows[: int(query.after or 0)] = False
    ids = None if query.ids is None else set(query.ids)
    words = (query.text or "").casefold().split()
    page: list[Product] = []
    for row in np.flatnonzero(rows).tolist():
        product = floor.shelf.products[row]
        if (ids is None or product.id in ids) and all(word in _words(product) for word in words):
            if len(page) == query.limit:
                return ProductQueryAnswer(products=page, next=str(row))
            page.append(product)
    return ProductQueryAnswer(products=page, next=None)


def _words(product: Product) -> str:
    return " ".join((product.id, product.title, product.brand or "", " > ".join(product.category))).casefold()
