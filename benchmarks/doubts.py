"""Flips labels of a catalogue and counts how soon they are found again; page: doubts.md.

    python benchmarks/doubts.py [--test FOLDER] [--eye FOLDER] [--head type] [--share 0.05] [--seeds 3]
                                [--features eye|hand] [--train-features none|all] [--json]

FOLDER holds `styles.csv` and `images/<id>.jpg`. A share of the labels is replaced by another class, each other class
equally likely (`likely`: as often as it occurs, which is harder to tell). What judges is what ships: features of the
eye, regression and neighbours over five folds of product lines. Average precision is that of the flipped labels in the
order of doubts; `precision_at_flips` the share of them among as many as were flipped; `doubted` what is shown.

The shipped eye learnt its features from right labels. On photos that it learnt from that flatters: with
`--train-features none` (the default) only the lines it never saw are judged where FOLDER is the catalogue it learnt
from, and everything elsewhere. `all` judges everything, to show by how much it flatters. `--features hand` takes shapes
and colours that nobody learnt (HOG and a Lab histogram, 128 principal components) in the place of the eye's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from scipy.sparse.linalg import svds

from bottega.datasets.photos.catalogue import PhotoCatalogue, classes_of, codes_of, fingerprint
from bottega.evaluation.photo_measures import average_precision
from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import weights_of
from bottega.models.vision.doubts import Doubts, DoubtsConfig, features_of, find_doubts, out_of_fold
from bottega.models.vision.eye.eye import Eye
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard, note, say
from common import DATA, machine
from eye_baselines import features_of as features_by_hand

FIRST = 20
"""Doubts about labels that nobody flipped, shown in the end."""
ORDERS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "self-confidence": lambda own, other: own,
    "difference (normalised margin)": lambda own, other: own - other,
}
EXPERTS = {"regression alone": 0.0, "neighbours alone": 1.0}


def unseen(catalogue: PhotoCatalogue, card: dict[str, Any]) -> PhotoCatalogue:
    """The lines that the eye never saw, where this is the catalogue it learnt from; else the whole catalogue."""
    split = card.get("split")
    if split is None:
        return catalogue
    _, held_out = catalogue.split_lines(split["share"], np.random.default_rng(split["seed"]))
    kept = catalogue.take(held_out)
    return kept if fingerprint(kept.ids) == split["held_out_ids"] else catalogue


def flip(labels: IntArray, share: float, rng: np.random.Generator, *, likely: bool) -> tuple[IntArray, BoolArray]:
    """Labels [N] with a share of them replaced by another class, and which."""
    classes = int(labels.max()) + 1
    flipped = np.zeros(len(labels), dtype=np.bool_)
    flipped[rng.permutation(len(labels))[: round(share * len(labels))]] = True
    changed = labels.copy()
    weights = np.bincount(labels, minlength=classes) if likely else np.ones(classes)
    for row in np.flatnonzero(flipped).tolist():
        others = np.where(np.arange(classes) == labels[row], 0, weights)
        changed[row] = rng.choice(classes, p=others / others.sum())
    return changed, flipped


def measured(found: Doubts, flipped: BoolArray, truth: IntArray) -> dict[str, float]:
    """How soon the flipped labels are found."""
    first = found.order[: flipped.sum()]
    return {
        "average_precision": average_precision(-np.minimum(found.log_odds, 99), flipped),
        "precision_at_flips": float(flipped[first].mean()),
        "doubted": float(found.doubted.mean()),
        "doubted_precision": float(flipped[found.doubted].mean()) if found.doubted.any() else 0.0,
        "doubted_recall": float(found.doubted[flipped].mean()),
        "right_proposal": float((found.proposed == truth)[flipped].mean()),
    }


def one_seed(features: FloatArray, truth: IntArray, lines: IntArray, share: float, seed: int) -> dict[str, float]:
    """All measures of one draw of flips."""
    labels, flipped = flip(truth, share, np.random.default_rng(seed), likely=False)
    started = time.perf_counter()
    found = find_doubts(features, labels, lines, rng=np.random.default_rng(seed))
    row = measured(found, flipped, truth) | {"seconds": time.perf_counter() - started}
    rows = np.arange(len(labels))
    for name, neighbours in (EXPERTS | {"": DoubtsConfig().neighbour_share}).items():
        config = replace(DoubtsConfig(), neighbour_share=neighbours)
        table = out_of_fold(features, labels, lines, rng=np.random.default_rng(seed), config=config)
        own, others = table[rows, labels], table.copy()
        others[rows, labels] = -1
        if name:
            odds = np.log(own + config.smoothing) - np.log(others.max(1) + config.smoothing)
            row[name] = average_precision(-odds, flipped)
        else:
            row |= {order: average_precision(-score(own, others.max(1)), flipped) for order, score in ORDERS.items()}
    labels, flipped = flip(truth, share, np.random.default_rng(seed), likely=True)
    likely = measured(find_doubts(features, labels, lines, rng=np.random.default_rng(seed)), flipped, truth)
    return row | {f"{name} (likely)": likely[name] for name in ("average_precision", "precision_at_flips")}


def features_by(
    features: str, eye: Path, train_features: str, test: Path, head: str, progress: Progress
) -> tuple[PhotoCatalogue, FloatArray, str]:
    """The photos with a label that are judged, their features, and whose features they are."""
    catalogue = PhotoCatalogue.read(test)
    judged = unseen(catalogue, read_card(eye)) if train_features == "none" else catalogue
    judged = judged.take(np.array([bool(label) for label in judged.labels[head]]))
    if features == "hand":
        rows = features_by_hand(judged, progress)
        left, sizes, _ = svds(rows - rows.mean(0), k=128, random_state=0)
        return judged, (left * sizes).astype(np.float32), "none, features by hand"
    looker = Eye.load(eye)
    looks = looker.look(list(judged.photos(looker.config.image_px, progress=progress)), progress=progress)
    return judged, features_of(looks.vectors, looks.probabilities), looker.version


def main(
    test: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    eye: Annotated[Path, typer.Option(help="Folder of the eye; the shipped one where absent.")] = weights_of("vision")
    / "eye",
    head: Annotated[str, typer.Option(help="Labels: type, subcategory, category, gender, color, usage.")] = "type",
    share: Annotated[float, typer.Option(min=0.001, max=0.5, help="Share of the labels that is flipped.")] = 0.05,
    seeds: Annotated[int, typer.Option(min=1, help="Draws of flips.")] = 3,
    features: Annotated[str, typer.Option(help="eye, or hand for features that nobody learnt.")] = "eye",
    train_features: Annotated[str, typer.Option(help="Photos that the eye learnt from: none or all.")] = "none",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Flip labels, find them."""
    with guard(), bar() as progress:
        judged, found, maker = features_by(features, eye, train_features, test, head, progress)
    names = classes_of(judged.labels[head])
    truth = codes_of(judged.labels[head], names)
    rows = [one_seed(found, truth, judged.lines, share, seed) for seed in range(seeds)]
    figures = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    plain = find_doubts(found, truth, judged.lines, rng=np.random.default_rng(0))
    first = [
        {
            "id": judged.ids[row],
            "title": judged.titles[row],
            "label": names[truth[row]],
            "proposed": names[plain.proposed[row]],
            "confidence": round(float(plain.confidence[row]), 3),
        }
        for row in plain.order[:FIRST].tolist()
    ]
    counts = {"head": head, "photos": len(judged), "classes": len(names), "flipped": round(share * len(judged))}
    if as_json:
        result = counts | {"eye": maker, "seeds": seeds} | {k: round(v, 4) for k, v in figures.items()}
        result["average_precisions"] = [round(row["average_precision"], 4) for row in rows]
        result["doubted_unflipped"] = round(float(plain.doubted.mean()), 4)
        say(json.dumps(result | {"first_doubts": first}))
        return
    say(f"{machine()}; eye: {maker}; {counts}; mean of {seeds} draws\n")
    say("| | |\n|---|---|")
    for name, value in figures.items():
        say(f"| {name} | {value:.3f} |")
    note(f"Without flips {plain.doubted.mean():.1%} are doubted. The first {FIRST}:")
    for one in first:
        say(f"| {one['id']} | {one['title']} | {one['label']} | {one['proposed']} | {one['confidence']:.2f} |")


if __name__ == "__main__":
    typer.run(main)
