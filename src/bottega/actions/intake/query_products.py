"""Query products: search the catalogue, hidden products included, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import numpy as np

from bottega.actions.intake.shapes import ProductQuery, ProductQueryAnswer, ProductState
from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product, listing_words
from bottega.errors import RequestInvalid
from bottega.names import BoolArray
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import SuggestionKind, SuggestionState, SuggestionsWanted

__all__ = ["query_products"]

_AT_ONCE = 1000
"""Products that are read at a time to be searched for words."""
_LACKS = {"without_picture": "images", "without_description": "description"}


def query_products(shop: OpenShop, request: ProductQuery) -> ProductQueryAnswer:
    """One page of products in catalogue order. Raises `RequestInvalid` for a cursor that no page gave.

    A cursor is the id of the last product of the page before. With a filter the shelf searches, which knows all of
    them; without one the database does.
    """
    if request.filter is None and not request.only:
        found, after = shop.folder.store.products.query(
            text=request.text, ids=request.ids, limit=request.n, after=request.after
        )
        return ProductQueryAnswer(products=found, next=after)
    with shop.floor() as floor:
        rows = floor.shelf.matching(request.filter or Filter())
        for state in request.only:
            rows &= _of_state(shop, floor, state)
        return _on_shelf(floor, request, rows)


def _of_state(shop: OpenShop, floor: Floor, state: ProductState) -> BoolArray:
    """Products [V] of which this holds."""
    shelf = floor.shelf
    match state:
        case "shown":
            return shelf.usable.copy()
        case "not_shown":
            return ~shelf.usable
        case "hidden":
            return shelf.hidden.copy()
        case "without_picture" | "without_description":
            return _named(floor, shop.store.products.lacking(_LACKS[state]))
        case "without_price":
            return shelf.prices_of(np.arange(len(shelf), dtype=np.int32)) < 0
        case "with_doubts":
            doubts = SuggestionsWanted(kind=SuggestionKind.DOUBT)
            return _named(floor, shop.store.suggestions.products_with(SuggestionState.OPEN, doubts))
        case "with_suggestions":
            return _named(floor, shop.store.suggestions.products_with(SuggestionState.OPEN, SuggestionsWanted()))
        case "not_in_model":
            return shelf.item >= floor.trained
    assert_never(state)


def _named(floor: Floor, ids: Sequence[str]) -> BoolArray:
    rows = np.array([floor.shelf.row_of(name) for name in ids], dtype=np.int64)
    found = np.zeros(len(floor.shelf), dtype=np.bool_)
    found[rows[rows >= 0]] = True
    return found


def _on_shelf(floor: Floor, request: ProductQuery, rows: BoolArray) -> ProductQueryAnswer:
    """A page of these products [V]."""
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
