"""Drift: how far what comes in now is from what a model learnt from.

Idea     Count both periods into the same bins and compare the shares: the population stability index. Below 0.1 nothing
         has changed, above 0.2 something has; from there on a model answers for another shop than the one it knows.
Source   Siddiqi 2006, "Credit Risk Scorecards", chapter 9; its spread under no drift, (bins - 1) times (1 / before +
         1 / now), in Yurdakul 2018, https://scholarworks.wmich.edu/dissertations/3208. So few events say nothing.
Differs  Half a count is added to every bin, so that a kind never seen before is a large number and not an infinite one.
Shapes   B bins, N events, I items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.arrays import Histories
from bottega.names import BoolArray, IntArray, LongArray

__all__ = [
    "DEMAND_BINS",
    "LEAST_EVENTS",
    "PSI_BOUND",
    "SHARE_BOUND",
    "Drift",
    "by_bins",
    "by_rate",
    "by_share",
    "demand_bins",
    "psi",
    "unserved",
]

PSI_BOUND = 0.2
"""Beyond this an index is alarming."""
SHARE_BOUND = 0.2
"""Beyond this a share that should be small is alarming."""
LEAST_EVENTS = 200
"""Fewer events in either period say nothing."""
DEMAND_BINS = 12
"""Bins of `demand_bins`."""
_DECILES = 10

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one thing that comes in has moved. What could not be measured is None."""

    input: str
    before: float | None
    """Its share in the training period, where it is one."""
    now: float | None
    psi: float | None
    alarm: bool


def psi(before: Counts, now: Counts) -> float:
    """Population stability index of two periods counted into the same bins [B].

    Formula  sum over bins of (q - p) ln(q / p), p and q the shares before and now.

    >>> before = np.array([800, 200])
    >>> psi(before, before), round(psi(before, np.array([500, 500])), 2)
    (0.0, 0.41)
    """
    p = (before + 0.5) / (before.sum() + 0.5 * len(before))
    q = (now + 0.5) / (now.sum() + 0.5 * len(now))
    return float(((q - p) * np.log(q / p)).sum())


def by_bins(name: str, before: Counts, now: Counts) -> Drift:
    """Drift of counts in bins [B], to whichever side."""
    enough = min(before.sum(), now.sum()) >= LEAST_EVENTS
    index = psi(before, now) if enough else None
    return Drift(name, None, None, index, index is not None and index > PSI_BOUND)


def by_rate(name: str, before: BoolArray, now: BoolArray) -> Drift:
    """Drift of the share of events that something is wrong with; it alarms when the share has risen."""
    found = by_bins(name, *(np.array([(~one).sum(), one.sum()]) for one in (before, now)))
    shares = [float(one.mean()) if len(one) else None for one in (before, now)]
    return Drift(name, shares[0], shares[1], found.psi, found.alarm and now.mean() > before.mean())


def by_share(name: str, now: float) -> Drift:
    """Drift of a share that was 0 when the model was trained."""
    return Drift(name, 0.0, now, None, now > SHARE_BOUND)


def unserved(histories: Histories, known: BoolArray) -> BoolArray:
    """Events [N] at whose moment the shopper had none on an item that the model knows [I]: a fallback answered.

    >>> once = Histories.from_lists([[0, 2, 1], [2, 2, 0]], n_items=3)
    >>> unserved(once, np.array([True, True, False])).tolist()
    [True, False, False, True, True, True]
    """
    heard = known[histories.items]
    so_far: LongArray = np.cumsum(heard) - heard
    anyone = histories.lengths > 0
    at_start: LongArray = np.repeat(so_far[histories.offsets[:-1][anyone]], histories.lengths[anyone])
    found: BoolArray = so_far == at_start
    return found


def demand_bins(items: IntArray | LongArray, known: BoolArray) -> LongArray:
    """The bin of each item [I]: tenths of what `items` says was wanted, the most wanted first; then what nobody wanted;
    then what the model does not know.

    >>> demand_bins(np.array([0] * 9 + [1]), np.array([True, True, True, False])).tolist()
    [0, 9, 10, 11]
    """
    counts = np.bincount(items, minlength=len(known))
    order = np.argsort(-counts, kind="stable")
    before = np.cumsum(counts[order]) - counts[order]
    bins = np.empty(len(known), dtype=np.int64)
    bins[order] = before * _DECILES // max(1, counts.sum())
    bins[counts == 0] = _DECILES
    bins[~known] = _DECILES + 1
    return bins
