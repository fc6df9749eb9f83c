"""Judges the recommenders on a sequence file by the Amazon protocol; page: ranking.md.

Each shopper's last item is for test and the one before for validation; all items are ranked, those the shopper already
has hidden; everyone with at least three different items is asked. Parameters come from the train part only: the
validation item is history at test time, and decides when training stops and how a blend weighs its members.

Every model trains in a process of its own. train_s: wall seconds of its whole fit. peak_mb: that process's peak
resident memory, libraries and data included, read when the fit ends (VmHWM on Linux, else ru_maxrss of
getrusage(RUSAGE_SELF), which on Linux would start at the size of the process that launched this one).

With --seeds 0,1,2 every model trains once a seed. --json then prints each training's line, and behind them the mean
line of the model: `seeds`, means of the measures, of their intervals and of train_s, the largest peak_mb, and `_sd`,
the standard deviation over trainings (luck of the seed; the interval is the luck of who was asked).

With --members the default's line holds `members`: each member judged alone as it was trained inside the blend, and
`without`, the blend's NDCG@10 when this member's part is left out of the scores. The other weights stay as they were
learnt with it, so a blend trained without it would do better than that.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bottega.datasets.arrays import Holdout
from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import last_out
from bottega.errors import BottegaError
from bottega.evaluation.intervals import intervals
from bottega.evaluation.protocol import rank_all
from bottega.models.recommend.accuracy import Values, ndcg, recall, target_ranks
from bottega.models.recommend.base import Recommender, top
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class
from bottega.names import IntArray
from common import peak_mb

DEFAULT, BLEND = "default", "blend"
MEASURES = ("recall@5", "ndcg@5", "recall@10", "ndcg@10")
CAPTION = "intervals: 95%, bootstrap over users; ±: standard deviation over seeds"
MEMBERS_CAPTION = "without: ndcg@10 of the blend when this member is not heard"


def measured(recommender: Recommender, test: Holdout) -> dict[str, Values]:
    """The measures, one value a user."""
    ranks = target_ranks(rank_all(recommender, test.inputs, count=10), test.targets)
    return {f"{name}@{k}": measure(ranks, k) for k in (5, 10) for name, measure in (("recall", recall), ("ndcg", ndcg))}


def member_lines(blend: Any, test: Holdout) -> list[dict[str, Any]]:
    """What each member of a blend is worth alone, and what the blend is worth when it is not heard."""
    missed: list[list[IntArray]] = [[] for _ in blend.members_]
    for start in range(0, len(test), 256):
        inputs, targets = test.inputs.take(slice(start, start + 256)), test.targets[start : start + 256]
        shares_BMI = blend.shares(inputs)
        total_BI = shares_BMI.sum(axis=1)
        total_BI[inputs.shoppers, inputs.items] = -np.inf
        for member, ranks in enumerate(missed):
            ranks.append(target_ranks(top(total_BI - shares_BMI[:, member], 10), targets))
    return [
        {"member": label}
        | {name: round(float(values.mean()), 5) for name, values in measured(member, test).items()}
        | {"without": round(float(ndcg(np.concatenate(ranks), 10).mean()), 5)}
        for (label, member), ranks in zip(blend.members_.items(), missed, strict=True)
    ]


def judge_one(
    sequences: Path, attributes: Path | None, model: str, seed: int, with_validation: bool, members: bool
) -> dict[str, Any]:
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
    found = intervals(measured(recommender, split.test), np.random.default_rng(0))
    line: dict[str, Any] = {"model": model}
    line |= {name: round(each.mean, 5) for name, each in found.items()}
    line |= {"train_s": round(train_s, 1), "peak_mb": round(peak), "users": len(split.test)}
    for name, each in found.items():
        line |= {f"{name}_low": round(each.low, 5), f"{name}_high": round(each.high, 5)}
    line["seed"] = seed
    if members and recommender.name == BLEND:
        line["members"] = member_lines(recommender, split.test)
    return line


def mean_line(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Several trainings of one model as one line; a single one as it is."""
    if len(lines) == 1:
        return lines[0]
    averaged = [name for name in lines[0] if "@" in name]
    line = lines[0] | {name: round(float(np.mean([each[name] for each in lines])), 5) for name in averaged}
    line |= {
        "train_s": round(float(np.mean([each["train_s"] for each in lines])), 1),
        "peak_mb": max(each["peak_mb"] for each in lines),
    }
    line |= {f"{name}_sd": round(float(np.std([each[name] for each in lines], ddof=1)), 5) for name in MEASURES}
    del line["seed"]
    return line | {"seeds": [each["seed"] for each in lines]}


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
    table = Table("model", *MEASURES, "train s", "peak MB", title=title, caption=CAPTION)
    for line in lines:
        cells = [
            f"{line[name]:.4f} [dim]({line[f'{name}_low']:.4f}-{line[f'{name}_high']:.4f})[/]"
            + (f" ±{line[f'{name}_sd']:.4f}" if f"{name}_sd" in line else "")
            for name in MEASURES
        ]
        table.add_row(line["model"], *cells, f"{line['train_s']:.1f}", f"{line['peak_mb']:,}")
    console = Console(width=170)
    console.print(table)
    for members in (line["members"] for line in lines if "members" in line):
        table = Table("member", *MEASURES, "without", title="members of the blend, each alone", caption=MEMBERS_CAPTION)
        for each in members:
            table.add_row(each["member"], *(f"{each[name]:.4f}" for name in MEASURES), f"{each['without']:.4f}")
        console.print(table)


