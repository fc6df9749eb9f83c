"""Names of the catalogue: its categories and brands, for whoever chooses among them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape

__all__ = ["CatalogueNames", "KnownNamesRequest", "NamedGroup", "NamesRequest", "catalogue_names", "known_names"]

_KNOWN_MOST = 100_000
"""So many names of one kind, those of most products."""


class NamesRequest(Request):
    """Categories and brands."""

    n: int = Field(default=500, ge=1, le=10_000, description="At most so many of each, those of most products first.")


class NamedGroup(Shape):
    """A category or a brand."""

    name: str = Field(description="Of a category the path from the top, as in Apparel > Shoes; as filters take it.")
    count: int = Field(description="Products that can be shown; variants count as one.")


class CatalogueNames(Shape):
    """Both, in the order of the alphabet."""

    categories: list[NamedGroup]
    brands: list[NamedGroup]


def catalogue_names(shop: OpenShop, request: NamesRequest) -> CatalogueNames:
    """The categories and brands that products which can be shown have."""
    with shop.floor() as floor:
        known = shop.completing(floor, None)
    found = []
    for groups in (known.every_category, known.every_brand):
        most = sorted(groups, key=lambda one: -one.count)[: request.n]
        named = [NamedGroup(name=" > ".join(one.path), count=one.count) for one in most]
        found.append(sorted(named, key=lambda one: one.name.casefold()))
    return CatalogueNames(categories=found[0], brands=found[1])


class KnownNamesRequest(Request):
    """Every category or brand that a product has, whether it can be shown or not: a rule may be made ahead."""

    kind: Literal["category", "brand"] = Field(description="What is named.")


def known_names(shop: OpenShop, request: KnownNamesRequest) -> list[str]:
    """These names, those of most products first. Of a category every name that a rule can mean: the path from the top
    of each level, as in Apparel > Shoes, then each level by itself."""
    column = "category_path" if request.kind == "category" else "brand"
    names = [name for name, _ in shop.store.products.count_by(column, _KNOWN_MOST)]
    if request.kind == "brand":
        return names
    split = [path.split(" > ") for path in names]
    whole = [" > ".join(parts[:depth]) for parts in split for depth in range(1, len(parts) + 1)]
    return list(dict.fromkeys([*whole, *(part for parts in split for part in parts)]))
