"""Browse: every visible product grouped with its variants, category by category."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from bottega.catalogue.filter import Ids
from bottega.catalogue.product import Product
from bottega.names import NUMBER_MAX, Availability
from bottega.shop.shape import Request, Shape

if TYPE_CHECKING:
    from bottega.names import BoolArray, FloatArray
    from bottega.shop.floor import Floor
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.rules.imposed import Imposed
    from bottega.shop.shelf.shelf import Visible

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
    offered: bool = Field(default=False, description="Whether what is no longer made is left out.")


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
    gone: list[str] = Field(default_factory=list, description="Ids of products that are no longer made, nor visible.")


def browse(shop: OpenShop, request: BrowseRequest) -> BrowseAnswer:
    """Products within a category. The deepest categories take turns, so that a page shows some of everything; what the
    shop's rules boost or bury moves by the score that its turn is worth."""
    from bottega.shop.rules.occasion import Occasion
    from bottega.shop.shelf.shelf_rows import AVAILABILITY

    asked = tuple(request.category)
    with shop.floor() as floor:
        visible, shelf = floor.shelf.visible(), floor.shelf
        category, tried = (" > ".join(asked),) if asked else (), shop.experiments.of_nobody("category")
        now_ms = time.time_ns() // 1_000_000
        occasion = Occasion("category", now_ms, category, switched_on=tried.on, switched_off=tried.off)
        imposed = shop.rules.on(floor).on(occasion)
    within = np.array([path[: len(asked)] == asked for path in visible.paths], dtype=np.bool_)
    groups = np.flatnonzero(within[visible.path_of]) if len(visible.path_of) else np.zeros(0, dtype=np.int64)
    left = None if imposed is None or imposed.left is None else imposed.left.rows
    if request.offered:
        made = shelf.availability_of(np.arange(len(shelf), dtype=np.int32)) != AVAILABILITY[Availability.DISCONTINUED]
        left = made if left is None else left & made
    if left is not None and len(groups):
        groups = groups[np.logical_or.reduceat(left[visible.rows], visible.offsets[:-1])[groups]]
    paths = [visible.paths[one] for one in visible.path_of[groups].tolist()]
    # The deepest categories take turns: the first of each, then the second of each.
    turns = _count_before([path[-1] if path else "" for path in paths])
    below = Counter(path[len(asked)] for path in paths if len(path) > len(asked))
    stop = request.after + request.n
    order = groups[np.argsort(turns, kind="stable")].tolist()
    if imposed is not None and imposed.factors is not None and order:
        order = _multiplied(visible, order, imposed.factors.of_rows)
    if imposed is not None and imposed.pins:
        order = _with_pins(floor, visible, order, imposed)
    page = order[request.after : stop]
    rows = [[row for row in visible.of(group) if left is None or left[row]] for group in page]
    products = iter(shelf.products_at([row for group in rows for row in group]))
    return BrowseAnswer(
        groups=[[next(products) for _ in group] for group in rows],
        total=len(groups),
        inside=[CategoryCount(label=name, path=[*asked, name], count=count) for name, count in below.items()],
        next=stop if stop < len(groups) else None,
    )


def variants(shop: OpenShop, request: VariantsRequest) -> VariantsAnswer:
    """What the shop shows of these products: each with its variants."""
    from bottega.shop.shelf.shelf_rows import AVAILABILITY

    with shop.floor() as floor:
        closed = shop.rules.on(floor).closed(time.time_ns() // 1_000_000)
        rows = {name: found for name in request.product_ids if (found := _open(floor.shelf.siblings(name), closed))}
        products = iter(floor.shelf.products_at([row for group in rows.values() for row in group]))
        known = {name: floor.shelf.row_of(name) for name in request.product_ids if name not in rows}
        there = np.array([row for row in known.values() if row >= 0], dtype=np.int32)
        ended = dict(zip(there.tolist(), floor.shelf.availability_of(there).tolist(), strict=True))
        gone = [name for name, row in known.items() if ended.get(row) == AVAILABILITY[Availability.DISCONTINUED]]
    return VariantsAnswer(groups={name: [next(products) for _ in group] for name, group in rows.items()}, gone=gone)


def _open(rows: list[int], closed: BoolArray | None) -> list[int]:
    """Rows whose own page no rule closes."""
    return rows if closed is None else [row for row in rows if not closed[row]]


def _multiplied(visible: Visible, order: list[int], factors: FloatArray) -> list[int]:
    """Groups in the order of what they are worth after boosts and buries [V], a group as the variant that they lift
    most, or sink least: by its turn alone the first is worth 1, the middle one a half, the last next to nothing."""
    turns = 1 - np.arange(len(order)) / len(order)
    best = np.maximum.reduceat(factors[visible.rows], visible.offsets[:-1])
    return [order[at] for at in np.argsort(-turns * best[order], kind="stable").tolist()]


def _with_pins(floor: Floor, visible: Visible, order: list[int], imposed: Imposed) -> list[int]:
    """Groups in their order, with those at their places that saved rules set there."""
    from bottega.models.recommend.last_mile.rules import pinned

    among = set(order)
    wanted = []
    for name, place, _ in imposed.pins:
        rows = np.array(floor.shelf.siblings(name), dtype=np.int32)
        at = np.flatnonzero(np.isin(visible.rows, rows))
        group = int(np.searchsorted(visible.offsets, at[0], side="right")) - 1 if len(at) else -1
        if group in among:
            wanted.append((group, place))
    return pinned(order, wanted, len(order))


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
