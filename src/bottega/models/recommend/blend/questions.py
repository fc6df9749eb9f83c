"""The questions with known answers that a blend learns its weights from.

Shapes   B shoppers, I items, M members, Q usable questions.
"""

from __future__ import annotations

import numpy as np
import torch

from bottega.datasets.arrays import Histories
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["questions"]


def questions(
    levels_MBI: FloatArray,
    inputs: Histories,
    targets: IntArray,
    *,
    best: int,
    shown: int,
    rng: np.random.Generator,
    naming: int | None = None,
) -> tuple[FloatArray, LongArray]:
    """Levels [Q, shown + 1, M] of the answer and then of `shown` others, and the row [Q] of each usable question.

    Candidates are every item that some member (of the first `naming`, where that is said) has among its `best`, and
    as many items at random, what the shopper has left out; `shown` of them are drawn. A question is usable when a
    member found its answer: an answer that all members rank low would teach that low is good. Neither is one whose
    answer the shopper had before.
    """
    members, _, n_items = levels_MBI.shape
    best = min(best, n_items)
    levels_MBI = levels_MBI.copy()
    levels_MBI[:, inputs.shoppers, inputs.items] = -1.0
    found = torch.topk(torch.from_numpy(levels_MBI[:naming]), best, dim=2).indices.numpy()
    rows: list[int] = []
    levels = []
    for row, target in enumerate(targets.tolist()):
        history = inputs.row(row)
        candidates = np.unique(found[:, row])
        if not len(history) or target not in candidates or target in history:
            continue
        candidates = np.union1d(candidates, rng.integers(0, n_items, best))
        candidates = candidates[(candidates != target) & ~np.isin(candidates, history)]
        if len(candidates):
            drawn = rng.permutation(candidates)[:shown] if len(candidates) >= shown else rng.choice(candidates, shown)
            rows.append(row)
            levels.append(levels_MBI[:, row][:, np.concatenate([[target], drawn])].T)
    none = np.zeros((0, shown + 1, members), dtype=np.float32)
    return np.stack(levels) if levels else none, np.array(rows, dtype=np.int64)
