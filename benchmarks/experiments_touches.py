"""What attribution says that rails sold, beside what they really did: for experiments.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from bottega.evaluation.intervals import difference
from bottega.experiments.touches import last_touch
from bottega.names import DAY_MS, KindCode
from experiments_played import Played

__all__ = ["attribution"]

SHOWN_TO = 8_000
"""Shoppers of whom impressions are made: 28 for each product opened."""


def attribution(played: Played, without: Played) -> list[dict[str, Any]]:
    """Shares of all that was paid."""
    views, bought, paid = played.of[KindCode.VIEW], played.of[KindCode.PURCHASE], played.paid()
    clicks = {name: column[views["through"]] for name, column in views.items()}
    all_paid = paid.sum()

    def line(name: str, value: float, note: str) -> dict[str, Any]:
        return {"what": name, "share of revenue": f"{value:.1%}", "": note}

    lines, said = [], {}
    for days in (1, 7, 30):
        touch = _touched(clicks, bought, days)
        said[days] = paid[touch >= 0].sum() / all_paid
        lines.append(line(f"attributed to rails: last click, {days} days", said[days], "what the report says"))
    path = paid[_opened(played)].sum() / all_paid
    lines.append(line("truth of the path: put into the cart where a rail led to it", path, ""))
    for days in (1, 7, 30):
        lines.append(line(f"bias against the path: last click, {days} days", said[days] - path, "points too many"))
    few = bought["shopper"] < SHOWN_TO
    mine = {name: column[few] for name, column in bought.items()}
    seen = views["shopper"] < SHOWN_TO
    shown = np.concatenate([played.shelves.similar, played.shelves.complements], axis=1)[views["design"][seen]]
    width = shown.shape[1]
    impressions = {
        "shopper": np.repeat(views["shopper"][seen], width),
        "design": shown.ravel().astype(np.int64),
        "time_ms": np.repeat(views["time_ms"][seen], width),
    }
    unclicked = _touched(clicks, mine, 7) < 0
    through = (_touched(impressions, mine, 1) >= 0) & unclicked
    lines.append(
        line(
            "view-through, apart: shown and not clicked, 1 day",
            paid[few][through].sum() / paid[few].sum(),
            f"the first {SHOWN_TO:,} shoppers",
        )
    )
    before, after = without.of_shopper(), played.of_shopper()
    gap = difference(after, before, np.random.default_rng(0), resamples=200)
    mean = after.mean()
    lines.append(
        line(
            "truth of the rails: what is not paid without them",
            gap.mean / mean,
            f"95% by bootstrap: {gap.low / mean:.1%} to {gap.high / mean:.1%}",
        )
    )
    lines.append(line("bias against the rails: last click, 7 days", said[7] - gap.mean / mean, "points too many"))
    return lines


def _touched(touches: dict[str, Any], bought: dict[str, Any], days: int) -> Any:
    return last_touch(
        touches["shopper"],
        touches["design"],
        touches["time_ms"],
        bought["shopper"],
        bought["design"],
        bought["time_ms"],
        window_ms=days * DAY_MS,
    )


def _opened(played: Played) -> Any:
    """Whether each purchase was put into its cart at a view that a rail led to."""
    views, carts, bought = (played.of[kind] for kind in (KindCode.VIEW, KindCode.ADD_TO_CART, KindCode.PURCHASE))
    cart = _touched(carts, bought, 1)
    assert (cart >= 0).all(), "everything bought was put into a cart on the same visit"
    chosen = {name: column[cart] for name, column in carts.items()}
    view = _touched(views, chosen, 1)
    assert (view >= 0).all(), "everything in a cart was looked at"
    return views["through"][view]
