"""Every page of a storefront, for who reads them all: categories, then products, with the time of their last change.

Several variants are one page, that of the first which can be shown. What is no longer made, or closed by a saved rule,
is not in it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from bottega.names import Availability
from bottega.shop.shape import Request, Shape

if TYPE_CHECKING:
    from bottega.names import IntArray
    from bottega.shop.floor import Floor
    from bottega.shop.open_shop import OpenShop

__all__ = ["PAGES_MAX", "SiteMapAnswer", "SiteMapRequest", "SitePage", "site_map"]

PAGES_MAX = 49_999
"""Most pages of a part: what one file of sitemaps.org may hold beside the first page of the shop."""
_AT_ONCE = 2000


class SiteMapRequest(Request):
    """One part of the pages."""

    part: int = Field(default=1, ge=1, le=10_000, description="From 1.")
    size: int = Field(default=PAGES_MAX, ge=1, le=PAGES_MAX, description="Pages of a part.")


class SitePage(Shape):
    """The page of one product."""

    product_id: str
    updated_at_ms: int | None = Field(description="When the merchant last changed one of its variants, UTC.")


class SiteMapAnswer(Shape):
    """The pages of one part; none beyond the last."""

    parts: int
    categories: list[list[str]] = Field(description="Paths from the broadest; the broader before the deeper.")
    products: list[SitePage] = Field(description="In catalogue order.")


def site_map(shop: OpenShop, request: SiteMapRequest) -> SiteMapAnswer:
    """The categories and products of one part, categories first."""
    from bottega.shop.shelf.shelf_rows import AVAILABILITY

    with shop.floor() as floor:
        visible = floor.shelf.visible()
        closed = shop.rules.on(floor).closed(time.time_ns() // 1_000_000)
        made = floor.shelf.availability_of(visible.rows) != AVAILABILITY[Availability.DISCONTINUED]
        shown = made if closed is None else made & ~closed[visible.rows]
        groups = (
            np.flatnonzero(np.logical_or.reduceat(shown, visible.offsets[:-1]))
            if len(visible.rows)
            else np.zeros(0, dtype=np.int64)
        )
        deepest = {visible.paths[one] for one in np.unique(visible.path_of[groups]).tolist()}
        paths = sorted({path[:depth] for path in deepest for depth in range(1, len(path) + 1)})
        start = (request.part - 1) * request.size
        there = paths[start : start + request.size]
        before = start + len(there) - len(paths)
        first = max(0, before)
        some = groups[first : first + request.size - len(there)] if before >= 0 else groups[:0]
        starts, ends = visible.offsets[some], visible.offsets[some + 1]
        rows = [visible.rows[a:b][shown[a:b]] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        products = _pages(floor, rows)
    parts = max(1, -(-(len(paths) + len(groups)) // request.size))
    return SiteMapAnswer(parts=parts, categories=[list(path) for path in there], products=products)


def _pages(floor: Floor, rows: list[IntArray]) -> list[SitePage]:
    """A page for the rows of each product."""
    found: list[SitePage] = []
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        products = iter(floor.shelf.products_at([row for group in some for row in group.tolist()]))
        for group in some:
            variants = [next(products) for _ in group]
            times = [one.updated_at_ms for one in variants if one.updated_at_ms is not None]
            found.append(SitePage(product_id=variants[0].id, updated_at_ms=max(times, default=None)))
    return found
