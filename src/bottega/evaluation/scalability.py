"""How training grows with a shop: by what power of its events, and of its products, do seconds and memory rise?

A model is trained on parts of the shop: a quarter, half and all of the shoppers, each with a quarter, half and all of
the products (nested: the smaller part lies within the larger). A plane is fitted through the logarithms,
log(figure) = c + a * log(events) + b * log(products); a and b are the exponents. 1 means: twice as much, twice as long.

Source   Least squares with t intervals: Draper & Smith 1998, "Applied Regression Analysis", section 5.1.
Edges    A training shorter than 0.2 s is repeated and the shortest counts, because other work only ever adds. Memory
         is what training adds to the process; where that is less than 1 MB somewhere, there is no exponent: NaN.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bottega.datasets.arrays import Features
from bottega.datasets.splits import Split
from bottega.evaluation.intervals import Interval
from bottega.evaluation.memory import PeakMemory
from bottega.evaluation.samples import only_items, only_shoppers
from bottega.models.recommend.base import Recommender
from bottega.progress import Progress, silent

__all__ = ["SHARES", "Growth", "Point", "exponents", "scalability"]

SHARES = (0.25, 0.5, 1.0)
"""Parts of the shoppers and of the products that a model is trained on."""

_SHORT_S, _MOST_REPEATS = 0.2, 5
_LEAST_MB = 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """One training: on how much, how long (s) and how much memory it added to the process at most (MB of 10^6)."""

    events: int
    products: int
    train_s: float
    added_mb: float


@dataclass(frozen=True, slots=True)
class Growth:
    """The trainings of a model, and the exponents with their 95% intervals; NaN where nothing can be said."""

    model: str
    points: tuple[Point, ...]
    time_events: Interval
    time_products: Interval
    memory_events: Interval
    memory_products: Interval


def scalability(
    factory: Callable[[], Recommender],
    split: Split,
    features: Features,
    *,
    name: str,
    seed: int = 0,
    shares: Sequence[float] = SHARES,
    device: str = "auto",
    progress: Progress = silent,
) -> Growth:
    """Train a fresh model on every part and fit the exponents. Costs about three trainings on everything.

    The parts are drawn by `seed`, alike for every model.
    """
    rng = np.random.default_rng(seed)
    shoppers = rng.permutation(len(split.train)).astype(np.int64)
    items = rng.permutation(split.train.n_items).astype(np.int32)
    sizes = [(some, part) for some in shares for part in shares]
    points = []
    for number, (some, part) in enumerate(sizes):
        progress(f"scalability of {name}", number, len(sizes), f"{some:.0%} of shoppers, {part:.0%} of products")
        smaller = only_shoppers(split, shoppers[: _some(some, len(shoppers))])
        chosen = np.sort(items[: _some(part, len(items))])
        points.append(_measure(factory, *only_items(smaller, features, chosen), seed, device))
    progress(f"scalability of {name}", len(sizes), len(sizes))
    sides = np.array([[point.events, point.products] for point in points], dtype=np.float64)
    time_events, time_products = exponents(sides, np.array([point.train_s for point in points]))
    added = np.array([point.added_mb for point in points])
    memory_events, memory_products = exponents(sides, np.where(added >= _LEAST_MB, added, np.nan))
    return Growth(name, tuple(points), time_events, time_products, memory_events, memory_products)


def exponents(sides: NDArray[np.float64], figures: NDArray[np.float64]) -> tuple[Interval, Interval]:
    """By what power of each column of `sides` [N, 2] the `figures` [N] grow, with 95% intervals.

    NaN where a figure or a side is not a positive number, or the sides do not differ enough to tell the two apart.

    >>> sides = np.array([[10, 5], [20, 5], [40, 5], [10, 20], [20, 20]], dtype=float)
    >>> events, products = exponents(sides, 3 * sides[:, 0] * sides[:, 1] ** 2)
    >>> round(events.mean, 6), round(products.mean, 6)
    (1.0, 2.0)
    """
    unknown = Interval(float("nan"), float("nan"), float("nan"))
    if not (figures > 0).all() or not (sides > 0).all():
        return unknown, unknown
    known = np.column_stack([np.ones(len(sides)), np.log(sides)])
    freedom = len(known) - known.shape[1]
    if freedom < 1 or np.linalg.matrix_rank(known) < known.shape[1]:
        return unknown, unknown
    slopes, *_ = np.linalg.lstsq(known, np.log(figures), rcond=None)
    left = np.log(figures) - known @ slopes
    spread = np.sqrt(left @ left / freedom * np.diag(np.linalg.inv(known.T @ known)))
    reach = float(stats.t.ppf(0.975, freedom)) * spread
    events, products = (
        Interval(float(slopes[side]), float(slopes[side] - reach[side]), float(slopes[side] + reach[side]))
        for side in (1, 2)
    )
    return events, products


def _some(share: float, size: int) -> int:
    return max(1, min(size, round(share * size)))


def _measure(factory: Callable[[], Recommender], split: Split, features: Features, seed: int, device: str) -> Point:
    def fit() -> float:
        model, rng = factory(), np.random.default_rng(seed)
        start = time.perf_counter()
        holdout = split.holdout if len(split.holdout) else None
        model.fit(split.train, features, rng=rng, holdout=holdout, device=device)
        return time.perf_counter() - start

    with PeakMemory() as memory:
        took = [fit()]
    while sum(took) < _SHORT_S and len(took) < _MOST_REPEATS:
        took.append(fit())
    return Point(split.train.n_events, split.train.n_items, min(took), memory.peak_mb - memory.before_mb)
