"""How fast a history fades, learnt: what one event older counts for a member is found on questions with known answers.

Idea     Where one thing leads to the next, the newest event says nearly all; where a shopper has a taste, old events
         say as much as new ones. No fixed fade fits both, so each member tries a few and keeps the one that places the
         answers highest; the usual one stays unless another is better by more than a standard error.
Source   Fades by place in a history: Ludewig & Jannach 2018, https://arxiv.org/abs/1803.09587, section 3; the rule of
         one standard error: Breiman et al. 1984, "Classification and Regression Trees", section 3.4.3.
Shapes   B shoppers asked about, I items.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bottega.datasets.arrays import Histories, Holdout
from bottega.models.blocks.arrays_io import Saved
from bottega.models.recommend.accuracy import Values, target_ranks
from bottega.names import FloatArray, IntArray

__all__ = ["FADES", "QUESTIONS", "learnt_fade", "saved_fade"]

FADES = (0.4, 0.6, 0.8, 0.9, 1.0)
"""What one event older may count, as a share of the newer one; 1 counts all alike."""
QUESTIONS = 1_000
"""Most questions that a fade is learnt from, spread evenly over those there are."""

_BLOCK = 256


def learnt_fade(score: Callable[[Histories, float], FloatArray], holdout: Holdout | None, *, usual: float) -> float:
    """The fade that places the answers of `holdout` highest when `score(histories, fade)` [B, I] ranks all items.

    Without questions it is `usual`. A place counts 1 / log2(place + 1), however far down; what a shopper has is hidden.
    """
    if holdout is None or not len(holdout):
        return usual
    some = np.unique(np.linspace(0, len(holdout) - 1, min(QUESTIONS, len(holdout))).astype(np.int64))
    inputs, targets = holdout.inputs.take(some), holdout.targets[some]
    worth = {fade: np.zeros(len(some)) for fade in sorted({*FADES, usual})}
    for start in range(0, len(some), _BLOCK):
        part = slice(start, start + _BLOCK)
        asked = inputs.take(part)
        for fade, values in worth.items():
            values[part] = _places(score(asked, fade), asked, targets[part])
    best = max(worth, key=lambda fade: float(worth[fade].mean()))
    gained = worth[best] - worth[usual]
    return best if gained.mean() > gained.std() / np.sqrt(len(some)) else usual


def saved_fade(saved: Saved, usual: float) -> float:
    """The fade of a saved member; `usual` where it was written before fades were learnt."""
    return float(saved.array("fade")[0]) if "fade" in saved.arrays else usual


def _places(scores: FloatArray, asked: Histories, targets: IntArray) -> Values:
    scores[asked.shoppers, asked.items] = -np.inf
    ranks = target_ranks(scores, targets)
    return np.where(ranks > 0, 1.0 / np.log2(np.maximum(ranks, 1) + 1.0), 0.0)
