"""Whether shoppers are divided as they were to be: the alarm for a split that something breaks.

Idea     A variant that loses some of its shoppers on the way (a page that fails, a robot that comes to one side alone)
         is compared with others of another kind, and no figure means anything. The counts tell: how much more probable
         are they when the shares may be anything than with the shares that were meant? Under these, that ratio is a
         martingale, so that it seldom ever grows large, however often one looks.
Source   Lindon & Malek 2022, "Anytime-valid inference for multinomial count data",
         https://arxiv.org/abs/2011.03567: the test with a Dirichlet prior about the shares that were meant.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

__all__ = ["ALARM", "evidence", "imbalance"]

ALARM = 0.01
"""The alarm goes below this: one right experiment in a hundred ever has a false one."""
_PRIOR = 100.0
"""Shoppers that the prior is worth: shares a few per cent off are expected under the other hypothesis."""


def evidence(counts: Sequence[int], shares: Sequence[float]) -> float:
    """The logarithm of how much more probable the counts are with other shares than with these.

    >>> evidence([0, 0], [0.5, 0.5])
    0.0
    """
    assert len(counts) == len(shares) and all(share > 0 for share in shares)
    prior = [_PRIOR * share for share in shares]
    found = math.lgamma(_PRIOR) - math.lgamma(_PRIOR + sum(counts))
    for count, share, before in zip(counts, shares, prior, strict=True):
        found += math.lgamma(before + count) - math.lgamma(before) - count * math.log(share)
    return found


def imbalance(looks: Iterable[Sequence[int]], shares: Sequence[float]) -> float:
    """The sequential p-value of counts that grew from look to look; below `ALARM`, the split is broken.

    >>> imbalance([[500, 490], [1000, 1010]], [0.5, 0.5]), imbalance([[500, 430], [1000, 840]], [0.5, 0.5]) < ALARM
    (1.0, True)
    """
    return min((math.exp(-max(evidence(counts, shares), 0.0)) for counts in looks), default=1.0)
