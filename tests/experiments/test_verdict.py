"""Sentences about experiments: what was seen, how sure it is, and what to do."""

from __future__ import annotations

from dataclasses import replace

from bottega.experiments.sequential import Uplift
from bottega.experiments.sums import Sums
from bottega.experiments.verdict import Gauge, Headway, Standing, split_sentence, verdict

SEEN = Sums(50_000, 9_000, 1.8e6, 9e8)
COURSE = Headway(days=10, per_day=8000, planned=150_000, effect=0.03)


def told(found: Uplift | None, measure: Gauge = Gauge.REVENUE, course: Headway = COURSE, seen: Sums = SEEN) -> str:
    return verdict("B", "A", measure, SEEN, seen, found, course).sentence


def test_a_winner_is_named_after_a_whole_week() -> None:
    ahead = Uplift(0.031, 0.004, 0.059)
    assert told(ahead) == "B earns 3.1% more per shopper, between 0.4 and 5.9: B can be adopted."
    early = verdict("B", "A", Gauge.REVENUE, SEEN, SEEN, ahead, replace(COURSE, days=1.0))
    assert early.standing is Standing.BETTER and early.wait_days == 6
    assert early.sentence.endswith("between 0.4 and 5.9; wait 6 more days, so that a whole week is seen.")


def test_a_loser_is_not_waited_for() -> None:
    behind = verdict("B", "A", Gauge.REVENUE, SEEN, SEEN, Uplift(-0.031, -0.059, -0.004), replace(COURSE, days=1.0))
    assert behind.sentence == "B earns 3.1% less per shopper, between 0.4 and 5.9: keep A."
    assert behind.standing is Standing.WORSE and behind.wait_days == 0


def test_more_refunds_are_worse() -> None:
    more = told(Uplift(0.2, 0.1, 0.3), Gauge.REFUNDED)
    assert more == "B pays 20.0% more back per shopper, between 10.0 and 30.0: keep A."
    assert "can be adopted" in told(Uplift(-0.2, -0.3, -0.1), Gauge.REFUNDED)


def test_what_is_open_says_how_long_it_takes_yet() -> None:
    wide = Uplift(0.012, -0.02, 0.043)
    assert told(wide) == (
        "B earns 1.2% more per shopper so far, between 2.0% less and 4.3% more: it may be chance; wait 7 more days."
    )
    nobody = verdict("B", "A", Gauge.REVENUE, SEEN, SEEN, wide, replace(COURSE, per_day=0.0))
    assert nobody.wait_days is None and nobody.sentence.endswith("it may be chance.")
    late = verdict("B", "A", Gauge.REVENUE, SEEN, SEEN, wide, replace(COURSE, planned=90_000))
    assert late.standing is Standing.UNLIKELY and "would probably have shown by now" in late.sentence
    narrow = verdict("B", "A", Gauge.REVENUE, SEEN, SEEN, Uplift(0.0, -0.02, 0.021), COURSE)
    assert narrow.standing is Standing.SAME and narrow.sentence.endswith(
        "do not differ by 3.0% or more (between 2.0% less and 2.1% more): keep A."
    )


def test_too_few_are_too_early() -> None:
    early = verdict("B", "A", Gauge.REVENUE, SEEN, Sums(1000, 25, 900.0, 9e4), None, replace(COURSE, days=2.0))
    assert early.standing is Standing.EARLY and early.wait_days == 6
    assert early.sentence == "Too early to say: B has 25 shoppers who count, and 100 are needed; wait 6 more days."
    assert told(None, seen=Sums(0, 0, 0.0, 0.0)).endswith("100 are needed.")


def test_a_broken_split_says_what_was_meant() -> None:
    said = split_sentence(["A", "B"], [5312, 4100], [0.5, 0.5])
    assert said.startswith("The split is broken: A got 5,312, B got 4,100, where 4,706, 4,706 were to be.")
