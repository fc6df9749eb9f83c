"""What a check says: rules with a level, and findings, each one rule broken in one place.

An import asks whether a row can be used (`sources/problems.py`). A check asks what is worth mending, so its levels are
others: a price that nobody can read costs an import one field, and a merchant the sale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bottega.sources.problems import FEED, Rule, Severity
from bottega.texts import whole

__all__ = ["FEED", "CheckFinding", "CheckFindings", "CheckLevel", "CheckRule", "levelled"]

_SEEN_MAX = 200


class CheckLevel(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """Something is lost or wrong: a row, a field, a price."""
    WARNING = "warning"
    """It works, and shoppers or models are worse off."""
    HINT = "hint"
    """Worth knowing; it may be meant so."""


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One rule: how bad it is, what it finds, and how the merchant mends it."""

    level: CheckLevel
    meaning: str
    fix: str


class CheckFinding(NamedTuple):
    """One rule broken in one place: a row as in "styles.csv:12", a product id, a shopper, or `FEED` for the whole."""

    rule: str
    place: str
    field: str
    seen: str
    fix: str = ""
    """Advice in place of the rule's own."""


@dataclass(slots=True)
class CheckFindings:
    """CheckFindings as they come: all are counted, of each rule the first `most` are kept."""

    rules: Mapping[str, CheckRule]
    most: int = 100
    counts: Counter[str] = field(default_factory=Counter)
    kept: dict[str, list[CheckFinding]] = field(default_factory=dict)

    def add(self, finding: CheckFinding) -> None:
        """Count it; a rule that the table does not have is our own mistake."""
        assert finding.rule in self.rules, finding.rule
        self.counts[finding.rule] += 1
        kept = self.kept.setdefault(finding.rule, [])
        if len(kept) < self.most:
            seen = whole(finding.seen)
            shown = seen if len(seen) <= _SEEN_MAX else f"{seen[: _SEEN_MAX - 1]}…"
            kept.append(finding._replace(seen=shown, fix=finding.fix or self.rules[finding.rule].fix))

    def found(self, rule: str, field: str, seen: str, place: str = FEED) -> None:
        """The same in parts."""
        self.add(CheckFinding(rule, place, field, seen))

    def drop(self, rule: str, field: str) -> None:
        """Take back what was found of a rule in a field: another rule says it better."""
        kept = self.kept.get(rule, [])
        left = [one for one in kept if one.field != field]
        self.counts[rule] -= len(kept) - len(left)
        self.kept[rule] = left
        if self.counts[rule] <= 0:
            del self.counts[rule], self.kept[rule]

    def of_level(self, level: CheckLevel) -> int:
        """How many of a level."""
        return sum(count for rule, count in self.counts.items() if self.rules[rule].level is level)


def levelled(rules: Mapping[str, Rule], levels: Mapping[str, CheckLevel]) -> dict[str, CheckRule]:
    """The rules of an import as rules of a check: rejects are errors, warnings warnings, unless `levels` say else."""
    usual = {Severity.REJECT: CheckLevel.ERROR, Severity.WARN: CheckLevel.WARNING}
    assert levels.keys() <= rules.keys(), levels.keys() - rules.keys()
    return {
        name: CheckRule(levels.get(name, usual[rule.severity]), rule.meaning, rule.fix) for name, rule in rules.items()
    }