def main(
    sequences: Annotated[Path, typer.Option(help="A line a user, `user item item ...`, oldest first; plain or .gz.")],
    attributes: Annotated[Path | None, typer.Option(help="JSON {item: [value, ...]}, plain or .gz.")] = None,
    models: Annotated[str, typer.Option(help=f"Names with commas: {', '.join(RECOMMENDERS)}, {DEFAULT}; all.")] = "",
    seed: Annotated[int, typer.Option(help="Seed of every model.")] = 0,
    seeds: Annotated[str, typer.Option(help="Several seeds with commas: a training each, and their mean.")] = "",
    members: Annotated[bool, typer.Option("--members", help="Judge the members of the blend as well.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, the default last.")] = False,
    with_validation: Annotated[bool, typer.Option(help="Learn from the validation items as well.")] = False,
    alone: Annotated[bool, typer.Option(hidden=True, help="Judge the one named model in this process.")] = False,
) -> None:
    """Train every recommender on a sequence file and judge it by leaving each user's last item out."""
    try:
        if alone:
            print(json.dumps(judge_one(sequences, attributes, models, seed, with_validation, members)))
            return
        names = chosen(models)
    except BottegaError as error:
        raise SystemExit(str(error)) from error
    if not all(each.strip().isdecimal() for each in seeds.split(",") if each):
        raise SystemExit(f"--seeds takes whole numbers with commas between, such as 0,1,2; not {seeds!r}.")
    numbers = [int(each) for each in seeds.split(",") if each] or [seed]
    lines = []
    for name in names:
        trained = []
        for number in numbers:
            command = [sys.executable, __file__, "--alone", "--sequences", str(sequences), "--models", name]
            command += ["--seed", str(number)] + (["--with-validation"] if with_validation else [])
            command += (["--attributes", str(attributes)] if attributes else []) + (["--members"] if members else [])
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.returncode)
            trained.append(json.loads(done.stdout.splitlines()[-1]))
            if as_json:
                print(json.dumps(trained[-1]), flush=True)
        lines.append(mean_line(trained))
        if as_json and len(trained) > 1:
            print(json.dumps(lines[-1]), flush=True)
    if not as_json:
        kind = "train + validation" if with_validation else "train only"
        asked = f"seed{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
        show(lines, f"{sequences.name}: {lines[0]['users']:,} users, parameters from {kind}, {asked}")


if __name__ == "__main__":
    typer.run(main)
