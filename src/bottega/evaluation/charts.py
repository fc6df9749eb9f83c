"""The charts of the report, as SVG text. Lines and letters take the colour of the page, so they fit light and dark."""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Sequence
from typing import Any

import altair as alt

from bottega.evaluation.findings import DECIDING
from bottega.evaluation.protocol import Judged
from bottega.evaluation.robustness import Remains
from bottega.evaluation.scalability import Growth
from bottega.evaluation.scatter import INK, WIDTH, color, data, group, linear_axis, log_axis, scatter

__all__ = ["all_charts"]


def all_charts(
    judged: Sequence[Judged], growths: Sequence[Growth], robustness: Sequence[Remains], simple: Collection[str]
) -> list[tuple[str, str, str]]:
    """Title, a sentence on how to read it, and the SVG of each chart that there is data for."""
    if not judged:
        return []
    drawn = [
        (
            "Who is ahead",
            "NDCG@10 with its 95% interval. Orange: simple models that always stand in the table.",
            _ahead(judged, simple),
        ),
        (
            "What accuracy costs in time",
            "Seconds of training, on a scale where each step is ten times the last, against NDCG@10: best is top left.",
            scatter(judged, simple, [max(each.train_s, 0.01) for each in judged], log_axis("training (s)")),
        ),
    ]
    if all(math.isfinite(each.peak_mb) for each in judged):
        drawn.append(
            (
                "What accuracy costs in memory",
                "Peak memory of the process while training, in MB, the program itself included, against NDCG@10: best "
                "is top left.",
                scatter(judged, simple, [each.peak_mb for each in judged], linear_axis("peak memory (MB)")),
            )
        )
    coverage = [each.measures["coverage@10"].mean for each in judged]
    drawn.append(
        (
            "How much of the catalogue is shown",
            "Share of all products in somebody's first ten, against NDCG@10: best is top right.",
            scatter(judged, simple, coverage, linear_axis("coverage@10", format="%", most=1.0)),
        )
    )
    if growths:
        drawn.append(
            (
                "How training grows",
                "By what power of the events, and of the products, training time and added memory grow, with 95% "
                "intervals. Dashed: as fast as the shop itself.",
                _growth(growths, simple),
            )
        )
    if robustness:
        drawn.append(
            (
                "What bad data leaves",
                "Share of NDCG@10 left after training on bad data, with its 95% interval. Dashed: clean data.",
                _left(robustness, simple),
            )
        )
    if any(each.push is not None for each in robustness):
        drawn.append(
            (
                "How far an attack pushes its products",
                "Share of shoppers with a pushed product in their first ten: ring before, dot after fake shoppers "
                "pushed five.",
                _pushed(robustness, simple),
            )
        )
    return [(title, text, _svg(chart)) for title, text, chart in drawn]


def _ahead(judged: Sequence[Judged], simple: Collection[str]) -> Any:
    values = [
        {
            "model": each.name,
            "ndcg": found.mean,
            "low": found.low,
            "high": found.high,
            "group": group(each.name, simple),
        }
        for each in judged
        for found in [each.measures[DECIDING]]
    ]
    order = [each.name for each in judged]
    base = alt.Chart(data(values)).encode(y=alt.Y("model:N", sort=order, title=None), color=color())
    bars = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", title="NDCG@10", scale=alt.Scale(zero=True)), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(x="ndcg:Q")
    return (bars + dots).properties(width=WIDTH, height=34 * len(judged) + 10)


def _growth(growths: Sequence[Growth], simple: Collection[str]) -> Any:
    kinds = (
        ("time with events", "time_events"),
        ("time with products", "time_products"),
        ("memory with events", "memory_events"),
        ("memory with products", "memory_products"),
    )
    values = [
        {
            "model": each.model,
            "figure": title,
            "mean": found.mean,
            "low": found.low,
            "high": found.high,
            "group": group(each.model, simple),
        }
        for each in growths
        for title, field in kinds
        for found in [getattr(each, field)]
        if math.isfinite(found.mean)
    ]
    return _facets(
        values, rows="model", facet="figure", order=[each.model for each in growths], panels=[each[0] for each in kinds]
    )


def _pushed(robustness: Sequence[Remains], simple: Collection[str]) -> Any:
    values = [
        {
            "model": each.model,
            "before": each.push.before.mean,
            "after": each.push.after.mean,
            "group": group(each.model, simple),
        }
        for each in robustness
        if each.push is not None
    ]
    y = alt.Y("model:N", sort=[each.model for each in robustness if each.push], title=None)
    base = alt.Chart(data(values)).encode(y=y, color=color())
    x = alt.X("before:Q", title=None, axis=alt.Axis(format="%"), scale=alt.Scale(zero=True))
    way = base.mark_rule(strokeWidth=3, opacity=0.55).encode(x=x, x2="after:Q")
    before = base.mark_point(size=80, opacity=1, strokeWidth=2).encode(x=x)
    after = base.mark_point(filled=True, size=90, opacity=1).encode(x="after:Q")
    return (way + before + after).properties(width=WIDTH, height=34 * len(values) + 10)


def _left(robustness: Sequence[Remains], simple: Collection[str]) -> Any:
    values = [
        {
            "model": each.model,
            "corruption": each.corruption,
            "mean": each.left.mean,
            "low": each.left.low,
            "high": each.left.high,
            "group": group(each.model, simple),
        }
        for each in robustness
        if math.isfinite(each.left.mean)
    ]
    order = list(dict.fromkeys(each.model for each in robustness))
    panels = list(dict.fromkeys(each.corruption for each in robustness))
    return _facets(values, rows="model", facet="corruption", order=order, panels=panels, format="%")


def _facets(
    values: list[dict[str, Any]], *, rows: str, facet: str, order: list[str], panels: list[str], format: str = "~g"
) -> Any:
    """Intervals in two columns of panels, and a dashed line at 1."""
    base = alt.Chart().encode(y=alt.Y(f"{rows}:N", sort=order, title=None))
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(x="mean:Q", color=color())
    axis = alt.Axis(format=format, tickCount=5)
    rules = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", title=None, axis=axis, scale=alt.Scale(zero=True)), x2="high:Q", color=color()
    )
    whole = alt.Chart().mark_rule(strokeDash=[4, 4], color=INK, opacity=0.7).encode(x=alt.datum(1))
    header = alt.Header(labelColor=INK)
    return (
        alt.layer(rules, dots, whole, data=data(values))
        .properties(width=230, height=24 * len(order))
        .facet(facet=alt.Facet(f"{facet}:N", sort=panels, title=None, header=header), columns=2)
    )


def _svg(chart: Any) -> str:
    styled = (
        chart.configure(background="transparent", font="sans-serif")
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            domainColor=INK,
            tickColor=INK,
            gridColor=INK,
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
    return written.getvalue().replace(INK, "currentColor")
