"""Judges semantic_ids and its parts on a sequence file, and what it gives on products held out of training; page:
semantic_ids.md.

Without --cold: each variant learns from the train part, its codes included; the validation items (every third shopper)
and the test items are ranked among all items, those the shopper has hidden, as in ranking.py.

With --cold: a share of the items is new. All their events are taken away; models learn from the rest and are then told
the new items' attributes alone (`extend`). Asked are the shoppers whose test item is new, by what is left of their
history: once with all items as candidates, once with the new ones only.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import Split, last_out
from bottega.evaluation.intervals import intervals
from bottega.evaluation.protocol import rank_all
from bottega.models.recommend.accuracy import ndcg, recall, target_ranks
from bottega.models.recommend.base import NEW_PRODUCT, Recommender, rank
from bottega.models.recommend.registry import recommender_class
from bottega.models.recommend.semantic.semantic_ids import SemanticIds, SemanticIdsConfig
from bottega.names import BoolArray, IntArray

VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "rqvae": {"quantiser": "rqvae"},
    "content_codes": {"alignment": 0.0},
    "company_codes": {"alignment": 0.95},
    "shared_codes_only": {"prefix_vectors": False},
    "two_levels_of_256": {"levels": 2, "codes": 256},
    "beam_64": {"beam": 64},
    "for_newcomers": {"prefix_dropout": 0.5, "alignment": 0.3},
}
"""What is changed from the defaults."""

COLD_MODELS = ("semantic_ids", "next_item", "content", "transitions")


def score_ranks(ranks: IntArray) -> str:
    """Recall and NDCG at 10 with their intervals."""
    found = intervals({"R@10": recall(ranks, 10), "N@10": ndcg(ranks, 10)}, np.random.default_rng(0))
    return "  ".join(f"{name} {each.mean:.4f} ({each.low:.4f}-{each.high:.4f})" for name, each in found.items())


def target_places(model: Recommender, asked: Holdout) -> IntArray:
    """Place of each target among all items, 0 behind the tenth."""
    return target_ranks(rank_all(model, asked.inputs, count=10), asked.targets)


def compare(split: Split, features: Features, names: list[str], epochs: int, seed: int) -> Table:
    """Train each variant; validation and test."""
    table = Table("variant", "distinct codes", "epochs", "validation", "test", "train s", "train CPU s", "answer ms")
    third = slice(0, len(split.holdout), 3)
    valid = Holdout(split.holdout.inputs.take(third), split.holdout.targets[third])
    for name in names:
        changed: dict[str, Any] = VARIANTS[name] | ({"epochs": epochs} if epochs else {})
        config = replace(SemanticIdsConfig(), **changed)
        started, cpu = time.perf_counter(), time.process_time()
        model = SemanticIds(config).fit(split.train, features, rng=np.random.default_rng(seed), holdout=split.holdout)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        of_valid = target_places(model, valid)
        started = time.perf_counter()
        of_test = target_places(model, split.test)
        answer_ms = 1000 * (time.perf_counter() - started) / len(split.test)
        cells = [f"{len(np.unique(model.codes_, axis=0)):,}", f"{model.report_.best_epoch} of {model.report_.epochs}"]
        cells += [score_ranks(of_valid), score_ranks(of_test), f"{seconds:.0f}", f"{cpu:.0f}", f"{answer_ms:.2f}"]
        table.add_row(name, *cells)
        print(" | ".join([name, *cells]), flush=True)
    return table


def reordered(features: Features, order: IntArray) -> Features:
    """Features of these items in this order."""
    return replace(
        features,
        attributes=features.attributes[order],
        text=features.text[order],
        prices=features.prices[order],
        categories=features.categories[order],
    )


def renamed(histories: Histories, code: IntArray, n_items: int) -> Histories:
    """The same events under new item codes, those of codes from `n_items` on left out."""
    items = code[histories.items].astype(np.int32)
    told = Histories(histories.offsets, items, histories.kinds, histories.times, len(code)).keep(items < n_items)
    return replace(told, n_items=n_items)


def oracle(features: Features, asked: IntArray, candidates: Sequence[int]) -> float:
    """Recall@10 of one who knows the target's attributes exactly and nothing else, among these candidates."""
    rows = features.attributes
    key = [rows.indices[start:end].tobytes() for start, end in zip(rows.indptr[:-1], rows.indptr[1:], strict=True)]
    alike: dict[bytes, int] = {}
    for item in candidates:
        alike[key[item]] = alike.get(key[item], 0) + 1
    return float(np.mean([min(1.0, 10 / alike[key[item]]) for item in asked.tolist()]))


