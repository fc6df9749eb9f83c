"""Habits: how shoppers of this shop come, stay, choose kinds and spend, learnt as distributions to draw from.

Idea     Everything about a shopper but which product comes next: how many visits, how long, how far apart, what follows
         a view, which prices, how much in all. Each is a table of counts or quantiles over all shoppers, so nothing of
         one shopper is kept.
Source   Prices: a random-effects model, shopper and occasion, by the analysis of variance (Searle et al. 1992,
         Variance Components, chapter 3).
Differs  Visits are told apart by `VISIT_GAP_MS` of silence, as web analytics do; where times are mere ranks, a history
         is one visit. Draws are independent of each other: who comes often does not stay longer.
Serves   synthetic_shoppers.py.
Costs    One pass over the events, some 10 kB.
Shapes   S shoppers, N events, I items, K kinds, Q quantiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.arrays import Features, Histories, learnt_kinds
from bottega.names import DAY_MS, KINDS_LEARNT, FloatArray, Int8Array, IntArray, KindCode, LongArray

__all__ = ["VISIT_GAP_MS", "Habits", "PriceTaste", "Quantiles"]

VISIT_GAP_MS = 30 * 60 * 1000
"""So much silence ends a visit."""

_KINDS = KINDS_LEARNT


@dataclass(frozen=True, slots=True)
class Quantiles:
    """A distribution of numbers as evenly spaced quantiles `values` [Q], drawn by interpolation."""

    values: NDArray[np.float64]

    @classmethod
    def of(cls, numbers: NDArray[np.generic], *, otherwise: float) -> Self:
        """The quantiles of these numbers; `otherwise` alone where there are none."""
        found = np.asarray(numbers, dtype=np.float64)
        levels = np.linspace(0, 1, min(1001, max(2, len(found))))
        return cls(np.quantile(found, levels) if len(found) else np.array([otherwise, otherwise]))

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Numbers [count] of this distribution."""
        return np.interp(rng.random(count) * (len(self.values) - 1), np.arange(len(self.values)), self.values)


@dataclass(frozen=True, slots=True)
class PriceTaste:
    """What shoppers pay beside what the category costs: logarithms of prices, less the mean of their category.

    `levels` [I]: of each item, NaN without a price; `prices` [I] as they are. `mean` and `deviation`: over purchases.
    `between` and `within`: deviations of shoppers' own means, and of purchases around them. `purse`: what a shopper
    spends in all.
    """

    levels: FloatArray
    prices: FloatArray
    mean: float
    deviation: float
    between: float
    within: float
    purse: Quantiles

    @classmethod
    def learn(cls, histories: Histories, features: Features) -> Self | None:
        """From purchases (any event where nobody bought); None where too few prices are known to tell."""
        prices = np.where(features.prices > 0, features.prices, np.nan).astype(np.float32)
        levels = _less_category(np.log(prices), features.categories)
        bought = histories.kinds == KindCode.PURCHASE
        bought = bought if bought.any() else np.ones(histories.n_events, dtype=np.bool_)
        bought &= np.isfinite(levels[histories.items])
        shoppers, paid = histories.shoppers[bought], levels[histories.items[bought]].astype(np.float64)
        counts = np.bincount(shoppers, minlength=len(histories))
        if (counts >= 2).sum() < 20:
            return None
        means = np.bincount(shoppers, paid, minlength=len(histories)) / np.maximum(counts, 1)
        often = counts >= 2
        rests = (paid - means[shoppers])[often[shoppers]]
        within = float((rests**2).sum() / (len(rests) - often.sum()))
        between = max(0.0, float(means[often].var(ddof=1)) - within * float(np.mean(1 / counts[often])))
        spent = np.bincount(shoppers, prices[histories.items[bought]].astype(np.float64), minlength=len(histories))
        return cls(
            levels,
            prices,
            mean=float(paid.mean()),
            deviation=max(float(np.sqrt(within + between)), 1e-3),
            between=float(np.sqrt(between)),
            within=max(float(np.sqrt(within)), 1e-3),
            purse=Quantiles.of(spent[counts > 0], otherwise=0.0),
        )

    def draw(self, count: int, rng: np.random.Generator) -> FloatArray:
        """The price level that each of `count` shoppers likes [count]."""
        return rng.normal(self.mean, self.between, count).astype(np.float32)

    def log_odds(self, liked: FloatArray) -> FloatArray:
        """How much likelier each item is for a shopper who likes a price level than for just anyone [B, I]."""
        own = -0.5 * ((self.levels[None, :] - liked[:, None]) / self.within) ** 2 - np.log(self.within)
        anyone = -0.5 * ((self.levels - self.mean) / self.deviation) ** 2 - np.log(self.deviation)
        odds: FloatArray = np.nan_to_num(own - anyone[None, :]).astype(np.float32)
        return odds


