"""Judges what goes with what on people whose photos were not learnt from; page: outfits.md.

    python benchmarks/outfits.py [--data FOLDER] [--eye FOLDER] [--json]

FOLDER holds `photos/`, `masks/` and `labels.txt`. Five folds by photo: garments of four fifths of the people teach,
those of the others are asked about (evaluation/outfits_figures.py). The weights that ship are made by weights.py.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bottega.evaluation.intervals import Interval, difference, interval
from bottega.evaluation.outfits_figures import CHOICES, POPULAR, SEED, SHIPS, judge_outfits, means
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.outfits_recipe import read_people
from common import DATA


def cell(one: Interval) -> str:
    return f"{one.mean:.3f} ({one.low:.3f} to {one.high:.3f})"


def main(
    data: Annotated[Path, typer.Option(help="Folder with photos/, masks/ and labels.txt.")] = DATA / "parsing",
    eye_folder: Annotated[Path | None, typer.Option("--eye", help="A saved eye; the shipped one where absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")] = False,
) -> None:
    """Judge outfits."""
    eye = Eye.shipped() if eye_folder is None else Eye.load(eye_folder)
    started = time.perf_counter()
    people = read_people(data, eye)
    read_s = time.perf_counter() - started
    found, seconds = judge_outfits(people)
    best = SHIPS
    print(f"{len(np.unique(people.person))} people, {len(people.person)} garments cut out and seen in {read_s:.0f} s; ")
    print(f"learning from four fifths of them: {seconds:.1f} s of one core; eye {eye.version}\n")
    print("| scores | AUC | AUC in like light | fill in the blank | ahead by | calibration error |")
    print("|---|---|---|---|---|---|")
    lines: dict[str, dict[str, float]] = {}
    for name, values in found.items():
        blank = values["fill_in_the_blank"]
        known = np.isfinite(blank) & np.isfinite(found[best]["fill_in_the_blank"])
        hits = interval(blank[known], np.random.default_rng(SEED))
        gap = difference(found[best]["fill_in_the_blank"][known], blank[known], np.random.default_rng(SEED))
        lines[name] = means(values)
        spread = [f"{values[each].mean():.3f} ± {values[each].std():.3f}" for each in ("auc", "auc_like_light")]
        calibrated = "" if name == POPULAR else f"{lines[name]['ece']:.3f}"
        print(f"| {name} | {' | '.join(spread)} | {cell(hits)} | {'' if name == best else cell(gap)} | {calibrated} |")
    print(f"| chance | 0.500 | 0.500 | {1 / CHOICES:.3f} | | |")
    if as_json:
        size = {"people": len(np.unique(people.person)), "garments": len(people.person), "train_s": round(seconds, 2)}
        print(json.dumps(size | {"eye": eye.version, "chance": 1 / CHOICES, "scores": lines}))


if __name__ == "__main__":
    typer.run(main)
