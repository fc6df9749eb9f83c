"""Judges the eye on a folder of product photos; page: eye.md.

    python benchmarks/eye.py --test FOLDER [--train FOLDER] [--split SHARE] [--seed N] [--baselines] [--alone] [--json]

A folder holds `styles.csv` (id, gender, masterCategory, subCategory, articleType, baseColour, usage,
productDisplayName) and `images/<id>.jpg`. With --train the eye learns from that folder, by the shipped eye's
recipe; without, the shipped eye is judged. --split judges on a share of the product lines of --test alone; where
--train is the same folder, it learns from the other lines, so that no line is on both sides.

top1, top2: share of the photos whose label is among the one or two likeliest classes; a label that the model never
heard of counts as wrong, an empty one is left out. type_macro_f1: over the types that are judged and have 20 photos or
more, learnt from and judged together. ece: expected calibration error of the type, 15 bins. line_recall@k, line_map:
each photo with another of its line asks among all others judged. code_line_map: the same over 256-bit codes, learnt
from the vectors that are searched.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bottega.datasets.photos.catalogue import PhotoCatalogue, fingerprint
from bottega.errors import RequestInvalid
from bottega.evaluation.eye_figures import AT_MOST, BARS, KEYS, Figures, answers_of, judge_answers
from bottega.models.blocks.cards import add_to_card, bars, read_card
from bottega.models.blocks.shipped import shipped_folder, weights_of
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.recipe import train_eye
from bottega.models.vision.eye.training import Training
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard, note
from common import DATA, machine


def parted(
    train: Path | None, test: Path, split: float | None, seed: int
) -> tuple[PhotoCatalogue | None, PhotoCatalogue]:
    """What to learn from (None for the shipped eye), and what to judge on."""
    judged = PhotoCatalogue.read(test)
    within = train is not None and train.resolve() == test.resolve()
    if split is None:
        if within:
            raise RequestInvalid(
                f"--train and --test are both {test}.",
                allowed="Nothing is judged on what it learnt from.",
                next_step="Give two folders, or add --split 0.15 to hold out 15% of the product lines.",
            )
        return PhotoCatalogue.read(train) if train else None, judged
    rest, held_out = judged.split_lines(split, np.random.default_rng(seed))
    if train is None:
        return None, judged.take(held_out)
    return judged.take(rest) if within else PhotoCatalogue.read(train), judged.take(held_out)


def shipped(judged: PhotoCatalogue) -> tuple[Eye, float | None, Mapping[str, int]]:
    """The shipped eye, its seconds of training, its photos by type. Says where it may have seen what it judges."""
    card = read_card(shipped_folder("vision", "eye"))
    types = Counter(card.get("type_counts", {}))
    if card.get("split", {}).get("held_out_ids") == fingerprint(judged.ids):
        types -= Counter(judged.labels["type"])
    else:
        note("These are not the photos held out from the shipped eye: judge on none that it learnt from.")
    return Eye.shipped(), card.get("train_s"), types


def put_on_card(found: Figures) -> None:
    """Write the figures, their intervals and the bars into the shipped eye's card."""
    add_to_card(
        weights_of("vision") / "eye",
        measures=found.values,
        intervals={key: [round(one.low, 4), round(one.high, 4)] for key, one in found.intervals.items()},
        bars=bars(found.values, BARS, AT_MOST),
    )


def judge_eye(
    learnt: PhotoCatalogue | None,
    judged: PhotoCatalogue,
    *,
    seed: int,
    config: Training,
    alone: bool = False,
    device: str = "auto",
    progress: Progress,
) -> Figures:
    """The eye's figures: trained on `learnt`, or shipped. `alone`: its network without the second opinion."""
    if learnt is None:
        eye, seconds, types = shipped(judged)
    else:
        started = time.perf_counter()
        eye = train_eye(
            learnt,
            seed=seed,
            version="benchmark",
            config=config,
            street=DATA / "parsing",
            device=device,
            progress=progress,
        )
        seconds, types = time.perf_counter() - started, Counter(learnt.labels["type"])
    if alone:
        eye = Eye(replace(eye.config, trust={}), eye.network, eye.implies)
    return judge_answers(answers_of(eye, judged, progress=progress), judged, learnt_types=types, train_s=seconds)


def main(
    test: Annotated[Path, typer.Option(help="Folder to judge on.")],
    train: Annotated[Path | None, typer.Option(help="Folder to learn from; the shipped eye where absent.")] = None,
    split: Annotated[float | None, typer.Option(help="Judge on this share of the lines of --test.")] = None,
    seed: Annotated[int, typer.Option(help="Of the split and of the training.")] = 0,
    epochs: Annotated[float | None, typer.Option(help="Passes over the catalogue; as configured where absent.")] = None,
    baselines: Annotated[bool, typer.Option("--baselines", help="Judge the baselines as well.")] = False,
    alone: Annotated[bool, typer.Option("--alone", help="Judge the network without its second opinion.")] = False,
    device: Annotated[str, typer.Option(help="Where it learns: auto, cpu, cuda.")] = "auto",
    card: Annotated[bool, typer.Option("--card", help="Write the shipped eye's figures into its card.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The eye's figures as one JSON object.")] = False,
) -> None:
    with guard(), bar() as progress:
        learnt, judged = parted(train, test, split, seed)
        config = Training() if epochs is None else replace(Training(), epochs=epochs)
        rows = {
            "eye": judge_eye(learnt, judged, seed=seed, config=config, alone=alone, device=device, progress=progress)
        }
        if baselines:
            if learnt is None:
                raise RequestInvalid("--baselines has nothing to learn from.", next_step="Name a folder with --train.")
            from eye_baselines import BASELINES  # needs scikit-learn

            rows |= {name: fit(learnt, judged, seed, progress) for name, fit in BASELINES.items()}
    if card:
        assert learnt is None and not alone, "--card is about the shipped eye"
        put_on_card(rows["eye"])
    if as_json:
        print(json.dumps(rows["eye"].values))
        return
    print(f"{machine()}; photos judged: {fingerprint(judged.ids)}\n")
    print(f"| measure | {' | '.join(rows)} |\n|---|{'---|' * len(rows)}")
    for key in KEYS:
        print(f"| {key} | {' | '.join(found.cell(key) for found in rows.values())} |")


if __name__ == "__main__":
    typer.run(main)
