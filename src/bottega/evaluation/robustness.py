"""What is left of a model's accuracy when its training data goes bad: events lost or wrong, bots, an attack.

A model that learnt from corrupted data is ranked with (`ranked_corrupted`), and compared with itself (`what_is_left`).
Each corruption is a pure function of histories and a random generator. Only what the model learns from is corrupted
(`train`, and the histories of the validation questions, which are the same rows); the test questions stay clean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.splits import Split
from bottega.evaluation.intervals import Interval, difference, interval
from bottega.evaluation.protocol import Judged, rank_all
from bottega.models.recommend.accuracy import Values, ndcg, target_ranks
from bottega.models.recommend.base import Ranking, Recommender
from bottega.names import POSITIVE_KINDS, IntArray

__all__ = [
    "ATTACK",
    "CORRUPTIONS",
    "Corruption",
    "Push",
    "Remains",
    "add_bots",
    "attack",
    "drop_events",
    "mislabel",
    "pushed_items",
    "ranked_corrupted",
    "shuffle_order",
    "what_is_left",
]

Corruption = Callable[[Histories, np.random.Generator], Histories]

ATTACK = "popularity attack"
"""The corruption that pushes products: how far they climb is told besides the accuracy that is left."""

_BOT_EVENTS = 50
_PUSHED = 5
_DISGUISE = 4


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
    return _add(histories, items, rng)


def pushed_items(histories: Histories) -> IntArray:
    """Five products of the less popular half that somebody has, evenly apart by how many have them."""
    holders = np.bincount(np.unique(histories.shoppers * histories.n_items + histories.items) % histories.n_items)
    known = np.flatnonzero(holders)
    by_holders = known[np.argsort(holders[known], kind="stable")]
    places = np.unique((np.arange(1, _PUSHED + 1) * len(known)) // (2 * _PUSHED + 1))
    return by_holders[places].astype(np.int32) if len(known) else np.zeros(0, dtype=np.int32)


def attack(histories: Histories, rng: np.random.Generator, *, share: float) -> Histories:
    """Adds `share` as many shoppers again who push `pushed_items`, each one of them, with popular items as disguise.

    A fake shopper takes four items, drawn by how often they are chosen, and then the pushed one.
    Source   The bandwagon attack of Mobasher, Burke, Bhaumik & Williams 2007, https://doi.org/10.1145/1278366.1278372.
    """
    targets = pushed_items(histories)
    fakes = round(share * len(histories)) if len(targets) else 0
    disguise = histories.items[rng.integers(histories.n_events, size=(fakes, _DISGUISE))] if fakes else np.empty((0, 0))
    pushed = targets[np.arange(fakes) % len(targets)] if fakes else targets[:0]
    return _add(histories, np.column_stack([disguise, pushed]) if fakes else disguise, rng)


def _add(histories: Histories, items: NDArray[Any], rng: np.random.Generator) -> Histories:
    """Adds a shopper for each row of `items` [N, T] behind the others, at times that the real events span."""
    low, high = (histories.times.min(), histories.times.max()) if histories.n_events else (0, 0)
    times = np.sort(rng.integers(low, high + 1, size=items.shape), axis=1)
    kinds = rng.choice(np.array(sorted(POSITIVE_KINDS), dtype=np.int8), size=items.size)
    more = histories.offsets[-1] + items.shape[1] * np.arange(1, len(items) + 1)
    return Histories(
        np.concatenate([histories.offsets, more]).astype(np.int64),
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
    ATTACK: partial(attack, share=0.05),
}


@dataclass(frozen=True, slots=True)
class Push:
    """How far an attack pushed its products: the share of shoppers with one of them in their first k, before, after."""

    before: Interval
    after: Interval


@dataclass(frozen=True, slots=True)
class Remains:
    """What a model kept under one corruption: its NDCG@k, the share of the clean figure with its interval, and whether
    the change is sure: `change` is the corrupted figure minus the clean one, compared shopper by shopper. `push` is
    there for the attack.
    """

    model: str
    corruption: str
    ndcg: float
    left: Interval
    change: Interval
    push: Push | None = None


def ranked_corrupted(
    factory: Callable[[], Recommender],
    split: Split,
    features: Features,
    corruption: Corruption,
    *,
    rng: np.random.Generator,
    k: int = 10,
    device: str = "auto",
) -> Ranking:
    """What a fresh model ranks first for the test questions [B, k] after it learnt from data that went bad.

    Costs one training.
    """
    train = corruption(split.train, rng)
    holdout = Holdout(train.take(split.holdout_shoppers), split.holdout.targets)
    model = factory()
    model.fit(train, features, rng=rng, holdout=holdout if len(holdout) else None, device=device)
    return rank_all(model, split.test.inputs, count=k)


def what_is_left(clean: Judged, split: Split, corruption: str, ranking: Ranking) -> Remains:
    """What the `ranking` [B, k] of `ranked_corrupted` kept of NDCG@k, beside `clean`, the same model judged before."""
    k = ranking.items.shape[1]
    values = ndcg(target_ranks(ranking, split.test.targets), k)
    before = clean.values[f"ndcg@{k}"]
    change = difference(values, before, np.random.default_rng(0))
    whole = float(before.mean())
    share = (1 + np.array([change.mean, change.low, change.high]) / whole) if whole > 0 else np.full(3, np.nan)
    push = None
    if corruption == ATTACK:
        targets = pushed_items(split.train)
        push = Push(_shown(clean.lists[:, :k], targets), _shown(ranking.items, targets))
    return Remains(clean.name, corruption, float(values.mean()), Interval(*share.tolist()), change, push)


def _shown(lists: IntArray, items: IntArray) -> Interval:
    """The share of lists [B, k] that hold one of the items."""
    shown: Values = np.asarray(np.isin(lists, items).any(axis=1), dtype=np.float64)
    return interval(shown, np.random.default_rng(0))
