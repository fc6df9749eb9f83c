"""Addresses of the public storefront's pages.

Ids and names of categories are free text, so they travel as fields of the address and never in its path: that can be
undone for every id, and no id can lead elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from bottega.catalogue.addresses import is_web

__all__ = ["category_path", "picture_path", "product_path", "search_path"]


def product_path(product_id: str) -> str:
    """The page of a product.

    >>> product_path("mug/7 & more")
    '/product?id=mug%2F7+%26+more'
    """
    return f"/product?{urlencode({'id': product_id})}"


def category_path(path: Sequence[str], page: int = 1) -> str:
    """A page of a category; of everything without one.

    >>> category_path(["Home", "Lamps"], 2), category_path([])
    ('/category?in=Home&in=Lamps&page=2', '/')
    """
    fields = [("in", name) for name in path] + ([("page", str(page))] if page > 1 else [])
    return f"/category?{urlencode(fields)}" if fields else "/"


def search_path(text: str, after: int = 0) -> str:
    """Results of a search."""
    return f"/search?{urlencode([('q', text)] + ([('after', str(after))] if after else []))}"


def picture_path(picture: str) -> str:
    """A picture: one elsewhere by its address as it is, one of the shop's folder below `/images/`."""
    return picture if is_web(picture) else f"/images/{quote(picture.lstrip('/'), safe='/')}"