def judge_cold(split: Split, features: Features, names: list[str], share: float, epochs: int, seed: int) -> Table:
    """Train on what is left without the new items, extend, ask for the new ones."""
    n_items = split.train.n_items
    rng = np.random.default_rng(seed)
    order = rng.permutation(n_items).astype(np.int32)
    n_old = n_items - int(share * n_items)
    code = np.empty(n_items, dtype=np.int32)
    code[order] = np.arange(n_items)
    known = reordered(features, order[:n_old])
    everything = reordered(features, order)
    train = renamed(split.train, code, n_old)
    kept = np.flatnonzero(code[split.holdout.targets] < n_old)
    holdout = Holdout(renamed(split.holdout.inputs, code, n_old).take(kept), code[split.holdout.targets[kept]])
    targets = code[split.test.targets]
    inputs = renamed(split.test.inputs, code, n_old)
    asked = np.flatnonzero((targets >= n_old) & (inputs.lengths > 0))
    inputs, targets = replace(inputs.take(asked), n_items=n_items), targets[asked]
    new: BoolArray = np.arange(n_items) >= n_old
    print(f"{n_items - n_old} of {n_items} items are new; {len(asked)} shoppers asked; seed {seed}")
    for words, among in (("all items", range(n_items)), ("new items", range(n_old, n_items))):
        print(f"knowing the target's attributes exactly, among {words}: R@10 {oracle(everything, targets, among):.4f}")
    table = Table("model", "among all items", "among the new items", "train s")
    for name in names:
        cls = recommender_class("semantic_ids" if name in VARIANTS else name)
        config = replace(cls().config, **VARIANTS.get(name, {}))
        model = cls(replace(config, epochs=epochs) if epochs and hasattr(config, "epochs") else config)
        started = time.perf_counter()
        model.fit(train, known, rng=np.random.default_rng(seed), holdout=holdout)
        seconds = time.perf_counter() - started
        if NEW_PRODUCT in model.abilities.serves:
            model.extend(everything)
        places: tuple[list[IntArray], list[IntArray]] = [], []
        for start in range(0, len(inputs), 500):
            some, wanted = inputs.take(slice(start, start + 500)), targets[start : start + 500]
            for found, allowed in zip(places, (None, new), strict=True):
                found.append(target_ranks(rank(model, some, count=10, allowed=allowed), wanted))
        cells = [*(score_ranks(np.concatenate(found)) for found in places), f"{seconds:.0f}"]
        table.add_row(name, *cells)
        print(" | ".join([name, *cells]), flush=True)
    return table


def main(
    sequences: Annotated[Path, typer.Option(help="A line a user, `user item item ...`, oldest first; plain or .gz.")],
    attributes: Annotated[Path, typer.Option(help="JSON {item: [value, ...]}, plain or .gz.")],
    variants: Annotated[str, typer.Option(help=f"Names with commas: {', '.join(VARIANTS)}.")] = "default",
    cold: Annotated[bool, typer.Option("--cold", help="Judge on items held out of training entirely.")] = False,
    models: Annotated[str, typer.Option(help="With --cold: names of models or variants with commas.")] = ",".join(
        COLD_MODELS
    ),
    share: Annotated[float, typer.Option(help="With --cold: share of the items that is new.")] = 0.08,
    epochs: Annotated[int, typer.Option(help="Epochs of every model that has them; 0: each one's default.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of models and of the choice of new items.")] = 0,
) -> None:
    """Judge semantic_ids: its variants, or new products."""
    histories, features, _, _ = read_sequences(sequences, attributes)
    split = last_out(histories)
    if cold:
        table = judge_cold(split, features, models.split(","), share, epochs, seed)
    else:
        table = compare(split, features, variants.split(","), epochs, seed)
    table.title = f"{sequences.name}, seed {seed}"
    Console(width=220).print(table)


if __name__ == "__main__":
    typer.run(main)
