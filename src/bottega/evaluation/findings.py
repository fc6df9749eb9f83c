"""What a table of figures means, in plain words: who is ahead for sure, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bottega.evaluation.intervals import Interval, difference
from bottega.evaluation.protocol import Judged

__all__ = ["DECIDING", "Finding", "findings", "gap"]

DECIDING = "ndcg@10"
"""The figure that decides who is ahead."""

_FEW_SHOPPERS = 300
_MANY_UNSEEN = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence or two. `tone`: "good" as hoped, "caution" act or beware, "plain" worth knowing."""

    tone: Literal["good", "caution", "plain"]
    text: str


def gap(one: Judged, other: Judged) -> Interval:
    """How far `one` is ahead of `other` in the deciding figure, compared shopper by shopper."""
    return difference(one.values[DECIDING], other.values[DECIDING], np.random.default_rng(0))


def findings(judged: Sequence[Judged], *, split: str, unseen_targets: float) -> list[Finding]:
    """The sentences that stand above the table; the most important first."""
    if not judged:
        return []
    best_first = sorted(judged, key=lambda each: -each.measures[DECIDING].mean)
    simple = [each for each in best_first if each.simple]
    larger = [each for each in best_first if not each.simple]
    said: list[Finding] = []
    if simple and larger:
        said.append(_simple_or_larger(simple[0], larger[0]))
    said.extend(_better_than_popularity(best_first))
    said.extend(_overlaps(best_first, {best_first[0].name} | {each[0].name for each in (simple, larger) if each}))
    said.extend(_limits(judged, split, unseen_targets))
    return said


def _simple_or_larger(simple: Judged, larger: Judged) -> Finding:
    ahead = gap(larger, simple)
    if ahead.low > 0:
        base = simple.measures[DECIDING].mean
        more = f", {ahead.mean / base:.0%} more" if base > 0 else ""
        return Finding(
            "good", f"{larger.name} beats the best simple model, {simple.name}, by {_gap_words(ahead)}{more}."
        )
    if ahead.high < 0:
        behind = Interval(-ahead.mean, -ahead.high, -ahead.low)
        return Finding(
            "caution",
            f"{simple.name}, a simple model, beats {larger.name} by {_gap_words(behind)}. Use it: "
            f"`bottega train --model {simple.name}`. The others need more events to be worth their time; judge "
            "again when you have collected more.",
        )
    return Finding(
        "caution",
        f"{larger.name} and the simple model {simple.name} cannot be told apart on these {larger.shoppers:,} shoppers: "
        f"the gap is {_gap_words(ahead)}, and that range holds 0. Prefer {simple.name}, which is simpler, or collect "
        "more data and judge again.",
    )


def _better_than_popularity(best_first: Sequence[Judged]) -> list[Finding]:
    popular = next((each for each in best_first if each.name == "popular"), None)
    best = best_first[0]
    if popular is None or len(best_first) < 2:
        return []
    if best is popular:
        return [
            Finding(
                "caution",
                "Nothing judged here is ahead of popular, which shows everybody the same best sellers. Either there "
                "are too few events to learn taste from, or shoppers here do not differ much.",
            )
        ]
    ahead = gap(best, popular)
    if ahead.low > 0:
        base = popular.measures[DECIDING].mean
        times = f" ({best.measures[DECIDING].mean / base:.1f} times as much)" if base > 0 else ""
        return [
            Finding("plain", f"Knowing the shopper helps: {best.name} beats popular by {_gap_words(ahead)}{times}.")
        ]
    return [
        Finding(
            "caution",
            f"It is not sure that knowing the shopper helps here: {best.name} is ahead of popular by "
            f"{_gap_words(ahead)}, and that range holds 0.",
        )
    ]


def _overlaps(best_first: Sequence[Judged], told: set[str]) -> list[Finding]:
    """Whether the first two in the table really differ, unless that has been said already."""
    if len(best_first) < 2:
        return []
    first, second = best_first[:2]
    if second.name in told and first.simple != second.simple:
        return []
    one, other = first.measures[DECIDING], second.measures[DECIDING]
    if one.low > other.high:
        return []
    ahead = gap(first, second)
    if ahead.excludes_zero:
        return [
            Finding(
                "plain",
                f"The intervals of {first.name} and {second.name} overlap, but each holds the luck of the draw of "
                f"shoppers, which both share. Compared shopper by shopper, {first.name} is ahead for sure: by "
                f"{_gap_words(ahead)}.",
            )
        ]
    return [
        Finding(
            "plain",
            f"{first.name} stands above {second.name}, but that may be luck: the gap is {_gap_words(ahead)}, and that "
            "range holds 0.",
        )
    ]


def _limits(judged: Sequence[Judged], split: str, unseen_targets: float) -> list[Finding]:
    said = []
    shoppers = judged[0].shoppers
    if shoppers < _FEW_SHOPPERS:
        said.append(
            Finding("caution", f"Only {shoppers:,} shoppers could be asked, so every interval is wide. Decide later.")
        )
    if unseen_targets > _MANY_UNSEEN:
        said.append(
            Finding(
                "plain",
                f"{unseen_targets:.0%} of the right answers are products that nobody had in the training data. A model "
                "that does not read product data cannot find them, so no such model can reach a recall above "
                f"{1 - unseen_targets:.2f}.",
            )
        )
    short = [f"{each.name} ({each.short:,})" for each in judged if each.short > 0.01 * each.shoppers]
    if short:
        said.append(
            Finding(
                "plain",
                f"Some models could not fill their list for some shoppers: {', '.join(short)}. In a shop, the fallback "
                "fills it up.",
            )
        )
    if split == "last":
        said.append(
            Finding(
                "plain",
                "Leaving the last item out lets a model learn from what other shoppers did later. `--split time` asks "
                "the harder question: what is next, knowing only the past?",
            )
        )
    return said


def _gap_words(ahead: Interval) -> str:
    return f"{ahead.mean:.4f} NDCG@10 (95% interval {ahead.low:.4f} to {ahead.high:.4f})"
