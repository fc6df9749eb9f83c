"""How long an experiment will take, asked before it starts: the shoppers in which an uplift shows."""

from __future__ import annotations

import math

from bottega.experiments.sequential import mixing, width

__all__ = ["shoppers_needed", "uplift_seen"]

_POWER_Z = 0.8416
"""Of the normal distribution, the 80% point: an uplift of that size shows in four experiments of five."""
_MOST = 1e12


def _seen(shoppers: float, relative_variance: float, shares: tuple[float, float], alpha: float) -> float:
    """The smallest uplift, as a logarithm, that shows with so many shoppers of two groups."""
    control, variant = (share / sum(shares) for share in shares)
    error = math.sqrt(relative_variance / shoppers * (1 / control + 1 / variant))
    return (width(shoppers, mixing(shoppers, alpha), alpha) + _POWER_Z) * error


def shoppers_needed(
    effect: float, relative_variance: float, *, shares: tuple[float, float] = (0.5, 0.5), alpha: float = 0.05
) -> int:
    """Shoppers of both groups together in which an uplift of `effect` (0.05: 5%) shows in four experiments of five.

    `relative_variance`: of the measure between shoppers, in squares of its mean (`Sums.relative_variance`).

    >>> shoppers_needed(0.05, 8.0) > 3 * shoppers_needed(0.1, 8.0) > 100_000
    True
    """
    assert effect > 0 and relative_variance > 0
    wanted, low, high = math.log1p(effect), 2.0, 4.0
    while _seen(high, relative_variance, shares, alpha) > wanted and high < _MOST:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) / 2
        if _seen(middle, relative_variance, shares, alpha) > wanted:
            low = middle
        else:
            high = middle
    return math.ceil(high)


def uplift_seen(
    shoppers: float, relative_variance: float, *, shares: tuple[float, float] = (0.5, 0.5), alpha: float = 0.05
) -> float:
    """The other way round: the uplift that shows with so many shoppers, in four experiments of five."""
    return math.expm1(_seen(shoppers, relative_variance, shares, alpha))
