"""Judges the recommenders on data with timestamps, by the global time split; page: time_split.md.

    python benchmarks/time_split.py --data FOLDER [--models a,b] [--seed 0] [--share 0.1] [--json] [--html report.html]

FOLDER holds `train.csv.gz` (user_id, item_id, time in seconds; tab-separated) and `item_meta.csv.gz` (item_id,
i_category). Times there are whole days, so the events of one day are shuffled for each shopper (`--keep-ties` does not,
and shows what the order of the file is worth). The simple models (`Abilities.simple`) are always in the table.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import polars as pl

from bottega.datasets.arrays import Features, Histories
from bottega.datasets.splits import by_time, last_out
from bottega.evaluation.protocol import judge
from bottega.evaluation.report import EvaluationReport
from bottega.evaluation.tables import Table
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class, those_that
from bottega.names import KindCode
from common import DATA, machine

FOLDER = DATA / "grocery"


def read_grocery(folder: Path) -> tuple[Histories, Features]:
    """Histories, oldest first, with kind purchase, and the category of each item as its only attribute."""
    events = pl.read_csv(folder / "train.csv.gz", separator="\t").sort("user_id", "time", maintain_order=True)
    meta = pl.read_csv(folder / "item_meta.csv.gz", separator="\t", columns=["item_id", "i_category"])
    ids = pl.concat([events["item_id"], meta["item_id"]]).unique().sort()
    codes = np.searchsorted(ids.to_numpy(), events["item_id"].to_numpy()).astype(np.int32)
    lengths = events.group_by("user_id", maintain_order=True).len()["len"].to_numpy()
    histories = Histories(
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        items=codes,
        kinds=np.full(len(codes), KindCode.PURCHASE, dtype=np.int8),
        times=events["time"].to_numpy().astype(np.int64) * 1000,
        n_items=len(ids),
    )
    category = dict(zip(meta["item_id"].to_list(), meta["i_category"].to_list(), strict=True))
    return histories, Features.from_attributes(
        [[f"category={category[item]}"] if category.get(item) is not None else [] for item in ids.to_list()]
    )


def markdown(table: Table) -> str:
    """The table as Markdown, the best in bold."""
    lines = ["| " + " | ".join(table.columns) + " |", "|" + "---|" * len(table.columns)]
    for row, cells in enumerate(table.rows):
        shown = (f"**{cell}**" if (row, column) in table.best else cell for column, cell in enumerate(cells))
        lines.append("| " + " | ".join(shown) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=FOLDER)
    parser.add_argument("--models", default=",".join(RECOMMENDERS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=0.1, help="share of events in the test period")
    parser.add_argument("--split", choices=["time", "last"], default="time")
    parser.add_argument("--keep-ties", action="store_true", help="keep a day's events in the order of the file")
    parser.add_argument("--json", action="store_true", help="one JSON object a model, instead of tables")
    parser.add_argument("--html", type=Path)
    asked = parser.parse_args()
    histories, features = read_grocery(asked.data)
    ties = None if asked.keep_ties else np.random.default_rng(asked.seed)
    split = by_time(histories, share=asked.share, rng=ties) if asked.split == "time" else last_out(histories, rng=ties)
    simple = those_that(lambda abilities: abilities.simple)
    names = list(dict.fromkeys([*simple, *(name for name in asked.models.split(",") if name)]))
    judged = []
    for name in names:
        found = judge(recommender_class(name)(), split, features, rng=np.random.default_rng(asked.seed), name=name)
        judged.append(found)
        score = found.measures["ndcg@10"]
        print(f"{name}: ndcg@10 {score.mean:.4f} in {found.train_s:.1f} s", file=sys.stderr, flush=True)
    report = EvaluationReport(
        split=split.name,
        seed=asked.seed,
        shoppers=int((split.train.lengths > 0).sum()),
        events=split.train.n_events,
        items=split.train.n_items,
        asked=len(split.test),
        unseen_targets=split.unseen_targets,
        judged=tuple(judged),
        cuts_ms=split.cuts_ms,
        shop="the grocery shop",
    )
    if asked.html:
        asked.html.write_text(report.html(), encoding="utf-8")
    if asked.json:
        for row in report.as_dict()["models"]:
            print(json.dumps(row))
        return
    print(f"{machine()}, seed {asked.seed}\n")
    print("; ".join(f"{label} {value}" for label, value in report.facts) + "\n")
    for finding in report.findings:
        print(f"- {finding.text}")
    for table in report.tables():
        print(f"\n### {table.title}\n\n{markdown(table)}\n\n{table.note}")


if __name__ == "__main__":
    main()
