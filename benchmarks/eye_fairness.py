"""Do the eye and the parser see some people's pictures worse? Page: eye_fairness.md.

    python benchmarks/eye_fairness.py [--data FOLDER] [--street FOLDER] [--card] [--json]

eye: top-1 accuracy of the type and of the color on the held-out lines, by the gender a product is sold to, and, for
photos worn by a person, by the skin tone measured from the skin that the parser finds. parser: share of the pixels
called what they are in each held-out street photo, and mean IoU over a group's pixels, by the tone measured from the
true skin pixels. Groups under 30 photos are named as too few. --card writes it all into the two shipped cards.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import street_split
from bottega.datasets.photos.masks import PARTS, PhotoMasks
from bottega.datasets.photos.reading import read_photo
from bottega.evaluation.eye_figures import answers_of, labels_for
from bottega.evaluation.fairness import Group, by_group, gap, skin_angle, tone_of
from bottega.evaluation.photo_measures import confusion, hits, intersection_over_union, pixel_accuracy
from bottega.models.blocks.cards import add_to_card
from bottega.models.blocks.shipped import weights_of
from bottega.models.recommend.accuracy import Values
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.parts.parser import Parts
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard
from common import DATA, machine

SKIN = PARTS.index("skin")
WORN_SKIN = 0.02
"""Least share of a shop photo that must be skin for it to show a person."""

Report = dict[str, dict[str, Any]]
"""What was measured -> its groups, their gap."""


def tones_of(photos: PhotoCatalogue, parser: Parts, progress: Progress) -> list[str]:
    """Skin tone of the person on each photo; "" where there is no person, or too little skin."""
    tones = []
    for done, path in enumerate(photos.paths, start=1):
        photo = read_photo(path)
        skin = parser.parse_labels([photo])[0] == SKIN
        tones.append(tone_of(skin_angle(photo, skin)) if skin.mean() >= WORN_SKIN else "")
        progress("measuring skin", done, len(photos))
    return tones


def of_eye(eye: Eye, judged: PhotoCatalogue, tones: Sequence[str] | None, progress: Progress) -> Report:
    """Accuracy of type and color by gender and by tone."""
    answers = answers_of(eye, judged, progress=progress)
    found: Report = {}
    for head in ("type", "color"):
        values = hits(answers.probabilities[head], labels_for(answers, judged, head)[0])
        found[f"eye, {head}, by gender"] = _groups(values, judged.labels["gender"])
        if tones is not None:
            found[f"eye, {head}, by skin tone"] = _groups(values, tones)
    return found


def of_parser(parser: Parts, judged: PhotoMasks, progress: Progress) -> Report:
    """Pixel accuracy of each photo and mean IoU of each group, by tone."""
    tables = []
    for done, (photo, truth) in enumerate(zip(judged.photos, judged.parts, strict=True), start=1):
        tables.append(confusion(parser.parse_labels([photo])[0], truth, len(PARTS)))
        progress("parsing street photos", done, len(judged))
    pairs = zip(judged.photos, judged.parts, strict=True)
    tones = [tone_of(skin_angle(photo, truth == SKIN)) for photo, truth in pairs]
    report = _groups(np.array([pixel_accuracy(table) for table in tables]), tones)
    for name, group in report["groups"].items():
        table = np.sum([one for one, tone in zip(tables, tones, strict=True) if tone == name], axis=0)
        group["miou"] = round(float(np.nanmean(intersection_over_union(table))), 4)
    return {"parser, pixel accuracy, by skin tone": report}


def _groups(values: Values, names: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Group] = by_group(values, names, np.random.default_rng(0))
    between = gap(found)
    return {
        "groups": {name: group.as_dict() for name, group in found.items()},
        "gap": None if np.isnan(between) else round(between, 4),
        "not_measured": int(sum(not name for name in names)),
    }


def add_to_cards(report: Report) -> None:
    """Each shipped model's own findings into its card."""
    for model, folder in (("eye", "eye"), ("parser", "parts")):
        own = {name: found for name, found in report.items() if name.startswith(model)}
        if own:
            add_to_card(weights_of("vision") / folder, fairness=own)


def main(
    data: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    street: Annotated[Path, typer.Option(help="Folder with photos/ and masks/.")] = DATA / "parsing",
    whole: Annotated[
        bool, typer.Option("--whole", help="Judge on all of both folders, not on held-out parts.")
    ] = False,
    eye: Annotated[Path | None, typer.Option(help="Folder of an eye; the shipped one where absent.")] = None,
    parts: Annotated[Path | None, typer.Option(help="Folder of a parser; the shipped one where absent.")] = None,
    with_tones: Annotated[
        bool, typer.Option("--tones/--no-tones", help="Measure skin tones, judge the parser.")
    ] = True,
    card: Annotated[bool, typer.Option("--card", help="Write the findings into the shipped cards.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    with guard(), bar() as progress:
        sees = Eye.load(eye) if eye else Eye.shipped()
        judged = PhotoCatalogue.read(data)
        if not whole:
            judged = judged.take(judged.split_lines(0.15, np.random.default_rng(0))[1])
        parser = (Parts.load(parts) if parts else Parts.shipped()) if with_tones else None
        tones = tones_of(judged, parser, progress) if parser else None
        report = of_eye(sees, judged, tones, progress)
        if parser:
            streets = (
                PhotoMasks.read(street, progress=progress) if whole else street_split(street, progress=progress)[1]
            )
            report |= of_parser(parser, streets, progress)
    if card:
        add_to_cards(report)
    if as_json:
        print(json.dumps(report))
        return
    print(f"{machine()}; {len(judged)} products\n")
    print("| measure | group | photos | mean (95%) | mIoU | |\n|---|---|---|---|---|---|")
    for name, found in report.items():
        for group, one in found["groups"].items():
            few = "too few to compare" if one["too_few"] else ""
            cells = [name, group, one["photos"], f"{one['mean']:.3f} ({one['low']:.3f}-{one['high']:.3f})"]
            print("| " + " | ".join(map(str, [*cells, one.get("miou", ""), few])) + " |")


if __name__ == "__main__":
    typer.run(main)
