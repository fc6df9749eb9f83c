"""What is left of a model's accuracy when its training data goes bad: events lost, shuffled, mislabelled, bots.

Each corruption is a pure function of histories and a random generator. Only what the model learns from is corrupted
(`train`, and the histories of the validation questions, which are the same rows); the test questions stay clean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.splits import Split
from bottega.evaluation.intervals import Interval, difference
from bottega.evaluation.measures import ndcg, target_ranks
from bottega.evaluation.protocol import Judged, rank_all
from bottega.models.recommend.base import Recommender
from bottega.names import POSITIVE_KINDS
from bottega.progress import Progress, silent

__all__ = ["CORRUPTIONS", "Corruption", "Left", "add_bots", "drop_events", "mislabel", "robustness", "shuffle_order"]

Corruption = Callable[[Histories, np.random.Generator], Histories]

_BOT_EVENTS = 50


def drop_events(histories: Histories, rng: np.random.Generator, *, share: float) -> Histories:
    """Each event is lost with probability `share`, as when a tracker is blocked."""
    return histories.keep(rng.random(histories.n_events) >= share)


def shuffle_order(histories: Histories, rng: np.random.Generator) -> Histories:
    """Items and kinds of each shopper in random order; the times stay, so that histories still run forward."""
    order = np.lexsort((rng.random(histories.n_events), histories.shoppers))
    return replace(histories, items=histories.items[order], kinds=histories.kinds[order])


def mislabel(histories: Histories, rng: np.random.Generator, *, share: float) -> Histories:
    """This share of events gets another positive kind, as when a shop's tags are wired wrongly."""
    kinds = np.array(sorted(POSITIVE_KINDS), dtype=np.int8)
    wrong = rng.random(histories.n_events) < share
    place = np.searchsorted(kinds, histories.kinds)
    other = kinds[(place + rng.integers(1, len(kinds), histories.n_events)) % len(kinds)]
    return replace(histories, kinds=np.where(wrong, other, histories.kinds).astype(np.int8))


def add_bots(histories: Histories, rng: np.random.Generator, *, share: float) -> Histories:
    """Adds `share` as many shoppers again, behind the others, who click on random items as scrapers do.

    Each makes 50 events (or as many as there are items), each on another item, in the time the real events span.
    """
    bots = round(share * len(histories))
    count = min(_BOT_EVENTS, histories.n_items)
    items = np.stack([rng.permutation(histories.n_items)[:count] for _ in range(bots)]) if bots else np.empty((0, 0))
    low, high = (histories.times.min(), histories.times.max()) if histories.n_events else (0, 0)
    times = np.sort(rng.integers(low, high + 1, size=items.shape), axis=1)
    kinds = rng.choice(np.array(sorted(POSITIVE_KINDS), dtype=np.int8), size=items.size)
    return Histories(
        np.concatenate([histories.offsets, histories.offsets[-1] + count * np.arange(1, bots + 1)]).astype(np.int64),
        np.concatenate([histories.items, items.ravel().astype(np.int32)]),
        np.concatenate([histories.kinds, kinds]),
        np.concatenate([histories.times, times.ravel().astype(np.int64)]),
        histories.n_items,
    )


CORRUPTIONS: Mapping[str, Corruption] = {
    "10% of events lost": partial(drop_events, share=0.1),
    "30% of events lost": partial(drop_events, share=0.3),
    "50% of events lost": partial(drop_events, share=0.5),
    "order shuffled": shuffle_order,
    "30% of kinds wrong": partial(mislabel, share=0.3),
    "5% bots added": partial(add_bots, share=0.05),
}


@dataclass(frozen=True, slots=True)
class Left:
    """What a model kept under one corruption: its NDCG@k, the share of the clean figure with its interval, and whether
    the change is sure: `change` is the corrupted figure minus the clean one, compared shopper by shopper.
    """

    model: str
    corruption: str
    ndcg: float
    left: Interval
    change: Interval


def robustness(
    factory: Callable[[], Recommender],
    split: Split,
    features: Features,
    clean: Judged,
    *,
    rng: np.random.Generator,
    corruptions: Mapping[str, Corruption] = CORRUPTIONS,
    k: int = 10,
    progress: Progress = silent,
) -> Sequence[Left]:
    """Train a fresh model on each corrupted split and compare its NDCG@k with `clean`, the same model judged before.

    Costs one training a corruption.
    """
    found = []
    for number, (name, corruption) in enumerate(corruptions.items()):
        progress(f"robustness of {clean.name}", number, len(corruptions), name)
        train = corruption(split.train, rng)
        holdout = Holdout(train.take(split.holdout_shoppers), split.holdout.targets)
        model = factory()
        model.fit(train, features, rng=rng, holdout=holdout if len(holdout) else None)
        ranking = rank_all(model, split.test.inputs, count=k)
        values = ndcg(target_ranks(ranking, split.test.targets), k)
        before = clean.values[f"ndcg@{k}"]
        change = difference(values, before, np.random.default_rng(0))
        whole = float(before.mean())
        share = (1 + np.array([change.mean, change.low, change.high]) / whole) if whole > 0 else np.full(3, np.nan)
        found.append(Left(clean.name, name, float(values.mean()), Interval(*share.tolist()), change))
    progress(f"robustness of {clean.name}", len(corruptions), len(corruptions))
    return found
