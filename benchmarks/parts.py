"""Judges the parser on a folder of street photos with pixel labels; page: parts.md.

    python benchmarks/parts.py --test FOLDER [--train FOLDER] [--split SHARE] [--no-projection] [--shop FOLDER] [--json]

A folder holds `photos/<name>.jpg`, `masks/<name>.png` and perhaps `labels.txt` (a label a line; the 59 public ones
where it is absent). With --train the parser learns from that folder; without, the shipped one is judged. --split judges
on a share of the photos of --test alone; where --train is the same folder, it learns from the others.

miou: mean over the nine parts of intersection over union, counted over the pixels of all photos together at the masks'
own resolution. --shop adds a line about the 40 hand-checked product masks (FOLDER holds images/<id>.jpg), --covered one
about photos that show an outer garment and an upper one: a garment is found when half of its pixels are called so.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from bottega.datasets.photos.masks import PARTS, LabelMap, PhotoMasks
from bottega.datasets.photos.reading import read_photo
from bottega.errors import RequestInvalid
from bottega.evaluation.photo_measures import confusion, intersection_over_union, pixel_accuracy
from bottega.models.blocks.shipped import read_card, shipped_folder
from bottega.models.vision.parts.cutout import product_mask
from bottega.models.vision.parts.parser import Parts
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard, note
from parts_data import shop_masks, train_parts
from time_split import machine

BARS = {"miou": 0.55, "pixel_accuracy": 0.92}
SHOP_BAR = 0.97
_LEAST_SHARE, _FOUND = 0.005, 0.5
"""Share of the photo from which a garment counts as shown, and share of its pixels that have to be found."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a parser said of a set, and what it took."""

    figures: dict[str, Any]
    said: list[LabelMap]
    ms_a_photo: float


def judge(parser: Parts, judged: PhotoMasks, progress: Progress) -> Judged:
    """mIoU, pixel accuracy and IoU by part."""
    table, said = np.zeros((len(PARTS), len(PARTS)), np.int64), []
    started = time.perf_counter()
    for done, (photo, truth) in enumerate(zip(judged.photos, judged.parts, strict=True), start=1):
        said += parser.parse_labels([photo])
        table += confusion(said[-1], truth, len(PARTS))
        progress("parsing photos", done, len(judged))
    ms = (time.perf_counter() - started) * 1000 / len(judged)
    overlap = intersection_over_union(table)
    figures = {
        "miou": round(float(np.nanmean(overlap)), 4),
        "pixel_accuracy": round(pixel_accuracy(table), 4),
        "iou": {
            part: None if np.isnan(one) else round(float(one), 4) for part, one in zip(PARTS, overlap, strict=True)
        },
        "photos": len(judged),
    }
    return Judged(figures, said, ms)


def covered(judged: PhotoMasks, said: list[LabelMap]) -> dict[str, Any]:
    """How often an outer garment and the upper one under it are found, each and both."""
    outer, upper = PARTS.index("outer"), PARTS.index("upper")
    found = []
    for truth, answer in zip(judged.parts, said, strict=True):
        shown = [truth == part for part in (outer, upper)]
        if min(one.mean() for one in shown) >= _LEAST_SHARE:
            found.append(
                [(answer[one] == part).mean() >= _FOUND for one, part in zip(shown, (outer, upper), strict=True)]
            )
    table = np.array(found, dtype=bool).reshape(-1, 2)
    both = table[:, 0] & table[:, 1]
    shares = {"outer_found": table[:, 0], "upper_found": table[:, 1], "both_found": both}
    return {"photos": len(table)} | {name: round(float(one.mean()), 4) for name, one in shares.items() if len(one)}


def judge_shop(parser: Parts, folder: Path) -> dict[str, Any]:
    """IoU of the product with the 40 masks checked by hand: mean over photos, all pixels together, and the worst."""
    found: dict[str, list[tuple[int, int]]] = {"parser": [], "cut_out": []}
    for name, truth in shop_masks().items():
        photo = read_photo(folder / "images" / f"{name}.jpg")
        for way, mask in (
            ("parser", parser.parse_labels([photo])[0] != 0),
            ("cut_out", product_mask(photo, parser=parser)),
        ):
            found[way].append((int((mask & truth).sum()), int((mask | truth).sum())))
    answer: dict[str, Any] = {"photos": len(found["parser"])}
    for way, pairs in found.items():
        both, either = np.array(pairs, np.float64).T
        values = {"mean": (both / either).mean(), "pooled": both.sum() / either.sum(), "worst": (both / either).min()}
        answer[way] = {key: round(float(value), 4) for key, value in values.items()}
    return answer


