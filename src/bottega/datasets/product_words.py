"""What a listing says, as the words that a search compares."""

from __future__ import annotations

from bottega.catalogue.product import Product
from bottega.datasets.words import search_words

__all__ = ["described", "written"]

_TITLE_TIMES = 2
"""A word of the title counts as if it stood there so many times."""


def written(product: Product) -> list[str]:
    """Words that find a product by its listing: title, brand, category, attributes. Descriptions say too much."""
    return search_words(product.title) * _TITLE_TIMES + search_words(product.brand or "") + _facts(product)


def described(product: Product) -> list[str]:
    """Words that tell what a product looks like: the title's, and those of category and attributes."""
    return search_words(product.title) + _facts(product)


def _facts(product: Product) -> list[str]:
    values = (value for row in product.attributes.values() for value in row)
    return [word for text in (*product.category, *values) for word in search_words(text)]
