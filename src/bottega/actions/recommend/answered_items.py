"""The last stage of every list: chosen products become the items of an answer, as plain fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bottega.actions.recommend.explanation import Explainer, Told
from bottega.actions.recommend.list_filling import Chosen
from bottega.models.recommend.answering.pool import Pool
from bottega.shop.rules.imposed import Imposed
from bottega.shop.shelf.shelf import Shelf

__all__ = ["Why", "answered_items", "moved_by"]

Why = Callable[[Chosen, Mapping[str, float]], Told]
"""Tells the reason of one place from what each member added to its score."""


def answered_items(
    shelf: Shelf,
    chosen: Sequence[Chosen],
    pool: Pool,
    explainer: Explainer | None,
    why: Why | None = None,
    *,
    saved: Imposed | None = None,
    return_product: bool,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Fields of `AnsweredItem` in the order chosen, and of the `ReasonGroup`s they fall into. Without an explainer they
    have no reasons; `why` where it is not the explainer that tells all of them."""
    products = shelf.products_at([one.row for one in chosen]) if return_product else [None] * len(chosen)
    shares = pool.shares_of([one.place for one in chosen])
    reasons: list[list[dict[str, Any]]] = [[] for _ in chosen]
    groups: list[dict[str, Any]] = []
    numbers: Sequence[int | None] = [None] * len(chosen)
    if explainer is not None:
        tell = why or explainer.why
        worded = explainer.in_words([tell(one, given) for one, given in zip(chosen, shares, strict=True)])
        reasons, groups, numbers = [[one] for one in worded.reasons], worded.groups, worded.numbers
    moved = moved_by(shelf, chosen, saved)
    items: list[dict[str, Any]] = [
        {
            "product_id": shelf.product_id(one.row),
            "rank": rank,
            "score": round(one.score, 6),
            "source": max(given, key=given.__getitem__) if one.source.of_model else one.source.value,
            "reasons": reason,
            "reason_group": number,
            "rules": rules,
            "product": product,
        }
        for rank, (one, given, reason, number, rules, product) in enumerate(
            zip(chosen, shares, reasons, numbers, moved, products, strict=True), 1
        )
    ]
    for item in items:
        if number := item["reason_group"]:
            groups[number - 1]["product_ids"].append(item["product_id"])
    return items, groups


def moved_by(shelf: Shelf, chosen: Sequence[Chosen], saved: Imposed | None) -> list[list[str]]:
    """Of each place, the ids of the saved rules that set its product there, or multiplied its score."""
    if saved is None:
        return [[] for _ in chosen]
    moved = saved.moved([one.item for one in chosen])
    return [[one.rule] if one.rule else rules for one, rules in zip(chosen, moved, strict=True)]
