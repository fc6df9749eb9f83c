"""Remove a rule: the next answer of every process knows it no more; its versions stay, so that it can be put back."""

from __future__ import annotations

from bottega.actions.rules.shapes import RemoveRuleAnswer, RemoveRuleRequest
from bottega.errors import RuleUnknown
from bottega.shop.open_shop import OpenShop

__all__ = ["remove_rule"]


def remove_rule(shop: OpenShop, request: RemoveRuleRequest) -> RemoveRuleAnswer:
    """Take a rule away. Raises `RuleUnknown`."""
    if shop.rules.versions(request.id)[0].state is None:
        raise RuleUnknown(
            f"Rule {request.id!r} was removed before.",
            allowed="A rule is removed once.",
            next_step="Nothing is left to do; `bottega rules undo` puts it back.",
        )
    return RemoveRuleAnswer(id=request.id, version=shop.rules.put(request.id, None))
