"""The lines of treadmill.py: what was measured, with intervals, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from bottega.evaluation.intervals import Interval, difference, interval

LINES: list[dict[str, Any]] = []


def told(part: str, measure: str, **values: Interval | float) -> None:
    """One line of the result."""
    line: dict[str, Any] = {"part": part, "measure": measure}
    for name, value in values.items():
        if isinstance(value, Interval):
            line |= {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}
        else:
            line[name] = value
    LINES.append(line)


def compared(part: str, measure: str, off: Iterable[float], on: Iterable[float]) -> None:
    """Means with the rules off and on, and the gap with its interval."""
    before, after = (np.array(list(values), dtype=np.float64) for values in (off, on))
    rng = np.random.default_rng
    gap = difference(after, before, rng(0))
    told(part, measure, asked=len(before), off=interval(before, rng(0)), on=interval(after, rng(0)), gap=gap)


def show() -> None:
    """The lines as tables."""
    print("| measure | asked | rules off | rules on | gap (95%) |\n|---|---|---|---|---|")
    for line in LINES:
        if "gap" in line:
            gap = f"{line['gap']:+.4f} ({line['gap_low']:+.4f} to {line['gap_high']:+.4f})"
            means = f"{line['off']:.4f} | {line['on']:.4f}"
            print(f"| {line['part']}: {line['measure']} | {line['asked']} | {means} | {gap} |")
    print("\n| | |\n|---|---|")
    for line in LINES:
        if "ahead" in line:
            ahead = f"{line['ahead']:.3f} ({line['ahead_low']:.3f} to {line['ahead_high']:.3f})"
            print(f"| {line['part']}: {line['measure']} | {ahead} |")
        if "value" in line:
            print(f"| {line['part']}: {line['measure']} | {line['value']:.3f} |")
    print("\n| department | role | bought again | because it ran out | days | spread of log | true days |")
    print("|---|---|---|---|---|---|---|")
    for line in LINES:
        if line["part"] == "categories":
            cells = [f"{line[name]:.2f}" for name in ("repeats", "rhythm", "days", "spread", "true_days")]
            print(f"| {' | '.join([line['measure'], line['role'], *cells])} |")
