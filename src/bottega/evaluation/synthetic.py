"""Are synthetic shoppers worth anything, and do they betray anyone?

Worth    Train on synthetic, test on real (TSTR): a model learns from real histories, from synthetic ones and from both,
         and answers the same questions about real shoppers. The distance between the first two is the gap.
Privacy  A history is copied when it repeats a run of somebody's events. Runs also coincide by chance, as those of real
         shoppers do: half of them are compared with the other half, and so are the synthetic ones.
Source   Esteban et al. 2017, https://arxiv.org/abs/1706.02633, section 4 (TSTR); the nearest-record comparison with a
         held-out half follows Platzer & Reutterer 2021, https://arxiv.org/abs/2104.00635, section 3.
Shapes   S shoppers, N events, n length of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.splits import Split, first_occurrences
from bottega.evaluation.intervals import Interval, intervals
from bottega.evaluation.protocol import rank_all
from bottega.models.recommend.accuracy import ndcg, recall, target_ranks
from bottega.models.recommend.base import Recommender
from bottega.names import IntArray
from bottega.progress import Progress, silent

__all__ = [
    "RUNS",
    "Copied",
    "Gap",
    "Privacy",
    "answered",
    "before_questions",
    "copied",
    "gap",
    "longest_runs",
    "privacy",
    "together",
]

RUNS = (2, 3, 4, 5)
"""Lengths of run whose share of copies is told."""

_PRIME = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Gap:
    """Measures of one model on real questions, trained on "real", "synthetic" and "both" histories.

    `measures`: regime -> "recall@10" and "ndcg@10" with intervals over shoppers. `model`: its name.
    """

    model: str
    shoppers: int
    measures: Mapping[str, Mapping[str, Interval]]

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Copied:
    """How much of some histories stands, event after event, in those of others.

    Of each history's longest run found: `longest`, the `high` that one history in a hundred exceeds, `mean`. `shares`:
    run length -> share of the runs of that length found.
    """

    longest: int
    high: int
    mean: float
    shares: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Privacy:
    """`synthetic` histories and a `chance` half of the real ones, each beside the other half of the real ones."""

    synthetic: Copied
    chance: Copied

    @property
    def kept(self) -> bool:
        """Whether no synthetic history holds a longer run of a real one than real ones hold of each other."""
        return self.synthetic.longest <= self.chance.longest

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, for JSON."""
        return {**asdict(self), "kept": self.kept}


def together(one: Histories, other: Histories) -> Histories:
    """The shoppers of both."""
    assert one.n_items == other.n_items
    return Histories(
        np.concatenate([one.offsets, one.offsets[-1] + other.offsets[1:]]),
        np.concatenate([one.items, other.items]),
        np.concatenate([one.kinds, other.kinds]),
        np.concatenate([one.times, other.times]),
        one.n_items,
    )


def before_questions(histories: Histories, split: Split) -> Histories:
    """What happened before a shopper's validation item, repeats included: all that a simulator may learn from.

    `split` keeps each item once; a simulator should see that shoppers look again.
    """
    wanted = np.full(len(histories), -1, dtype=np.int64)
    wanted[split.holdout_shoppers] = split.holdout.targets
    hits = np.flatnonzero(histories.items == wanted[histories.shoppers])
    first = np.full(len(histories), histories.n_events, dtype=np.int64)
    np.minimum.at(first, histories.shoppers[hits], hits)
    return histories.keep(np.arange(histories.n_events) < first[histories.shoppers])


def gap(
    factory: Callable[[], Recommender],
    split: Split,
    synthetic: Histories,
    features: Features,
    *,
    rng: np.random.Generator,
    device: str = "auto",
    progress: Progress = silent,
) -> Gap:
    """Train `factory()` three times and ask it `split.test`. Synthetic histories keep each item once, as real ones do.

    No holdout is given to any of the three, so that they learn alike.
    """
    made = first_occurrences(synthetic)
    regimes = {"real": split.train, "synthetic": made, "both": together(split.train, made)}
    seed = int(rng.integers(2**31))
    measures = {}
    name = ""
    for number, (regime, train) in enumerate(regimes.items()):
        progress("training on real and synthetic", number, len(regimes), regime)
        model = factory().fit(train, features, rng=np.random.default_rng(seed), device=device)
        name = model.name
        measures[regime] = answered(model, split.test)
    progress("training on real and synthetic", len(regimes), len(regimes))
    return Gap(name, len(split.test), measures)


def answered(model: Recommender, test: Holdout) -> dict[str, Interval]:
    """ "recall@10" and "ndcg@10" of a model that has learnt, with intervals over shoppers."""
    ranks = target_ranks(rank_all(model, test.inputs, count=10), test.targets)
    return intervals({"recall@10": recall(ranks, 10), "ndcg@10": ndcg(ranks, 10)}, np.random.default_rng(0))


def privacy(synthetic: Histories, real: Histories, *, rng: np.random.Generator) -> Privacy:
    """Compare with a random half of the real shoppers, at most as many of each kind as there are in the other half."""
    shuffled = rng.permutation(np.flatnonzero(real.lengths))
    half = len(shuffled) // 2
    asked, others = real.take(shuffled[:half]), real.take(shuffled[half:])
    some = np.sort(rng.permutation(len(synthetic))[: max(half, 1)])
    return Privacy(copied(synthetic.take(some), others), copied(asked, others))


def copied(histories: Histories, others: Histories) -> Copied:
    """Count the runs of `histories` that also stand in `others`.

    >>> real = Histories.from_lists([[1, 2, 3, 4], [7, 8]], n_items=9)
    >>> found = copied(Histories.from_lists([[9, 2, 3, 4], [8, 7]], n_items=10), real)
    >>> found.longest, found.mean, found.shares[2], found.shares[3]
    (3, 2.0, 0.5, 0.5)
    """
    longest = longest_runs(histories, others)
    shares = {}
    for n in RUNS:
        runs = _runs(histories, n)
        shares[n] = float(np.isin(runs[1], _runs(others, n)[1]).mean()) if len(runs[1]) else 0.0
    if not len(longest):
        return Copied(0, 0, 0.0, shares)
    return Copied(int(longest.max()), int(np.quantile(longest, 0.99)), float(longest.mean()), shares)


def longest_runs(histories: Histories, others: Histories) -> IntArray:
    """For each history the most events in a row that also stand in a row in one of `others` [S]; 0 for none."""
    longest = np.zeros(len(histories), dtype=np.int32)
    n = 1
    while True:
        shoppers, runs = _runs(histories, n)
        found = np.isin(runs, _runs(others, n)[1])
        if not found.any():
            return longest
        longest[shoppers[found]] = n
        n += 1


def _runs(histories: Histories, n: int) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The shopper and a 64-bit fingerprint of each n events in a row."""
    count = max(0, histories.n_events - n + 1)
    shoppers = histories.shoppers
    inside = shoppers[:count] == shoppers[n - 1 :]
    prints = np.zeros(count, dtype=np.uint64)
    for step in range(n):
        prints = (prints ^ (histories.items[step : step + count].astype(np.uint64) + np.uint64(1))) * _PRIME
        prints ^= prints >> np.uint64(29)
    return shoppers[:count][inside], prints[inside]
