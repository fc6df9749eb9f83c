"""Chances: how probable is it that this shopper buys within days, and that they have left?

Idea     What is known of each shopper at some moments of the past (shopper_columns.py), and whether they bought in the
         days after it, teach a logistic regression; it is asked about now. Who never bought has one of its own.
         Leaving is not seen, only its absence: that nothing is bought for a quarter of a year.
Source   Logistic regression: Hastie et al. 2009, https://hastie.su.domains/ElemStatLearn/, section 4.4. The bar is
         BG/NBD: Fader, Hardie & Lee 2005, https://doi.org/10.1287/mksc.1040.0098; benchmarks/chances.md has both.
Differs  No law of buying is assumed, so that visits and carts can speak beside orders; several moments of the past
         teach together.
Serves   Every shopper of whom any event is known, where the shop has enough that bought; else nothing is said.
Costs    Fit: a pass over the events for each moment that teaches. One shopper: 0.3 ms.
Shapes   S shoppers, F columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.models.blocks.logistic import chance, fit_odds
from bottega.models.recommend.purchases.shopper_columns import COLUMNS, ORDERS, Double, columns_at
from bottega.names import DAY_MS, BoolArray, KindCode
from bottega.saved import ModelFile

__all__ = ["Chances", "ChancesConfig", "Odds", "bought_within", "cases_of", "has_bought"]

_OTHERS = np.array([name not in ORDERS for name in COLUMNS])
"""Columns that say anything of who never bought."""


@dataclass(frozen=True, slots=True)
class ChancesConfig:
    """Over which days, and how much it takes to say anything."""

    soon_days: int = 7
    """The chance of a next purchase is one within so many days."""
    leave_days: int = 91
    """Who buys nothing for so long has left; a third of what the shop has seen where that is less."""
    least_days: int = 28
    """A shop must have seen three times as many days, or nothing is said of leaving."""
    origins: int = 6
    """At most so many moments of the past teach, the newest first, as many days apart as are asked about; all of them
    within `leave_days`, for what was usual long ago is not any more."""
    least: int = 30
    """Of those that bought and of those that did not, so many are needed."""
    ridge: float = 1.0
    """Penalty on the weights of columns of unit variance."""
    top: float = 0.1
    """The share of shoppers that counts as likely to buy."""
    bottom: float = 0.2
    """The share of those who bought twice or more, and have not lapsed, that counts as likely to leave."""
    lapsed_wait: float = 0.9
    """Who waits longer than this share of all waits between orders has lapsed."""


@dataclass(frozen=True, slots=True)
class Odds:
    """A logistic regression [F] on columns less `means` over `scales`; none where `weights` is empty."""

    weights: tuple[float, ...] = ()
    means: tuple[float, ...] = ()
    scales: tuple[float, ...] = ()

    @classmethod
    def fit(cls, columns: Double, bought: BoolArray, config: ChancesConfig) -> Self:
        """Learn from cases [N, F] whether each bought [N]; nothing where too few did, or did not."""
        yes = int(bought.sum())
        if min(yes, len(bought) - yes) < config.least:
            return cls()
        means, scales = columns.mean(axis=0), columns.std(axis=0)
        means[0], scales[0] = 0.0, 1.0  # the constant
        scales[scales < 1e-9] = np.inf  # says nothing
        weights = fit_odds((columns - means) / scales, bought.astype(np.float64), ridge=config.ridge)
        return cls(*(tuple(one.tolist()) for one in (weights, means, 1.0 / scales)))

    def of(self, columns: Double) -> Double:
        """The probability of buying [N]; NaN where nothing was learnt."""
        if not self.weights:
            return np.full(len(columns), np.nan)
        return chance((columns - np.array(self.means)) * np.array(self.scales), np.array(self.weights))


@dataclass(frozen=True)
class Chances:
    """`soon`, `leave`: of who bought before; `first`: that who never bought buys soon.

    `leave_days` are those in fact asked about, 0 where nothing is said. `likely` and `leaving` are the probabilities
    from which a shopper is likely to buy soon, and below which one is likely to leave. `lapsed_days`: longer than
    nearly all waits of the shop.
    """

    soon: Odds = field(default_factory=Odds)
    first: Odds = field(default_factory=Odds)
    leave: Odds = field(default_factory=Odds)
    leave_days: int = 0
    likely: float = 1.0
    leaving: float = 0.0
    lapsed_days: float = 0.0
    config: ChancesConfig = field(default_factory=ChancesConfig)

    @classmethod
    def fit(cls, histories: Histories, config: ChancesConfig | None = None) -> Self:
        """Learn from everything up to the last event."""
        config = config or ChancesConfig()
        if not histories.n_events:
            return cls(config=config)
        end_ms, days = int(histories.times.max()) + 1, int(np.ptp(histories.times)) // DAY_MS
        leave_days = min(config.leave_days, days // 3 // 7 * 7)
        leave_days = leave_days if leave_days >= config.least_days else 0
        columns, yes = cases_of(histories, end_ms, config.soon_days, config)
        buyers = has_bought(columns)
        soon = Odds.fit(columns[buyers], yes[buyers], config)
        first = Odds.fit(columns[~buyers][:, _OTHERS], yes[~buyers], config)
        leave = Odds()
        if leave_days:
            columns, yes = cases_of(histories, end_ms, leave_days, config)
            buyers = has_bought(columns)
            leave = Odds.fit(columns[buyers], yes[buyers], config)
        made = cls(soon, first, leave, leave_days if leave.weights else 0, config=config)
        return made._with_borders(columns_at(histories, end_ms), histories)

    def _with_borders(self, columns: Double, histories: Histories) -> Self:
        """Where segments begin, by the shoppers of today."""
        config = self.config
        lapsed_days = _long_wait(histories, config.lapsed_wait)
        soon = self.buys_soon(columns)
        known = soon[~np.isnan(soon)]
        likely = float(np.quantile(known, 1 - config.top)) if len(known) else 1.0
        back, fallen = columns[:, _AT["log_orders"]] > 0, _days_since_order(columns) > lapsed_days
        stays = self.stays(columns[back & ~fallen])
        stays = stays[~np.isnan(stays)]
        leaving = float(np.quantile(stays, config.bottom)) if len(stays) else 0.0
        return type(self)(self.soon, self.first, self.leave, self.leave_days, likely, leaving, lapsed_days, self.config)

    def buys_soon(self, columns: Double) -> Double:
        """The probability of a purchase within `config.soon_days` [S]; NaN where nothing was learnt."""
        buyers, found = has_bought(columns), np.full(len(columns), np.nan)
        found[buyers] = self.soon.of(columns[buyers])
        found[~buyers] = self.first.of(columns[~buyers][:, _OTHERS])
        return found

    def stays(self, columns: Double) -> Double:
        """The probability that a buyer buys again within `leave_days` [S]; NaN of who never bought."""
        buyers, found = has_bought(columns), np.full(len(columns), np.nan)
        found[buyers] = self.leave.of(columns[buyers])
        return found

    def is_likely(self, columns: Double) -> BoolArray:
        """Who is likely to buy soon [S]: among the `config.top` of the shoppers there were at the training."""
        return np.nan_to_num(self.buys_soon(columns), nan=-1.0) >= self.likely

    def has_lapsed(self, columns: Double) -> BoolArray:
        """Who bought, and has waited longer than nearly anybody who came back [S]."""
        return has_bought(columns) & (self.lapsed_days > 0) & (_days_since_order(columns) > self.lapsed_days)

    def is_leaving(self, columns: Double) -> BoolArray:
        """Who bought twice or more, has not lapsed, and hardly anybody is less likely to buy again [S]."""
        stays = np.nan_to_num(self.stays(columns), nan=2.0)
        back = columns[:, _AT["log_orders"]] > 0
        return back & ~self.has_lapsed(columns) & (stays <= self.leaving)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete. A training from before there were chances
        says nothing."""
        if not path.exists():
            return cls()
        with ModelFile(path):
            saved = json.loads(path.read_text())
            soon, first, leave = (Odds(*map(tuple, saved.pop(name).values())) for name in ("soon", "first", "leave"))
            return cls(soon, first, leave, config=ChancesConfig(**saved.pop("config")), **saved)


