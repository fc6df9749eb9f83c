"""Undo: a rule stands as an earlier version has it. What was undone is a version, too, and can be put back."""

from __future__ import annotations

from bottega.actions.rules.shapes import UndoRuleAnswer, UndoRuleRequest
from bottega.errors import RuleUnknown
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.in_force import rule_of

__all__ = ["undo_rule"]


def undo_rule(shop: OpenShop, request: UndoRuleRequest) -> UndoRuleAnswer:
    """Put back the version before the last change, or the one named. Raises `RuleUnknown`."""
    versions = shop.rules.versions(request.id)
    if request.version is None:
        found = versions[1] if len(versions) > 1 else None  # before its first version there was none
    else:
        found = next((one for one in versions if one.number == request.version), None)
        if found is None:
            raise RuleUnknown(
                f"Rule {request.id!r} has no version {request.version}.",
                allowed=f"It has {', '.join(str(one.number) for one in versions[:10])}.",
                next_step="Name one of these; `bottega rules show` says what each was.",
            )
    rule = rule_of(found) if found is not None and found.rule is not None else None
    return UndoRuleAnswer(id=request.id, version=shop.rules.put(request.id, rule), rule=rule)