def parted(
    train: Path | None, test: Path, split: float | None, seed: int, progress: Progress
) -> tuple[PhotoMasks | None, PhotoMasks]:
    """What to learn from (None for the shipped parser), and what to judge on."""
    within = train is not None and train.resolve() == test.resolve()
    if within and split is None:
        raise RequestInvalid(
            f"--train and --test are both {test}.",
            allowed="Nothing is judged on what it learnt from.",
            next_step="Give two folders, or add --split 0.2 to hold out a fifth of the photos.",
        )
    judged = PhotoMasks.read(test, progress=progress)
    if judged.unpaired:
        note(
            f"{len(judged.unpaired)} photos or masks have no counterpart and are left out, first {judged.unpaired[0]}."
        )
    learnt = None if train is None or within else PhotoMasks.read(train, progress=progress)
    if split is None:
        return learnt, judged
    rest, held_out = judged.split(split, np.random.default_rng(seed))
    return (rest if within else learnt), held_out


def add_to_card(figures: dict[str, Any], extra: dict[str, Any]) -> None:
    """Write the figures and the bars into the shipped parser's card."""
    path = shipped_folder("vision", "parts") / "card.json"
    card = read_card(path.parent)
    card["measures"] = figures | extra
    values = {name: (figures[name], bar) for name, bar in BARS.items()}
    if "shop" in extra:
        values["shop_foreground_iou"] = (extra["shop"]["parser"]["mean"], SHOP_BAR)
    card["bars"] = {name: {"value": value, "bar": bar, "met": value >= bar} for name, (value, bar) in values.items()}
    path.write_text(json.dumps(card, indent=2) + "\n")


def main(
    test: Annotated[Path, typer.Option(help="Folder to judge on.")],
    train: Annotated[Path | None, typer.Option(help="Folder to learn from; the shipped parser where absent.")] = None,
    split: Annotated[float | None, typer.Option(help="Judge on this share of the photos of --test.")] = None,
    seed: Annotated[int, typer.Option(help="Of the split and of the training.")] = 0,
    no_projection: Annotated[bool, typer.Option("--no-projection", help="Train without projected regions.")] = False,
    shop: Annotated[Path | None, typer.Option(help="Folder of the shop photos: judge their outlines, too.")] = None,
    cover: Annotated[bool, typer.Option("--covered", help="Judge upper garments under outer ones, too.")] = False,
    weights: Annotated[Path | None, typer.Option(help="Judge this saved parser instead of the shipped one.")] = None,
    card: Annotated[bool, typer.Option("--card", help="Write the shipped parser's figures into its card.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
) -> None:
    with guard(), bar() as progress:
        learnt, judged = parted(train, test, split, seed, progress)
        if learnt is not None:
            parser = train_parts(learnt, projection=not no_projection, seed=seed, progress=progress)
        elif no_projection:
            raise RequestInvalid("--no-projection has nothing to learn from.", next_step="Name a folder with --train.")
        else:
            parser = Parts.load(weights) if weights else Parts.shipped()
            seen = read_card(weights or shipped_folder("vision", "parts")).get("split", {}).get("held_out_names")
            if seen != judged.fingerprint:
                note("These are not the photos held out from the shipped parser: judge on none that it learnt from.")
        found = judge(parser, judged, progress)
        extra: dict[str, Any] = {"covered": covered(judged, found.said)} if cover else {}
        if shop is not None:
            extra["shop"] = judge_shop(parser, shop)
    if card:
        assert learnt is None and weights is None, "--card is about the shipped parser"
        add_to_card(found.figures, extra)
    for name, value in extra.items():
        print(json.dumps({name: value}))
    if as_json:
        print(json.dumps(found.figures))
        return
    print(f"{machine()}; {found.figures['photos']} photos, {judged.fingerprint}; {found.ms_a_photo:.0f} ms a photo\n")
    print("| part | IoU |\n|---|---|")
    for part, value in found.figures["iou"].items():
        print(f"| {part} | {'' if value is None else f'{value:.4f}'} |")
    print(f"\nmIoU {found.figures['miou']:.4f}, pixel accuracy {found.figures['pixel_accuracy']:.4f}")


if __name__ == "__main__":
    typer.run(main)