_AT = {name: place for place, name in enumerate(COLUMNS)}


def bought_within(histories: Histories, start_ms: int, days: int) -> BoolArray:
    """Who bought anything from a moment on, within so many days [S]."""
    inside = (histories.times >= start_ms) & (histories.times < start_ms + days * DAY_MS)
    bought = inside & (histories.kinds == KindCode.PURCHASE)
    return np.bincount(histories.shoppers[bought], minlength=len(histories)) > 0


def cases_of(
    histories: Histories,
    end_ms: int,
    days: int,
    config: ChancesConfig | None = None,
    *,
    columns: Callable[[Histories, int], Double] = columns_at,
) -> tuple[Double, BoolArray]:
    """Shoppers at some moments before `end_ms` [N, F], those who had come by then, and who of them bought in the `days`
    after it [N]."""
    config = config or ChancesConfig()
    cases, bought = [], []
    for number in range(1, max(1, min(config.origins, config.leave_days // days)) + 1):
        at_ms = end_ms - number * days * DAY_MS
        found = columns(histories, at_ms)
        came = found[:, _AT["log_days_since_first_event"]] > 0
        cases.append(found[came])
        bought.append(bought_within(histories, at_ms, days)[came])
    return np.concatenate(cases), np.concatenate(bought)


def has_bought(columns: Double) -> BoolArray:
    """Who bought anything [S]."""
    return columns[:, _AT["log_days_since_first_order"]] > 0


def _days_since_order(columns: Double) -> Double:
    return np.asarray(np.expm1(columns[:, _AT["log_days_since_order"]]))


def _long_wait(histories: Histories, share: float) -> float:
    """Days longer than this share of the waits between days with an order; 0 where nobody came back."""
    bought = histories.kinds == KindCode.PURCHASE
    shoppers, days = histories.shoppers[bought], histories.times[bought] // DAY_MS
    waits = np.diff(days)[(shoppers[1:] == shoppers[:-1]) & (np.diff(days) > 0)]
    return float(np.quantile(waits, share)) if len(waits) else 0.0
