"""Judges the eye on other photos than a catalogue's and on things it was never taught; page: eye_verticals.md.

    python benchmarks/eye_verticals.py --test DIR [--eye FOLDER] [--rest] [--json]

DIR has `photos.zip` and `labels.csv` (columns `image` and `label` or `class`; photos are `<image>.jpg`). The names in
it say which head is asked: the one that knows most of them. Without labels.csv, or where no head knows a name, the
photos count as things that the eye was never taught.

top1: share of the photos whose label is the likeliest name of the head, whatever the gate says of the photo. balanced:
the same, averaged over the labels that occur. refused: share of the photos that get no tag of that kind, because the
gate takes them for another; of things never taught: that get no tag of what is worn (category, type, gender, usage,
color). A label that the head never heard of counts as wrong.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bottega.datasets.photos.catalogue import codes_of
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.gate import GATED, KINDS, WORN, shown
from bottega.models.vision.eye.verticals_recipe import kept_aside
from bottega.models.vision.tags import TAUGHT, PhotoTags, read_tags
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard
from common import machine

CHUNK = 256
LABELS = ("label", "class")
"""Columns that hold the truth."""
KEYS = ("top1", "balanced", "refused", "photos")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def labels_of(folder: Path) -> dict[str, str]:
    """Image -> label, of labels.csv; empty where there is none."""
    path = folder / "labels.csv"
    if not path.exists():
        return {}
    with io.StringIO(path.read_text(encoding="utf-8-sig")) as stream:
        rows = list(csv.DictReader(stream))
    return {row["image"]: next(row[name] for name in LABELS if name in row) for row in rows}


def thing_of(eye: Eye, names: set[str]) -> str | None:
    """The head that knows most of these names; None where none knows any."""
    known = {thing: len(names & set(head.classes)) for thing, head in eye.things.items()}
    best = max(known, key=lambda thing: known[thing], default=None)
    return best if best is not None and known[best] else None


def read(folder: Path, *, rest: bool) -> tuple[list[Photo], list[str]]:
    """Photos, and the label of each; "" where it has none. `rest`: only those that the recipe keeps aside."""
    labels = labels_of(folder)
    with zipfile.ZipFile(folder / "photos.zip") as packed:
        names = [name for name in packed.namelist() if Path(name).suffix.lower() in SUFFIXES]
        if labels:
            names = [name for name in names if Path(name).stem in labels]
        if rest:
            aside = kept_aside([Path(name).stem for name in names])
            names = [name for name, keep in zip(names, aside.tolist(), strict=True) if keep]
        photos = [read_photo(packed.read(name), name=name) for name in names]
    return photos, [labels.get(Path(name).stem, "") for name in names]


def judge(
    photos: list[Photo], labels: list[str], eye: Eye, *, progress: Progress
) -> dict[str, float | int | str | None]:
    """The figures of one folder."""
    thing = thing_of(eye, set(labels) - {""})
    kind = thing if thing in KINDS else WORN
    silent: list[bool] = []
    right: list[bool] = []
    for start in range(0, len(photos), CHUNK):
        some = photos[start : start + CHUNK]
        if thing is None:
            silent += [not any(tag.head in GATED for tag in one.tags) for one in worn_tags(eye, some)]
        else:
            silent += (shown(eye.kinds(some), (kind,)) < TAUGHT).tolist() if eye.gate else [False] * len(some)
            codes = codes_of(labels[start : start + CHUNK], eye.things[thing].classes)
            right += (eye.names(some, thing).argmax(axis=1) == codes).tolist()
        progress("looking at photos", min(start + CHUNK, len(photos)), len(photos))
    said = np.array(labels)
    by_name = [np.array(right)[said == name].mean() for name in sorted(set(labels))] if right else []
    return {
        "top1": round(float(np.mean(right)), 4) if right else None,
        "balanced": round(float(np.mean(by_name)), 4) if right else None,
        "refused": round(float(np.mean(silent)), 4),
        "photos": len(photos),
        "asked": thing or "nothing that was taught",
    }


def worn_tags(eye: Eye, photos: list[Photo]) -> list[PhotoTags]:
    """What is said of each photo by heads that were taught clothes; other kinds of things are not named."""
    return read_tags(eye, replace(eye.look(photos), things=()))


def main(
    test: Annotated[Path, typer.Option(help="Folder with photos.zip and labels.csv.")],
    eye: Annotated[Path | None, typer.Option(help="Folder of an eye; the shipped one where absent.")] = None,
    rest: Annotated[
        bool, typer.Option("--rest", help="Only the photos that the shipped eye's recipe keeps aside.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    with guard(), bar() as progress:
        sees = Eye.load(eye) if eye else Eye.shipped()
        photos, labels = read(test, rest=rest)
        found = judge(photos, labels, sees, progress=progress)
    if as_json:
        print(json.dumps({key: found[key] for key in KEYS}))
        return
    print(f"{machine()}; asked: {found['asked']}\n")
    print(f"| {' | '.join(KEYS)} |\n|{'---|' * len(KEYS)}")
    print(f"| {' | '.join('' if found[key] is None else str(found[key]) for key in KEYS)} |")


if __name__ == "__main__":
    typer.run(main)
