"""Scatter charts whose names do not cover one another, and the style that all charts share."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from bottega.evaluation.findings import DECIDING
from bottega.evaluation.protocol import Judged

__all__ = ["INK", "WIDTH", "color", "data", "group", "linear_axis", "log_axis", "scatter"]

INK = "#010203"
"""Stands for the page's text colour until the SVG is written; no chart uses it for anything else."""
_SIMPLE, _LARGER = "#d97b29", "#3f7fd0"
WIDTH, _HEIGHT, _LETTER = 640, 300, 12
"""Pixels of a chart, and of its letters."""


def data(values: list[dict[str, Any]]) -> Any:
    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def group(name: str, simple: Collection[str]) -> str:
    return "simple" if name in simple else "larger"


def color() -> alt.Color:
    scale = alt.Scale(domain=["simple", "larger"], range=[_SIMPLE, _LARGER])
    return alt.Color("group:N", scale=scale, legend=None)


@dataclass(frozen=True)
class _Axis:
    """An axis made for given values: its title, its range, whether it is logarithmic, and how values are written."""

    title: str
    domain: tuple[float, float]
    log: bool = False
    format: str = "~g"

    def place(self, value: float) -> float:
        """Where a value stands, from 0 to 1."""
        low, high = self.domain
        if self.log:
            return (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))
        return (value - low) / (high - low)

    def value(self, place: float) -> float:
        """What stands at a place."""
        low, high = self.domain
        return float(low * (high / low) ** place) if self.log else low + (high - low) * place

    def x(self, field: str) -> alt.X:
        """The channel of a field on this axis."""
        scale = alt.Scale(type="log" if self.log else "linear", domain=list(self.domain), nice=False)
        low, high = (math.log10(side) if self.log else 0.0 for side in self.domain)
        steps = [10.0**step for step in range(math.ceil(low), math.floor(high) + 1)]
        axis = alt.Axis(format=self.format, **({"values": steps} if self.log else {"tickCount": 6}))
        return alt.X(f"{field}:Q", title=self.title, scale=scale, axis=axis)


def log_axis(title: str) -> Callable[[Sequence[float]], _Axis]:
    def made(values: Sequence[float]) -> _Axis:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 0.3)
        return _Axis(title, (10.0**low, 10.0**high), log=True)

    return made


def linear_axis(title: str, *, format: str = ",.0f", most: float | None = None) -> Callable[[Sequence[float]], _Axis]:
    return lambda values: _Axis(title, (0.0, 1.08 * (most or max(values) or 1.0)), format=format)


def scatter(
    judged: Sequence[Judged],
    simple: Collection[str],
    found: Sequence[float],
    made: Callable[[Sequence[float]], _Axis],
) -> Any:
    ndcg = [each.measures[DECIDING].mean for each in judged]
    across, up = made(found), _Axis("NDCG@10", (0.0, 1.12 * max(*ndcg, 1e-6)))
    names = [each.name for each in judged]
    dots = [(across.place(x) * WIDTH, (1 - up.place(y)) * _HEIGHT) for x, y in zip(found, ndcg, strict=True)]
    values = [
        {
            "model": name,
            "x": x,
            "y": y,
            "label_x": across.value(label[0] / WIDTH),
            "label_y": up.value(1 - label[1] / _HEIGHT),
            "group": group(name, simple),
        }
        for name, x, y, label in zip(names, found, ndcg, _labels(dots, names), strict=True)
    ]
    y = alt.Scale(domain=list(up.domain), nice=False)
    base = alt.Chart(data(values))
    points = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=across.x("x"), y=alt.Y("y:Q", title=up.title, scale=y), color=color()
    )
    texts = base.mark_text(color=INK, fontSize=_LETTER).encode(x="label_x:Q", y="label_y:Q", text="model:N")
    return (points + texts).properties(width=WIDTH, height=_HEIGHT)


def _labels(dots: Sequence[tuple[float, float]], names: Sequence[str]) -> list[tuple[float, float]]:
    """The middle of each dot's name in pixels, where it covers neither a dot nor another name, as near as can be."""
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in dots]
    placed = []
    for (x, y), name in zip(dots, names, strict=True):
        half = 0.29 * _LETTER * len(name) + 2
        best, least = (x, y), math.inf
        for down in range(-60, 61, 6):
            for side in (1, -1, 0):
                if side == 0 and abs(down) < 12:
                    continue
                middle = (x + side * (half + 9), y + down)
                box = (middle[0] - half, middle[1] - 7, middle[0] + half, middle[1] + 7)
                outside = box[0] < 0 or box[2] > WIDTH or box[1] < 0 or box[3] > _HEIGHT
                covers = sum(box[0] < r and left < box[2] and box[1] < b and t < box[3] for left, t, r, b in taken)
                cost = 1000 * (covers + 2 * outside) + abs(down) + (4 if side < 0 else 0) + (6 if side == 0 else 0)
                if cost < least:
                    best, least = middle, cost
        placed.append(best)
        taken.append((best[0] - half, best[1] - 7, best[0] + half, best[1] + 7))
    return placed
