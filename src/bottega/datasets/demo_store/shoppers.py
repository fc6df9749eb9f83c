"""Who shops: tastes, budgets, habits and rhythms of every shopper, drawn once and never seen by a model.

Shapes   S shoppers, D departments, Y styles, C colours, P patterns, R the most visits any shopper plans.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from bottega.datasets.demo_store.catalogue import COLOUR_NAMES, DAYS
from bottega.datasets.demo_store.departments import DEPARTMENTS
from bottega.datasets.demo_store.styles import PATTERNS, STYLES
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["Shoppers", "draw_shoppers"]

_VISITS_MEAN = 4.3
_VISITS_MAX = 48


@dataclass(frozen=True, slots=True)
class Shoppers:
    """Columns [S] and tables [S, ...]."""

    style: FloatArray
    """[S, Y] shares that sum to 1: most shoppers have one or two styles."""
    colour: FloatArray
    """[S, C] liking of each colour, about 0."""
    pattern: FloatArray
    """[S, P] liking of each pattern, about 0."""
    department: FloatArray
    """[S, D] logarithm of how much each department interests them."""
    price_rank: FloatArray
    """Where in a department's price range they like to buy, 0 to 1."""
    price_care: FloatArray
    """How much a price away from that puts them off."""
    gender: IntArray
    """0 either, 1 women's, 2 men's clothing."""
    size: IntArray
    """Which variant they take, as a position in the size range."""
    pace: FloatArray
    """Their consumption: intervals are multiplied by it."""
    depth: FloatArray
    """Mean number of products looked at in a visit."""
    visits: FloatArray
    """[S, R] days of planned visits, rising; infinity behind the last."""
    returns: BoolArray
    """[S, R] whether the visit picks up where the one before left off."""

    def __len__(self) -> int:
        return len(self.price_rank)

    def take(self, part: slice) -> Shoppers:
        """Only these shoppers."""
        return Shoppers(**{f.name: getattr(self, f.name)[part] for f in fields(self)})


def _visit_plan(n: int, rng: np.random.Generator) -> tuple[FloatArray, BoolArray]:
    """Visit days: a first one, then long gaps mixed with quick returns, moved to evenings and weekends."""
    wanted = np.minimum(1 + rng.poisson(rng.lognormal(np.log(_VISITS_MEAN) - 0.4, 0.9, n)), _VISITS_MAX)
    longest = int(wanted.max())
    first = np.where(rng.random(n) < 0.35, rng.uniform(0, 20, n), rng.uniform(0, DAYS - 4, n))
    room = (DAYS - first) / np.maximum(wanted, 1)
    returns = rng.random((n, longest)) < 0.34
    returns[:, 0] = False
    gaps = np.where(
        returns, rng.exponential(1.1, (n, longest)), rng.exponential(1.0, (n, longest)) * room[:, None] * 1.3
    )
    gaps[:, 0] = 0
    days = first[:, None] + np.cumsum(gaps, axis=1)
    whole = np.floor(days)
    weekday = (whole + 4) % 7  # day 0 is a Friday
    to_weekend = (rng.random(days.shape) < 0.14) & (weekday < 5) & ~returns
    whole += np.where(to_weekend, 5 - weekday, 0)
    hour = np.where(rng.random(days.shape) < 0.68, rng.normal(20.2, 1.7, days.shape), rng.normal(12.6, 2.6, days.shape))
    days = whole + np.clip(hour, 0.1, 23.8) / 24
    days = np.where((np.arange(longest) < wanted[:, None]) & (days < DAYS), days, np.inf)
    order = np.argsort(days, axis=1, kind="stable")
    return np.take_along_axis(days, order, axis=1).astype(np.float32), np.take_along_axis(returns, order, axis=1)


def draw_shoppers(n: int, rng: np.random.Generator) -> Shoppers:
    """Draw `n` shoppers. Colour and pattern tastes lean towards those of a shopper's styles."""
    style = rng.dirichlet(np.full(len(STYLES), 0.28), n).astype(np.float32)
    of_style = np.array([[float(c in s.colours) for c in COLOUR_NAMES] for s in STYLES], dtype=np.float32)
    in_style = np.array([[dict(s.patterns).get(p, 0) for p in PATTERNS] for s in STYLES], dtype=np.float32)
    in_style /= in_style.sum(1, keepdims=True)
    colour = 0.7 * (style @ of_style - 0.25) + rng.normal(0, 0.75, (n, len(COLOUR_NAMES)))
    pattern = 1.2 * (style @ in_style - 0.07) + rng.normal(0, 0.7, (n, len(PATTERNS)))
    demand = np.log(np.array([d.demand for d in DEPARTMENTS]))
    likes = np.log(rng.gamma(0.3, 1.0, (n, len(DEPARTMENTS))) + 0.01)
    gender = rng.choice(3, n, p=[0.12, 0.5, 0.38])
    women_only = np.array([d.genders == ("women",) for d in DEPARTMENTS])
    likes -= np.where((gender == 2)[:, None] & women_only, 3.5, 0.0)
    visits, returns = _visit_plan(n, rng)
    return Shoppers(
        style=style,
        colour=colour.astype(np.float32),
        pattern=pattern.astype(np.float32),
        department=(demand + likes).astype(np.float32),
        price_rank=rng.beta(1.8, 2.2, n).astype(np.float32),
        price_care=rng.lognormal(0.9, 0.5, n).astype(np.float32),
        gender=gender.astype(np.int32),
        size=rng.choice(4, n, p=[0.22, 0.34, 0.28, 0.16]).astype(np.int32),
        pace=rng.lognormal(0, 0.22, n).astype(np.float32),
        depth=np.clip(rng.lognormal(1.25, 0.4, n), 1.2, 9).astype(np.float32),
        visits=visits,
        returns=returns,
    )
