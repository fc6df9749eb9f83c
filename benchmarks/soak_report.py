"""What a soak left behind (soak.py), as tables: what was lost, what users saw, their waits, memory."""

from __future__ import annotations

import json
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Growth", "Minute", "Sent", "growth", "report"]

WINDOW_S = 600.0
WARM_S = {"the third": 180.0, "the thirtieth": 1800.0}
"""Of each life of a process: the minute from which memory is followed. Libraries and models are there after the third;
what is remembered of shoppers goes on growing until all of them came by, nearly all within half an hour here."""
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


class Growth(NamedTuple):
    """How memory grows within a life: MB an hour, its standard error, the lives it is from, hours of the longest."""

    slope: float
    error: float
    lives: int
    longest: float


def growth(seen: Iterable[Minute], deaths: Sequence[float] = (), warm_s: float = WARM_S["the third"]) -> Growth:
    """One line through all lives, each from its own height and its `warm_s` on; nan where none was long enough.

    Long enough is ten minutes after that. A life ends with its service, and where one of its processes died
    alone: at `deaths`, in seconds of the run.
    """
    lives: dict[tuple[int, int], list[Minute]] = defaultdict(list)
    for one in seen:
        lives[one.life, bisect(deaths, one.at_s)].append(one)
    across, up, longest = [], [], 0.0
    for life in lives.values():
        warm = [one for one in life if one.at_s >= life[0].at_s + warm_s]
        if not warm or warm[-1].at_s - warm[0].at_s < WINDOW_S:
            continue
        longest = max(longest, (life[-1].at_s - life[0].at_s) / 3600)
        hours, held = (np.array([getattr(one, name) for one in warm]) for name in ("at_s", "mb"))
        across.append((hours - hours.mean()) / 3600)
        up.append(held - held.mean())
    if not across:
        return Growth(float("nan"), float("nan"), 0, 0.0)
    x, y = np.concatenate(across), np.concatenate(up)
    slope = float(x @ y / (x @ x))
    error = float(np.sqrt(((y - slope * x) ** 2).sum() / max(len(x) - len(across) - 1, 1) / (x @ x)))
    return Growth(slope, error, len(across), longest)


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


def _waits(sent: list[Sent], memory: list[Minute]) -> None:
    """p99 of every ten minutes, tries that nobody answered apart; and memory of the server at the end of them."""
    windows: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    nobody: Counter[int] = Counter()
    for one in sent:
        window = int(one.at_s // WINDOW_S)
        nobody[window] += one.status == 0
        if one.status:
            windows[window][one.kind].append(one.ms)
    print(f"| minutes | {' | '.join(f'{kind}, p50 and p99 ms' for kind in TIMED)} | not answered | server, MB |")
    print("|---" * (len(TIMED) + 3) + "|")
    held = {int(one.at_s // WINDOW_S): one.mb for one in memory if one.service == "server"}
    for window, kinds in sorted(windows.items()):
        cells = []
        for kind in TIMED:
            if len(kinds[kind]) < 10:
                cells.append(f"{len(kinds[kind])} only")
                continue
            p50, p99 = np.quantile(kinds[kind], [0.5, 0.99])
            cells.append(f"{p50:.0f}, {p99:.0f}")
        cells += [str(nobody[window]), f"{held.get(window, 0):.0f}"]
        first = round(window * WINDOW_S / 60)
        print(f"| {first} to {first + round(WINDOW_S / 60)} | {' | '.join(cells)} |")
    print()


def report(keep: Path) -> None:
    """Print what each database's run found; one that did not end is told as far as it came."""
    for folder in sorted(path for path in keep.iterdir() if (path / "lines.jsonl").exists()):
        rows = _read(folder)
        sent: list[Sent] = rows["sent"]
        judged = folder / "judged.json"
        told: dict[str, Any] = json.loads(judged.read_text()) if judged.exists() else {}
        ended = "" if told else ", not ended"
        print(f"### {folder.name}: {max((one.at_s for one in sent), default=0) / 3600:.2f} hours{ended}\n")
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
        for row in rows["job"]:
            error = json.loads(row["error"])
            print(f"- Job {row['job']} failed, `{error['code']}`: {error['seen']}")
        for kind, means in ("fault", "Went wrong in the traffic itself"), ("short", "Lists shorter than ten"):
            if rows[kind]:
                print(f"- {means}: {len(rows[kind])}, as `{json.dumps(rows[kind][0])[:300]}`")
        for service in ("server", "worker"):
            seen = [one for one in rows["memory"] if one.service == service]
            if service == "worker":
                seen = [one for one in seen if one.processes == 1]  # between jobs
            deaths = [row["at_s"] for row in rows["killed"] if row["killed"] == "a process of the server"]
            held = [one.mb for one in seen if one.mb]
            between = " between jobs" if service == "worker" else ""
            print(
                f"- Memory of the {service}{between}: {np.median(held or [0]):.0f} MB in the middle, "
                f"{max(held, default=0):.0f} MB at most."
            )
            for named, warm_s in WARM_S.items():
                grows = growth(seen, deaths, warm_s)
                if not grows.lives:
                    print(f"  - From {named} minute on no life was long enough to say how it grows.")
                    continue
                print(
                    f"  - It grows by {grows.slope:+.1f} MB an hour (standard error {grows.error:.1f}) from {named} "
                    f"minute on of {grows.lives} lives, the longest of {60 * grows.longest:.0f} minutes."
                )
        print()
        _waits(sent, rows["memory"])
