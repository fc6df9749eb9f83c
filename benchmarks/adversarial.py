"""What an adversary adds to a generator of purchases: the same generator with it, without it, and with nothing else.

    python benchmarks/adversarial.py [--toys] [--seeds 3] [--share 0.33] [--lines A,B] [--data FOLDER]
                                                                                page: adversarial.md

Leave-last-out, all products ranked, what the shopper has hidden; parameters from the train part. Every line is the
model `adversarial` with one flag changed: `likelihood` (learn from what was bought next) and `adversary` (play the game
of the variant). "gain" is the line's NDCG@10 less that of "likelihood alone", where that was trained too, shopper
by shopper. Intervals: 95%, bootstrap over shoppers. `--share` learns from that part of the shoppers; all are asked.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import last_out
from bottega.evaluation.intervals import intervals
from bottega.evaluation.memory import PeakMemory
from bottega.evaluation.protocol import rank_all
from bottega.models.recommend.accuracy import ndcg, recall, target_ranks
from bottega.models.recommend.adversarial import Adversarial, AdversarialConfig

DATA = Path(os.environ.get("BOTTEGA_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
ALONE = "likelihood alone"
LINES: dict[str, dict[str, Any]] = {
    ALONE: {"adversary": False},
    "cfgan and likelihood": {"variant": "cfgan"},
    "irgan and likelihood": {"variant": "irgan"},
    "cfgan alone": {"variant": "cfgan", "likelihood": False},
    "irgan alone": {"variant": "irgan", "likelihood": False},
}


def main(
    toys: Annotated[bool, typer.Option("--toys", help="Amazon Toys instead of Beauty.")] = False,
    seeds: Annotated[int, typer.Option(help="Each line is trained with so many seeds.", min=1)] = 1,
    lines: Annotated[str, typer.Option(help="Only these, with commas between.")] = ",".join(LINES),
    share: Annotated[float, typer.Option(help="Part of the shoppers to learn from.", min=0.01, max=1.0)] = 1.0,
    data: Annotated[Path, typer.Option(help="Folder with amazon/.")] = DATA,
) -> None:
    """Train and judge the generator under each regime."""
    name = "Toys_and_Games" if toys else "Beauty"
    amazon = data / "amazon"
    histories, features, _, _ = read_sequences(amazon / f"{name}.txt.gz", amazon / f"{name}_item2attributes.json.gz")
    split = last_out(histories)
    some = np.sort(np.random.default_rng(0).permutation(len(split.train))[: int(share * len(split.train))])
    train = split.train.take(some)
    table = Table(
        "line",
        "R@10",
        "N@10",
        "gain in N@10",
        "train s",
        "peak MB",
        title=f"Amazon {name}, {share:.0%} of shoppers, {seeds} seed(s)",
    )
    alone: np.ndarray[Any, np.dtype[np.float32]] | None = None
    for line in [line for line in LINES if line in lines.split(",")]:
        found: dict[str, list[Any]] = {"recall": [], "ndcg": [], "seconds": [], "mb": []}
        for seed in range(seeds):
            model = Adversarial(replace(AdversarialConfig(), **LINES[line]))
            started = time.perf_counter()
            with PeakMemory() as memory:
                model.fit(train, features, rng=np.random.default_rng(seed), holdout=split.holdout)
            found["seconds"].append(time.perf_counter() - started)
            found["mb"].append(memory.peak_mb)
            ranks = target_ranks(rank_all(model, split.test.inputs, count=10), split.test.targets)
            found["recall"].append(recall(ranks, 10))
            found["ndcg"].append(ndcg(ranks, 10))
            print(f"{line}, seed {seed}: R@10 {found['recall'][-1].mean():.4f} N@10 {found['ndcg'][-1].mean():.4f} "
                  f"in {found['seconds'][-1]:.0f} s", flush=True)  # fmt: skip
        of_shopper = np.mean(found["ndcg"], axis=0)
        alone = of_shopper if line == ALONE else alone
        values = {"ndcg": of_shopper} | ({} if alone is None else {"gain": of_shopper - alone})
        known = intervals(values, np.random.default_rng(0))
        gain = known.get("gain")
        table.add_row(
            line,
            f"{np.mean(found['recall']):.4f}",
            f"{known['ndcg'].mean:.4f} ({known['ndcg'].low:.4f} to {known['ndcg'].high:.4f})",
            "" if line == ALONE or gain is None else f"{gain.mean:+.4f} ({gain.low:+.4f} to {gain.high:+.4f})",
            f"{np.mean(found['seconds']):.0f}",
            f"{np.max(found['mb']):,.0f}",
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    typer.run(main)
