"""Judges what shoppers are said to be drawn to: the values of the next product's attributes; page: affinity.md.

Beauty: each user's last item is left out, parameters come from the train part only (the validation item is history at
test time). Demo shop: parameters come from three quarters of the shoppers; of the others the last event, and the last
purchase, is left out. recall@k: the share of the next product's values among the k that are called most probable.

Simple answers to compare with: the shop's average (popularity), the last product's values, the shopper's own counts
(ties in both broken by popularity), and the best mixture of the three, with a decay of the counts, its weights tuned on
the validation items (demo: on the shoppers learnt from). "counts alone" is the model before it has learnt anything.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.demo_store.write import write_demo_shop
from bottega.datasets.load import load_dataset
from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import last_out
from bottega.evaluation.intervals import difference, interval
from bottega.evaluation.protocol import rank_all
from bottega.models.recommend.accuracy import Values, ndcg, recall, target_ranks
from bottega.models.recommend.affinity.affinity import Affinity, AffinityConfig
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.names import FloatArray, KindCode
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

SIMPLE: dict[str, dict[str, Any]] = {"transitions": {}, "content": {}, "item_neighbours": {}, "popular": {}}
DECAYS, LAST, SHOP = (1.0, 0.9, 0.8, 0.6), (0.0, 0.2, 0.5), (0.01, 0.1, 0.3, 1.0, 3.0)
SMALL = 1e-6
TUNED = 4000
"""Most shoppers that a mixture's weights are tuned on."""
BLENDED = 6000
"""Most questions about a blend: half of them for its weights."""


class Question:
    """What one group of values is asked: the answers given by counting, and the truth [B, V]."""

    def __init__(self, model: Affinity, asked: Holdout, span: slice, shop: FloatArray, k: int) -> None:
        self.shop, self.k = shop[None, span], k
        values = model.values_[:, span]
        self.truth = values[asked.targets].toarray()
        inputs = asked.inputs
        age = np.repeat(inputs.offsets[1:], inputs.lengths) - 1 - np.arange(inputs.n_events)
        self.counts = {
            decay: (inputs.matrix(np.power(decay, age).astype(np.float32)) @ values).toarray() for decay in DECAYS
        }
        self.last = values[inputs.items[inputs.offsets[1:] - 1]].toarray()

    def recall(self, answer: FloatArray) -> Values:
        """recall@k [B]; NaN where the next product has no value of the group."""
        answer = np.broadcast_to(answer, self.truth.shape)
        best = np.argpartition(-answer, self.k - 1, axis=1)[:, : self.k]
        hits, many = np.take_along_axis(self.truth, best, axis=1).sum(axis=1), self.truth.sum(axis=1)
        return np.where(many > 0, hits / np.maximum(many, 1), np.nan).astype(np.float64)

    def mixture(self, decay: float, last: float, shop: float) -> FloatArray:
        """Shares of the decayed counts, of the last product's values and of the shop's, added up [B, V]."""
        counts = self.counts[decay]
        own = counts / np.maximum(counts.sum(axis=1, keepdims=True), SMALL)
        newest = self.last / np.maximum(self.last.sum(axis=1, keepdims=True), SMALL)
        mixed: FloatArray = (1 - last) * own + last * newest + shop * self.shop
        return mixed

    def simple(self, tuned: Question) -> dict[str, Values]:
        """recall of the simple answers; the mixture's weights are those best on `tuned`."""
        grid = itertools.product(DECAYS, LAST, SHOP)
        weights = max(grid, key=lambda weights: float(np.nanmean(tuned.recall(tuned.mixture(*weights)))))
        return {
            "popularity": self.recall(self.shop),
            "last product": self.recall(self.last + SMALL * self.shop),
            "own counts": self.recall(self.counts[1.0] + SMALL * self.shop),
            "best mixture": self.recall(self.mixture(*weights)),
        }


def beauty(sequences: Path, attributes: Path) -> tuple[Histories, Features, Holdout, Holdout]:
    """Histories to learn from, features, questions to tune on, questions to judge by."""
    histories, features, _, _ = read_sequences(sequences, attributes)
    split = last_out(histories)
    return split.train, features, split.holdout, split.test


def demo(folder: Path) -> tuple[Histories, Features]:
    """The shop in a folder; in an empty one the demo shop is made, as `bottega demo` does but without pictures."""
    with ShopFolder.open(folder) as shop:
        if not shop.store.events.count():
            files = write_demo_shop(folder / "feed", pictures=False)
            import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=files.catalogue))
            import_events(OpenShop(shop), ImportEventsRequest(source=files.events))
        found = load_dataset(shop.store)
    return found.histories, found.features


def last_of(histories: Histories, *, purchase: bool) -> Holdout:
    """Each shopper's last event, or last purchase, with everything before it."""
    fits = histories.kinds == KindCode.PURCHASE if purchase else np.ones(histories.n_events, dtype=np.bool_)
    last = np.full(len(histories), -1)
    np.maximum.at(last, histories.shoppers[fits], np.flatnonzero(fits))
    asked = np.flatnonzero(last > histories.offsets[:-1])
    before = np.arange(histories.n_events) < last[histories.shoppers]
    return Holdout(histories.keep(before).take(asked), histories.items[last[asked]])


def fitted(histories: Histories, features: Features, seed: int, **changes: Any) -> tuple[Affinity, float]:
    started = time.perf_counter()
    model = Affinity(replace(AffinityConfig(), **changes))
    model.fit(histories, features, rng=np.random.default_rng(seed))
    return model, time.perf_counter() - started


