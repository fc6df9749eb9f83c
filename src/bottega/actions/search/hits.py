"""From scored products to the items of a search's answer: one of each product's variants, as many as asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bottega.actions.search.shapes import Hit
from bottega.shop.floor import Floor

__all__ = ["FoundBy", "Scored", "hits"]

FoundBy = Literal["photo", "words"]
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
    found: list[Hit] = []
    for row, (score, by) in sorted(scored.items(), key=lambda pair: (-pair[1][0], pair[0])):
        item = int(floor.shelf.item[row])
        if item in taken:
            continue
        taken.add(item)
        name, shown = floor.shelf.product_id(row), floor.shelf.product(row) if return_product else None
        found.append(Hit(product_id=name, rank=len(found) + 1, score=round(score, 6), found_by=by, product=shown))
        if len(found) == count:
            break
    return found
