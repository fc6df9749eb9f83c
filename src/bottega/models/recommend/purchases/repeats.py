"""Durable or consumable: in which categories shoppers buy the same thing again; repurchase.py says when.

Idea     Of the purchases whose shopper came back to buy anything later, the share where the same item was bought
         again. Categories with little evidence lean on the whole shop: a Beta prior, whose strength follows from how
         much the categories differ (method of moments).
Source   Repeat-customer probability of Bhagat et al. 2018, https://dl.acm.org/doi/10.1145/3219819.3219891, section 3.1.
Differs  By category instead of by product, and only where the shopper had a chance to buy again.
Serves   Every item: one without a category gets the shop's mean.
Costs    One sort of the purchases.
Shapes   N events, I items, C categories.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.names import DAY_MS, BoolArray, FloatArray, IntArray, KindCode, LongArray
from bottega.saved import ModelFile

__all__ = ["RepeatConfig", "RepeatRates"]

ORDER_MS = DAY_MS
"""Purchases of one shopper closer than this are one order: what is bought again on the same day was forgotten, not used
up, and parts of one order stand within the day that a shop books it on."""


@dataclass(frozen=True)
class RepeatConfig:
    """How durables are told from consumables."""

    prior_strength: float = 20.0
    """How many purchases the shop's mean counts as, in each category, where the categories themselves cannot tell."""
    strength_least: float = 1.0
    """Least and most that it counts where they can: little in a shop whose categories differ widely."""
    strength_most: float = 50.0
    durable_below: float = 0.1
    """A category is durable while fewer than this share of its purchases are followed by the same item again."""
    same_order_ms: int = ORDER_MS
    """Purchases of one item closer than this are one order, not a purchase and its repeat."""


@dataclass(frozen=True)
class RepeatRates:
    """Share of purchases that are repeated: `rates` [C] by category, `mean` over the shop."""

    rates: FloatArray
    mean: float
    categories: IntArray
    """Category of each item that was learnt from [I]."""
    config: RepeatConfig = field(default_factory=RepeatConfig)

    @classmethod
    def fit(cls, histories: Histories, categories: IntArray, config: RepeatConfig | None = None) -> Self:
        """Learn from the purchases in `histories`; `categories` [I] is each item's category, -1 where it has none."""
        config = config or RepeatConfig()
        bought = histories.kinds == KindCode.PURCHASE
        order = np.lexsort((histories.times[bought], histories.items[bought], histories.shoppers[bought]))
        shoppers, items, times = (row[bought][order] for row in (histories.shoppers, histories.items, histories.times))
        again = np.zeros(len(items), dtype=np.bool_)
        again[1:] = (shoppers[1:] == shoppers[:-1]) & (items[1:] == items[:-1])
        gap = np.diff(times, prepend=times[:1])
        fresh = ~(again & (gap < config.same_order_ms))
        shoppers, items, times, again = shoppers[fresh], items[fresh], times[fresh], again[fresh]
        repeated = np.append(again[1:], False)[: len(items)]
        last = np.zeros(len(histories), dtype=np.int64)
        np.maximum.at(last, shoppers, times)
        chance = times + config.same_order_ms <= last[shoppers]
        where = categories[items]
        counted = chance & (where >= 0)
        n_categories = int(categories.max(initial=-1)) + 1
        chances = np.bincount(where[counted], minlength=n_categories)
        repeats = np.bincount(where[counted & repeated], minlength=n_categories)
        mean = float(repeated[chance].mean()) if chance.any() else 0.0
        strength = _strength(repeats, chances, mean, config)
        rates = (repeats + strength * mean) / (chances + strength)
        return cls(rates.astype(np.float32), mean, categories, config)

    def of(self, categories: IntArray) -> FloatArray:
        """Repeat rate of each item [I] by its category; the shop's mean where the category is new or absent."""
        table = np.append(self.rates, np.float32(self.mean))
        known = (categories >= 0) & (categories < len(self.rates))
        return np.asarray(table[np.where(known, categories, len(self.rates))], dtype=np.float32)

    def durable_of(self, categories: IntArray) -> BoolArray:
        """Whether each item [I] belongs to a durable category."""
        return self.of(categories) < self.config.durable_below

    @property
    def durable(self) -> BoolArray:
        """The same for the items that were learnt from [I]."""
        return self.durable_of(self.categories)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        table = {"rates": self.rates.tolist(), "mean": self.mean, "categories": self.categories.tolist()}
        path.write_text(json.dumps({**table, "config": asdict(self.config)}))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        with ModelFile(path):
            table = json.loads(path.read_text())
            return cls(
                np.array(table["rates"], dtype=np.float32),
                float(table["mean"]),
                np.array(table["categories"], dtype=np.int32),
                RepeatConfig(**table["config"]),
            )


def _strength(repeats: LongArray, chances: LongArray, mean: float, config: RepeatConfig) -> float:
    """Strength of the Beta prior whose spread is that of the categories' shares: mean (1 - mean) / variance - 1.

    What the small number of purchases adds to the spread is taken off first. Kleinman 1973,
    https://doi.org/10.1080/01621459.1973.10481332, section 2.
    """
    known = chances >= 5
    if known.sum() < 3 or not 0.0 < mean < 1.0:
        return config.prior_strength
    shares = repeats[known] / chances[known]
    spread = mean * (1.0 - mean)
    chance_spread = float(np.mean(spread / chances[known]))
    between = float(np.mean((shares - mean) ** 2)) - chance_spread
    if between <= 0:
        return config.strength_most
    return float(np.clip(spread / between - 1.0, config.strength_least, config.strength_most))
