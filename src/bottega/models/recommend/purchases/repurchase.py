"""Repurchase: is this kind of thing bought again, and when does this shopper need it next?

Idea     A purchase is followed by another of its kind because it ran out, by chance, or never (waits.py); running out
         takes its category's interval times the shopper's own pace. What was bought falls; what runs out falls first
         and returns as the hazard does.
Source   Repeat purchase as a renewal process with a customer's own rate: Bhagat et al. 2018,
         https://dl.acm.org/doi/10.1145/3219819.3219891, section 3 (repeat customer probability; modified
         Poisson-Gamma). The law and its censored waits: waits.py.
Differs  Log-normal waits and paces instead of gamma, so that both add in logarithms and have a mode away from zero;
         by category instead of by product, small categories leaning on the whole shop.
Serves   Every item; one without a category is its own kind and shares the figures of all such items.
Costs    Fit: `rounds` passes over the purchases. An answer: one pass over the shopper's events and over the items.
Shapes   N waits, S shoppers, I items, C categories; group C stands for all items without a category.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple, Self

import numpy as np

from bottega.datasets.arrays import Features, Histories
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.recommend.purchases.repeats import ORDER_MS
from bottega.models.recommend.purchases.waits import Double, Law, fit_law, kinds_of, paces, rhythm_shares, waits_of
from bottega.names import DAY_MS, FloatArray, IntArray, KindCode, LongArray

__all__ = ["Due", "Repurchase", "RepurchaseConfig", "Wants"]

_NAME = "repurchase"


@dataclass(frozen=True, slots=True)
class RepurchaseConfig:
    """How waits are learnt, and how far they move scores."""

    same_order_ms: int = ORDER_MS
    """Purchases of one kind closer than this are one order."""
    prior_waits: float = 10.0
    """How many waits the whole shop counts as in each category: for its share of repeats, its interval and spread."""
    rounds: int = 40
    """Rounds of EM."""
    fall: float = 3.0
    """The most that a score loses, as a logarithm: 3 leaves a twentieth."""
    rise: float = 0.0
    """The most that it gains by timing alone; what is due returns by name (`due`), its category need not rise."""
    rhythm_below: float = 0.8
    """A category has a rhythm while the spread of its log waits is below this; waits without memory have 1.28."""
    repeated_from: float = 0.1
    """Only what is bought again, the same product, with at least this probability is ever called due."""
    level: float = 0.8
    """Probability of the range around a due date."""


class Due(NamedTuple):
    """When a product bought before is needed again, UTC ms: half of such waits end before `expected_ms`."""

    item: int
    bought_ms: int
    low_ms: int
    expected_ms: int
    high_ms: int

    def on(self, now_ms: int) -> bool:
        """Whether `now_ms` lies in the range, or behind it by no more than another wait: later, it was given up."""
        return self.low_ms <= now_ms <= self.high_ms + self.expected_ms - self.bought_ms


@dataclass(frozen=True, slots=True)
class Wants:
    """What purchases add to log scores: `changes` to all of the `kinds` bought, `own_changes` to the `own` items.

    `groups`: how many groups of kinds were learnt (`kinds_of`).
    """

    kinds: LongArray
    changes: FloatArray
    own: IntArray
    own_changes: FloatArray
    groups: int

    @classmethod
    def nothing(cls) -> Self:
        """Of a shopper who bought nothing."""
        none = np.zeros(0, dtype=np.float32)
        return cls(np.zeros(0, dtype=np.int64), none, np.zeros(0, dtype=np.int32), none, 1)

    def of(self, items: IntArray, categories: IntArray) -> FloatArray:
        """What is added to each of some items [N]; `categories` [I] are those of all."""
        found = np.zeros(len(items), dtype=np.float32)
        if not len(self.kinds):
            return found
        kinds = kinds_of(items, categories, self.groups)
        at = np.minimum(np.searchsorted(self.kinds, kinds), len(self.kinds) - 1)
        of_kind = self.kinds[at] == kinds
        found[of_kind] = self.changes[at[of_kind]]
        at = np.minimum(np.searchsorted(self.own, items), len(self.own) - 1)
        bought = self.own[at] == items
        found[bought] = self.own_changes[at[bought]]
        return found


@dataclass(frozen=True)
class Repurchase:
    """`law`: how waits end, per group [C + 1]; `same` [C + 1]: the probability that what ends them is the same item.
    `usual`: the probability, over the whole shop, that anything of the kind is bought again; 0 where nothing ever was.
    """

    law: Law
    same: Double
    usual: float
    config: RepurchaseConfig

    @classmethod
    def fit(cls, histories: Histories, features: Features, config: RepurchaseConfig | None = None) -> Self:
        """Learn from the purchases; other kinds of event say only how long the shop was watched."""
        config = config or RepurchaseConfig()
        groups = int(features.categories.max(initial=-1)) + 2
        end_ms = int(histories.times.max(initial=0))
        waits = waits_of(histories, features.categories, groups, end_ms=end_ms, same_order_ms=config.same_order_ms)
        ended = ~waits.open
        if not ended.any():
            none = np.zeros(groups)
            return cls(Law(none, none, none, none + 1, 1.0, 0.0), none, 0.0, config)
        prior = config.prior_waits
        law = fit_law(waits, groups=groups, shoppers=len(histories), prior=prior, rounds=config.rounds)
        again = np.bincount(waits.groups[ended & waits.same], minlength=groups)
        count = np.bincount(waits.groups[ended], minlength=groups)
        same = (again + prior * float(waits.same[ended].mean())) / (count + prior)
        repeats = law.rhythm + law.chance
        return cls(law, same, float(repeats[waits.groups].mean()), config)

    @property
    def repeats(self) -> Double:
        """The probability that a purchase is followed by another of its kind [C + 1]."""
        return self.law.rhythm + self.law.chance

    @property
    def timed(self) -> bool:
        """Whether anything was ever bought again at another time; if not, nothing is said and nothing is done."""
        return self.usual > 0

    def interval_days(self, categories: IntArray) -> FloatArray:
        """Median wait in days of the kind of each item [I], for a shopper of the usual pace; `categories` [I]."""
        items = np.arange(len(categories), dtype=np.int32)
        kinds = kinds_of(items, categories, len(self.same))
        return np.asarray(np.exp(self.law.mean[self._group(kinds)]), dtype=np.float32)

    def pace(self, history: Histories, categories: IntArray) -> float:
        """What the waits of one row of history are multiplied by: below 1 for who needs things sooner."""
        return float(np.exp(self._log_pace(history, categories)[0]))

    def wants(self, history: Histories, now_ms: int, categories: IntArray) -> Wants:
        """What to add to log scores at `now_ms`, for one row of history; `categories` [I].

        log(p / p of the shop) + log(hazard now / mean hazard) for what is of a kind bought before, and log(same) more
        for the product itself, within `fall` and `rise`; 0 for every other item.
        """
        bought = np.flatnonzero((history.kinds == KindCode.PURCHASE) & (history.times <= now_ms))
        if not self.timed or not len(bought):
            return Wants.nothing()
        config, items = self.config, history.items[bought]
        touched, of_kind = np.unique(kinds_of(items, categories, len(self.same)), return_inverse=True)
        newest = np.full(len(touched), np.iinfo(np.int64).min)
        np.maximum.at(newest, of_kind, history.times[bought])
        group = self._group(touched)
        days = np.maximum((now_ms - newest) / DAY_MS, config.same_order_ms / DAY_MS)
        pace = self._log_pace(history, categories)[0]
        again = np.log(np.maximum(self.repeats[group], 1e-6) / max(self.usual, 1e-6))
        change = again + self.law.log_hazard(np.log(days), group, pace)
        changes = np.clip(change, -config.fall, config.rise).astype(np.float32)
        own, first = np.unique(items, return_index=True)
        at = of_kind[first]
        of_own = np.maximum(changes[at] + np.log(np.maximum(self.same[group[at]], 1e-6)), -config.fall)
        return Wants(touched, changes, own, of_own.astype(np.float32), len(self.same))

    def factors(self, history: Histories, now_ms: int, categories: IntArray) -> FloatArray:
        """What `wants` adds to each item [I]."""
        items = np.arange(history.n_items, dtype=np.int32)
        return self.wants(history, now_ms, categories).of(items, categories)

    def due(self, history: Histories, categories: IntArray) -> list[Due]:
        """When this shopper needs again what they bought, soonest first: of each kind with a rhythm the newest item."""
        if not self.timed:
            return []
        config = self.config
        last: dict[int, tuple[int, int]] = {}
        bought = np.flatnonzero(history.kinds == KindCode.PURCHASE)
        items = history.items[bought]
        kinds = kinds_of(items, categories, len(self.same))
        for kind, item, bought_ms in zip(kinds.tolist(), items.tolist(), history.times[bought].tolist(), strict=True):
            last[kind] = (item, bought_ms)
        if not last:
            return []
        pace, left = self._log_pace(history, categories)
        reach = NormalDist().inv_cdf(0.5 + config.level / 2)
        found = []
        for kind, (item, bought_ms) in last.items():
            group = min(kind, len(self.same) - 1)
            variance = float(self.law.variance[group])
            if variance > config.rhythm_below**2 or self.law.rhythm[group] * self.same[group] < config.repeated_from:
                continue
            middle, width = float(self.law.mean[group] + pace), reach * float(np.sqrt(variance + left))
            ends = [bought_ms + int(np.exp(log_days) * DAY_MS) for log_days in (middle - width, middle, middle + width)]
            found.append(Due(item, bought_ms, *ends))
        return sorted(found, key=lambda one: one.expected_ms)

    def save(self, folder: Path) -> None:
        """Write into an existing empty folder."""
        law = self.law
        columns = {"rhythm": law.rhythm, "chance": law.chance, "mean": law.mean, "variance": law.variance}
        shop = np.array([law.rate, law.pace_variance, self.usual])
        save_arrays(folder, model=_NAME, config=self.config, arrays={**columns, "same": self.same, "shop": shop})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=_NAME)
        rhythm, chance, mean, variance = (saved.array(name) for name in ("rhythm", "chance", "mean", "variance"))
        rate, pace_variance, usual = saved.array("shop").tolist()
        law = Law(rhythm, chance, mean, variance, rate, pace_variance)
        return cls(law, saved.array("same"), usual, saved.settings(RepurchaseConfig))

    def _group(self, kinds: LongArray) -> LongArray:
        return np.minimum(kinds, len(self.same) - 1)

    def _log_pace(self, history: Histories, categories: IntArray) -> tuple[float, float]:
        """Posterior mean and variance of the log pace, from the waits of one row that have ended."""
        law = self.law
        if law.pace_variance <= 0:
            return 0.0, 0.0
        waits = waits_of(history, categories, len(self.same), end_ms=0, same_order_ms=self.config.same_order_ms)
        pace, left, _ = paces(waits, law.mean, law.variance, law.pace_variance, 1, rhythm_shares(waits, law))
        return float(pace[0]), float(left[0])
