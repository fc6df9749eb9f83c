"""Two weeks beside one another: whether what sets them apart is more than chance does.

Idea     What a week adds up to is a sum over shoppers, of whom each comes or not and does much or little. Where nothing
         changed, the difference d of each shopper's two weeks is 0 on average, and the sum D of all of them varies by
         the sum of d^2 (a compound Poisson sum). D lies within 1.96 roots of that in 19 weeks of 20.
Differs  Purchases are not counted as if each were a shopper of its own: one who buys for half the shop moves D and its
         root alike, and so is no news.
Says     Nothing of why: seasons, holidays, advertising and prices are more than chance, too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["SHOPPERS_FROM", "Apart", "apart"]

SHOPPERS_FROM = 20
"""Of fewer shoppers who did anything other than the week before, nothing is said."""
_Z = 1.959964


class Apart(NamedTuple):
    """A week beside the one before."""

    this: float
    before: float
    spread: float
    """By how much chance alone sets them apart, up or down, in 19 weeks of 20."""
    shoppers: int
    """Who did something else than the week before."""

    @property
    def change(self) -> float | None:
        """As a share of the week before; None where that was nothing."""
        return (self.this - self.before) / self.before if self.before else None

    @property
    def sure(self) -> bool | None:
        """Whether it is more than chance; None where there are too few to say so."""
        return None if self.shoppers < SHOPPERS_FROM else abs(self.this - self.before) > self.spread


def apart(this: Mapping[str, float], before: Mapping[str, float]) -> Apart:
    """Compare what each shopper did in two weeks.

    >>> apart({"ana": 3.0}, {"ana": 1.0, "bo": 1.0})
    Apart(this=3.0, before=2.0, spread=4.382612737452398, shoppers=2)
    """
    moved = [this.get(one, 0.0) - before.get(one, 0.0) for one in this.keys() | before.keys()]
    squares = math.fsum(by * by for by in moved)
    return Apart(math.fsum(this.values()), math.fsum(before.values()), _Z * math.sqrt(squares), sum(map(bool, moved)))
