"""What a soak left behind (soak.py), as tables: what was lost, what users saw, their waits, memory."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["Minute", "Sent", "report", "slope_mb_an_hour"]

WINDOW_S = 600.0
WARM_S = 180.0
"""Of each life of a process: until libraries, models and caches are there."""
TIMED = ("answers", "searches", "events", "photos")


@dataclass(frozen=True)
class Sent:
    """One try of a request: its kind, when it began (seconds of the run), how long it took, its status (0: nobody)."""

    kind: str
    at_s: float
    ms: float
    status: int
    words: str = ""

    def line(self) -> dict[str, Any]:
        return {"sent": [self.kind, self.at_s, self.ms, self.status, *([self.words] if self.words else [])]}


@dataclass(frozen=True)
class Minute:
    """What a service held for itself at a moment (MB, all its processes), and for the how manieth time it runs."""

    service: str
    at_s: float
    life: int
    mb: float
    processes: int

    def line(self) -> dict[str, Any]:
        return {"memory": asdict(self)}


def slope_mb_an_hour(seen: Iterable[Minute]) -> tuple[float, float, int]:
    """How memory grows within a life, one line through all lives, each from its own height; MB an hour, its standard
    error, and how many lives were long enough (ten minutes after getting warm). nan where none was."""
    lives: dict[int, list[Minute]] = defaultdict(list)
    for one in seen:
        lives[one.life].append(one)
    across, up, used = [], [], 0
    for life in lives.values():
        warm = [one for one in life if one.at_s >= life[0].at_s + WARM_S]
        if not warm or warm[-1].at_s - warm[0].at_s < WINDOW_S:
            continue
        used += 1
        hours, held = (np.array([getattr(one, name) for one in warm]) for name in ("at_s", "mb"))
        across.append((hours - hours.mean()) / 3600)
        up.append(held - held.mean())
    if not used:
        return float("nan"), float("nan"), 0
    x, y = np.concatenate(across), np.concatenate(up)
    slope = float(x @ y / (x @ x))
    error = float(np.sqrt(((y - slope * x) ** 2).sum() / max(len(x) - used - 1, 1) / (x @ x)))
    return slope, error, used


def _read(folder: Path) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for line in (folder / "lines.jsonl").read_text().splitlines():
        row = json.loads(line)
        if "sent" in row:
            found["sent"].append(Sent(*row["sent"]))
        elif "memory" in row:
            found["memory"].append(Minute(**row["memory"]))
        else:
            found[next(iter(row))].append(row)
    return found


def _waits(sent: list[Sent]) -> None:
    """p99 of every ten minutes; tries that nobody answered stand apart."""
    windows: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    nobody: Counter[int] = Counter()
    for one in sent:
        window = int(one.at_s // WINDOW_S)
        nobody[window] += one.status == 0
        if one.status:
            windows[window][one.kind].append(one.ms)
    print(f"| minutes | {' | '.join(f'{kind}, p50 and p99 ms' for kind in TIMED)} | not answered |")
    print("|---" * (len(TIMED) + 2) + "|")
    for window, kinds in sorted(windows.items()):
        cells = []
        for kind in TIMED:
            if len(kinds[kind]) < 10:
                cells.append(f"{len(kinds[kind])} only")
                continue
            p50, p99 = np.quantile(kinds[kind], [0.5, 0.99])
            cells.append(f"{p50:.0f}, {p99:.0f}")
        first = round(window * WINDOW_S / 60)
        print(f"| {first} to {first + round(WINDOW_S / 60)} | {' | '.join(cells)} | {nobody[window]} |")
    print()


def report(keep: Path) -> None:
    """Print what each database's run found; one that did not end is told as far as it came."""
    for folder in sorted(path for path in keep.iterdir() if (path / "lines.jsonl").exists()):
        rows = _read(folder)
        sent: list[Sent] = rows["sent"]
        judged = folder / "judged.json"
        told: dict[str, Any] = json.loads(judged.read_text()) if judged.exists() else {}
        ended = "" if told else ", not ended"
        print(f"## {folder.name}: {max((one.at_s for one in sent), default=0) / 3600:.2f} hours{ended}\n")
        if told:
            print(f"{told['machine']}.\n")
            print(
                f"- **Acknowledged events: {told['acknowledged']:,} sent and {told['imported']:,} in files; "
                f"missing: {told['missing']}, twice: {told['twice']}.** Sent and never acknowledged: {told['unsure']}."
            )
            print(f"- Prices of {told['prices']:,} products acknowledged last; {told['prices_other']} other than that.")
            jobs = ", ".join(f"{count} {state}" for state, count in told["jobs"].items())
            print(f"- Jobs that were asked for: {jobs}. Models that answered: {told['versions']}.")
        kills = Counter(row["killed"] for row in rows["killed"])
        print(f"- Killed with -9: {', '.join(f'{what} {count} times' for what, count in kills.items())}.")
        statuses = Counter(f"{one.status // 100}xx" if one.status else "not answered" for one in sent)
        print(f"- Tries: {', '.join(f'{count:,} {status}' for status, count in sorted(statuses.items()))}.")
        for words, count in Counter(
            (one.status, one.kind, one.words[:200]) for one in sent if one.status >= 400
        ).items():
            print(f"  - {count} times {words[0]} to {words[1]}: `{words[2]}`")
        for kind in ("fault", "short", "job"):
            if rows[kind]:
                print(f"- {kind}: {len(rows[kind])}, as `{json.dumps(rows[kind][0])[:300]}`")
        for service in ("server", "worker"):
            seen = [one for one in rows["memory"] if one.service == service]
            slope, error, lives = slope_mb_an_hour(seen)
            held = [one.mb for one in seen if one.mb]
            print(
                f"- Memory of the {service}: {np.median(held or [0]):.0f} MB in the middle, "
                f"{max(held, default=0):.0f} MB at most; within {lives} lives it grows by {slope:+.1f} MB an hour "
                f"(standard error {error:.1f})."
            )
        print()
        _waits(sent)
