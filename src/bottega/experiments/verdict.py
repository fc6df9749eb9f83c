"""What the figures of an experiment mean, in a sentence that somebody who knows no statistics can act on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from bottega.experiments.sequential import ACTIVE_LEAST, Uplift
from bottega.experiments.sums import Sums

__all__ = ["Advice", "Gauge", "Headway", "Standing", "guardrail", "split_sentence", "verdict", "waiting"]

WEEK_DAYS = 7
"""Shoppers of a weekend are others than those of a Tuesday: a winner is named after a whole week."""


class Gauge(StrEnum):
    """What is compared, of each shopper, within the days after they were first given a variant."""

    REVENUE = "revenue"
    """What they paid, without what was given back."""
    BUYERS = "buyers"
    """Whether they bought anything that they kept."""
    CARTS = "carts"
    """Whether they put anything into the cart."""
    REFUNDED = "refunded"
    """What they gave back, as money."""

    @property
    def more_is_better(self) -> bool:
        return self is not Gauge.REFUNDED


_SAYS = {
    Gauge.REVENUE: "{name} earns {change} per shopper",
    Gauge.BUYERS: "{name} has {change} buyers among its shoppers",
    Gauge.CARTS: "{name} has {change} shoppers who fill a cart",
    Gauge.REFUNDED: "{name} pays {change} back per shopper",
}


_NOUNS = {
    Gauge.REVENUE: "revenue",
    Gauge.BUYERS: "number of buyers",
    Gauge.CARTS: "number of carts",
    Gauge.REFUNDED: "refunds",
}


class Standing(StrEnum):
    """How far an answer is."""

    EARLY = "early"
    """Too few shoppers for any interval."""
    OPEN = "open"
    """It may be either."""
    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    """What difference there is, is smaller than was asked about."""
    UNLIKELY = "unlikely"
    """All planned shoppers are there, and the difference asked about would probably have shown."""


@dataclass(frozen=True, slots=True)
class Headway:
    """How an experiment goes."""

    days: float
    """Since its start."""
    per_day: float
    """Shoppers of both groups that are compared, a day."""
    planned: int
    """Shoppers of both groups in which `effect` shows."""
    effect: float
    """The smallest difference that was asked about, 0.05 for 5%."""


@dataclass(frozen=True, slots=True)
class Advice:
    """`wait_days`: how many more to wait; 0 where there is nothing to wait for, None where nobody can tell."""

    standing: Standing
    sentence: str
    wait_days: int | None


def verdict(
    name: str, other: str, measure: Gauge, control: Sums, variant: Sums, found: Uplift | None, course: Headway
) -> Advice:
    """What there is to say of variant `name` beside the control `other`.

    >>> seen = Sums(60_000, 9_000, 1.8e6, 9e8)
    >>> course = Headway(days=5, per_day=8000, planned=150_000, effect=0.03)
    >>> verdict("B", "A", Gauge.REVENUE, seen, seen, Uplift(0.031, 0.004, 0.059), course).sentence
    'B earns 3.1% more per shopper, between 0.4 and 5.9; wait 2 more days, so that a whole week is seen.'
    """
    if found is None:
        fewest = min((variant, name), (control, other), key=lambda one: one[0].active)
        missing = (ACTIVE_LEAST - fewest[0].active) / fewest[0].active if fewest[0].active else math.inf
        wait = None if math.isinf(missing) else _days(missing * max(course.days, 1.0))
        said = f"Too early to say: {fewest[1]} has {fewest[0].active} shoppers who count, and {ACTIVE_LEAST} are needed"
        return Advice(Standing.EARLY, f"{said}{_waiting(wait)}.", wait)
    says = _says(name, measure, found)
    good = found.low > 0 if measure.more_is_better else found.high < 0
    if found.excludes_zero and good:
        wait = _days(WEEK_DAYS - course.days)
        so = f"; wait {_plural(wait)}, so that a whole week is seen" if wait else f": {name} can be adopted"
        return Advice(Standing.BETTER, f"{says}, {_between(found)}{so}.", wait)
    if found.excludes_zero:
        return Advice(Standing.WORSE, f"{says}, {_between(found)}: keep {other}.", 0)
    if max(-found.low, found.high) < course.effect:
        said = f"{name} and {other} do not differ by {course.effect:.1%} or more ({_between(found)}): keep {other}"
        return Advice(Standing.SAME, f"{said}.", 0)
    left = course.planned - control.shoppers - variant.shoppers
    if left <= 0:
        said = f"{says} so far, {_between(found)}. A difference of {course.effect:.1%} would probably have shown by now"
        return Advice(Standing.UNLIKELY, f"{said}: keep {other}, or go on for a smaller one.", 0)
    wait = max(_days(left / course.per_day), 1) if course.per_day > 0 else None
    return Advice(Standing.OPEN, f"{says} so far, {_between(found)}: it may be chance{_waiting(wait)}.", wait)


def waiting(horizon_days: int, days: float) -> Advice:
    """What there is to say before the days of the first shoppers are over.

    >>> waiting(7, 2.5).sentence
    "Too early to say: a shopper's first 7 days count, and nobody's are over; wait 5 more days."
    """
    wait = max(_days(horizon_days - days), 1)
    said = f"Too early to say: a shopper's first {horizon_days} days count, and nobody's are over{_waiting(wait)}."
    return Advice(Standing.EARLY, said, wait)


def guardrail(name: str, measure: Gauge, found: Uplift | None) -> Advice:
    """What there is to say of a measure that only has to stay as good as it is.

    >>> guardrail("B", Gauge.BUYERS, Uplift(-0.05, -0.08, -0.02)).sentence
    'Take care: B has 5.0% fewer buyers among its shoppers, between 2.0 and 8.0.'
    """
    if found is None:
        return Advice(Standing.EARLY, f"Too early to say whether {name} hurts the {_NOUNS[measure]}.", None)
    said = f"{_says(name, measure, found)}, {_between(found)}"
    if found.excludes_zero and (found.low > 0) != measure.more_is_better:
        return Advice(Standing.WORSE, f"Take care: {said}.", 0)
    standing = Standing.BETTER if found.excludes_zero else Standing.OPEN
    return Advice(standing, f"No harm seen: {said}.", None)


def _says(name: str, measure: Gauge, found: Uplift) -> str:
    money = measure in (Gauge.REVENUE, Gauge.REFUNDED)
    less = "less" if money else "fewer"
    return _SAYS[measure].format(name=name, change=f"{abs(found.ratio):.1%} {'more' if found.ratio >= 0 else less}")


def split_sentence(names: list[str], counts: list[int], shares: list[float]) -> str:
    """What a broken split looks like."""
    got = ", ".join(f"{name} got {count:,}" for name, count in zip(names, counts, strict=True))
    meant = ", ".join(f"{share * sum(counts):,.0f}" for share in shares)
    return (
        f"The split is broken: {got}, where {meant} were to be. Something keeps shoppers of one variant away or "
        "counts them twice; believe none of the figures until it is found."
    )


def _between(found: Uplift) -> str:
    """Both ends in per cent, with words where they point in two directions."""
    low, high = (round(100 * each, 1) for each in (found.low, found.high))
    if low < 0 < high:
        return f"between {-low:.1f}% less and {high:.1f}% more"
    ends = sorted((abs(low), abs(high)))
    return f"between {ends[0]:.1f} and {ends[1]:.1f}"


def _days(days: float) -> int:
    return max(math.ceil(days), 0)


def _plural(days: int) -> str:
    return f"{days:,} more {'day' if days == 1 else 'days'}"


def _waiting(days: int | None) -> str:
    return "" if days is None else f"; wait {_plural(days)}"