def judge(
    models: dict[str, Affinity], tune: Holdout, test: Holdout, *, head: str, k: int, about: dict[str, Any]
) -> list[dict[str, Any]]:
    """A line for each group: recall of every answer, and how far the learnt one is from the best simple one."""
    model = models["affinity"]
    tune = Holdout(tune.inputs.take(slice(TUNED)), tune.targets[:TUNED])
    answers = {name: getattr(one.affinities(test.inputs), head) for name, one in models.items()}
    shop = getattr(model.affinities(test.inputs.take([])), f"shop_{head}")
    lines = []
    for group in model.groups_.names:
        span = model.groups_.span(group)
        question = Question(model, test, span, shop, k)
        found = question.simple(Question(model, tune, span, shop, k))
        best = max(found, key=lambda name: float(np.nanmean(found[name])))
        found |= {name: question.recall(answer[:, span]) for name, answer in answers.items()}
        gap = difference(found["affinity"], found[best], np.random.default_rng(0))
        own = interval(found["affinity"], np.random.default_rng(0))
        line: dict[str, Any] = about | {"group": group, "next": head, "k": k, "values": span.stop - span.start}
        line |= {"asked": int(np.isfinite(found[best]).sum())}
        line |= {name: round(float(np.nanmean(value)), 4) for name, value in found.items()}
        line |= {"low": round(own.low, 4), "high": round(own.high, 4), "best_simple": best}
        line |= {"gap": round(gap.mean, 4), "gap_low": round(gap.low, 4), "gap_high": round(gap.high, 4)}
        lines.append(line)
    return lines


def blended(
    train: Histories, features: Features, asked: Holdout, seed: int, changes: dict[str, Any], label: str
) -> dict[str, Any]:
    """The blend of the simple members with affinity and without; weights from one half of the questions, judged on
    the other half."""
    order = np.random.default_rng(0).permutation(len(asked))[:BLENDED]
    weigh, judged = (Holdout(asked.inputs.take(half), asked.targets[half]) for half in np.array_split(order, 2))
    found = {}
    for name, members in (("without", SIMPLE), ("with", SIMPLE | {"affinity": changes})):
        blend = Blend(replace(BlendConfig(), members=members))
        blend.fit(train, features, rng=np.random.default_rng(seed), holdout=weigh)
        ranks = target_ranks(rank_all(blend, judged.inputs, count=10), judged.targets)
        found[name] = {"recall@10": recall(ranks, 10), "ndcg@10": ndcg(ranks, 10)}
        if name == "with":
            ranks = target_ranks(rank_all(blend.members_["affinity"], judged.inputs, count=10), judged.targets)
            found["alone"] = {"recall@10": recall(ranks, 10), "ndcg@10": ndcg(ranks, 10)}
    line: dict[str, Any] = {"blend": label, "seed": seed, "asked": len(judged)}
    for measure in ("recall@10", "ndcg@10"):
        line |= {f"{measure} {name}": round(float(values[measure].mean()), 4) for name, values in found.items()}
        gap = difference(found["with"][measure], found["without"][measure], np.random.default_rng(0))
        line |= {f"{measure} gap": [round(gap.mean, 4), round(gap.low, 4), round(gap.high, 4)]}
    return line


def main(
    sequences: Annotated[Path | None, typer.Option(help="A line a user, `user item item ...`; plain or .gz.")] = None,
    attributes: Annotated[Path | None, typer.Option(help="JSON {item: [value, ...]}, plain or .gz.")] = None,
    seeds: Annotated[str, typer.Option(help="Seeds with commas between.")] = "0",
    steps: Annotated[int | None, typer.Option(help="Most batches learnt from; as configured where absent.")] = None,
    with_demo: Annotated[bool, typer.Option("--demo/--no-demo", help="Judge on the demo shop, too.")] = True,
    shop: Annotated[Path | None, typer.Option(help="An imported shop to judge on in the demo shop's place.")] = None,
    blend: Annotated[
        bool, typer.Option("--blend", help="Only: does affinity lift the blend of simple members?")
    ] = False,
) -> None:
    """Print one JSON object a line: recall of the next product's attribute values, affinity against simple answers."""

    def show(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            print(json.dumps(line), flush=True)

    changes = {} if steps is None else {"most_steps": steps}
    if sequences is not None and attributes is not None:
        train, features, valid, test = beauty(sequences, attributes)
        run(sequences.name.partition(".")[0], train, features, {"view": (valid, test)}, seeds, changes, blend, 5, show)
    if with_demo:
        with tempfile.TemporaryDirectory() as folder:
            histories, features = demo(shop or Path(folder))
        order = np.random.default_rng(0).permutation(len(histories))
        parts = [histories.take(np.sort(part)) for part in np.split(order, [len(order) * 3 // 4])]
        asked = {
            head: (last_of(parts[0], purchase=head == "purchase"), last_of(parts[1], purchase=head == "purchase"))
            for head in ("view", "purchase")
        }
        run("demo", parts[0], features, asked, seeds, changes, blend, 3, show)


def run(
    label: str,
    train: Histories,
    features: Features,
    asked: dict[str, tuple[Holdout, Holdout]],
    seeds: str,
    changes: dict[str, Any],
    blend: bool,
    k: int,
    show: Callable[[list[dict[str, Any]]], None],
) -> None:
    """Everything about one data set; `asked`: for each head the questions to tune on and those to judge by."""
    for seed in (int(text) for text in seeds.split(",")):
        if blend:
            tune, test = asked["view"]
            show([blended(train, features, tune if label != "demo" else test, seed, changes, label)])
            continue
        model, seconds = fitted(train, features, seed, **changes)
        counts, _ = fitted(train, features, seed, most_steps=0)
        for head, (tune, test) in asked.items():
            about = {"data": label, "seed": seed, "train_s": round(seconds, 1)}
            models = {"counts alone": counts, "affinity": model}
            show(judge(models, tune, test, head=head, k=k, about=about))


if __name__ == "__main__":
    typer.run(main)
