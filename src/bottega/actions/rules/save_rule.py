"""Save a rule: the next answer of every process heeds it."""

from __future__ import annotations

from bottega.actions.rules.shapes import SaveRuleAnswer, SaveRuleRequest
from bottega.actions.rules.standing import conflicts_among
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import SavedRule, checked

__all__ = ["save_rule"]


def save_rule(shop: OpenShop, request: SaveRuleRequest) -> SaveRuleAnswer:
    """A new rule, or a new version of one. Raises `RequestInvalid` for what cannot be done; then nothing is saved."""
    rule = checked(SavedRule.model_validate(request.model_dump(by_alias=True)), shop.rules.zone)
    known = any(one.id == rule.id for one in shop.rules.all())
    version = shop.rules.put(rule.id, rule)
    conflicts = conflicts_among(shop, shop.rules.all(), of=rule.id)
    return SaveRuleAnswer(id=rule.id, version=version, created=not known, conflicts=conflicts)
