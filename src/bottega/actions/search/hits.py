"""From scored products to the items of a search's answer: one of each product's variants, as many as asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bottega.actions.search.shapes import Hit
from bottega.shop.floor import Floor
from bottega.shop.search.found import FoundRows
from bottega.shop.shape import FoundBy

__all__ = ["Scored", "hits", "shown_hits"]

Scored = Mapping[int, tuple[float, list[FoundBy]]]
"""Row to score and what found it."""


def hits(
    floor: Floor,
    scored: Scored,
    *,
    n: int | None,
    return_product: bool = False,
) -> list[Hit]:
    """The `n` best products, row to score and what found it; of several variants the best one stands for all."""
    count = n or floor.settings.count
    taken: set[int] = set()
    rows: list[int] = []
    for row in sorted(scored, key=lambda row: (-scored[row][0], row)):
        item = int(floor.shelf.item[row])
        if item not in taken:
            taken.add(item)
            rows.append(row)
        if len(rows) == count:
            break
    products = floor.shelf.products_at(rows) if return_product else [None] * len(rows)
    return [
        Hit(
            product_id=floor.shelf.product_id(row),
            rank=rank,
            score=round(scored[row][0], 6),
            found_by=scored[row][1],
            product=product,
        )
        for rank, (row, product) in enumerate(zip(rows, products, strict=True), start=1)
    ]


def shown_hits(
    floor: Floor,
    found: FoundRows,
    places: Sequence[int],
    *,
    first: int = 1,
    rules: Sequence[list[str]] | None = None,
    return_product: bool = False,
) -> list[Hit]:
    """The products at some places of what was found, in this order; `first` is the rank of the first, `rules` are the
    saved ones that moved each."""
    rows = found.rows[list(places)].tolist()
    products = floor.shelf.products_at(rows) if return_product else [None] * len(rows)
    return [
        Hit(
            product_id=floor.shelf.product_id(row),
            rank=rank,
            score=round(float(found.scores[place]), 6),
            found_by=found.found_by(place),
            rules=moved,
            product=product,
        )
        for rank, (row, place, moved, product) in enumerate(
            zip(rows, places, rules or [[] for _ in rows], products, strict=True), start=first
        )
    ]
