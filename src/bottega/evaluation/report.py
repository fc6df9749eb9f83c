"""The report of an evaluation: one data structure, shown as tables of text, as JSON, or as one HTML file.

The HTML needs nothing from outside: charts are inline SVG, styles are in the page, there is no script.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bottega.evaluation import charts
from bottega.evaluation.findings import DECIDING, SIMPLE, Finding, findings
from bottega.evaluation.intervals import Interval
from bottega.evaluation.protocol import KS, Judged
from bottega.evaluation.robustness import Left

__all__ = ["BESIDE", "PROTOCOLS", "EvaluationReport", "Table", "render_html"]

PROTOCOLS: Mapping[str, str] = {
    "last": "Each shopper's last product is the question; the one before it served to tune. All products are ranked, "
    "those the shopper has are hidden.",
    "time": "Everything before one moment was learnt from; the question is each shopper's first new product after it. "
    "All products are ranked, those the shopper has are hidden.",
}
"""What a split asks, in words."""

BESIDE = ("coverage", "novelty", "diversity", "popularity", "concentration")
"""Measures that stand beside accuracy."""


@dataclass(frozen=True, slots=True)
class Table:
    """Text, ready to print. `best` holds (row, column) of the cells to set in bold; the first column is the model."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    best: frozenset[tuple[int, int]] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """All that came out of an evaluation, and on what it was made.

    `shoppers` and `events`: what was learnt from. `items`: products ranked. `asked`: shoppers with a question.
    `unseen_targets`: share of right answers that nobody had in training. `cuts_ms`: the moments of a time split.
    """

    split: str
    seed: int
    shoppers: int
    events: int
    items: int
    asked: int
    unseen_targets: float
    judged: tuple[Judged, ...]
    robustness: tuple[Left, ...] = ()
    cuts_ms: tuple[int, int] | None = None
    shop: str = ""

    @property
    def findings(self) -> list[Finding]:
        """The sentences above the table."""
        return findings(self.judged, split=self.split, unseen_targets=self.unseen_targets)

    @property
    def best_first(self) -> list[Judged]:
        """The models, by the deciding figure."""
        return sorted(self.judged, key=lambda each: -each.measures[DECIDING].mean)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """On what the evaluation was made: label and value."""
        rows = [
            ("Split", self.split),
            ("Shoppers asked", f"{self.asked:,}"),
            ("Products ranked", f"{self.items:,}"),
            ("Events learnt from", f"{self.events:,}"),
            ("Shoppers learnt from", f"{self.shoppers:,}"),
            ("Seed", str(self.seed)),
        ]
        if self.cuts_ms is not None:
            rows.append(("Test begins", str(np.datetime64(self.cuts_ms[1], "ms").astype("datetime64[D]"))))
        return rows

    def tables(self) -> list[Table]:
        """Accuracy, what stands beside it, cost and, where it was asked for, robustness."""
        tables = [_accuracy(self.best_first), _beside(self.best_first), _cost(self.best_first)]
        return [*tables, _robustness(self.robustness)] if self.robustness else tables

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON values; a figure that is not defined is null."""
        return {
            "split": self.split,
            "seed": self.seed,
            "shop": self.shop,
            "asked": self.asked,
            "items": self.items,
            "events": self.events,
            "shoppers": self.shoppers,
            "unseen_targets": _number(self.unseen_targets),
            "cuts_ms": list(self.cuts_ms) if self.cuts_ms else None,
            "findings": [{"tone": each.tone, "text": each.text} for each in self.findings],
            "models": [_model_dict(each) for each in self.best_first],
            "robustness": [
                {
                    "model": each.model,
                    "corruption": each.corruption,
                    DECIDING: _number(each.ndcg),
                    "left": _interval_list(each.left),
                    "change": _interval_list(each.change),
                }
                for each in self.robustness
            ],
        }

    def html(self) -> str:
        """The whole report as one HTML page."""
        return render_html(self)


