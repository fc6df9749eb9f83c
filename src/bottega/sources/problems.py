"""What can be wrong with a row, whatever it describes: a rule, how severe it is, and one problem found.

Each room of rows has its own table of rules (`catalogue/problems.py`, `events/check.py`), from which its manual page is
checked; here is what the tables are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FEED", "Problem", "Rule", "Severity", "problem_of", "reject", "warn"]

FEED = "feed"
"""Row of a problem that belongs to no single row."""
_SEEN_MAX = 120


class Severity(StrEnum):
    """What a rule does to the row."""

    REJECT = "reject"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it finds, and how the merchant mends it."""

    severity: Severity
    meaning: str
    fix: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule broken in one place. `row` is as in "styles.csv:12", or `FEED` for what only the whole feed shows."""

    row: str
    field: str
    rule: str
    seen: str
    fix: str
    severity: Severity
    who: str = ""
    """The ids of whom the row names, a line each."""
    said: str = ""
    """What the row says, field by field, as JSON: so that it can be corrected and sent again."""


def reject(meaning: str, fix: str) -> Rule:
    """A rule that keeps its row out."""
    return Rule(Severity.REJECT, meaning, fix)


def warn(meaning: str, fix: str) -> Rule:
    """A rule whose row comes in."""
    return Rule(Severity.WARN, meaning, fix)


def problem_of(
    rules: Mapping[str, Rule], rule: str, row: str, field: str, seen: str, *, fix: str = "", who: Iterable[str] = ()
) -> Problem:
    """A problem with the words of its rule; long values are shortened. `fix` replaces the rule's own advice."""
    known = rules[rule]
    shown = seen if len(seen) <= _SEEN_MAX else seen[: _SEEN_MAX - 1] + "…"
    return Problem(row, field, rule, shown, fix or known.fix, known.severity, "\n".join(dict.fromkeys(who)))
