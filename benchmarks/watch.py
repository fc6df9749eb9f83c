"""A watch on the main figures: measures them, keeps a row, and names what fell by more than its noise; page: watch.md.

    python benchmarks/watch.py [--only GROUP] [--dry]

Rows are kept in watch.jsonl, and watch.md is drawn from it. --only measures one group; it and --dry keep nothing. Takes
under ten minutes on two cores. The exit code says nothing about the figures: judging a fall is left to the reader.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from common import HERE, commit, processor
from watch_figures import FIGURES, GROUPS, Figure, Skipped, measured
from watch_page import page

ROWS, PAGE = HERE / "watch.jsonl", HERE / "watch.md"
BUSY, BUSY_NOISE = 1.0, 0.5
"""The load above which seconds on the wall are compared with none, and the least noise of processor seconds there:
threads that share a core's caches take longer for the same work."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one run found. `spread`: half the range of a figure that was measured several times, as a share of it."""

    commit: str
    date: str
    machine: str
    load: float
    """Processes that wanted a core when it began."""
    seconds: float
    figures: dict[str, float | None] = field(default_factory=dict)
    spread: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    note: str = ""
    """What somebody has to say of it, written in by hand."""


def read_rows(path: Path) -> list[Row]:
    """Rows, oldest first."""
    return [Row(**json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


def compared(before: Row, now: Row, figures: Mapping[str, Figure]) -> list[str]:
    """What fell by more than its noise, and what is no longer there, one line each.

    Noise is the largest of the figure's own and the spread of either row. Times and memory of two machines are not
    compared, nor are seconds on the wall where one of the two was busy; processor seconds are, with `BUSY_NOISE`.
    """
    lines, busy = [], max(before.load, now.load) > BUSY
    for name, figure in figures.items():
        was, found = before.figures.get(name), now.figures.get(name)
        if was is None:
            continue
        if found is None:
            lines.append(f"missing: {name}, which was {shown(was)}")
            continue
        if figure.cost and before.machine != now.machine:
            continue
        if figure.wall and busy:
            continue
        change = (found - was) / abs(was) if was else 0.0
        noise = max(figure.noise, before.spread.get(name, 0.0), now.spread.get(name, 0.0))
        if busy and figure.cost and figure.unit != "MB":
            noise = max(noise, BUSY_NOISE)
        if (change if figure.better == "lower" else -change) > noise:
            lines.append(f"fell: {name} {shown(was)} -> {shown(found)} ({change:+.1%}, noise {noise:.1%})")
    return lines


def shown(value: float) -> str:
    """Four significant digits, no exponent."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def measure(names: list[str]) -> Row:
    """Measure these groups; one that fails or lacks its data is named and passed over."""
    row = Row(commit(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M"), processor(), round(os.getloadavg()[0], 1), 0.0)
    started = time.perf_counter()
    for name in names:
        print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
        try:
            found, seconds = measured(GROUPS[name])
        except Skipped as why:
            row.skipped[name] = str(why)
            print(f"skipped: {why}", file=sys.stderr)
            continue
        except subprocess.CalledProcessError as error:
            row.skipped[name] = f"failed: {(error.stderr or str(error)).strip().splitlines()[-1]}"
            print(row.skipped[name], file=sys.stderr)
            continue
        for figure, value in found.items():
            row.figures[figure] = rounded(statistics.median(value) if isinstance(value, list) else value)
            if isinstance(value, list):
                row.spread[figure] = round((max(value) - min(value)) / 2 / statistics.median(value), 3)
        print(f"{seconds:.0f} s", file=sys.stderr, flush=True)
    return Row(**asdict(row) | {"seconds": round(time.perf_counter() - started)})


def rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")


def main(
    only: Annotated[str, typer.Option(help=f"One group: {', '.join(GROUPS)}.")] = "",
    dry: Annotated[bool, typer.Option("--dry", help="Keep no row.")] = False,
    draw: Annotated[bool, typer.Option("--draw", help="Measure nothing; draw the page again.")] = False,
) -> None:
    """Measure the main figures, keep a row, and say what fell."""
    if only and only not in GROUPS:
        raise SystemExit(f"There is no group {only}. There are: {', '.join(GROUPS)}.")
    rows = read_rows(ROWS)
    if not draw:
        row = measure([only] if only else list(GROUPS))
        for name, value in row.figures.items():
            around = f" ±{row.spread[name]:.1%}" if name in row.spread else ""
            print(f"{name:22} {'-' if value is None else shown(value):>10} {FIGURES[name].unit}{around}")
        asked = GROUPS[only].figures if only else FIGURES
        fell = compared(rows[-1], row, asked) if rows else []
        if rows:
            print("\n".join(fell) if fell else f"nothing fell by more than its noise since {rows[-1].commit}")
        if only or dry:
            return
        with ROWS.open("a") as out:
            out.write(json.dumps(asdict(row)) + "\n")
        rows.append(row)
    PAGE.write_text(page([asdict(row) for row in rows], shown))


if __name__ == "__main__":
    typer.run(main)
