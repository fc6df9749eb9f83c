"""How long an experiment takes at today's traffic: asked before it starts, and kept as its plan when it does."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bottega.actions.proof.experiment_shapes import PowerAnswer, PowerInfo, PowerRequest
from bottega.currencies import exponent
from bottega.errors import RequestInvalid
from bottega.events.times import now_ms
from bottega.experiments.power import shoppers_needed, uplift_seen
from bottega.experiments.sequential import ALPHA
from bottega.experiments.sums import Sums
from bottega.experiments.verdict import Gauge
from bottega.names import DAY_MS
from bottega.shop.open_shop import OpenShop
from bottega.store.experiments import KeptExperiment

__all__ = ["experiment_power", "shoppers_planned"]

LOOKED_DAYS = 28
"""Traffic is that of so many days, all of whose shoppers' own days are over."""
SHOWN_DAYS = (14, 28, 56)
UNKNOWN_VARIANCE = 10.0
"""Of a measure that nobody has shown yet, in squares of its mean: what revenue has in many shops."""
_SHARES_OFF = 0.001


def experiment_power(shop: OpenShop, request: PowerRequest) -> PowerAnswer:
    """How many days it takes until an uplift shows. Raises `RequestInvalid` for shares that are not 1 together."""
    if abs(sum(request.shares) - 1) > _SHARES_OFF:
        raise RequestInvalid(
            f"Shares are {', '.join(f'{share:g}' for share in request.shares)}, together {sum(request.shares):g}.",
            allowed="Together they are 1.",
            next_step="Correct them, as in 0.9 and 0.1.",
        )
    seen = _seen(shop, request.measure, request.horizon_days)
    pair, alpha = _pair(request.shares)
    a_day = seen.shoppers / LOOKED_DAYS
    mine = a_day * sum(pair)
    if seen.active < 2 or not mine:
        return PowerAnswer(
            mean=None,
            shoppers_a_day=round(a_day, 1),
            shoppers_needed=None,
            days=None,
            shows_in=[],
            sentence="Nobody of the last weeks has done what is measured, so that nobody can tell.",
        )
    needed = shoppers_needed(request.effect, seen.relative_variance, shares=pair, alpha=alpha)
    days = math.ceil(needed / mine) + request.horizon_days
    shows = [
        PowerInfo(
            days=over,
            shows=uplift_seen(mine * (over - request.horizon_days), seen.relative_variance, shares=pair, alpha=alpha),
        )
        for over in SHOWN_DAYS
        if over > request.horizon_days
    ]
    return PowerAnswer(
        mean=seen.mean,
        shoppers_a_day=round(a_day, 1),
        shoppers_needed=needed,
        days=days,
        shows_in=shows,
        sentence=f"With {a_day:,.0f} new shoppers a day, a difference of {request.effect:.1%} shows after {days:,} "
        "days in four experiments of five.",
    )


def shoppers_planned(shop: OpenShop, kept: KeptExperiment) -> int:
    """Shoppers of the control and the smallest variant together in which what is asked about shows."""
    pair, alpha = _pair([variant["share"] for variant in kept.variants])
    seen = _seen(shop, kept.measure, kept.horizon_days)
    variance = seen.relative_variance if seen.active > 1 else UNKNOWN_VARIANCE
    return shoppers_needed(kept.effect, variance, shares=pair, alpha=alpha)


def _pair(shares: Sequence[float]) -> tuple[tuple[float, float], float]:
    """The control and the smallest other variant, and the chance of a false alarm that this pair may have."""
    return (shares[0], min(shares[1:])), ALPHA / (len(shares) - 1)


def _seen(shop: OpenShop, measure: str, horizon_days: int) -> Sums:
    """What shoppers of the last weeks did who came as new ones."""
    until_ms = now_ms()
    currency = shop.settings.currency
    found = shop.store.outcomes.of_everybody(
        since_ms=until_ms - (LOOKED_DAYS + horizon_days) * DAY_MS,
        horizon_ms=horizon_days * DAY_MS,
        until_ms=until_ms,
        currency=currency,
        decimals=exponent(currency),
    )
    return found.get(Gauge(measure), Sums(0, 0, 0.0, 0.0))
