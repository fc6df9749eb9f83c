"""Browse: every visible product grouped with its variants, category by category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from bottega.catalogue.filter import Ids
from bottega.catalogue.product import Product
from bottega.names import NUMBER_MAX
from bottega.shop.shape import Request, Shape

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = [
    "BrowseAnswer",
    "BrowseRequest",
    "CategoryCount",
    "VariantsAnswer",
    "VariantsRequest",
    "browse",
    "variants",
]


class BrowseRequest(Request):
    """A page of the products within a category."""

    category: list[str] = Field(default=[], max_length=20, description="Path from the broadest; all where empty.")
    n: int = Field(default=36, ge=1, le=1000, description="Products of a page; variants count as one.")
    after: int = Field(default=0, ge=0, le=NUMBER_MAX, description="The `next` of the page before.")


class CategoryCount(Shape):
    """A category with the products in it."""

    label: str
    path: list[str]
    count: int


class BrowseAnswer(Shape):
    """One page: each product with its variants."""

    groups: list[list[Product]] = Field(description="Variants of one product, in catalogue order.")
    total: int
    inside: list[CategoryCount] = Field(description="Categories right below the one asked for.")
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class VariantsRequest(Request):
    """Products by their ids, or by the ids of their groups."""

    product_ids: Ids = Field(description="Ids of products, or of the groups of their variants.")


class VariantsAnswer(Shape):
    """Each id with the visible variants of its product; ids of nothing visible are left out."""

    groups: dict[str, list[Product]]


def browse(shop: OpenShop, request: BrowseRequest) -> BrowseAnswer:
    """Products within a category. The deepest categories take turns, so that a page shows some of everything."""
    with shop.floor() as floor:
        visible, shelf = floor.shelf.visible(), floor.shelf
    asked = tuple(request.category)
    within = np.array([path[: len(asked)] == asked for path in visible.paths], dtype=np.bool_)
    groups = np.flatnonzero(within[visible.path_of]) if len(visible.path_of) else np.zeros(0, dtype=np.int64)
    paths = [visible.paths[one] for one in visible.path_of[groups].tolist()]
    # The deepest categories take turns: the first of each, then the second of each.
    turns = _count_before([path[-1] if path else "" for path in paths])
    below = Counter(path[len(asked)] for path in paths if len(path) > len(asked))
    stop = request.after + request.n
    page = groups[np.argsort(turns, kind="stable")[request.after : stop]].tolist()
    rows = [visible.of(group) for group in page]
    products = iter(shelf.products_at([row for group in rows for row in group]))
    return BrowseAnswer(
        groups=[[next(products) for _ in group] for group in rows],
        total=len(groups),
        inside=[CategoryCount(label=name, path=[*asked, name], count=count) for name, count in below.items()],
        next=stop if stop < len(groups) else None,
    )


def variants(shop: OpenShop, request: VariantsRequest) -> VariantsAnswer:
    """What the shop shows of these products: each with its variants."""
    with shop.floor() as floor:
        rows = {name: found for name in request.product_ids if (found := floor.shelf.siblings(name))}
        products = iter(floor.shelf.products_at([row for group in rows.values() for row in group]))
    return VariantsAnswer(groups={name: [next(products) for _ in group] for name, group in rows.items()})


def _count_before(names: Sequence[str]) -> list[int]:
    """How often each name stands before its place.

    >>> _count_before(["a", "b", "a"])
    [0, 0, 1]
    """
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        found.append(seen[name])
        seen[name] += 1
    return found
