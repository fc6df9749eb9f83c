"""What another way to choose would have earned at explored places, from what was shown there and how often it might be.

Idea     A product that the other way shows three times as often as exploration did counts three times. That is unbiased
         where every product that the other way would show had a chance to be shown; it wavers where such chances were
         small. Weights divided by their sum waver less (self-normalised). A model of what each candidate earns takes
         most of the rest away, and cannot do harm beyond noise where it is wrong (doubly robust).
Source   Horvitz & Thompson 1952; Swaminathan & Joachims 2015, "The self-normalized estimator for counterfactual
         learning"; Dudik, Langford & Li 2011, https://arxiv.org/abs/1103.4601.
Differs  One place of a list at a time, with the rest of the list as it was. Deviations are summed by shopper before
         they are squared, for what one shopper does at two places is not twice as much to know. The model is a ridge
         regression, fitted on one half of the shoppers and used on the other.
Serves   An estimate, with an interval for one look at it; it decides nothing that an experiment could decide.
Shapes   N explored places, G shoppers, C candidates of each place (fewer: their chances are 0), F features.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "PLACES_LEAST",
    "REWARDED_LEAST",
    "ChanceLog",
    "Estimate",
    "doubly_robust",
    "effective",
    "enough",
    "inverse_propensity",
    "self_normalised",
    "shown",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Z95 = 1.96
PLACES_LEAST = 200.0
"""Places that an estimate has to be worth, below which none is given."""
REWARDED_LEAST = 10.0
"""The same of places that something came of."""
RIDGE = 1.0
_WIDEST = 20.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean at an explored place, with a 95% interval for one look."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ChanceLog:
    """What exploration showed, and what the other way to choose would have shown."""

    rewards: Floats
    """What came of each place [N]."""
    taken: Ints
    """The candidate that was shown [N]."""
    logged: Floats
    """The chance of each candidate to be shown [N, C]; 0 where there are no more."""
    wanted: Floats
    """How often the other way would show each [N, C]."""
    shoppers: Ints
    """Whose list it was [N], as codes from 0."""

    @property
    def weights(self) -> Floats:
        """How much more often the other way shows what was shown [N]."""
        rows = np.arange(len(self.taken))
        return self.wanted[rows, self.taken] / self.logged[rows, self.taken]


def shown(tried: ChanceLog) -> Estimate:
    """What came of what was shown.

    >>> one = np.ones(4)
    >>> tried = ChanceLog(np.array([1.0, 0, 1, 0]), np.zeros(4, int), one[:, None], one[:, None], np.arange(4))
    >>> shown(tried).value
    0.5
    """
    mean = float(tried.rewards.mean())
    return _about(mean, tried.rewards - mean, tried.shoppers)


def inverse_propensity(tried: ChanceLog) -> Estimate:
    """By weights as they are."""
    each = tried.weights * tried.rewards
    mean = float(each.mean())
    return _about(mean, each - mean, tried.shoppers)


def self_normalised(tried: ChanceLog) -> Estimate:
    """By weights divided by their mean. NaN where all are 0."""
    weights = tried.weights
    level = float(weights.mean())
    if not level:
        return Estimate(math.nan, math.nan, math.nan)
    mean = float((weights * tried.rewards).mean()) / level
    return _about(mean, weights * (tried.rewards - mean) / level, tried.shoppers)


def doubly_robust(tried: ChanceLog, features: Floats) -> Estimate:
    """By a model of what each candidate earns, from its `features` [N, C, F], put right by weights."""
    guessed = np.zeros_like(tried.logged)
    half = tried.shoppers % 2
    rows = np.arange(len(tried.taken))
    mine = features[rows, tried.taken]
    for side in (0, 1):
        learnt, used = half != side, half == side
        guessed[used] = features[used] @ _ridge(mine[learnt], tried.rewards[learnt])
    each = (tried.wanted * guessed).sum(axis=1) + tried.weights * (tried.rewards - guessed[rows, tried.taken])
    mean = float(each.mean())
    return _about(mean, each - mean, tried.shoppers)


def effective(tried: ChanceLog) -> tuple[float, float]:
    """How many places the estimate is worth: as many as would say as much, had the other way shown them itself. And how
    many of these something came of."""
    weights = tried.weights
    return _worth(weights), _worth(weights[tried.rewards != 0])


def enough(tried: ChanceLog) -> bool:
    """Whether there is enough to give an interval that can be believed: benchmarks/exploration.md."""
    places, rewarded = effective(tried)
    return places >= PLACES_LEAST and rewarded >= REWARDED_LEAST


def _worth(weights: Floats) -> float:
    squares = float((weights * weights).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _ridge(features: Floats, rewards: Floats) -> Floats:
    """Coefficients [F] of a linear model."""
    size = features.shape[1]
    found = np.linalg.solve(features.T @ features + RIDGE * np.eye(size), features.T @ rewards)
    return np.asarray(found, dtype=np.float64)


def _about(mean: float, deviations: Floats, shoppers: Ints) -> Estimate:
    """An interval from deviations [N], summed by shopper; of a share, that is of its logarithm (delta method), for few
    weighty places make what is above the truth likelier than what is as far below."""
    summed = np.bincount(shoppers, weights=deviations)
    groups = len(np.unique(shoppers))
    if groups < 2:
        return Estimate(mean, math.nan, math.nan)
    error = math.sqrt(float((summed * summed).sum()) * groups / (groups - 1)) / len(deviations)
    if mean <= 0:
        return Estimate(mean, mean - Z95 * error, mean + Z95 * error)
    reach = math.exp(min(Z95 * error / mean, _WIDEST))
    return Estimate(mean, mean / reach, mean * reach)
