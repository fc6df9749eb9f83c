"""By how much one variant is ahead of another, with an interval that holds however often somebody looks.

Idea     An interval made for one look is wrong about one time in four when it is looked at every day for a month. This
         one is wide enough for all looks together: with the chosen certainty, not one of them misses the truth. So an
         experiment may be stopped as soon as it says what one wants to know.
Source   Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2021, "Time-uniform central limit theory and asymptotic
         confidence sequences", https://arxiv.org/abs/2103.06476, theorem 2.2, with the variance of two independent
         groups; the mixture behind it is that of Robbins 1970 and of Johari et al. 2017 (mSPRT).
Differs  It is about the logarithm of the ratio of the means (delta method), so that it says per cent. Chosen by what
         covers when revenue has heavy tails: benchmarks/experiments.md, where others stand beside it.
Serves   Measures of 0 and more, of which somebody in each group has some. It is asymptotic: below `ACTIVE_LEAST`
         shoppers of that kind in either group it says nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bottega.experiments.sums import Sums

__all__ = ["ACTIVE_LEAST", "ALPHA", "Uplift", "mixing", "uplift", "width"]

ALPHA = 0.05
"""The chance that an interval ever misses the truth; of several beside one another, of all together."""
ACTIVE_LEAST = 100
"""Shoppers of each group of whom the measure is not 0, below which no interval is given."""


@dataclass(frozen=True, slots=True)
class Uplift:
    """The second mean over the first, less 1: 0.03 is 3% more. `low` and `high` hold the truth at every look."""

    ratio: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def mixing(planned: float, alpha: float) -> float:
    """The square of rho, for which the interval is narrowest when so many shoppers are in both groups together.

    It has to be chosen before the first look.

    >>> round(mixing(1000, 0.05), 5)
    0.00878
    """
    assert planned > 0 and 0 < alpha < 1
    odds = -2 * math.log(alpha)
    return (odds + math.log(odds) + 1) / planned


def width(shoppers: float, rho2: float, alpha: float) -> float:
    """Half the width of the interval in standard errors, with so many shoppers in both groups together.

    >>> round(width(1000, mixing(1000, 0.05), 0.05), 2), round(width(100, mixing(1000, 0.05), 0.05), 2)
    (3.04, 3.76)
    """
    grown = shoppers * rho2 + 1
    return math.sqrt(2 * grown / (shoppers * rho2) * math.log(math.sqrt(grown) / alpha))


def uplift(control: Sums, variant: Sums, *, rho2: float, alpha: float = ALPHA) -> Uplift | None:
    """By how much `variant` is ahead of `control`; None while one of them has too few to say.

    `alpha`: the chance that the interval ever misses the truth; `rho2`: of `mixing`.
    """
    if min(control.active, variant.active) < ACTIVE_LEAST:
        return None
    error = math.sqrt(
        control.relative_variance / control.shoppers + variant.relative_variance / variant.shoppers,
    )
    middle = math.log(variant.mean / control.mean)
    reach = width(control.shoppers + variant.shoppers, rho2, alpha) * error
    return Uplift(math.expm1(middle), math.expm1(middle - reach), math.expm1(middle + reach))
