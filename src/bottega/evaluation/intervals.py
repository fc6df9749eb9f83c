"""How sure a figure is: percentile bootstrap intervals over shoppers, for one model and for the gap between two.

Source   Efron & Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13 (percentile intervals); for ranked
         lists, Sakai 2006, https://doi.org/10.1145/1148170.1148261 (paired, over queries).
Shapes   B shoppers, M measures, R resamples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.models.recommend.accuracy import Values

__all__ = ["Interval", "difference", "interval", "intervals"]

_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over shoppers and the range that holds it with the chosen certainty; low and high are NaN without one."""

    mean: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole range lies on one side of 0: for a gap, that one model really is ahead."""
        return self.low > 0 or self.high < 0


def intervals(
    values: Mapping[str, Values], rng: np.random.Generator, *, level: float = 0.95, resamples: int = 1000
) -> dict[str, Interval]:
    """An interval for the mean of each array [B]; all arrays are about the same shoppers and share the resamples.

    Formula  Draw B shoppers with replacement, R times; the interval runs between the (1 - level) / 2 and
             (1 + level) / 2 quantiles of the R means.
    Edges    NaN values are left out of each mean. One shopper gives an interval of width 0, which says nothing: look
             at the number of shoppers, too. None at all gives NaN.

    >>> rng = np.random.default_rng(0)
    >>> found = intervals({"hit": np.array([0.0, 1.0] * 50)}, rng)["hit"]
    >>> found.mean, round(found.low, 1), round(found.high, 1)
    (0.5, 0.4, 0.6)
    """
    assert 0 < level < 1 and resamples >= 1
    if not values:
        return {}
    table = np.stack([np.asarray(each, dtype=np.float64) for each in values.values()], axis=1)
    means = _means(table, rng, resamples)
    with np.errstate(invalid="ignore"):
        center = _ratio(np.nansum(table, axis=0), np.isfinite(table).sum(axis=0).astype(np.float64))
    tail = (1 - level) / 2
    found = {}
    for column, name in enumerate(values):
        drawn = means[:, column][np.isfinite(means[:, column])]
        low, high = np.quantile(drawn, [tail, 1 - tail]) if len(drawn) else (np.nan, np.nan)
        found[name] = Interval(float(center[column]), float(low), float(high))
    return found


def interval(values: Values, rng: np.random.Generator, *, level: float = 0.95, resamples: int = 1000) -> Interval:
    """`intervals` of one array."""
    return intervals({"": values}, rng, level=level, resamples=resamples)[""]


def difference(
    one: Values, other: Values, rng: np.random.Generator, *, level: float = 0.95, resamples: int = 1000
) -> Interval:
    """The interval of `one` minus `other`, shopper by shopper [B].

    Pairing takes away what makes some shoppers easy for every model. So two models whose own intervals overlap can
    still differ for sure: compare models with this, not by looking whether their intervals overlap.

    >>> one = np.array([0.9, 0.1, 0.6, 0.3])
    >>> difference(one, one - 0.05, np.random.default_rng(0)).excludes_zero
    True
    """
    assert one.shape == other.shape
    return interval(one - other, rng, level=level, resamples=resamples)


def _means(table: NDArray[np.float64], rng: np.random.Generator, resamples: int) -> NDArray[np.float64]:
    """Means [R, M] of `table` [B, M] over B rows drawn again."""
    count = len(table)
    if count == 0:
        return np.full((resamples, table.shape[1]), np.nan)
    valid = np.isfinite(table)
    both = np.concatenate([np.where(valid, table, 0.0), valid.astype(np.float64)], axis=1)
    means = np.empty((resamples, table.shape[1]))
    for start in range(0, resamples, _CHUNK):
        rows = min(_CHUNK, resamples - start)
        drawn = rng.integers(count, size=(rows, count)) + np.arange(rows)[:, None] * count
        times_drawn = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count).astype(np.float64)
        total = times_drawn @ both
        means[start : start + rows] = _ratio(total[:, : table.shape[1]], total[:, table.shape[1] :])
    return means


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
