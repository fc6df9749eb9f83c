"""An evaluation cut into portions that hang on no other: a model and a seed, a model and a corruption, its growth.

Each draws its random numbers from a seed of its own, so that a figure is the same whoever computes it and when. Seconds
and memory are those of the process that computes; beside others on one machine they are upper bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bottega.datasets.arrays import Features
from bottega.datasets.splits import Split
from bottega.evaluation.protocol import Judged, judge
from bottega.evaluation.robustness import CORRUPTIONS, ranked_corrupted
from bottega.evaluation.scalability import Growth, scalability
from bottega.models.recommend.base import Ranking
from bottega.models.recommend.registry import recommender_class
from bottega.progress import Progress

__all__ = ["JudgedShop", "Portion", "Sought", "measured"]


class Sought(StrEnum):
    """What is measured."""

    JUDGED = "judged"
    JUDGED_SAMPLE = "judged on the sample"
    CORRUPTED = "corrupted"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True)
class Portion:
    """One model, what is measured of it, and with which seed; `corruption` names one of `CORRUPTIONS`."""

    part: Sought
    model: str
    seed: int
    corruption: str = ""

    @property
    def name(self) -> str:
        """As a progress note says it."""
        return f"{self.model}, {self.corruption}" if self.corruption else self.model


@dataclass(frozen=True, slots=True)
class JudgedShop:
    """What all portions need: the shop's questions, and those of the sample of shoppers, which may be the same."""

    whole: Split
    sample: Split
    features: Features
    device: str


def measured(portion: Portion, bench: JudgedShop, progress: Progress) -> Judged | Ranking | Growth:
    """What a portion came to: a `Ranking` [B, 10] where the data was corrupted, else what its name says."""
    name, factory = portion.model, recommender_class(portion.model)
    if portion.part is Sought.GROWTH:
        return scalability(
            factory,
            bench.sample,
            bench.features,
            name=name,
            seed=portion.seed,
            device=bench.device,
            progress=progress,
        )
    if portion.part is Sought.CORRUPTED:
        place = list(CORRUPTIONS).index(portion.corruption)
        return ranked_corrupted(
            factory,
            bench.sample,
            bench.features,
            CORRUPTIONS[portion.corruption],
            rng=np.random.default_rng([portion.seed, place]),
            device=bench.device,
        )
    split = bench.whole if portion.part is Sought.JUDGED else bench.sample
    rng = np.random.default_rng(portion.seed)
    return judge(factory(), split, bench.features, rng=rng, name=name, device=bench.device, progress=progress)
