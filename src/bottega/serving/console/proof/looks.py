"""The interval of an experiment, day by day, as points of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bottega.actions.proof.experiment_shapes import LookInfo

__all__ = ["Chart", "chart_of"]

WIDTH, HEIGHT, EDGE = 640.0, 180.0, 10.0
MOST = 1.0
"""Ends beyond this (100%) are cut: they belong to days on which little was known."""


class Chart(NamedTuple):
    """Points as SVG has them; `zero` is where neither variant is ahead."""

    band: str
    middle: str
    zero: float
    top: float
    """What the upper edge stands for, in shares."""
    bottom: float
    words: str


def chart_of(looks: Sequence[LookInfo]) -> Chart:
    """The picture of looks at one variant, the oldest first."""
    lows = [max(one.low, -MOST) for one in looks]
    highs = [min(one.high, MOST) for one in looks]
    top, bottom = max(*highs, 0.01), min(*lows, -0.01)
    step = (WIDTH - 2 * EDGE) / max(len(looks) - 1, 1)

    def y(share: float) -> float:
        return EDGE + (top - share) / (top - bottom) * (HEIGHT - 2 * EDGE)

    def points(shares: Sequence[float], places: Sequence[int]) -> str:
        return " ".join(f"{EDGE + at * step:.1f},{y(share):.1f}" for at, share in zip(places, shares, strict=True))

    places = range(len(looks))
    band = f"{points(highs, places)} {points(lows[::-1], places[::-1])}"
    middle = points([min(max(one.uplift, bottom), top) for one in looks], places)
    last = looks[-1]
    words = f"On {last.day} between {last.low:+.1%} and {last.high:+.1%}, at best guess {last.uplift:+.1%}."
    return Chart(band, middle, round(y(0.0), 1), top, bottom, words)
