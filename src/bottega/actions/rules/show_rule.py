"""Show a rule with its history, and what it is in conflict with."""

from __future__ import annotations

from bottega.actions.put_back import changed
from bottega.actions.rules.shapes import RuleAnswer, RuleRequest, RuleVersionInfo
from bottega.actions.rules.standing import conflicts_among, state_of
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.in_force import rule_of

__all__ = ["show_rule"]


def show_rule(shop: OpenShop, request: RuleRequest) -> RuleAnswer:
    """One rule, also a removed one. Raises `RuleUnknown`."""
    versions = shop.rules.versions(request.id)
    rule = rule_of(versions[0]) if versions[0].state is not None else None
    return RuleAnswer(
        rule=rule,
        state=None if rule is None else state_of(shop, rule),
        versions=[
            RuleVersionInfo(
                number=one.number,
                time_ms=one.time_ms,
                who=one.who,
                rule=None if one.state is None else rule_of(one),
                changed=changed(one, before),
            )
            for one, before in zip(versions, [*versions[1:], None], strict=True)
        ],
        conflicts=[] if rule is None else conflicts_among(shop, shop.rules.all(), of=rule.id),
    )
