"""Judging one model: learn from the split, rank for every shopper asked, count.

The model sees `split.train` and `split.holdout` while it learns, and `split.test.inputs` when it answers; the targets
stay here. All items are ranked (no sampled negatives: Krichene & Rendle 2020, https://doi.org/10.1145/3394486.3403226,
show why), and what a shopper already has is hidden. Time and memory are those of `fit`.

Shapes   B shoppers asked, K the longest list.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.datasets.splits import Split
from bottega.evaluation.candidates import candidate_recall
from bottega.evaluation.intervals import Interval, intervals
from bottega.evaluation.measures import concentration, coverage, diversity, holders, novelty, popularity
from bottega.evaluation.memory import PeakMemory
from bottega.models.recommend.accuracy import Values, ndcg, recall, target_ranks
from bottega.models.recommend.base import Ranking, Recommender, rank
from bottega.names import IntArray
from bottega.progress import Progress, silent

__all__ = ["KS", "MEASURES", "Judged", "judge", "rank_all"]

KS = (5, 10, 20)
"""Lengths of list that are judged."""

MEASURES = ("recall", "ndcg", "coverage", "novelty", "diversity", "popularity", "concentration")
"""Names of the measures, as printed before the @; docs/judging.md explains each."""

_BATCH = 512


@dataclass(frozen=True, slots=True)
class Judged:
    """How one model did.

    `measures`: "recall@10" and so on with their intervals; `coverage` and `concentration` are about all lists
    together, so they have no interval. `values`: the same for each shopper [B], where it is one value a shopper.
    `ranks` [B]: place of the target, 0 when it is not in the list. `lists` [B, K]: the items shown. `train_s`: seconds
    to learn. `peak_mb`: most memory of the whole process while learning, in MB, NaN where the system does not tell;
    `before_mb` of them were there before. `answer_ms`: milliseconds to rank for one shopper, in batches. `short`:
    shoppers whose list had fewer than K items. `found`: how much of what it ranks
    first is among the candidates of answers (candidates.py). `simple`: whether the model always stands in the table.
    """

    name: str
    shoppers: int
    measures: Mapping[str, Interval]
    values: Mapping[str, Values]
    ranks: IntArray
    lists: IntArray
    train_s: float
    peak_mb: float
    before_mb: float
    answer_ms: float
    short: int
    found: float | None = None
    simple: bool = False


def judge(
    model: Recommender,
    split: Split,
    features: Features,
    *,
    rng: np.random.Generator,
    name: str | None = None,
    ks: Sequence[int] = KS,
    resamples: int = 1000,
    device: str = "auto",
    progress: Progress = silent,
) -> Judged:
    """Fit `model`, which has not learnt yet, on `device`, and judge it on `split.test`.

    `rng` is for training; the resampling of shoppers is seeded alike for every model, so that a table is comparable.
    """
    name = name or model.name
    assert features.n_items == split.train.n_items
    with PeakMemory() as memory:
        start = time.perf_counter()
        holdout = split.holdout if len(split.holdout) else None
        model.fit(split.train, features, rng=rng, holdout=holdout, device=device, progress=progress)
        train_s = time.perf_counter() - start
    start = time.perf_counter()
    ranking = rank_all(model, split.test.inputs, count=max(ks), task=f"judging {name}", progress=progress)
    answer_s = time.perf_counter() - start
    ranks = target_ranks(ranking, split.test.targets)
    values, whole = _count(ranking, ranks, split, features, ks)
    found = intervals(values, np.random.default_rng(0), resamples=resamples)
    found |= {key: Interval(value, float("nan"), float("nan")) for key, value in whole.items()}
    return Judged(
        name=name,
        shoppers=len(split.test),
        measures={f"{measure}@{k}": found[f"{measure}@{k}"] for measure in MEASURES for k in ks},
        values=values,
        ranks=ranks,
        lists=ranking.items,
        train_s=train_s,
        peak_mb=memory.peak_mb,
        before_mb=memory.before_mb,
        answer_ms=1000 * answer_s / max(len(split.test), 1),
        short=int((ranking.items[:, -1] < 0).sum()),
        found=candidate_recall(model, split.test.inputs, ranking.items),
        simple=model.abilities.simple,
    )


def rank_all(
    model: Recommender, inputs: Histories, *, count: int, task: str = "ranking", progress: Progress = silent
) -> Ranking:
    """The best `count` items for each history, seen items hidden, a batch at a time; always [B, count] wide."""
    items = np.full((len(inputs), count), -1, dtype=np.int32)
    scores = np.full((len(inputs), count), -np.inf, dtype=np.float32)
    for start in range(0, len(inputs), _BATCH):
        batch = rank(model, inputs.take(slice(start, start + _BATCH)), count=count, hide_seen=True)
        width = batch.items.shape[1]
        items[start : start + _BATCH, :width] = batch.items
        scores[start : start + _BATCH, :width] = batch.scores
        progress(task, min(start + _BATCH, len(inputs)), len(inputs))
    return Ranking(items, scores)


def _count(
    ranking: Ranking, ranks: IntArray, split: Split, features: Features, ks: Sequence[int]
) -> tuple[dict[str, Values], dict[str, float]]:
    held = holders(split.train)
    shoppers = int((split.train.lengths > 0).sum())
    rows: sparse.csr_matrix = features.attributes if features.attributes.shape[1] else features.text
    values: dict[str, Values] = {}
    whole: dict[str, float] = {}
    for k in ks:
        values[f"recall@{k}"] = recall(ranks, k)
        values[f"ndcg@{k}"] = ndcg(ranks, k)
        values[f"novelty@{k}"] = novelty(ranking.items, k, held, shoppers)
        values[f"diversity@{k}"] = diversity(ranking.items, k, rows)
        values[f"popularity@{k}"] = popularity(ranking.items, k, held)
        whole[f"coverage@{k}"] = coverage(ranking.items, k, split.train.n_items)
        whole[f"concentration@{k}"] = concentration(ranking.items, k, split.train.n_items)
    return values, whole
