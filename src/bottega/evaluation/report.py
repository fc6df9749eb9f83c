"""The report of an evaluation: one data structure, shown as tables of text, as JSON, or as one HTML file.

The HTML needs nothing from outside: charts are inline SVG, styles are in the page, there is no script.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bottega.evaluation.charts import all_charts
from bottega.evaluation.findings import DECIDING, Finding, findings
from bottega.evaluation.intervals import Interval
from bottega.evaluation.protocol import Judged
from bottega.evaluation.robustness import Remains
from bottega.evaluation.scalability import Growth, Point
from bottega.evaluation.tables import Table, tables

__all__ = ["PROTOCOLS", "EvaluationReport", "render_html"]

PROTOCOLS: Mapping[str, str] = {
    "last": "Each shopper's last product is the question; the one before it served to tune. All products are ranked, "
    "those the shopper has are hidden.",
    "time": "Everything before one moment was learnt from; the question is each shopper's first new product after it. "
    "All products are ranked, those the shopper has are hidden.",
}
"""What a split asks, in words."""


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """All that came out of an evaluation, and on what it was made.

    `shoppers` and `events`: what was learnt from. `items`: products ranked. `asked`: shoppers with a question.
    `unseen_targets`: share of right answers that nobody had in training. `cuts_ms`: the moments of a time split.
    `sampled`: shoppers that robustness and scalability were measured on, where those were not all. `by_seed`: seed and
    figures of each model with each seed, where there are several; `judged` are those of the first.
    """

    split: str
    seed: int
    shoppers: int
    events: int
    items: int
    asked: int
    unseen_targets: float
    judged: tuple[Judged, ...]
    robustness: tuple[Remains, ...] = ()
    scalability: tuple[Growth, ...] = ()
    sampled: int | None = None
    cuts_ms: tuple[int, int] | None = None
    shop: str = ""
    by_seed: tuple[tuple[int, Judged], ...] = ()

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
        if self.sampled is not None:
            rows.append(("Shoppers sampled", f"{self.sampled:,}"))
        return rows

    def tables(self) -> list[Table]:
        """Accuracy, what stands beside it, cost and, where they were asked for, scalability and robustness."""
        return tables(self.best_first, self.scalability, self.robustness, self.by_seed)

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
                    "push": each.push
                    and {"before": _interval_list(each.push.before), "after": _interval_list(each.push.after)},
                }
                for each in self.robustness
            ],
            "scalability": [_growth_dict(each) for each in self.scalability],
            "sampled": self.sampled,
            "by_seed": [
                {
                    "model": each.name,
                    "seed": seed,
                    **{name: _number(each.measures[name].mean) for name in ("recall@10", DECIDING)},
                }
                for seed, each in self.by_seed
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
    simple = {each.name for each in report.judged if each.simple}
    drawn = [
        (title, text, Markup(svg))  # vl-convert escapes the names it draws
        for title, text, svg in all_charts(report.best_first, report.scalability, report.robustness, simple)
    ]
    return environment.get_template("report.html").render(
        report=report, protocol=PROTOCOLS.get(report.split, ""), tables=report.tables(), charts=drawn
    )


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
        "found": None if judged.found is None else round(judged.found, 4),
        "users": judged.shoppers,
    }


def _growth_dict(growth: Growth) -> dict[str, Any]:
    def point(each: Point) -> dict[str, Any]:
        return {"events": each.events, "products": each.products} | {
            "train_s": round(each.train_s, 4),
            "added_mb": _number(each.added_mb, 1),
        }

    return {
        "model": growth.model,
        "time_events": _interval_list(growth.time_events),
        "time_products": _interval_list(growth.time_products),
        "memory_events": _interval_list(growth.memory_events),
        "memory_products": _interval_list(growth.memory_products),
        "points": [point(each) for each in growth.points],
    }


def _interval_list(value: Interval) -> list[float | None]:
    return [_number(each) for each in (value.mean, value.low, value.high)]


def _number(value: float, digits: int = 6) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None
