"""Conflicts: where saved rules contradict each other, or come to nothing."""

from __future__ import annotations

from bottega.actions.rules.shapes import ConflictsAnswer, ConflictsRequest
from bottega.actions.rules.standing import conflicts_among
from bottega.shop.open_shop import OpenShop

__all__ = ["rule_conflicts"]


def rule_conflicts(shop: OpenShop, request: ConflictsRequest) -> ConflictsAnswer:
    """All of them, or those of one rule. Raises `RuleUnknown`."""
    if request.id is not None:
        shop.rules.versions(request.id)
    found = conflicts_among(shop, shop.rules.all(), of=request.id)
    return ConflictsAnswer(conflicts=found, total=len(found))
