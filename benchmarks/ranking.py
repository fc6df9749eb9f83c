"""Judges the recommenders on a sequence file by the Amazon protocol; page: ranking.md.

Each shopper's last item is for test and the one before for validation; all items are ranked, those the shopper already
has hidden; everyone with at least three different items is asked. Parameters come from the train part only: the
validation item is history at test time, and decides when training stops and how a blend weighs its members.

Every model trains in a process of its own. train_s: wall seconds of its whole fit. peak_mb: that process's peak
resident memory, libraries and data included, read when the fit ends (VmHWM on Linux, else ru_maxrss of
getrusage(RUSAGE_SELF), which on Linux would start at the size of the process that launched this one).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import last_out
from bottega.errors import BottegaError
from bottega.evaluation.intervals import intervals
from bottega.evaluation.measures import ndcg, recall, target_ranks
from bottega.evaluation.protocol import rank_all
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class

DEFAULT, BLEND = "default", "blend"
MEASURES = ("recall@5", "ndcg@5", "recall@10", "ndcg@10")


def peak_mb() -> float:
    """Peak resident memory of this process so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        found = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        if found:
            return int(found[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def judge_one(sequences: Path, attributes: Path | None, model: str, seed: int, with_validation: bool) -> dict[str, Any]:
    """Train and judge one model in this process: the line that --json prints."""
    histories, features, _, _ = read_sequences(sequences, attributes)
    split = last_out(histories)
    recommender = recommender_class(BLEND if model == DEFAULT else model)()
    rng = np.random.default_rng(seed)
    started = time.perf_counter()
    if with_validation:
        known = split.test.inputs
        recommender.fit(known, features, rng=rng, holdout=None)
    else:
        recommender.fit(split.train, features, rng=rng, holdout=split.holdout)
    train_s = time.perf_counter() - started
    peak = peak_mb()
    ranks = target_ranks(rank_all(recommender, split.test.inputs, count=10), split.test.targets)
    values = {"recall@5": recall(ranks, 5), "ndcg@5": ndcg(ranks, 5)} | {
        "recall@10": recall(ranks, 10),
        "ndcg@10": ndcg(ranks, 10),
    }
    found = intervals(values, np.random.default_rng(0))
    line: dict[str, Any] = {"model": model}
    line |= {name: round(each.mean, 5) for name, each in found.items()}
    line |= {"train_s": round(train_s, 1), "peak_mb": round(peak), "users": len(split.test)}
    for name, each in found.items():
        line |= {f"{name}_low": round(each.low, 5), f"{name}_high": round(each.high, 5)}
    return line


def chosen(models: str) -> list[str]:
    """Models by name, the default last."""
    names = [name.strip() for name in models.split(",") if name.strip()] or [*RECOMMENDERS, DEFAULT]
    for name in names:
        if name != DEFAULT:
            recommender_class(name)
    singles = [name for name in dict.fromkeys(names) if name not in (DEFAULT, BLEND)]
    return singles + ([DEFAULT] if DEFAULT in names or BLEND in names else [])


def show(lines: list[dict[str, Any]], title: str) -> None:
    """A table with intervals."""
    table = Table("model", *MEASURES, "train s", "peak MB", title=title, caption="intervals: 95%, bootstrap over users")
    for line in lines:
        cells = [
            f"{line[name]:.4f} [dim]({line[f'{name}_low']:.4f}-{line[f'{name}_high']:.4f})[/]" for name in MEASURES
        ]
        table.add_row(line["model"], *cells, f"{line['train_s']:.1f}", f"{line['peak_mb']:,}")
    Console(width=140).print(table)


def main(
    sequences: Annotated[Path, typer.Option(help="A line a user, `user item item ...`, oldest first; plain or .gz.")],
    attributes: Annotated[Path | None, typer.Option(help="JSON {item: [value, ...]}, plain or .gz.")] = None,
    models: Annotated[str, typer.Option(help=f"Names with commas: {', '.join(RECOMMENDERS)}, {DEFAULT}; all.")] = "",
    seed: Annotated[int, typer.Option(help="Seed of every model.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, the default last.")] = False,
    with_validation: Annotated[bool, typer.Option(help="Learn from the validation items as well.")] = False,
    alone: Annotated[bool, typer.Option(hidden=True, help="Judge the one named model in this process.")] = False,
) -> None:
    """Train every recommender on a sequence file and judge it by leaving each user's last item out."""
    try:
        if alone:
            print(json.dumps(judge_one(sequences, attributes, models, seed, with_validation)))
            return
        names = chosen(models)
    except BottegaError as error:
        raise SystemExit(str(error)) from error
    lines = []
    for name in names:
        command = [sys.executable, __file__, "--alone", "--sequences", str(sequences), "--models", name]
        command += ["--seed", str(seed)] + (["--with-validation"] if with_validation else [])
        command += ["--attributes", str(attributes)] if attributes else []
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.returncode)
        lines.append(json.loads(done.stdout.splitlines()[-1]))
        if as_json:
            print(json.dumps(lines[-1]), flush=True)
    if not as_json:
        kind = "train + validation" if with_validation else "train only"
        show(lines, f"{sequences.name}: {lines[0]['users']:,} users, parameters from {kind}, seed {seed}")


if __name__ == "__main__":
    typer.run(main)
