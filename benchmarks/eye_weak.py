"""What a student gains from a teacher's labels when one photo in five is labelled; page: eye_weak.md.

    python benchmarks/eye_weak.py [--seeds 0,1,2] [--steps 400] [--json]

A fifth of the product lines keep their labels. The teacher learns from these alone, then labels the others: what the
title names and it finds possible, or what it is sure of where the title is silent (bottega.models.vision.eye.weak). The
student has the teacher's size, steps and photos of 64 pixels, and learns from both. All titles are known to the
student. `titles only` learns from the same photos, where the title alone gives the labels; it tells how much the
teacher's eyes add.
Judged on the held-out lines: top-1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.evaluation.eye_figures import answers_of, judge_answers
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.fitting import fit_eye
from bottega.models.vision.eye.material import Known
from bottega.models.vision.eye.recipe import catalogue_known
from bottega.models.vision.eye.training import Training
from bottega.models.vision.eye.weak import named_classes, weak_labels
from bottega.names import BoolArray
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard
from common import DATA, machine

LABELLED = 0.2
HEADS = ("type", "subcategory", "category", "gender", "color", "usage")
MEASURES = ("type_top1", "subcategory_top1", "gender_top1", "colour_top1", "type_macro_f1")


def taken(known: Known, rows: BoolArray, labels: Mapping[str, Sequence[str]] | None = None) -> Known:
    """Some photos of a data set, with these labels instead of their own."""
    chosen = np.flatnonzero(rows).tolist()
    assert known.groups is not None and known.mask is not None
    own = known.labels if labels is None else labels
    return replace(
        known,
        photos=known.photos[rows],
        labels={head: [own[head][row] for row in chosen] for head in HEADS},
        marks={head: [marks[row] for row in chosen] for head, marks in known.marks.items()},
        groups=known.groups[rows],
        mask=known.mask[rows],
    )


def fitted(known: Known, words: tuple[str, ...], seed: int, steps: int, progress: Progress) -> Eye:
    """An eye after `steps` steps on one data set."""
    config = replace(Training(), sizes=((1.0, 64),), on_street=0.0, second_opinion=False)
    config = replace(config, epochs=steps * config.batch_size / len(known.photos))
    rng = np.random.default_rng(seed)
    return fit_eye([known], marks={"words": words}, rng=rng, version="weak", config=config, progress=progress)


def labels_by(
    known: Known, labelled: BoolArray, teacher: Eye | None, classes: Mapping[str, Sequence[str]], progress: Progress
) -> dict[str, list[str]]:
    """True labels where they are kept, the teacher's (None: the title's) elsewhere."""
    looks = teacher.look(list(known.photos), progress=progress) if teacher is not None else None
    words = known.marks["words"]
    found = {}
    for head in HEADS:
        names = list(classes[head])
        if looks is not None and teacher is not None:
            weak = weak_labels(looks.probabilities[head], teacher.heads[head], words)
        else:
            named = named_classes(words, names)
            weak = tuple(names[row.argmax()] if row.sum() == 1 else "" for row in named)
        true = known.labels[head]
        found[head] = [true[row] if labelled[row] else weak[row] for row in range(len(true))]
    return found


def main(
    seeds: Annotated[str, typer.Option(help="Seeds of the labelled share and of the trainings.")] = "0,1,2",
    steps: Annotated[int, typer.Option(help="Steps of 64 pictures each eye learns for.")] = 400,
    data: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Train teacher, student and titles-only student for each seed and print the means."""
    rows: dict[str, list[dict[str, float]]] = {"teacher": [], "titles only": [], "student": []}
    weak: list[dict[str, float]] = []
    with guard(), bar() as progress:
        catalogue = PhotoCatalogue.read(data)
        learnt, held_out = catalogue.split_lines(0.15, np.random.default_rng(0))
        learning, judged = catalogue.take(learnt), catalogue.take(held_out)
        known = catalogue_known(learning, progress=progress)
        everything = np.ones(len(learning), dtype=bool)
        for seed in [int(one) for one in seeds.split(",")]:
            _, labelled = learning.split_lines(LABELLED, np.random.default_rng(seed))
            words = learning.take(labelled).frequent_words(least=5)
            teacher = fitted(taken(known, labelled), words, seed, steps, progress)
            by_title = labels_by(known, labelled, None, teacher.heads, progress)
            by_teacher = labels_by(known, labelled, teacher, teacher.heads, progress)
            eyes = {
                "teacher": teacher,
                "titles only": fitted(taken(known, everything, by_title), words, seed, steps, progress),
                "student": fitted(taken(known, everything, by_teacher), words, seed, steps, progress),
            }
            for name, eye in eyes.items():
                found = judge_answers(answers_of(eye, judged), judged, learnt_types={}, train_s=None).values
                rows[name].append({key: float(found[key] or 0) for key in MEASURES})
            weak.append(_weak(by_teacher, known, labelled))
    means = {
        name: {key: round(float(np.mean([one[key] for one in found])), 4) for key in MEASURES}
        for name, found in rows.items()
    }
    labels = {key: round(float(np.mean([one[key] for one in weak])), 4) for key in weak[0]}
    if as_json:
        print(json.dumps({"rows": rows, "means": means, "weak_labels": labels, "steps": steps}))
        return
    print(f"{machine()}; {steps} steps an eye, seeds {seeds}; weak labels: {labels}\n")
    print(f"| eye | {' | '.join(MEASURES)} |\n|---|{'---|' * len(MEASURES)}")
    for name, mean in means.items():
        spread = {key: np.std([one[key] for one in rows[name]]) for key in MEASURES}
        print(f"| {name} | {' | '.join(f'{mean[key]:.3f} ±{spread[key]:.3f}' for key in MEASURES)} |")


def _weak(found: Mapping[str, Sequence[str]], known: Known, labelled: BoolArray) -> dict[str, float]:
    """Of the unlabelled photos, the share that got a type or a color, and the share of those labels that is right."""
    shares = {}
    for head in ("type", "color"):
        pairs = [(found[head][row], known.labels[head][row]) for row in np.flatnonzero(~labelled).tolist()]
        given = [(said, true) for said, true in pairs if said]
        shares[f"{head}_given"] = len(given) / max(len(pairs), 1)
        shares[f"{head}_right"] = sum(said == true for said, true in given) / max(len(given), 1)
    return shares


if __name__ == "__main__":
    typer.run(main)
