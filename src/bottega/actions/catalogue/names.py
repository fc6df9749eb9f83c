"""Names of the catalogue: its categories and brands, for whoever chooses among them."""

from __future__ import annotations

from pydantic import Field

from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape

__all__ = ["CatalogueNames", "NamedGroup", "NamesRequest", "catalogue_names"]


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
