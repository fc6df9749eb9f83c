"""List rules, in the order in which they win where they contradict each other; or those that were removed."""

from __future__ import annotations

from bottega.actions.rules.shapes import ListedRule, RulesAnswer, RulesRequest
from bottega.actions.rules.standing import state_of
from bottega.shop.open_shop import OpenShop

__all__ = ["list_rules"]


def list_rules(shop: OpenShop, request: RulesRequest) -> RulesAnswer:
    """A page of the saved rules."""
    if request.removed:
        every = shop.rules.removed()
    else:
        with shop.floor() as floor:
            every = shop.rules.on(floor).rules
    end = request.after + request.n
    return RulesAnswer(
        rules=[
            ListedRule(rule=rule, state="removed" if request.removed else state_of(shop, rule))
            for rule in every[request.after : end]
        ],
        total=len(every),
        next=end if end < len(every) else None,
    )
