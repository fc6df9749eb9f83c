"""How often tags are right, how often the eye is silent, and how long a photo takes; page: tags.md.

    python benchmarks/tags.py [--test FOLDER] [--eye FOLDER] [--json]

FOLDER holds `styles.csv` and `images/<id>.jpg`; where it is the catalogue that the eye learnt from, only the product
lines held out are judged. `said`: share of the photos with a known label on which a head speaks; `precision`: share of
those where it is right; `silent`: share of the others where its best guess, kept back, would have been right;
`floor_90`: from which confidence on this head is right nine times in ten on these photos. `ms`: reading a file,
looking, tags and colours, one photo at a time.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.reading import read_photo
from bottega.models.blocks.cards import read_card
from bottega.models.blocks.colours import dominant_colours
from bottega.models.blocks.shipped import weights_of
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.tags import KIND, PhotoTags, Unknown, read_tags, threshold_of
from bottega.serving.cli.console import bar, guard, say
from common import DATA, machine
from doubts import unseen

TIMED = 100
"""Photos that are timed, after a few that are not."""


def judged(tags: list[PhotoTags], head: str, labels: tuple[str, ...]) -> dict[str, float]:
    """Figures of one head over the photos whose label is known."""
    rows = []
    for photo, label in zip(tags, labels, strict=True):
        if label:
            rows += [(tag.confidence, tag.value == label, True) for tag in photo.tags if tag.head == head]
            rows += [(*_best(one, label), False) for one in photo.unknown if one.head == head]
    confidence, right, said = (np.array(column) for column in zip(*rows, strict=True))
    return {
        "photos": sum(bool(label) for label in labels),
        "said": float(said.sum()) / sum(bool(label) for label in labels),
        "precision": float(right[said].mean()) if said.any() else 0.0,
        "silent": float(right[~said].mean()) if not said.all() else 0.0,
        "threshold_90": threshold_of(confidence.astype(np.float32), right, precision=0.9),
    }


def _best(one: Unknown, label: str) -> tuple[float, bool]:
    value, confidence = one.guesses[0]
    return confidence, value == label


def timed(eye: Eye, paths: list[Path]) -> dict[str, float]:
    """Milliseconds from file to tags."""
    took = []
    for path in paths:
        started = time.perf_counter()
        photo = read_photo(path)
        read_tags(eye, eye.look([photo]))
        dominant_colours(photo)
        took.append((time.perf_counter() - started) * 1000)
    return {"ms_p50": float(np.percentile(took[5:], 50)), "ms_p95": float(np.percentile(took[5:], 95))}


def main(
    test: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    eye: Annotated[Path, typer.Option(help="Folder of the eye; the shipped one where absent.")] = weights_of("vision")
    / "eye",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tag photos, count what is right."""
    with guard(), bar() as progress:
        looker = Eye.load(eye)
        catalogue = unseen(PhotoCatalogue.read(test), read_card(eye))
        looks = looker.look(list(catalogue.photos(looker.config.image_px, progress=progress)), progress=progress)
        times = timed(looker, list(catalogue.paths[: TIMED + 5]))
    tags = read_tags(looker, looks)
    heads = {head: judged(tags, head, catalogue.labels[head]) for head in looker.heads if head in catalogue.labels}
    kinds = {KIND: float(np.mean([photo.shows_product for photo in tags]))}
    if as_json:
        rounded = {head: {name: round(value, 4) for name, value in row.items()} for head, row in heads.items()}
        result = {"eye": looker.version, "photos": len(catalogue), "seen_as_product": round(kinds[KIND], 4)}
        say(json.dumps(result | {name: round(value, 1) for name, value in times.items()} | {"heads": rounded}))
        return
    say(f"{machine()}; eye {looker.version}; {len(catalogue):,} photos, {kinds[KIND]:.1%} seen as a product's")
    say(f"From file to tags: {times['ms_p50']:.0f} ms (p50), {times['ms_p95']:.0f} ms (p95)\n")
    say("| head | photos | said | precision | right where silent | threshold for 90% |\n|---|---|---|---|---|---|")
    for head, row in heads.items():
        shares = " | ".join(f"{row[name]:.1%}" for name in ("said", "precision", "silent"))
        say(f"| {head} | {row['photos']:,} | {shares} | {row['floor_90']:.2f} |")


if __name__ == "__main__":
    typer.run(main)
