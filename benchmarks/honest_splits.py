"""The default beside peers where order does not flatter: by time, over seeds and cut times; page: honest_splits.md.

    python benchmarks/honest_splits.py [--sets grocery,demo,office] [--seeds 0,1,2] [--cuts 1.0,0.95,0.9]
                                       [--models default,EASE] [--build FOLDER] [--only-show] [--json]

One run is a set, a seed, a cut time and a model: settings are chosen by NDCG@10 on the validation period, parameters
come from the training part only, and the questions of the test period are answered, all items ranked, seen ones hidden.
A finished run is a line of FOLDER/SET.jsonl and is never done twice, so the whole may be stopped and taken up again.

grocery  Amazon groceries by time; events of one day are shuffled by the seed. A cut of 0.9 drops the newest tenth of
         events first, so the test period ends earlier.
demo     The demo shop by time; another seed is another shop.
office   Each shopper's last product left out (there are no times).
beauty, toys   The same, on the Amazon files.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.load import load_dataset
from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import Split, by_time, last_out
from bottega.evaluation.intervals import Interval, difference
from bottega.evaluation.measures import coverage
from bottega.models.recommend.accuracy import ndcg, recall, target_ranks
from bottega.models.recommend.base import Ranking
from bottega.names import IntArray
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from common import DATA, HERE, machine
from honest_peers import COUNT, OURS, PEERS, missing
from time_split import read_grocery

AMAZON = {"beauty": "Beauty", "toys": "Toys_and_Games"}
SETS = ("grocery", "demo", "office", *AMAZON)
BY_TIME = ("grocery", "demo")
DEMO_SEED = 7
"""Seed of the demo shop at seed 0, as `bottega demo` makes it."""

Run = dict[str, Any]


def imported(folder: Path, catalogue: Path, events: Path | None = None) -> tuple[Histories, Features, Any]:
    """A shop's arrays through the real importers, and its items."""
    with ShopFolder.open(folder) as shop:
        import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=catalogue))
        if events is not None:
            import_events(OpenShop(shop), ImportEventsRequest(source=events))
        found = load_dataset(shop.store)
    return found.histories, found.features, found.items


def read_set(name: str, seed: int, data: Path) -> tuple[Histories, Features]:
    """Histories and features of a set, oldest events first."""
    if name == "grocery":
        return read_grocery(data / "grocery")
    if name in AMAZON:
        file = data / "amazon" / AMAZON[name]
        return read_sequences(Path(f"{file}.txt.gz"), Path(f"{file}_item2attributes.json.gz"))[:2]
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        if name == "demo":
            files = write_demo(folder / "feed", seed=DEMO_SEED + seed, pictures=False)
            return imported(folder / "shop", files.catalogue, files.events)[:2]
        _, features, items = imported(folder / "shop", data / "office" / "products.jsonl.gz")
    histories, _, _, ids = read_sequences(data / "office" / "sequences.txt.gz")
    codes = np.asarray(items.codes(ids), dtype=np.int32)[histories.items]
    return Histories(histories.offsets, codes, histories.kinds, histories.times, len(items)), features


def split_of(name: str, histories: Histories, cut: float, seed: int) -> Split:
    """The split of a set: by time where there are times, behind the newest events that a cut drops."""
    if name not in BY_TIME:
        return last_out(histories)
    if cut < 1.0:
        moment = np.sort(histories.times)[int(histories.n_events * cut)]
        histories = histories.keep(histories.times < moment)
    return by_time(histories, rng=np.random.default_rng(seed))


def judged(items: IntArray, asked: Holdout) -> IntArray:
    """The place of each answer in its list; 0 where it is not there."""
    return target_ranks(Ranking(items, np.zeros(items.shape, dtype=np.float32)), asked.targets)


def one_run(model: str, split: Split, features: Features, seed: int) -> Run:
    """Settings by validation, then the test: what a line of the results holds."""
    peer, best = PEERS[model], -1.0
    tried: list[dict[str, Any]] = []
    for settings in peer.settings:
        started = time.perf_counter()
        lists = peer.fit(settings, split.train, features, split.holdout, seed)
        train_s = time.perf_counter() - started
        worth = 0.0
        if len(peer.settings) > 1:
            worth = float(ndcg(judged(lists(split.holdout.inputs), split.holdout), COUNT).mean())
            tried.append({"settings": dict(settings), "ndcg@10": round(worth, 5)})
        if worth > best:
            best, kept = worth, (dict(settings), lists, train_s)
    chosen, lists, train_s = kept
    items = lists(split.test.inputs)
    return {
        "settings": chosen,
        "tried": tried,
        "train_s": round(train_s, 1),
        "coverage": round(coverage(items, COUNT, split.train.n_items), 4),
        "ranks": judged(items, split.test).tolist(),
        "shoppers": split.test_shoppers.tolist(),
        "items": split.train.n_items,
        "unseen": round(split.unseen_targets, 4),
    }