def _less_category(logs: FloatArray, categories: IntArray) -> FloatArray:
    """Each value less the mean of its category; NaN stays."""
    group, known = categories.astype(np.int64) + 1, np.isfinite(logs)
    size = int(group.max(initial=0)) + 1
    sums = np.bincount(group[known], logs[known], minlength=size)
    return (logs - (sums / np.maximum(np.bincount(group[known], minlength=size), 1))[group]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Habits:
    """`first_items` [I]: chance of each item to begin a history. `popularity` [I]: chance of each item in any place.

    `kinds` [K + 1, K]: chance of each kind after each other within a visit; the last row is how visits begin.
    `visits`: a shopper's visits; `visit_events`: a visit's events; `pauses_ms`: between events of a visit; `gaps_ms`:
    between visits; `starts_ms`: when shoppers come first. `prices` is None where no prices are known.
    """

    first_items: FloatArray
    popularity: FloatArray
    kinds: FloatArray
    visits: Quantiles
    visit_events: Quantiles
    pauses_ms: Quantiles
    gaps_ms: Quantiles
    starts_ms: Quantiles
    prices: PriceTaste | None

    @classmethod
    def learn(cls, histories: Histories, features: Features) -> Self:
        """Count what the shoppers of `histories` do."""
        gaps = np.diff(histories.times, prepend=0)
        new_shopper = np.zeros(histories.n_events, dtype=np.bool_)
        new_shopper[histories.offsets[:-1][histories.lengths > 0]] = True
        new_visit = new_shopper | (gaps > VISIT_GAP_MS)
        starts = np.flatnonzero(new_visit)
        done = learnt_kinds(histories.kinds)
        before = np.where(new_visit, _KINDS, np.roll(done, 1)).astype(np.int64)
        kinds = np.bincount(before * _KINDS + done, minlength=(_KINDS + 1) * _KINDS)
        kinds = kinds.reshape(_KINDS + 1, _KINDS)
        kinds[kinds.sum(axis=1) == 0, KindCode.VIEW] = 1
        popularity = np.bincount(histories.items, minlength=histories.n_items)
        first = np.bincount(histories.items[new_shopper], minlength=histories.n_items)
        visits = np.bincount(histories.shoppers[new_visit], minlength=len(histories))
        return cls(
            # Where few are known to begin with a product, what is popular counts as well.
            first_items=_shares(first + _shares(popularity) * np.sqrt(max(len(histories), 1))),
            popularity=_shares(popularity),
            kinds=(kinds / kinds.sum(axis=1, keepdims=True)).astype(np.float32),
            visits=Quantiles.of(visits[visits > 0], otherwise=1.0),
            visit_events=Quantiles.of(np.diff(np.append(starts, histories.n_events)), otherwise=1.0),
            pauses_ms=Quantiles.of(gaps[~new_visit], otherwise=30_000.0),
            gaps_ms=Quantiles.of(gaps[new_visit & ~new_shopper], otherwise=7.0 * DAY_MS),
            starts_ms=Quantiles.of(histories.times[new_shopper], otherwise=0.0),
            prices=PriceTaste.learn(histories, features),
        )

    def plan(self, shoppers: int, rng: np.random.Generator) -> tuple[LongArray, LongArray, Int8Array]:
        """When who does something of which kind: offsets [S + 1], times [N] and kinds [N] of `shoppers` histories."""
        visits = np.maximum(1, np.rint(self.visits.draw(shoppers, rng))).astype(np.int64)
        events = np.maximum(1, np.rint(self.visit_events.draw(int(visits.sum()), rng))).astype(np.int64)
        first_visit = np.concatenate([[0], np.cumsum(visits)])
        first_event = np.concatenate([[0], np.cumsum(events)])
        offsets = first_event[first_visit].astype(np.int64)
        steps = self.pauses_ms.draw(int(offsets[-1]), rng)
        steps[first_event[:-1]] = self.gaps_ms.draw(len(events), rng)
        steps[offsets[:-1]] = self.starts_ms.draw(shoppers, rng)
        total = np.cumsum(np.rint(steps).astype(np.int64))
        before = np.concatenate([[0], total])[offsets[:-1]]
        times = total - np.repeat(before, np.diff(offsets))
        kinds = np.empty(len(times), dtype=np.int8)
        after = np.full(len(events), _KINDS, dtype=np.int64)
        for step in range(int(events.max(initial=0))):
            visit = np.flatnonzero(events > step)
            chances = self.kinds[after[visit]].cumsum(axis=1)
            drawn = (rng.random(len(visit))[:, None] * chances[:, -1:] > chances).sum(axis=1)
            kinds[first_event[visit] + step], after[visit] = drawn, drawn
        return offsets, times, kinds


def _shares(counts: NDArray[np.generic]) -> FloatArray:
    """Counts as shares of their sum; all alike where there are none."""
    total = float(np.sum(np.asarray(counts, dtype=np.float64)))
    numbers = np.asarray(counts, dtype=np.float64)
    return (numbers / total if total else np.full(len(numbers), 1 / max(len(numbers), 1))).astype(np.float32)
