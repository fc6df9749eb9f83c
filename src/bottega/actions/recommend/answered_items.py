"""The last stage of every list: chosen products become the items of an answer, as plain fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bottega.actions.recommend.explanation import Explainer, Told
from bottega.actions.recommend.list_filling import Chosen
from bottega.models.recommend.answering.pool import Pool
from bottega.shop.shelf import Shelf

__all__ = ["Why", "answered_items"]

Why = Callable[[Chosen, Mapping[str, float]], Told]
"""Tells the reason of one place from what each member added to its score."""


def answered_items(
    shelf: Shelf,
    chosen: Sequence[Chosen],
    pool: Pool,
    explainer: Explainer | None,
    why: Why | None = None,
    *,
    return_product: bool,
) -> list[dict[str, Any]]:
    """Fields of `AnsweredItem` in the order chosen. Without an explainer they have no reasons; `why` where it is not
    the explainer that tells all of them."""
    products = shelf.products_at([one.row for one in chosen]) if return_product else [None] * len(chosen)
    shares = pool.shares_of([one.place for one in chosen])
    reasons: list[list[dict[str, Any]]] = [[] for _ in chosen]
    if explainer is not None:
        tell = why or explainer.why
        told = [tell(one, given) for one, given in zip(chosen, shares, strict=True)]
        reasons = [[one] for one in explainer.in_words(told)]
    return [
        {
            "product_id": shelf.product_id(one.row),
            "rank": rank,
            "score": round(one.score, 6),
            "source": max(given, key=given.__getitem__) if one.source.of_model else one.source.value,
            "reasons": reason,
            "product": product,
        }
        for rank, (one, given, reason, product) in enumerate(zip(chosen, shares, reasons, products, strict=True), 1)
    ]
