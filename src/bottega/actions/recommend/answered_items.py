"""The last stage of every list: chosen products become the items of an answer, as plain fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bottega.actions.recommend.list_filling import Chosen
from bottega.models.recommend.answering.pool import Pool
from bottega.shop.shelf import Shelf

__all__ = ["answered_items"]


def answered_items(
    shelf: Shelf,
    chosen: Sequence[Chosen],
    pool: Pool,
    why: Callable[[Chosen, Mapping[str, float]], dict[str, Any]] | None,
    *,
    return_product: bool,
) -> list[dict[str, Any]]:
    """Fields of `AnsweredItem` in the order chosen. `why` tells the reason of one from what each member added; None:
    without reasons."""
    products = shelf.products_at([one.row for one in chosen]) if return_product else [None] * len(chosen)
    items = []
    for rank, (one, product) in enumerate(zip(chosen, products, strict=True), start=1):
        shares = pool.shares_at(one.place)
        items.append(
            {
                "product_id": shelf.product_id(one.row),
                "rank": rank,
                "score": round(one.score, 6),
                "source": max(shares, key=lambda name: shares[name]) if one.source.of_model else one.source.value,
                "reasons": [why(one, shares)] if why else [],
                "product": product,
            }
        )
    return items
