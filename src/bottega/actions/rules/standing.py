"""How rules stand: in force, off, later or over; and what they are in conflict with."""

from __future__ import annotations

from collections.abc import Sequence

from bottega.actions.rules.shapes import ConflictInfo, RuleState
from bottega.events.times import now_ms
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.conflicts import conflicts_of
from bottega.shop.rules.rule import SavedRule

__all__ = ["conflicts_among", "state_of"]


def state_of(shop: OpenShop, rule: SavedRule) -> RuleState:
    """Of a rule now."""
    start, end = rule.span_ms(shop.rules.zone)
    now = now_ms()
    if end <= now:
        return "over"
    if not rule.enabled:
        return "off"
    return "later" if start > now else "in force"


def conflicts_among(shop: OpenShop, rules: Sequence[SavedRule], *, of: str | None = None) -> list[ConflictInfo]:
    """What rules are in conflict with as if they were the saved ones; with `of`, what one of them is."""
    with shop.floor() as floor:
        saved = shop.rules.given(rules, floor)
        found = conflicts_of(saved, floor, shop.rules.zone, now_ms(), of=of)
    return [ConflictInfo(kind=one.kind, rules=list(one.rules), winner=one.winner, text=one.text) for one in found]
