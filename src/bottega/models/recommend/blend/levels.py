"""Levels: what a member says of a product, in a measure that members can be added up in.

Idea     Scores s become log(1 + s / silence), so that little evidence counts little; logits stay, less their silence.
         Divided by how much candidates differ, a level of 1 is worth a word whoever says it.
Shapes   B shoppers, I items, M members.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.models.recommend.base import Recommender, Scale
from bottega.names import FloatArray

__all__ = ["find_silences", "level"]

_SILENCE = 0.1
"""The share of a member's high scores that counts as hardly anything."""


def find_silences(members: Iterable[Recommender], inputs: Histories) -> FloatArray:
    """For each member [M] the score that stands for "nothing to say"."""
    silences = []
    for member in members:
        scores = member.score(inputs)
        spoken = scores[np.isfinite(scores)]
        if member.abilities.scale == "logits":
            silences.append(float(np.quantile(spoken, 0.05)) if len(spoken) else 0.0)
        else:
            spoken = spoken[spoken > 0]
            silences.append(_SILENCE * float(np.quantile(spoken, 0.9)) if len(spoken) else 1.0)
    return np.array(silences, dtype=np.float32)


def level(scores: FloatArray, scale: Scale, silence: float, spread: float) -> FloatArray:
    """Levels [B, I] of scores: 0 for nothing, 1 for as much as candidates differ by (`spread`)."""
    said = np.maximum(scores - silence, 0.0) if scale == "logits" else np.log1p(np.maximum(scores, 0.0) / silence)
    return np.asarray(said / spread, dtype=np.float32)
