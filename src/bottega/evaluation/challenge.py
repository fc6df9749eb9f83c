"""Challenger and model in use: the same questions, compared shopper by shopper, and when one may follow the other.

Idea     Non-inferiority: a newer model need not be proven better, for most nights it cannot be; it must be shown not to
         be worse by more than a margin. What was rolled back was so for a reason: what comes after must surely beat it.
Source   Piaggio et al. 2012, https://doi.org/10.1001/jama.2012.87802, on such comparisons; the paired bootstrap of
         `intervals`.
Shapes   Q questions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.evaluation.intervals import Interval, difference
from bottega.models.recommend.accuracy import ndcg, recall
from bottega.names import IntArray

__all__ = ["MEASURES", "PLACES", "Compared", "compare"]

PLACES = 10
"""Length of the lists that are compared."""
MEASURES = {f"ndcg@{PLACES}": ndcg, f"recall@{PLACES}": recall}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two models by one measure."""

    measure: str
    challenger: float
    other: float
    ahead: Interval
    """The challenger less the other."""
    least: float
    """What the lower end of `ahead` must reach: minus the margin."""

    @property
    def not_worse(self) -> bool:
        """Whether the challenger is shown not to be worse by more than the margin."""
        return self.ahead.low >= self.least

    @property
    def better(self) -> bool:
        """Whether it is ahead for sure."""
        return self.ahead.low > 0


def compare(challenger: IntArray, other: IntArray, *, margin: float) -> tuple[Compared, ...]:
    """The first of two models against the second, by every measure; each given by its ranks [Q] of the answers.

    `margin`: the share of the other's own figure that the challenger may be behind by.

    >>> ranks = np.array([1, 2, 0, 11] * 50)
    >>> [(one.measure, one.not_worse, one.better) for one in compare(ranks, ranks, margin=0.1)]
    [('ndcg@10', True, False), ('recall@10', True, False)]
    """
    found = []
    for name, measure in MEASURES.items():
        one, two = measure(challenger, PLACES), measure(other, PLACES)
        ahead = difference(one, two, np.random.default_rng(0), resamples=2000)
        found.append(Compared(name, float(one.mean()), float(two.mean()), ahead, -margin * float(two.mean())))
    return tuple(found)
