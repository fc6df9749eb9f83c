"""A report made of what was found."""

from __future__ import annotations

from collections.abc import Iterable

from bottega.actions.check.shapes import FieldShare, FoundAt, FoundBot, FoundRule
from bottega.catalogue.quality.coverage import Share
from bottega.sources.findings import CheckFinding, CheckFindings, CheckLevel, CheckRule
from bottega.store.bots import KnownBot

__all__ = ["found_bots", "found_rules", "shares"]

_ORDER = {level: place for place, level in enumerate(CheckLevel)}


def found_rules(findings: CheckFindings) -> list[FoundRule]:
    """The rules that were broken: errors first, the most frequent of each level first."""
    broken = sorted(
        findings.counts, key=lambda rule: (_ORDER[findings.rules[rule].level], -findings.counts[rule], rule)
    )
    return [_found(rule, findings.rules[rule], findings.counts[rule], findings.kept[rule]) for rule in broken]


def _found(name: str, rule: CheckRule, count: int, kept: Iterable[CheckFinding]) -> FoundRule:
    examples = [FoundAt(place=one.place, field=one.field, seen=one.seen, fix=one.fix) for one in kept]
    return FoundRule(rule=name, level=rule.level, meaning=rule.meaning, fix=rule.fix, count=count, examples=examples)


def shares(found: Iterable[Share]) -> list[FieldShare]:
    """Shares of a catalogue as an answer has them."""
    return [FieldShare(**share._asdict()) for share in found]


def found_bots(bots: Iterable[KnownBot]) -> list[FoundBot]:
    """Bots as an answer has them."""
    return [
        FoundBot(
            shopper=one.shopper,
            rule=one.rule,
            seen=one.seen,
            events=one.events,
            found_at_ms=one.time_ms,
            readmitted=one.readmitted,
        )
        for one in bots
    ]
