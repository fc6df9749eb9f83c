"""Undo: a rule stands as an earlier version has it."""

from __future__ import annotations

from bottega.actions.put_back import put_back
from bottega.actions.rules.shapes import UndoRuleAnswer, UndoRuleRequest
from bottega.errors import RuleUnknown
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.in_force import rule_of

__all__ = ["undo_rule"]


def undo_rule(shop: OpenShop, request: UndoRuleRequest) -> UndoRuleAnswer:
    """Put back the version before the last change, or the one named. Raises `RuleUnknown`."""
    found = put_back(
        shop.rules.versions(request.id),
        request.version,
        called=f"Rule {request.id!r}",
        shown_by="bottega rules show",
        unknown=RuleUnknown,
    )
    rule = rule_of(found) if found is not None and found.state is not None else None
    return UndoRuleAnswer(id=request.id, version=shop.rules.put(request.id, rule), rule=rule)
