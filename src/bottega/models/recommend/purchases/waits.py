"""Waits between purchases of one kind, and the law behind them where many have not ended yet.

Idea     A purchase is followed by another of its kind because it ran out, after a wait that is log-normal around the
         group's interval times the shopper's pace; or by chance, at any time alike (exponential); or never. A
         wait that the data end before counts as "not yet", and for what it is worth as "never".
Source   The cure model of Berkson et al. 1952, https://doi.org/10.1080/01621459.1952.10501187, fitted by EM (Dempster,
         Laird & Rubin 1977, https://doi.org/10.1111/j.2517-6161.1977.tb01600.x); the pace is a log-normal frailty.
Differs  Two laws instead of one: purchases that merely happen would else stretch every rhythm.
Costs    `rounds` passes over the waits.
Shapes   N waits, S shoppers, G groups, I items.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.arrays import Histories
from bottega.names import DAY_MS, BoolArray, IntArray, KindCode, LongArray

__all__ = ["Double", "Law", "Waits", "fit_law", "kinds_of", "log_survival", "paces", "rhythm_shares", "waits_of"]

Double = NDArray[np.float64]
_TINY = 1e-300
_LEAST_VARIANCE = 1e-4
_RHYTHM_FIRST = 0.1
"""Where EM begins: the variance of rhythms and of paces."""
_FEW = 64
"""So many logarithms of survival at once are worked out one by one."""
_FAR = 35.0


class Waits(NamedTuple):
    """From one purchase of a kind to the next, or to the end of the data (`open`); all [N]."""

    shoppers: LongArray
    groups: LongArray
    log_days: Double
    open: BoolArray
    same: BoolArray
    """Whether the next purchase is of the same item."""


@dataclass(frozen=True)
class Law:
    """How waits end. Per group [G]: `rhythm` and `chance`, the probabilities that a purchase is followed by another
    because it ran out or for no such reason (never: what is left to 1); `mean` and `variance` of the logarithm of the
    rhythm in days. Of the whole shop: `rate` of the waits by chance, a day, and `pace_variance` of the shoppers' log
    paces, which stretch rhythms."""

    rhythm: Double
    chance: Double
    mean: Double
    variance: Double
    rate: float
    pace_variance: float

    def log_hazard(self, log_days: Double, groups: LongArray, log_pace: float) -> Double:
        """Logarithm of the hazard of a wait that will end, times its mean: 0 where that is as likely as on average."""
        rhythm, chance = self.rhythm[groups], self.chance[groups]
        mean, spread = self.mean[groups] + log_pace, np.sqrt(self.variance[groups])
        first, second = _log_law(log_days, mean, spread), _chance_law(log_days, self.rate)
        weights = (np.log(rhythm + _TINY), np.log(chance + _TINY))
        density = np.logaddexp(weights[0] + first[0], weights[1] + second[0]) - log_days
        survival = np.logaddexp(weights[0] + first[1], weights[1] + second[1])
        usual = rhythm * np.exp(mean + spread**2 / 2) + chance / self.rate
        return np.asarray(density - survival + np.log(usual / (rhythm + chance)), dtype=np.float64)


def fit_law(waits: Waits, *, groups: int, shoppers: int, prior: float, rounds: int) -> Law:
    """EM over all waits, of which at least one must have ended; each group has `prior` waits of the usual kind more."""
    ended, at, who, days = ~waits.open, waits.groups, waits.shoppers, waits.log_days
    first = days[ended]
    half, middle = np.full(groups, float(ended.mean()) / 2), float(first.mean())
    sums = np.bincount(at[ended], first, minlength=groups)
    mean = (sums + prior * middle) / (np.bincount(at[ended], minlength=groups) + prior)
    law = Law(half, half, mean, np.full(groups, _RHYTHM_FIRST), 1.0 / float(np.exp(first).mean()), _RHYTHM_FIRST)
    sizes, pace, unsure = np.bincount(at, minlength=groups), np.zeros(shoppers), np.full(shoppers, _RHYTHM_FIRST)
    for _ in range(rounds):
        rhythm, chance = _shares(waits, law, pace)
        due, by_chance = rhythm.sum(), chance.sum()
        weight = np.bincount(at, rhythm, minlength=groups)
        shift = pace[who]
        expected, rest = _moments(waits, law.mean[at] + shift, law.variance[at])
        own = expected - shift
        middle = float((rhythm * own).sum() / max(due, _TINY))
        mean = (np.bincount(at, rhythm * own, minlength=groups) + prior * middle) / (weight + prior)
        off = rhythm * ((own - mean[at]) ** 2 + rest + unsure[who])
        narrow = float(off.sum() / max(due, _TINY))
        variance = (np.bincount(at, off, minlength=groups) + prior * narrow) / (weight + prior)
        variance = np.maximum(variance, _LEAST_VARIANCE)
        pace, unsure, heard = paces(waits, mean, variance, law.pace_variance, shoppers, rhythm)
        pace_variance = max(float((pace[heard] ** 2 + unsure[heard]).mean()), _LEAST_VARIANCE)
        law = Law(
            (weight + prior * float(due) / len(days)) / (sizes + prior),
            (np.bincount(at, chance, minlength=groups) + prior * float(by_chance) / len(days)) / (sizes + prior),
            mean,
            variance,
            float(by_chance) / max(float((chance * (np.exp(days) + waits.open / law.rate)).sum()), _TINY) + _TINY,
            pace_variance,
        )
    return law


def rhythm_shares(waits: Waits, law: Law) -> Double:
    """The probability of each wait [N] to be one of rhythm, for shoppers whose pace is not known yet."""
    return _shares(waits, law, np.zeros(int(waits.shoppers.max(initial=-1)) + 1))[0]


def kinds_of(items: IntArray, categories: IntArray, groups: int) -> LongArray:
    """The kind of each of some items [N]: its category, or one of its own behind them where none was learnt.

    `categories` [I] are those of all items. The last group, `groups` - 1, stands for all kinds of the latter:
    min(kind, groups - 1) is the group of a kind.
    """
    of_items = categories[items]
    own = items.astype(np.int64) + groups - 1
    return np.where((of_items >= 0) & (of_items < groups - 1), of_items, own)


def waits_of(histories: Histories, categories: IntArray, groups: int, *, end_ms: int, same_order_ms: int) -> Waits:
    """The waits of all purchases, watched until `end_ms`; those of one kind closer than `same_order_ms` are one."""
    bought = np.flatnonzero(histories.kinds == KindCode.PURCHASE)
    kinds = kinds_of(histories.items[bought], categories, groups)
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


def paces(
    waits: Waits, mean: Double, variance: Double, prior: float, shoppers: int, shares: Double
) -> tuple[Double, Double, BoolArray]:
    """Posterior means and variances [S] of the log paces, and of which shoppers anything was heard [S].

    `prior` is the variance of log paces, `shares` [N] how much each wait is one of rhythm. Only waits that have ended
    speak: an open one may be never.
    """
    ended = ~waits.open
    who, at = waits.shoppers[ended], waits.groups[ended]
    weight = shares[ended] / variance[at]
    precision = np.asarray(np.bincount(who, weight, minlength=shoppers) + 1.0 / prior, dtype=np.float64)
    pull = np.bincount(who, weight * (waits.log_days[ended] - mean[at]), minlength=shoppers)
    return pull / precision, 1.0 / precision, np.asarray(np.bincount(who, minlength=shoppers) > 0)


def _log_law(log_days: Double, mean: Double | float, spread: Double | float) -> tuple[Double, Double]:
    """Logarithms of the density (of the log wait) and of the survival of log-normal waits."""
    z = (log_days - mean) / spread
    return -0.5 * z**2 - 0.5 * np.log(2 * np.pi) - np.log(spread), log_survival(z)


def log_survival(z: Double) -> Double:
    """Logarithm of the probability that a normal value is above z [N].

    A few, as an answer asks for, are worked out here: loading what does many at once takes a sixth of a second.
    """
    if z.size > _FEW:
        from scipy.special import log_ndtr

        return np.asarray(log_ndtr(-z), dtype=np.float64)
    return np.array([_log_above(one) for one in z.ravel().tolist()], dtype=np.float64).reshape(z.shape)


def _log_above(z: float) -> float:
    if z < 0:
        return math.log1p(-0.5 * math.erfc(-z / math.sqrt(2)))
    if z < _FAR:
        return math.log(0.5 * math.erfc(z / math.sqrt(2)))
    far = 1 / (z * z)  # so far out the chance itself is no number any more; its series is
    series = -far * (1 - far * (3 - far * (15 - far * (105 - far * 945))))
    return -0.5 * z * z - math.log(z * math.sqrt(2 * math.pi)) + math.log1p(series)


def _chance_law(log_days: Double, rate: float) -> tuple[Double, Double]:
    """The same of exponential waits."""
    return np.log(rate) + log_days - rate * np.exp(log_days), -rate * np.exp(log_days)


def _shares(waits: Waits, law: Law, pace: Double) -> tuple[Double, Double]:
    """E step: the probabilities that each wait is one of rhythm, or ends by chance [N]."""
    at = waits.groups
    first = _log_law(waits.log_days, law.mean[at] + pace[waits.shoppers], np.sqrt(law.variance[at]))
    second = _chance_law(waits.log_days, law.rate)
    by_rhythm = law.rhythm[at] * np.exp(np.where(waits.open, first[1], first[0]))
    by_chance = law.chance[at] * np.exp(np.where(waits.open, second[1], second[0]))
    never = np.where(waits.open, 1.0 - law.rhythm[at] - law.chance[at], 0.0)
    total = by_rhythm + by_chance + never + _TINY
    return by_rhythm / total, by_chance / total


def _moments(waits: Waits, mean: Double, variance: Double) -> tuple[Double, Double]:
    """Expected log wait and its variance [N]: what was seen, or of a normal law cut off below at what was waited."""
    spread = np.sqrt(variance)
    z = (waits.log_days - mean) / spread
    mills = np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - log_survival(z))
    expected = np.where(waits.open, mean + spread * mills, waits.log_days)
    return expected, np.where(waits.open, variance * np.clip(1 + z * mills - mills**2, 0.0, 1.0), 0.0)
