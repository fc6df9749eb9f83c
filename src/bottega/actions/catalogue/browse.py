"""Browse: every visible product grouped with its variants, category by category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import Field

from bottega.catalogue.filter import Ids
from bottega.catalogue.product import Product
from bottega.shop.shape import Request, Shape

if TYPE_CHECKING:
    from bottega.shop.floor import Floor
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
    after: int = Field(default=0, ge=0, description="The `next` of the page before.")


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

    product_ids: Ids


class VariantsAnswer(Shape):
    """Each id with the visible variants of its product; ids of nothing visible are left out."""

    groups: dict[str, list[Product]]


def browse(shop: OpenShop, request: BrowseRequest) -> BrowseAnswer:
    """Products within a category. The deepest categories take turns, so that a page shows some of everything."""
    with shop.floor() as floor:
        groups = _grouped(floor.shelf.products_at(range(len(floor.shelf))))
    path = tuple(request.category)
    found: list[tuple[int, int]] = []
    turns: Counter[str] = Counter()
    below: Counter[str] = Counter()
    for place, group in enumerate(groups):
        category = group[0].category
        if category[: len(path)] != path:
            continue
        name = category[-1] if category else ""
        found.append((turns[name], place))
        turns[name] += 1
        if len(category) > len(path):
            below[category[len(path)]] += 1
    stop = request.after + request.n
    return BrowseAnswer(
        groups=[groups[place] for _, place in sorted(found)[request.after : stop]],
        total=len(found),
        inside=[CategoryCount(label=name, path=[*path, name], count=count) for name, count in below.items()],
        next=stop if stop < len(found) else None,
    )


def variants(shop: OpenShop, request: VariantsRequest) -> VariantsAnswer:
    """What the shop shows of these products: each with its variants."""
    with shop.floor() as floor:
        found = {name: _visible(floor, name) for name in request.product_ids}
    return VariantsAnswer(groups={name: group for name, group in found.items() if group})


def _grouped(products: Iterable[Product]) -> list[list[Product]]:
    """The products that are not hidden, by group; groups and variants in catalogue order."""
    members: dict[str, list[Product]] = {}
    for product in products:
        if not product.hidden:
            # The prefixes keep a product id that equals some group id apart from it.
            members.setdefault(f"g{product.group_id}" if product.group_id else f"p{product.id}", []).append(product)
    return list(members.values())


def _visible(floor: Floor, name: str) -> list[Product]:
    product = floor.shelf.get(name)
    if product is not None and product.hidden:
        product = None
    if product is not None and product.group_id is None:
        return [product]
    group = product.group_id if product is not None else name
    item = floor.items.code(group or name)
    return [one for one in floor.variants(item) if one.group_id == group and not one.hidden] if item >= 0 else []