def render_html(report: EvaluationReport) -> str:
    """The page; templates/report.html says how it looks."""
    environment = Environment(
        loader=PackageLoader("bottega.evaluation"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    drawn = [
        (title, text, Markup(svg))  # vl-convert escapes the names it draws
        for title, text, svg in charts.all_charts(report.best_first, report.robustness, SIMPLE)
    ]
    return environment.get_template("report.html").render(
        report=report, protocol=PROTOCOLS.get(report.split, ""), tables=report.tables(), charts=drawn
    )


def _accuracy(judged: Sequence[Judged]) -> Table:
    names = [f"{measure}@{k}" for measure in ("recall", "ndcg") for k in KS]
    columns = [[_figure(each.measures[name]) for each in judged] for name in names]
    best = {(_argmax([each.measures[name].mean for each in judged]), place + 1) for place, name in enumerate(names)}
    rows = tuple((each.name, *(column[row] for column in columns)) for row, each in enumerate(judged))
    return Table(
        "Accuracy",
        ("model", *names),
        rows,
        frozenset(best) if judged else frozenset(),
        "± is half the 95% bootstrap interval over shoppers.",
    )


def _beside(judged: Sequence[Judged]) -> Table:
    names = [f"{measure}@10" for measure in BESIDE]
    rows = tuple((each.name, *(_figure(each.measures[name], 3) for name in names)) for each in judged)
    return Table(
        "Beside accuracy",
        ("model", *names),
        rows,
        note="More coverage, novelty and diversity, less popularity and concentration: a list less like everybody's.",
    )


def _cost(judged: Sequence[Judged]) -> Table:
    rows = tuple(
        (
            each.name,
            f"{each.train_s:.1f}",
            "not measured" if math.isnan(each.peak_mb) else f"{each.peak_mb:,.0f}",
            f"{each.answer_ms:.2f}",
            f"{each.short:,}",
        )
        for each in judged
    )
    return Table(
        "Cost",
        ("model", "train_s", "peak_mb", "answer_ms", "short"),
        rows,
        note="Seconds and peak memory of training (whole process), milliseconds to rank for one shopper in batches, "
        "shoppers whose list of 20 could not be filled.",
    )


def _robustness(left: Sequence[Left]) -> Table:
    corruptions = list(dict.fromkeys(each.corruption for each in left))
    found = {(each.model, each.corruption): each for each in left}
    rows = tuple(
        (model, *(_share(found[model, name].left) for name in corruptions))
        for model in dict.fromkeys(each.model for each in left)
    )
    return Table(
        "Robustness",
        ("model", *corruptions),
        rows,
        note="Share of ndcg@10 left after training on bad data; ± is half the 95% interval.",
    )


def _figure(value: Interval, digits: int = 4) -> str:
    if math.isnan(value.mean):
        return "–"
    if math.isnan(value.low):
        return f"{value.mean:.{digits}f}"
    return f"{value.mean:.{digits}f} ±{(value.high - value.low) / 2:.{digits}f}"


def _share(left: Interval) -> str:
    return f"{left.mean:.0%} ±{(left.high - left.low) / 2:.0%}" if math.isfinite(left.mean) else "–"


def _argmax(values: Sequence[float]) -> int:
    return max(range(len(values)), key=lambda place: values[place], default=0)


def _model_dict(judged: Judged) -> dict[str, Any]:
    return {
        "model": judged.name,
        **{name: _number(value.mean) for name, value in judged.measures.items()},
        "intervals": {
            name: _interval_list(value)[1:] for name, value in judged.measures.items() if math.isfinite(value.low)
        },
        "train_s": round(judged.train_s, 3),
        "peak_mb": _number(judged.peak_mb, 1),
        "before_mb": _number(judged.before_mb, 1),
        "answer_ms": round(judged.answer_ms, 4),
        "short": judged.short,
        "users": judged.shoppers,
    }


def _interval_list(value: Interval) -> list[float | None]:
    return [_number(each) for each in (value.mean, value.low, value.high)]


def _number(value: float, digits: int = 6) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None
