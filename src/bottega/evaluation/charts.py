"""The charts of the report, as SVG text. Lines and letters take the colour of the page, so they fit light and dark."""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Sequence
from typing import Any

import altair as alt

from bottega.evaluation.protocol import Judged
from bottega.evaluation.robustness import Left

__all__ = ["all_charts"]

_INK = "#010203"
"""Stands for the page's text colour until the SVG is written; no chart uses it for anything else."""
_SIMPLE, _LARGER = "#d97b29", "#3f7fd0"
_WIDTH = 640


def all_charts(
    judged: Sequence[Judged], robustness: Sequence[Left], simple: Collection[str]
) -> list[tuple[str, str, str]]:
    """Title, a sentence on how to read it, and the SVG of each chart that there is data for."""
    if not judged:
        return []
    drawn = [
        (
            "Who is ahead",
            "NDCG@10 with its 95% interval. Orange: simple models that always stand in the table.",
            _svg(_ahead(judged, simple)),
        ),
        (
            "What accuracy costs",
            "Seconds of training, on a scale where each step is ten times the last, against NDCG@10: best is top left.",
            _svg(_cost(judged, simple)),
        ),
        (
            "How much of the catalogue is shown",
            "Share of all products in somebody's first ten, against NDCG@10: best is top right.",
            _svg(_catalogue(judged, simple)),
        ),
    ]
    if robustness:
        drawn.append(
            (
                "What bad data leaves",
                "Share of NDCG@10 left after training on bad data, with its 95% interval. Dashed: clean data.",
                _svg(_left(robustness, simple)),
            )
        )
    return drawn


def _rows(judged: Sequence[Judged], simple: Collection[str]) -> Any:
    return alt.Data(  # type: ignore[no-untyped-call]
        values=[
            {
                "model": each.name,
                "ndcg": each.measures["ndcg@10"].mean,
                "low": each.measures["ndcg@10"].low,
                "high": each.measures["ndcg@10"].high,
                "coverage": each.measures["coverage@10"].mean,
                "train_s": max(each.train_s, 0.01),
                "group": _group(each.name, simple),
            }
            for each in judged
        ]
    )


def _group(name: str, simple: Collection[str]) -> str:
    return "simple" if name in simple else "larger"


def _color() -> alt.Color:
    scale = alt.Scale(domain=["simple", "larger"], range=[_SIMPLE, _LARGER])
    return alt.Color("group:N", scale=scale, legend=None)


def _ahead(judged: Sequence[Judged], simple: Collection[str]) -> Any:
    order = [each.name for each in judged]
    base = alt.Chart(_rows(judged, simple)).encode(y=alt.Y("model:N", sort=order, title=None), color=_color())
    bars = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", title="NDCG@10", scale=alt.Scale(zero=True)), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(x="ndcg:Q")
    return (bars + dots).properties(width=_WIDTH, height=34 * len(judged) + 10)


def _scatter(judged: Sequence[Judged], simple: Collection[str], x: alt.X) -> Any:
    base = alt.Chart(_rows(judged, simple)).encode(x=x, y=alt.Y("ndcg:Q", title="NDCG@10", scale=alt.Scale(zero=True)))
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(color=_color())
    names = base.mark_text(align="left", dx=10, dy=-8, color=_INK, fontSize=12).encode(text="model:N")
    return (dots + names).properties(width=_WIDTH, height=280)


def _cost(judged: Sequence[Judged], simple: Collection[str]) -> Any:
    seconds = [max(each.train_s, 0.01) for each in judged]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)) + 0.3)
    scale = alt.Scale(type="log", domain=[10.0**low, 10.0**high])
    steps = [10.0**step for step in range(low, high + 1)]
    return _scatter(
        judged, simple, alt.X("train_s:Q", title="training (s)", scale=scale, axis=alt.Axis(values=steps, format="~g"))
    )


def _catalogue(judged: Sequence[Judged], simple: Collection[str]) -> Any:
    x = alt.X(
        "coverage:Q",
        title="coverage@10",
        scale=alt.Scale(domain=[0, 1.15]),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    return _scatter(judged, simple, x)


def _left(robustness: Sequence[Left], simple: Collection[str]) -> Any:
    values = [
        {
            "model": each.model,
            "corruption": each.corruption,
            "left": each.left.mean,
            "low": each.left.low,
            "high": each.left.high,
            "group": _group(each.model, simple),
        }
        for each in robustness
        if math.isfinite(each.left.mean)
    ]
    order = list(dict.fromkeys(each.corruption for each in robustness))
    models = list(dict.fromkeys(each.model for each in robustness))
    base = alt.Chart().encode(y=alt.Y("corruption:N", sort=order, title=None))
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(x="left:Q", color=_color())
    axis = alt.Axis(format="%", tickCount=5)
    rules = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", title=None, axis=axis, scale=alt.Scale(zero=True)), x2="high:Q", color=_color()
    )
    whole = alt.Chart().mark_rule(strokeDash=[4, 4], color=_INK, opacity=0.7).encode(x=alt.datum(1))
    return (
        alt.layer(rules, dots, whole, data=alt.Data(values=values))  # type: ignore[no-untyped-call]
        .properties(width=230, height=24 * len(order))
        .facet(facet=alt.Facet("model:N", sort=models, title=None, header=alt.Header(labelColor=_INK)), columns=2)
    )


def _svg(chart: Any) -> str:
    styled = (
        chart.configure(background="transparent", font="sans-serif")
        .configure_axis(
            labelColor=_INK,
            titleColor=_INK,
            domainColor=_INK,
            tickColor=_INK,
            gridColor=_INK,
            gridOpacity=0.12,
            domainOpacity=0.4,
            tickOpacity=0.4,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=260,
        )
        .configure_view(stroke=None)
        .configure_header(labelFontSize=13, labelFontWeight="bold")
    )
    written = io.StringIO()
    styled.save(written, format="svg")
    return written.getvalue().replace(_INK, "currentColor")
