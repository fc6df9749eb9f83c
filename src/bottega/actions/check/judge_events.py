"""What many events show, of a shop or of a file: bots, clocks, products that nobody knows, one id for many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set

import polars as pl

from bottega.events.quality.bots import Bots
from bottega.events.quality.clocks import clock_findings
from bottega.events.quality.rules import EVENT_RULES
from bottega.events.quality.sanity import sanity_findings
from bottega.sources.findings import CheckFindings

__all__ = ["Missing", "judge_events"]

Missing = Callable[[Iterable[str]], Set[str]]
"""Those of some ids that no product and no group has."""


def judge_events(
    events: pl.DataFrame,
    bots: Bots,
    findings: CheckFindings,
    *,
    missing: Missing,
    ids: Sequence[str],
    prices: Mapping[str, float],
    now: int,
    readmitted: Collection[str] = (),
) -> None:
    """Add what is found. Columns of `events`: those of `sanity_findings`, sorted by shopper and time.

    Bots first: what they do is judged as theirs, and not again as that of clocks and shoppers.
    """
    for one in bots.found:
        if one.shopper not in readmitted and one.rule != "bot_ring":
            findings.found(one.rule, "shopper_id", one.seen, one.shopper)
    for product, members in bots.lifted.items():
        findings.found("bot_ring", "product_id", f"{members:,} ids of one view", product)
    for rule, members in bots.too_many.items():
        findings.found("bots_too_many", "shopper_id", f"{members:,} shoppers: {EVENT_RULES[rule].meaning}")
    people = events.filter(~pl.col("shopper").is_in([one.shopper for one in bots.found]))
    for finding in clock_findings(people, now):
        findings.add(finding)
    for finding in sanity_findings(people, missing, list(ids), prices):
        findings.add(finding)
