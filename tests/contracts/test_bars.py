"""No recommender misses its bar on real data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.sequences import read_sequences
from bottega.models.recommend.base import rank
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class

SIMPLE: dict[str, dict[str, Any]] = {"transitions": {}, "content": {}, "item_neighbours": {}, "popular": {}}
REAL: dict[str, dict[str, Any]] = {
    "linear_autoencoder": {"max_items": 2500},
    "affinity": {"width": 32, "epochs": 1},
    "adversarial": {"width": 64, "critic_width": 32, "epochs": 3, "batch_events": 512},
    "recurrent": {"width": 64, "epochs": 2, "batch_tokens": 256, "learning_rate": 0.005},
    "variational": {"width": 64, "epochs": 2, "batch_tokens": 512},
    "semantic_ids": {"width": 64, "blocks": 1, "epochs": 1, "batch_tokens": 512, "codes": 64},
    "next_item": {"width": 64, "blocks": 1, "epochs": 2, "batch_tokens": 256, "learning_rate": 0.005},
    "blend": {"members": SIMPLE, "weight_shoppers": 500},
}
"""Settings for real data; what is not here runs with its defaults."""

RECALL_BAR = {
    "popular": 0.008,
    "content": 0.028,
    "item_neighbours": 0.064,
    "shopper_neighbours": 0.06,
    "vsknn": 0.06,
    "stan": 0.067,
    "als": 0.039,
    "transitions": 0.077,
    "linear_autoencoder": 0.052,
    "affinity": 0.036,
    "adversarial": 0.018,
    "recurrent": 0.018,
    "variational": 0.012,
    "semantic_ids": 0.009,
    "next_item": 0.022,
    "blend": 0.080,
}
"""Recall@10 on 4,000 shoppers of Amazon Beauty; some two standard errors below what was measured."""

LEARNS_FROM = {
    "affinity": 4000,
    "adversarial": 1500,
    "recurrent": 1500,
    "variational": 1500,
    "semantic_ids": 1500,
    "next_item": 1500,
}
"""Shoppers of the real data to learn from, for models that would take long on all."""


@pytest.fixture(scope="module")
def beauty(real_data: Callable[[str], Path]) -> Iterator[tuple[Histories, Features]]:
    histories, features, _, _ = read_sequences(
        real_data("amazon/Beauty.txt.gz"), real_data("amazon/Beauty_item2attributes.json.gz")
    )
    yield histories, features


SLOW = {"semantic_ids", "adversarial"}
"""Those that learn longest. test_recommenders.py asks of them, too, that half a block brings the other half on top."""


@pytest.mark.real_data
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in RECOMMENDERS]
)
def test_recall_on_real_data_meets_its_bar(name: str, beauty: tuple[Histories, Features]) -> None:
    histories, features = beauty
    rng = np.random.default_rng(11)
    learners = np.sort(rng.permutation(len(histories))[: LEARNS_FROM.get(name, len(histories))])
    train = histories.take(learners).without_last(2)
    valid = histories.take(rng.permutation(learners)[:1500])
    holdout = Holdout(valid.without_last(2), valid.without_last(1).items[valid.without_last(1).offsets[1:] - 1])
    made = recommender_class(name)
    unfitted = made(replace(made().config, **REAL.get(name, {})))
    model = unfitted.fit(train, features, rng=np.random.default_rng(0), holdout=holdout)
    judged = histories.take(np.random.default_rng(1).permutation(len(histories))[:4000])
    targets = judged.items[judged.offsets[1:] - 1]
    inputs = judged.without_last(1)
    hits = 0
    for start in range(0, len(inputs), 500):
        best = rank(model, inputs.take(slice(start, start + 500)), count=10).items
        hits += int((best == targets[start : start + 500, None]).any(axis=1).sum())
    assert hits / len(inputs) >= RECALL_BAR[name]
