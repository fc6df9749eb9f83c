"""The rules in force: read once, and again when anybody of any process has changed one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from bottega.errors import RequestInvalid, RuleUnknown, StoreUnavailable
from bottega.events.times import now_ms
from bottega.shop.doors.acting import ACTOR
from bottega.shop.rules.rule import SavedRule
from bottega.shop.versions import ShopPart, Versions
from bottega.store.kept_versions import KeptVersion
from bottega.store.store import Store

if TYPE_CHECKING:
    from bottega.shop.floor import Floor
    from bottega.shop.rules.saved import SavedRules

__all__ = ["RULES_MOST", "RulesInForce", "rule_of"]

RULES_MOST = 1_000
"""Rules of one shop."""


class RulesInForce:
    """Saved rules of one shop, as the next answer heeds them. Safe to call from several threads."""

    def __init__(self, store: Store, versions: Versions, zone: tzinfo) -> None:
        self._store, self._versions, self.zone = store, versions, zone
        self._read: tuple[int, list[SavedRule]] | None = None
        """The stamp before the reading, and what was read."""
        self._known: list[SavedRule] | None = None
        """What was read last, however long ago."""
        self._number = 0
        """The last change when it was read."""
        self._on: tuple[list[SavedRule], Floor, SavedRules] | None = None

    @property
    def news(self) -> bool:
        """Whether the next answer reads them anew, for some milliseconds."""
        return self._read is None or self._read[0] != self._versions.of_part(ShopPart.RULES)

    def all(self) -> list[SavedRule]:
        """Every rule, in the order of the last changes; while the store is away, as they were read last."""
        read = self._read
        stamp = self._versions.of_part(ShopPart.RULES)
        if read is not None and read[0] == stamp:
            return read[1]
        try:
            number = self._store.marks().get("rules", 0)
            if self._known is None or number != self._number:
                self._known, self._number = [rule_of(one) for one in self._store.rules.current()], number
        except StoreUnavailable:
            if self._known is None:
                raise
            return self._known
        self._read = stamp, self._known
        return self._known

    def on(self, floor: Floor) -> SavedRules:
        """The rules on this floor."""
        rules, on = self.all(), self._on
        if on is None or on[0] is not rules or on[1] is not floor:
            on = self._on = rules, floor, self.given(rules, floor)
        return on[2]

    def given(self, rules: Sequence[SavedRule], floor: Floor) -> SavedRules:
        """Other rules on this floor, as if they were saved."""
        from bottega.shop.rules.saved import SavedRules  # it computes, and opening a shop loads nothing that does

        return SavedRules(rules, floor, self.zone)

    def put(self, rule_id: str, rule: SavedRule | None) -> int:
        """A new version of a rule, None to remove it; returns its number. Every process heeds it in the next answer.
        Raises `RequestInvalid` beyond a shop's most."""
        if rule is not None and len(self.all()) >= RULES_MOST and all(one.id != rule_id for one in self.all()):
            raise RequestInvalid(
                f"The shop has {len(self.all())} rules.",
                allowed=f"It keeps {RULES_MOST:,} of them.",
                next_step="Remove some that are over first (`bottega rules remove`).",
            )
        actor = ACTOR.get()
        fields = None if rule is None else rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        number = self._store.rules.put(rule_id, fields, time_ms=now_ms(), who=actor.who if actor else "")
        self._versions.touch_part(ShopPart.RULES)
        self.forget()
        return number

    def forget(self) -> None:
        """Another machine may have changed some: the next answer reads them anew."""
        self._read = None

    def let_go(self) -> None:
        """The floor is another one, or none: the one before is held no longer."""
        self._on = None

    def removed(self) -> list[SavedRule]:
        """Rules that are no more, as they stood, the last removed first."""
        return [rule_of(one) for one in self._store.rules.removed()]

    def versions(self, rule_id: str) -> list[KeptVersion]:
        """All versions of a rule that are kept, the newest first. Raises `RuleUnknown`."""
        found = self._store.rules.versions(rule_id)
        if not found:
            raise RuleUnknown(
                f"There is no rule {rule_id!r}, and there was none.",
                allowed="Rules are named by their ids.",
                next_step="See them with `bottega rules list` or GET /v1/rules.",
            )
        return found


def rule_of(version: KeptVersion) -> SavedRule:
    """The rule as a version has it."""
    assert version.state is not None
    return SavedRule.model_validate(version.state)
