"""Waits between purchases of one kind, and the law behind them where many have not ended yet.

Idea     With probability p of its group a purchase is followed by another of its kind, after a wait that is log-normal
         in the group's interval times the shopper's pace. A wait that the data end before counts as "not yet", and
         for what it is worth as "never".
Source   The cure model of Berkson & Gage 1952, https://doi.org/10.1080/01621459.1952.10501187, fitted by EM (Dempster,
         Laird & Rubin 1977, https://doi.org/10.1111/j.2517-6161.1977.tb01600.x); the pace is a log-normal frailty.
Differs  Groups lean on the whole: `prior` waits of the usual kind are added to each.
Costs    `rounds` passes over the waits.
Shapes   N waits, S shoppers, G groups, I items.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from bottega.datasets.arrays import Histories
from bottega.models.recommend.repeats import DAY_MS
from bottega.names import BoolArray, IntArray, KindCode, LongArray

__all__ = ["Double", "Law", "Waits", "fit_law", "kinds_of", "log_hazard", "paces", "waits_of"]

Double = NDArray[np.float64]
_LEAST_VARIANCE = 1e-4


class Waits(NamedTuple):
    """From one purchase of a kind to the next, or to the end of the data (`open`); all [N]."""

    shoppers: LongArray
    groups: LongArray
    log_days: Double
    open: BoolArray
    same: BoolArray
    """Whether the next purchase is of the same item."""


class Law(NamedTuple):
    """Per group [G]: `repeats` the probability that a wait ends at all, `mean` and `variance` of its logarithm in days.
    `usual`: that probability over all waits. `pace_variance`: of the shoppers' log paces."""

    repeats: Double
    mean: Double
    variance: Double
    usual: float
    pace_variance: float


def fit_law(waits: Waits, *, groups: int, shoppers: int, prior: float, rounds: int) -> Law:
    """EM over all waits, of which at least one must have ended."""
    ended, at, who = ~waits.open, waits.groups, waits.shoppers
    first = waits.log_days[ended]
    usual, shop_mean, shop_variance = float(ended.mean()), float(first.mean()), max(float(first.var()), _LEAST_VARIANCE)
    repeats, mean, variance = (np.full(groups, value) for value in (usual, shop_mean, shop_variance))
    sizes, pace, pace_variance = np.bincount(at, minlength=groups), np.zeros(shoppers), 0.1
    for _ in range(rounds):
        share, expected, rest = _expected(waits, repeats, mean, variance, pace)
        weight, own, usual = np.bincount(at, share, minlength=groups), expected - pace[who], float(share.mean())
        repeats = (weight + prior * usual) / (sizes + prior)
        shop_mean = float((share * own).sum() / share.sum())
        mean = (np.bincount(at, share * own, minlength=groups) + prior * shop_mean) / (weight + prior)
        off = share * ((own - mean[at]) ** 2 + rest)
        shop_variance = float(off.sum() / share.sum())
        variance = (np.bincount(at, off, minlength=groups) + prior * shop_variance) / (weight + prior)
        variance = np.maximum(variance, _LEAST_VARIANCE)
        pace, left, heard = paces(waits, mean, variance, pace_variance, shoppers)
        pace_variance = max(float((pace[heard] ** 2 + left[heard]).mean()), _LEAST_VARIANCE)
    return Law(repeats, mean, variance, usual, pace_variance)


def kinds_of(categories: IntArray, groups: int) -> LongArray:
    """The kind of each item [I]: its category, or one of its own behind them where it has none that was learnt.

    The last group, `groups` - 1, stands for all of the latter: min(kind, groups - 1) is the group of a kind.
    """
    own = np.arange(len(categories), dtype=np.int64) + groups - 1
    return np.where((categories >= 0) & (categories < groups - 1), categories, own)


def waits_of(histories: Histories, categories: IntArray, groups: int, *, end_ms: int, same_order_ms: int) -> Waits:
    """The waits of all purchases, watched until `end_ms`; those of one kind closer than `same_order_ms` are one."""
    bought = np.flatnonzero(histories.kinds == KindCode.PURCHASE)
    kinds = kinds_of(categories, groups)[histories.items[bought]]
    order = np.lexsort((histories.times[bought], kinds, histories.shoppers[bought]))
    bought, kinds = bought[order], kinds[order]
    shoppers, items, times = histories.shoppers[bought], histories.items[bought], histories.times[bought]
    alike = (shoppers[1:] == shoppers[:-1]) & (kinds[1:] == kinds[:-1])
    fresh = np.ones(len(bought), dtype=np.bool_)
    fresh[1:] = ~(alike & (np.diff(times) < same_order_ms))
    shoppers, items, times, kinds = shoppers[fresh], items[fresh], times[fresh], kinds[fresh]
    following = np.zeros(len(items), dtype=np.bool_)
    following[:-1] = (shoppers[1:] == shoppers[:-1]) & (kinds[1:] == kinds[:-1])
    until = np.where(following, np.append(times[1:], 0)[: len(times)], end_ms)
    same = following & (np.append(items[1:], -1)[: len(items)] == items)
    # An open wait of nothing says nothing, but has to have a logarithm.
    days = np.maximum((until - times) / DAY_MS, 0.01)
    return Waits(shoppers, np.minimum(kinds, groups - 1), np.log(days), ~following, same)


def _expected(
    waits: Waits, repeats: Double, mean: Double, variance: Double, pace: Double
) -> tuple[Double, Double, Double]:
    """E step: the probability that each wait ends at all, its expected logarithm, and the variance of that [N]."""
    middle, spread = mean[waits.groups] + pace[waits.shoppers], np.sqrt(variance[waits.groups])
    z = (waits.log_days - middle) / spread
    log_survival = log_ndtr(-z)
    survival, chance = np.exp(log_survival), repeats[waits.groups]
    mills = np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - log_survival)
    share = np.where(waits.open, chance * survival / (1 - chance + chance * survival + 1e-300), 1.0)
    expected = np.where(waits.open, middle + spread * mills, waits.log_days)
    rest = np.where(waits.open, variance[waits.groups] * np.maximum(1 + z * mills - mills**2, 0.0), 0.0)
    return share, expected, rest


def paces(
    waits: Waits, mean: Double, variance: Double, prior: float, shoppers: int
) -> tuple[Double, Double, BoolArray]:
    """Posterior means and variances [S] of the log paces, and of which shoppers anything was heard [S].

    `prior` is the variance of log paces. Only waits that have ended speak: an open one may be never.
    """
    ended = ~waits.open
    who, at = waits.shoppers[ended], waits.groups[ended]
    weight = 1.0 / variance[at]
    precision = np.asarray(np.bincount(who, weight, minlength=shoppers) + 1.0 / prior, dtype=np.float64)
    pull = np.bincount(who, weight * (waits.log_days[ended] - mean[at]), minlength=shoppers)
    return pull / precision, 1.0 / precision, np.asarray(np.bincount(who, minlength=shoppers) > 0)


def log_hazard(log_days: Double, mean: Double, spread: Double) -> Double:
    """Logarithm of the log-normal hazard times the mean wait: 0 where a repeat is as likely as on average."""
    z = (log_days - mean) / spread
    density = -0.5 * z**2 - 0.5 * np.log(2 * np.pi) - np.log(spread) - log_days
    return np.asarray(density - log_ndtr(-z) + mean + spread**2 / 2, dtype=np.float64)
