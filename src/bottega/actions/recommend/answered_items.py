"""The last stage of every list: chosen products become the items of an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bottega.actions.recommend.list_filling import Chosen
from bottega.actions.recommend.scoring import Scored
from bottega.actions.recommend.shapes import AnsweredItem, ReasonInfo
from bottega.shop.shelf import Shelf

__all__ = ["answered_items"]


def answered_items(
    shelf: Shelf,
    chosen: Sequence[Chosen],
    scored: Scored,
    why: Callable[[Chosen, Mapping[str, float]], ReasonInfo] | None,
    *,
    return_product: bool,
) -> list[AnsweredItem]:
    """Items in the order chosen. `why` tells the reason of one from what each member added; None: without reasons."""
    products = shelf.products_at([one.row for one in chosen]) if return_product else [None] * len(chosen)
    items = []
    for rank, (one, product) in enumerate(zip(chosen, products, strict=True), start=1):
        shares = scored.shares_of(one.item)
        items.append(
            AnsweredItem(
                product_id=shelf.product_id(one.row),
                rank=rank,
                score=round(one.score, 6),
                source=max(shares, key=lambda name: shares[name]) if one.source.of_model else one.source.value,
                reasons=[why(one, shares)] if why else [],
                product=product,
            )
        )
    return items
