"""Words among photos, and "like this but blue", on product lines that nobody learnt from; page: search_words.md.

    python benchmarks/search_words.py [--photos FOLDER] [--vectors FILE] [--json]

FOLDER holds `styles.csv` and `images/`; the shipped eye looks at the photos once. The tower is fitted on the lines that
the eye learnt from, and asked about those held out from both. What is asked: evaluation/words_figures.py. The words
that ship are made by weights.py.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.evaluation.words_figures import judge_words
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.words_recipe import looked, train_words
from bottega.names import FloatArray
from bottega.shop.search.found import PHOTO_WEIGHT
from common import DATA


def main(
    photos: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    vectors: Annotated[Path | None, typer.Option(help="Kept vectors of the same eye and photos, .npy.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one object.")] = False,
) -> None:
    """Fit on the lines that the eye learnt from, ask about the others."""
    catalogue, eye = PhotoCatalogue.read(photos), Eye.shipped()
    if vectors is not None and vectors.exists():
        seen: FloatArray = np.load(vectors)
    else:
        seen = looked(catalogue, eye)
        if vectors is not None:
            np.save(vectors, seen)
    started = time.perf_counter()
    space = train_words(catalogue, seen, version=eye.version)
    seconds = time.perf_counter() - started
    _, held_out = lines_split(catalogue)
    found = judge_words(space, seen[held_out], catalogue.take(held_out), photo_weight=PHOTO_WEIGHT)
    found["train_s"] = round(seconds, 1)
    if as_json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"| {name} | {value:g} |")


if __name__ == "__main__":
    typer.run(main)