def values(runs: Iterable[Run], measure: Any) -> dict[tuple[int, int], float]:
    """Mean of a measure for each shopper of each shop over all runs: what intervals are drawn from."""
    told: dict[tuple[int, int], list[float]] = {}
    for run in runs:
        shop = run["seed"] if run["set"] == "demo" else 0
        for shopper, value in zip(run["shoppers"], measure(np.array(run["ranks"]), COUNT), strict=True):
            told.setdefault((shop, shopper), []).append(float(value))
    return {key: float(np.mean(several)) for key, several in told.items()}


def line(model: str, runs: list[Run], ours: list[Run]) -> Run:
    """A model on a set: means over runs, and how far the default is ahead on the runs that both have."""
    both = {(run["seed"], run["cut"]) for run in runs} & {(run["seed"], run["cut"]) for run in ours}
    mine, other = (values([run for run in each if (run["seed"], run["cut"]) in both], ndcg) for each in (ours, runs))
    ahead: Interval | None = None
    if model != OURS and both:
        keys = sorted(other)
        one, two = (np.array([side[key] for key in keys]) for side in (mine, other))
        ahead = difference(one, two, np.random.default_rng(0))
    return {
        "set": runs[0]["set"],
        "model": model,
        "runs": len(runs),
        "asked": len(values(runs, ndcg)),
        "ndcg@10": round(float(np.mean([ndcg(np.array(run["ranks"]), COUNT).mean() for run in runs])), 5),
        "recall@10": round(float(np.mean([recall(np.array(run["ranks"]), COUNT).mean() for run in runs])), 5),
        "coverage": round(float(np.mean([run["coverage"] for run in runs])), 3),
        "train_s": round(float(np.mean([run["train_s"] for run in runs])), 1),
        "default_ahead": None if ahead is None else [round(each, 5) for each in (ahead.mean, ahead.low, ahead.high)],
    }


def show(lines: list[Run]) -> None:
    """A Markdown table, best first."""
    print("| model | runs | N@10 | R@10 | coverage | train s | default ahead, N@10 (95%) |\n|" + "---|" * 7)
    for each in sorted(lines, key=lambda one: -one["ndcg@10"]):
        gap = each["default_ahead"]
        words = "" if gap is None else f"{gap[0]:+.4f} ({gap[1]:+.4f} to {gap[2]:+.4f})"
        print(
            f"| {each['model']} | {each['runs']} | {each['ndcg@10']:.4f} | {each['recall@10']:.4f} "
            f"| {each['coverage']:.2f} | {each['train_s']:.1f} | {words} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", default="grocery,demo,office")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--cuts", default="1.0,0.95,0.9", help="share of the events that is kept, oldest first")
    parser.add_argument("--models", default=",".join(PEERS))
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--build", type=Path, default=HERE.parent / "build" / "honest_splits")
    parser.add_argument("--only-show", action="store_true", help="the tables of what is there already")
    parser.add_argument("--json", action="store_true", help="one JSON object a set and model, instead of tables")
    asked = parser.parse_args()
    models = [name for name in asked.models.split(",") if name]
    for unknown in {*models} - {*PEERS} | {*asked.sets.split(",")} - {*SETS}:
        raise SystemExit(f"There is no {unknown!r}. Models: {', '.join(PEERS)}; sets: {', '.join(SETS)}.")
    absent = [name for name in models if missing(PEERS[name])]
    if absent:
        print(f"not installed, left out: {', '.join(absent)}", file=sys.stderr)
    asked.build.mkdir(parents=True, exist_ok=True)
    for name in asked.sets.split(","):
        file = asked.build / f"{name}.jsonl"
        done = [json.loads(text) for text in file.read_text().splitlines()] if file.exists() else []
        if not asked.only_show:
            cuts = [float(cut) for cut in asked.cuts.split(",")] if name in BY_TIME else [1.0]
            for seed in (int(each) for each in asked.seeds.split(",")):
                work(name, seed, cuts, [each for each in models if each not in absent], asked.data, file, done)
        lines = [
            line(model, runs, [run for run in done if run["model"] == OURS])
            for model in models
            if (runs := [run for run in done if run["model"] == model])
        ]
        if asked.json:
            for each in lines:
                print(json.dumps(each))
        else:
            print(f"\n### {name}\n")
            show(lines)
    if not asked.json:
        print(f"\n{machine()}")


def work(name: str, seed: int, cuts: list[float], models: list[str], data: Path, file: Path, done: list[Run]) -> None:
    """Do the runs of a set and seed that are not there yet."""
    there = {(run["seed"], run["cut"], run["model"]) for run in done}
    todo = [(cut, model) for cut in cuts for model in models if (seed, cut, model) not in there]
    if not todo:
        return
    histories, features = read_set(name, seed, data)
    for cut, model in todo:
        split = split_of(name, histories, cut, seed)
        run = {"set": name, "seed": seed, "cut": cut, "model": model} | one_run(model, split, features, seed)
        done.append(run)
        with file.open("a") as results:
            results.write(json.dumps(run) + "\n")
        score = ndcg(np.array(run["ranks"]), COUNT).mean()
        print(f"{name}, seed {seed}, cut {cut}: {model} {score:.4f} {run['settings']}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
