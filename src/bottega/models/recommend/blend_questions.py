"""The questions with known answers that a blend learns its weights from.

Shapes   I items, M members, C candidates.
"""

from __future__ import annotations

import numpy as np

from bottega.datasets.arrays import Histories, Holdout
from bottega.names import FloatArray, IntArray

__all__ = ["question", "set_aside"]


def set_aside(histories: Histories, *, share: float, most: int, rng: np.random.Generator) -> tuple[Histories, Holdout]:
    """Histories without the last event of some shoppers, and those events as questions."""
    able = np.flatnonzero(histories.lengths >= 2)
    count = min(int(len(able) * share), most)
    chosen = np.sort(rng.permutation(able)[:count])
    last = histories.offsets[chosen + 1] - 1
    keep = np.ones(histories.n_events, dtype=np.bool_)
    keep[last] = False
    rest = histories.keep(keep)
    return rest, Holdout(rest.take(chosen), histories.items[last])


def question(levels_MI: FloatArray, history: IntArray, target: int, count: int) -> FloatArray:
    """Levels [C, M] of the target and then of every other item that some member has among its best `count`.

    Nothing when the target is not among those: it would be the one that all members rank low, and teach that low is
    good. Nothing either when the shopper had the target already.
    """
    best = min(count, levels_MI.shape[1])
    levels_MI = levels_MI.copy()
    levels_MI[:, history] = -1.0
    wanted = np.zeros(levels_MI.shape[1], dtype=np.bool_)
    for levels_I in levels_MI:
        wanted[np.argpartition(-levels_I, best - 1)[:best]] |= levels_I.max() > 0
    if not wanted[target] or target in history:
        return np.zeros((0, len(levels_MI)), dtype=np.float32)
    wanted[history] = False
    wanted[target] = False
    return levels_MI[:, np.concatenate([[target], np.flatnonzero(wanted)])].T
