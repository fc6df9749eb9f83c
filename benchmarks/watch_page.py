"""Draws watch.md: what each figure is, and a table a group with the newest row first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from watch_figures import GROUPS, RATE, REPEATS, SECONDS

__all__ = ["page"]

TOP = f"""# A watch on the main figures

    make watch
    python benchmarks/watch.py --only serving      # one group, nothing kept
    python benchmarks/watch.py --dry               # all of them, nothing kept

Each run measures the figures below, adds a row to `benchmarks/watch.jsonl` and draws this page from it; then it names
what fell by more than its noise since the row before. Seeds are fixed, all of it takes under ten minutes on two cores,
and what lacks its data is left out and named. It is for noticing: the other pages have the figures to quote.

**Noise** is the share by which a figure differs between runs of the same code. The figures of answers and of opening
are taken {REPEATS} times a run ({RATE} requests a second for {SECONDS:.0f} s), the median is kept, and half their range
(shown behind it) counts as noise where it is more than what is stated. The others' noise is from several runs of one
commit. With a fixed seed the figures of accuracy repeat to the digit; theirs is what other seeds make of them, because
a change that only draws other random numbers should not count as a fall.

Processor seconds are those of the process and its children, all threads together, which sleep while they wait for each
other. `load` is how many processes wanted a core when the run began: above 1, seconds on the wall are not compared, and
processor time counts as fallen from half as much again (threads that share a core's caches take longer for the same
work). On another machine, time and memory are not compared at all. A + behind a commit: files differed from it.
"""


def page(rows: Sequence[dict[str, Any]], shown: Callable[[float], str]) -> str:
    """The page, from rows with the oldest first."""
    newest = list(reversed(rows))
    runs = [[row["commit"], row["date"], row["machine"], f"{row['load']:g}", f"{row['seconds']:.0f}"] for row in newest]
    parts = [TOP, "## Runs\n", _table(["commit", "date (UTC)", "machine", "load", "seconds"], runs)]
    parts += [f"\n{row['commit']}, {row['date']}: {row['note']}" for row in newest if row.get("note")]
    for name, group in GROUPS.items():
        parts.append(f"\n## {group.title}\n\n`--only {name}`\n")
        parts.append(
            _table(
                ["figure", "what it is", "better", "noise"],
                [
                    [f"`{key}`{', ' * bool(one.unit)}{one.unit}", one.says, one.better, f"{one.noise:.1%}"]
                    for key, one in group.figures.items()
                ],
            )
        )
        kept = [
            [row["commit"], *(_cell(row, key, shown) for key in group.figures)]
            for row in newest
            if any(row["figures"].get(key) is not None for key in group.figures)
        ]
        parts.append("\n" + _table(["commit", *group.figures], kept))
    return "\n".join(parts) + "\n"


def _cell(row: dict[str, Any], name: str, shown: Callable[[float], str]) -> str:
    value = row["figures"].get(name)
    if value is None:
        return ""
    spread = row["spread"].get(name)
    return shown(value) + (f" ±{spread:.0%}" if spread is not None else "")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
