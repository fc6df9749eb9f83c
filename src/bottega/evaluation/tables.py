"""The tables of an evaluation: figures become text, ready for a terminal or a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bottega.evaluation.intervals import Interval
from bottega.evaluation.protocol import KS, Judged
from bottega.evaluation.robustness import Remains
from bottega.evaluation.scalability import Growth

__all__ = ["BESIDE", "Table", "tables"]

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


def tables(
    judged: Sequence[Judged],
    growths: Sequence[Growth],
    left: Sequence[Remains],
    by_seed: Sequence[tuple[int, Judged]] = (),
) -> list[Table]:
    """Accuracy, what stands beside it and cost; then seeds, scalability and robustness, where there are any.

    `by_seed`: each model with each seed, where there are several.
    """
    made = [_accuracy(judged), _beside(judged), _cost(judged)]
    if by_seed:
        made.append(_seeds([each.name for each in judged], by_seed))
    if growths:
        made.append(_scalability(growths))
    if left:
        made.append(_robustness(left))
    if any(each.push is not None for each in left):
        made.append(_push(left))
    return made


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
            "all are" if each.found is None else f"{each.found:.3f}",
        )
        for each in judged
    )
    return Table(
        "Cost",
        ("model", "train_s", "peak_mb", "answer_ms", "short", "found"),
        rows,
        note="Seconds and peak memory of training (whole process), milliseconds to rank for one shopper in batches, "
        "shoppers whose list of 20 could not be filled, share of the ten best that are candidates of answers.",
    )


def _robustness(left: Sequence[Remains]) -> Table:
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


def _push(left: Sequence[Remains]) -> Table:
    rows = tuple(
        (each.model, _share(each.push.before, 1), _share(each.push.after, 1)) for each in left if each.push is not None
    )
    return Table(
        "Popularity attack",
        ("model", "before", "after"),
        rows,
        note="Share of shoppers with a pushed product in their first ten, before and after fake shoppers pushed five.",
    )


def _seeds(names: Sequence[str], by_seed: Sequence[tuple[int, Judged]]) -> Table:
    measures = ("recall@10", "ndcg@10")
    rows = []
    for name in names:
        found = [each for _, each in by_seed if each.name == name]
        cells = []
        for measure in measures:
            values = [each.measures[measure].mean for each in found]
            mean = math.fsum(values) / len(values)
            spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
            cells += [f"{mean:.4f}", f"{spread:.4f}"]
        rows.append((name, *cells))
    seeds = len({seed for seed, _ in by_seed})
    return Table(
        "Seeds",
        ("model", *(column for measure in measures for column in (measure, f"{measure} spread"))),
        tuple(rows),
        note=f"Means over {seeds} trainings with seeds of their own, and the standard deviation from one to the next. "
        "The questions are the same.",
    )


def _scalability(growths: Sequence[Growth]) -> Table:
    def cells(growth: Growth) -> list[str]:
        found = (growth.time_events, growth.time_products, growth.memory_events, growth.memory_products)
        return [_figure(each, 2) for each in found]

    return Table(
        "Scalability",
        ("model", "time/events", "time/products", "memory/events", "memory/products"),
        tuple((each.model, *cells(each)) for each in growths),
        note="Exponents: by what power training time and added memory grow with events and with products; 1 is as fast "
        "as the shop itself. ± is half the 95% interval; – where training adds less than 1 MB.",
    )


def _figure(value: Interval, digits: int = 4) -> str:
    if math.isnan(value.mean):
        return "–"
    if math.isnan(value.low):
        return f"{value.mean:.{digits}f}"
    return f"{value.mean:.{digits}f} ±{(value.high - value.low) / 2:.{digits}f}"


def _share(left: Interval, digits: int = 0) -> str:
    if not math.isfinite(left.mean):
        return "–"
    return f"{left.mean:.{digits}%} ±{(left.high - left.low) / 2:.{digits}%}"


def _argmax(values: Sequence[float]) -> int:
    return max(range(len(values)), key=lambda place: values[place], default=0)
