"""The product that the address of its page names, where an event says nothing else of it."""

from __future__ import annotations

import re
from urllib.parse import unquote

__all__ = ["product_of_page"]

_PAGE = re.compile(r"/(?:products?|p|item|items|dp|pd)/(?P<name>[^/?#]+?)(?:\.html?)?/?(?:[?#].*)?$", re.IGNORECASE)


def product_of_page(address: str) -> str | None:
    """The last part of the address of a product's page; None for other pages.

    >>> product_of_page("https://shop.example/collections/all/products/red-mug?variant=7"), product_of_page("/cart")
    ('red-mug', None)
    """
    found = _PAGE.search(address)
    return unquote(found["name"]) if found else None
