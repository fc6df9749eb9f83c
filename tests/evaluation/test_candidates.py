"""What a model ranks first is among its candidates; where all are scored there is nothing to tell."""

from __future__ import annotations

import numpy as np

from bottega.datasets.arrays import Features, Histories
from bottega.evaluation.candidates import candidate_recall
from bottega.models.recommend.answering import pool
from bottega.models.recommend.base import rank
from bottega.models.recommend.counted.transitions import Transitions


def walks(n_items: int, shoppers: int) -> Histories:
    rng = np.random.default_rng(0)
    rows = [(int(rng.integers(n_items)) + np.cumsum(rng.integers(1, 4, 12))) % n_items for _ in range(shoppers)]
    return Histories.from_lists([row.tolist() for row in rows], n_items=n_items)


def test_the_best_are_candidates() -> None:
    n_items = pool.WHOLE + 500
    histories = walks(n_items, 900)
    model = Transitions().fit(histories, Features.empty(n_items), rng=np.random.default_rng(0))
    asked = histories.take(slice(0, 40))
    lists = rank(model, asked, count=10).items
    found = candidate_recall(model, asked, lists)
    assert found is not None and found > 0.98
    others = np.random.default_rng(1).permutation(n_items)[: lists.size].reshape(lists.shape).astype(np.int32)
    lost = candidate_recall(model, asked, others)
    assert lost is not None and lost < 0.5


def test_nothing_is_told_where_all_are_scored() -> None:
    histories = walks(60, 80)
    model = Transitions().fit(histories, Features.empty(60), rng=np.random.default_rng(0))
    assert candidate_recall(model, histories, rank(model, histories, count=10).items) is None
