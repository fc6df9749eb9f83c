"""Judges the parser on a folder of street photos with pixel labels; page: parts.md.

    python benchmarks/parts.py --test FOLDER [--train FOLDER] [--split SHARE] [--no-projection] [--shop FOLDER] [--json]

A folder holds `photos/<name>.jpg`, `masks/<name>.png` and perhaps `labels.txt` (a label a line; the 59 public ones
where it is absent). With --train the parser learns from that folder; without, the shipped one is judged. --split judges
on a share of the photos of --test alone; where --train is the same folder, it learns from the others.

miou: mean over the nine parts of intersection over union, counted over the pixels of all photos together at the masks'
own resolution. --shop adds a line about the 40 hand-checked product masks (FOLDER holds images/<id>.jpg), and one about
clothes of lines kept aside, worn or not: how often the largest garment is what the type says; --covered adds one
about photos that show an outer garment and an upper one: a garment is found when half of its pixels are called so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from bottega.datasets.photos.masks import PhotoMasks
from bottega.errors import RequestInvalid
from bottega.evaluation.parts_figures import BARS, SHOP_BAR, covered, judge_clothes, judge_parts, judge_shop
from bottega.models.blocks.cards import add_to_card, bars, read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.recipe import train_parts
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard, note
from common import machine


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


def put_on_card(figures: dict[str, Any], extra: dict[str, Any]) -> None:
    """Write the figures and the bars into the shipped parser's card."""
    values, aims = dict(figures), dict(BARS)
    if "shop" in extra:
        values["shop_foreground_iou"] = extra["shop"]["parser"]["mean"]
        aims["shop_foreground_iou"] = SHOP_BAR
    add_to_card(shipped_folder("vision", "parts"), measures=figures | extra, bars=bars(values, aims))


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
        found = judge_parts(parser, judged, progress=progress)
        extra: dict[str, Any] = {"covered": covered(judged, found.said)} if cover else {}
        if shop is not None:
            extra["shop"] = judge_shop(parser, shop)
            extra["clothes"] = judge_clothes(parser, shop)
    if card:
        assert learnt is None and weights is None, "--card is about the shipped parser"
        put_on_card(found.figures, extra)
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
