"""Judges the colouring of hair on street photos with pixel labels that no model learnt from; page: hair.md.

    python benchmarks/hair.py --test FOLDER [--half tried|kept] [--most N] [--sheet FILE] [--json]

FOLDER is that of `benchmarks/parts.py`. Of the photos kept aside, every second is the half that settings were tried on;
the other half was judged once, at the end. Each photo is coloured four times. The trivial ways beside it use the same
chances of the same parser.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image

from bottega.actions.studio.people.hair import chances_of
from bottega.datasets.photos.kept_aside import street_split
from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.evaluation.hair_figures import ColouredHair, flat_paint, hue_only, judge_hair, means
from bottega.models.studio.people.hair import find_hair, recolour_hair
from bottega.models.studio.people.hair_colours import NATURAL
from bottega.models.vision.parts.parser import Parts
from bottega.serving.cli.console import bar, guard
from common import machine

COLOURS = ("black", "auburn", "blond", "grey")
LEAST_HAIR = 0.002
"""Share of a photo that its labelled hair covers, below which it shows none."""
WAYS = ("hair", "hue only", "half painted")


def main(
    test: Annotated[Path, typer.Option(help="Folder with photos/ and masks/.")],
    half: Annotated[str, typer.Option(help="tried, kept or all.")] = "all",
    most: Annotated[int, typer.Option(help="Photos to judge.")] = 1000,
    sheet: Annotated[Path | None, typer.Option(help="Where to write 20 of them, before and after.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
) -> None:
    with guard(), bar() as progress:
        _, held_out = street_split(test, progress=progress)
        rows = [row for row in range(len(held_out)) if half == "all" or (row % 2 == 0) == (half == "tried")][:most]
        parser = Parts.shipped()
        found: dict[str, dict[str, list[ColouredHair]]] = {way: {name: [] for name in COLOURS} for way in WAYS}
        refused: dict[str, int] = {"with hair": 0, "without hair": 0}
        shown: list[tuple[Photo, ...]] = []
        seconds, judged, bald = 0.0, 0, 0
        for done, row in enumerate(rows, start=1):
            photo, labels = held_out.photos[row], held_out.parts[row]
            has_hair = (labels == PARTS.index("hair")).mean() >= LEAST_HAIR
            bald += not has_hair
            hair, skin = chances_of(photo, parser)
            try:
                one = find_hair(photo, hair, skin)
            except PhotoRefused:
                refused["with hair" if has_hair else "without hair"] += 1
                continue
            if not has_hair:
                continue
            judged += 1
            made = []
            for name in COLOURS:
                lab = NATURAL[name]
                started = time.process_time()
                after = recolour_hair(photo, one, lab)
                seconds += time.process_time() - started
                made.append(after)
                ways = (after, hue_only(photo, hair, lab), flat_paint(photo, hair, lab))
                for way, picture in zip(WAYS, ways, strict=True):
                    found[way][name].append(judge_hair(photo, picture, labels, lab))
            if len(shown) < 20:
                shown.append((photo, *made))
            progress("colouring hair", done, len(rows))
    told: dict[str, Any] = {
        "photos": len(rows),
        "judged": judged,
        "without_hair": bald,
        "refused": refused,
        "seconds": round(seconds / max(1, judged * len(COLOURS)), 3),
        "ways": {way: means([one for name in COLOURS for one in by[name]]) for way, by in found.items()},
        "colours": {name: means(found["hair"][name]) for name in COLOURS},
    }
    if sheet is not None:
        _write_sheet(sheet, shown)
    if as_json:
        print(json.dumps(told))
        return
    print(f"{machine()}; {told['photos']} photos, {half}; {told['seconds']:.3f} s of processor time a colour")
    print(f"judged {judged}; refused {refused['with hair']} with hair, {refused['without hair']} of {bald} without")
    names = list(told["ways"]["hair"])
    print("\n| | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for way, values in (told["ways"] | {f"hair, {name}": values for name, values in told["colours"].items()}).items():
        print(f"| {way} | " + " | ".join(f"{values[name]:.3f}" for name in names) + " |")


def _write_sheet(file: Path, shown: list[tuple[Photo, ...]]) -> None:
    """The heads of the photos, each in a row: as it came, and in each colour."""
    size = 150
    columns = 2
    sheet = Image.new("RGB", (size * (1 + len(COLOURS)) * columns, size * -(-len(shown) // columns)), "white")
    for place, photos in enumerate(shown):
        differs = (photos[0] != photos[1]).any(2)
        rows, across = np.flatnonzero(differs.any(1)), np.flatnonzero(differs.any(0))
        side = max(int(rows[-1] - rows[0]), int(across[-1] - across[0]), 20) * 1.5
        middle = (rows[0] + rows[-1]) / 2 + side * 0.08, (across[0] + across[-1]) / 2
        top, left = round(middle[0] - side / 2), round(middle[1] - side / 2)
        box = left, top, left + round(side), top + round(side)
        for column, photo in enumerate(photos):
            head = Image.fromarray(photo).crop(box).resize((size, size), Image.Resampling.LANCZOS)
            sheet.paste(head, (size * (column + (1 + len(COLOURS)) * (place % columns)), size * (place // columns)))
    sheet.save(file, quality=90, xmp=packet_of(SourceType.PARTLY_GENERATED))


if __name__ == "__main__":
    typer.run(main)
