"""What each part of the variational recommender is worth, over seeds; page: variational.md.

Learns from a share of the shoppers' train part for a fixed number of passes and asks for their validation items, all
items ranked, those a shopper has hidden. `drawn` are lists from single draws of the taste instead of its mean: how
accurate one is, and how alike (Jaccard) two lists of one shopper are. `nats an event` is log f(H) of the inputs,
256 draws each, over their events: the likelihood of a history with the taste integrated out.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer

from bottega.datasets.arrays import Features, Holdout
from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import Split, last_out
from bottega.evaluation.protocol import judge
from bottega.models.recommend.accuracy import recall, target_ranks
from bottega.models.recommend.base import top
from bottega.models.recommend.sequence.variational import Variational, VariationalConfig

VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "nothing drawn": {"beta": 0.0},
    "not annealed": {"anneal": 0.0},
    "ten times the penalty": {"beta": 10 * VariationalConfig().beta},
    "composite prior": {"prior": "composite"},
    "reconstruct": {"target": "reconstruct", "event_dropout": 0.5},
    "reconstruct, nothing drawn": {"target": "reconstruct", "event_dropout": 0.5, "beta": 0.0},
    "one channel": {"channels": 1},
    "no attributes": {"attributes": False},
}
DRAWS, DRAWN_SHOPPERS, EVIDENCE_SHOPPERS = 5, 1000, 200


def part(split: Split, share: float) -> Split:
    """The validation questions of a share of the shoppers, to be learnt for without looking at them."""
    rows = np.sort(np.random.default_rng(7).permutation(len(split.train))[: int(share * len(split.train))])
    asked = np.flatnonzero(np.isin(split.holdout_shoppers, rows))
    test = Holdout(split.holdout.inputs.take(asked), split.holdout.targets[asked])
    nobody = Holdout(test.inputs.take([]), test.targets[:0])
    return replace(split, train=split.train.take(rows), holdout=nobody, test=test)


def judged(split: Split, features: Features, config: VariationalConfig, seed: int) -> dict[str, Any]:
    """Measures of one model, learnt from this seed."""
    model = Variational(config)
    found = judge(model, split, features, rng=np.random.default_rng(seed), ks=(10,))
    line = {name: round(found.measures[f"{name}@10"].mean, 4) for name in ("recall", "ndcg", "diversity", "novelty")}
    line |= {"coverage": round(found.measures["coverage@10"].mean, 4), "train_s": round(found.train_s, 1)}
    if config.beta:
        inputs, targets = split.test.inputs.take(slice(DRAWN_SHOPPERS)), split.test.targets[:DRAWN_SHOPPERS]
        scores = model.sample(inputs, np.random.default_rng(seed), DRAWS)
        scores[:, inputs.shoppers, inputs.items] = -np.inf
        lists = [top(each, 10) for each in scores]
        line["drawn recall"] = round(
            float(np.mean([recall(target_ranks(each, targets), 10).mean() for each in lists])), 4
        )
        line["drawn alike"] = round(float(np.mean([jaccard(a.items, b.items) for a, b in combinations(lists, 2)])), 3)
        some = inputs.take(slice(EVIDENCE_SHOPPERS))
        line["nats an event"] = round(
            float(model.log_evidence(some, np.random.default_rng(seed)).sum() / some.n_events), 3
        )
    return line


def jaccard(first: np.ndarray, second: np.ndarray) -> float:
    """Mean share of common items of two lists [B, K]: of all that either holds."""
    common = (first[:, :, None] == second[:, None, :]).any(axis=2).sum(axis=1)
    return float(np.mean(common / (2 * first.shape[1] - common)))


def main(
    sequences: Annotated[Path, typer.Option(help="A line a user, `user item item ...`, oldest first; plain or .gz.")],
    attributes: Annotated[Path | None, typer.Option(help="JSON {item: [value, ...]}, plain or .gz.")] = None,
    variants: Annotated[str, typer.Option(help=f"Names with semicolons: {', '.join(VARIANTS)}; all.")] = "",
    seeds: Annotated[str, typer.Option(help="Seeds with commas.")] = "0,1,2",
    share: Annotated[float, typer.Option(help="Share of the shoppers.")] = 1 / 3,
    epochs: Annotated[int, typer.Option(help="Passes.")] = 5,
) -> None:
    """Print a JSON line for each variant and seed."""
    histories, features, _, _ = read_sequences(sequences, attributes)
    split = part(last_out(histories), share)
    for name in [name.strip() for name in variants.split(";") if name.strip()] or VARIANTS:
        for seed in map(int, seeds.split(",")):
            config = replace(VariationalConfig(epochs=epochs), **VARIANTS[name])
            line = {"variant": name, "seed": seed, "threads": torch.get_num_threads()}
            print(json.dumps(line | judged(split, features, config, seed)), flush=True)


if __name__ == "__main__":
    typer.run(main)
