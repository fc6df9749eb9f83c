"""Leaning: towards less widely known products, the price level the shopper pays, or what reviews praise.

Idea     Each candidate has a cost: how widely it is known, how far its price level is from the shopper's, how little
         reviews praise it. The dial
         says how far the list's mean cost shall go, from the model's own list (0) to the cheapest that the candidates
         allow (1); the mildest trade-off that gets there is taken. So a dial means the same for every model.
Source   Popularity penalty on relevance: Abdollahpouri et al. 2019, https://arxiv.org/abs/1901.07555; log popularity
         as (un)novelty: Zhou et al. 2010, https://doi.org/10.1073/pnas.1000488107.
Shapes   C candidates, I items, G trade-offs.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["fame", "lean", "own_price_level", "price_distance", "price_levels", "unpraised"]

WEIGHTS = np.linspace(0.0, 1.0, 21)
LEAST_PRICED = 5
"""A category with fewer known prices takes its levels from the whole shop."""
DRAWN_BY = 5.0
"""As many reviews of the shop's mean are added to an item's own."""
PRIOR_PURCHASES = 1.0
"""How many purchases at the middle level a shopper's price level starts from."""


def fame(shoppers: IntArray) -> FloatArray:
    """How widely known each item is [C], from how many `shoppers` [C] chose it: the logarithm of one more."""
    return np.log1p(shoppers.astype(np.float32))


def price_levels(prices: FloatArray, categories: IntArray) -> FloatArray:
    """Where each item's price stands in its category [I]: 0 the cheapest, 1 the dearest, NaN where unknown.

    `prices` [I], NaN where unknown; `categories` [I], -1 where an item has none.
    """
    levels = np.full(len(prices), np.nan, dtype=np.float32)
    known = np.flatnonzero(np.isfinite(prices))
    groups = categories[known].astype(np.int64)
    priced = np.bincount(groups[groups >= 0], minlength=int(categories.max(initial=-1)) + 2)
    enough = (groups >= 0) & (priced[groups] >= LEAST_PRICED)
    levels[known] = np.where(
        enough, _percentiles(prices[known], groups), _percentiles(prices[known], np.zeros_like(groups))
    )
    return levels


def _percentiles(values: FloatArray, groups: LongArray) -> FloatArray:
    """Place of each value [N] among those of its group, from 0 to 1; equal ones share theirs, one alone is at 0.5."""
    pairs, inverse, alike = np.unique(
        np.column_stack([groups.astype(np.float64), values]), axis=0, return_inverse=True, return_counts=True
    )
    before = np.cumsum(alike) - alike
    first = np.searchsorted(pairs[:, 0], pairs[:, 0], side="left")
    size = np.searchsorted(pairs[:, 0], pairs[:, 0], side="right")
    count = np.append(before, len(values))[size] - before[first]
    place = before - before[first] + (alike - 1) / 2
    return np.asarray(np.where(count > 1, place / np.maximum(count - 1, 1), 0.5)[inverse], dtype=np.float32)


def own_price_level(levels: FloatArray, purchases: Iterable[int]) -> float | None:
    """Mean level of what a shopper bought, starting from the middle; None where no price is known."""
    bought = levels[np.fromiter(purchases, dtype=np.int64)]
    bought = bought[np.isfinite(bought)]
    if not len(bought):
        return None
    return float((bought.sum() + 0.5 * PRIOR_PURCHASES) / (len(bought) + PRIOR_PURCHASES))


def price_distance(levels: FloatArray, own: float) -> FloatArray:
    """How far each level [C] is from the shopper's `own`; NaN, which costs nothing either way, where unknown."""
    return np.asarray(np.abs(levels - np.float32(own)), dtype=np.float32)


def unpraised(feelings: FloatArray, reviews: IntArray) -> FloatArray:
    """How little each item's reviews praise it [I]: 0 most of all, 1 least, NaN without reviews.

    `feelings` [I]: the mean of what its `reviews` [I] say, from -1 to 1; few of them are drawn to the shop's mean.
    """
    cost = np.full(len(feelings), np.nan, dtype=np.float32)
    known = np.flatnonzero(reviews > 0)
    if len(known):
        counts = reviews[known].astype(np.float32)
        middle = float(feelings[known] @ counts / counts.sum())
        drawn = (feelings[known] * counts + DRAWN_BY * middle) / (counts + DRAWN_BY)
        cost[known] = 1.0 - _percentiles(drawn.astype(np.float32), np.zeros(len(known), dtype=np.int64))
    return cost


def lean(relevance: FloatArray, cost: FloatArray, *, dial: float, count: int) -> FloatArray:
    """New relevance [C] between 0 and 1 under which the `count` best cost as little on average as `dial` asks.

    `cost` [C] may hold NaN for unknown: neutral, the mean of the known.
    """
    known = np.isfinite(cost)
    if dial <= 0 or not known.any():
        return relevance
    costs = np.where(known, cost, cost[known].mean())
    count = min(count, len(costs))
    ease = _unit(-costs)
    values_GC = (1.0 - WEIGHTS)[:, None] * _unit(relevance) + WEIGHTS[:, None] * ease
    best_GK = np.argsort(-values_GC, axis=1, kind="stable")[:, :count]
    mean_G = costs[best_GK].mean(axis=1)
    target = mean_G[0] + dial * (np.sort(costs)[:count].mean() - mean_G[0])
    reached = np.flatnonzero(mean_G <= target + 1e-9)
    return np.asarray(values_GC[reached[0] if len(reached) else -1], dtype=np.float32)


def _unit(values: FloatArray) -> FloatArray:
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.ones_like(values)
