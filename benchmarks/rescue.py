"""Photos made worse that no model has seen, and rescued: enlarged, freed of blocks, told by the eye; page: rescue.md.

    python benchmarks/rescue.py [--data FOLDER] [--test ZIP] [--most N] [--tagged N] [--seed N] [--sheet PNG] [--json]
                                [--card] [--harms]

The photos are those kept aside from every model that ships: street photos, the middle 512 pixels of large product
photos, and the catalogue's, of which only what is product is measured (their references are compressed). With `--test`,
all photos of a zip file. What is measured: src/bottega/evaluation/rescue_judged.py. `--card` writes the figures into
the shipped card. `--harms` tells instead what the mean answer gains where one harm alone was done.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image

from bottega.datasets.photos.degraded import Harm
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.evaluation.rescue_figures import enlarge_all, gain_after
from bottega.evaluation.rescue_judged import (
    WAYS,
    enlarging,
    judge_rescue,
    kept_aside,
    rescue_bars,
    rescue_measures,
)
from bottega.models.blocks.cards import add_to_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.judge.judge import Judge
from bottega.models.studio.rescue.rescue import Rescue
from bottega.serving.cli.console import bar, guard
from common import DATA, machine

HARMS = {
    "none": Harm(),
    "blur of 1 px": Harm(blur_px=(1.0, 1.0)),
    "noise of 8": Harm(noise=8.0),
    "JPEG 65": Harm(quality=65),
    "JPEG 40": Harm(quality=40),
}
"""Blur in pixels of the sharp photo, noise as a deviation of 255."""


def zipped(path: Path) -> list[Photo]:
    """The photos of a zip file, in the order of their names."""
    with zipfile.ZipFile(path) as packed:
        names = sorted(name for name in packed.namelist() if name.lower().endswith((".jpg", ".jpeg", ".png", ".webp")))
        return [read_photo(packed.read(name), name=name) for name in names]


def sheet(photos: Sequence[Photo], rescue: Rescue, path: Path, seed: int) -> None:
    """Rows of truth, small one enlarged by bicubic, mean and likely; the first photos, uncurated."""
    rows = []
    for factor, realistic in ((2, False), (2, True), (4, True)):
        cut = [photo[:160, :160] if min(photo.shape[:2]) < 400 else photo[150:310, 150:310] for photo in photos]
        for one in enlarge_all(cut, rescue, factor, realistic=realistic, rng=np.random.default_rng(seed)):
            rows.append(np.concatenate([one.truth, one.bicubic, one.mean, one.likely], axis=1))
    Image.fromarray(np.concatenate(rows)).save(path)


def main(
    data: Annotated[Path, typer.Option(help="Folder of the public data.")] = DATA,
    test: Annotated[Path | None, typer.Option(help="A zip file of photos to judge on instead.")] = None,
    most: Annotated[int, typer.Option(help="Photos of a set at most.")] = 24,
    tagged: Annotated[int, typer.Option(help="Photos that the eye looks at.")] = 400,
    seed: Annotated[int, typer.Option(help="Of what photos are made worse by.")] = 0,
    out: Annotated[Path | None, typer.Option("--sheet", help="Write a sheet of pictures there.")] = None,
    card: Annotated[bool, typer.Option("--card", help="Write the figures into the card that ships.")] = False,
    harms: Annotated[bool, typer.Option("--harms", help="Gains by harm, and nothing else.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Rescue photos that no model has seen, and compare the answers with what needs no network."""
    rescue, judge = Rescue.shipped(), Judge.shipped()
    with guard(), bar() as progress:
        if harms:
            print(machine())
            sets = kept_aside(data, most)
            print(f"\n| harm | {' | '.join(sets)} |\n|---|{'---|' * len(sets)}")
            for name, harm in HARMS.items():
                gains = [
                    gain_after(photos, rescue, harm, inside=kind == "catalogue", seed=seed).mean()
                    for kind, photos in sets.items()
                ]
                print(f"| {name} | {' | '.join(f'{gain:+.2f}' for gain in gains)} |")
            return
        if test is not None:
            photos = [photo for photo in zipped(test) if min(photo.shape[:2]) >= 128][:most]
            found = enlarging(photos, rescue, judge, inside=False, seed=seed, progress=progress)
            clean, realistic = found["x2 clean"], found["x2 realistic"]
            told: dict[str, Any] = {
                "bicubic_psnr": clean["bicubic"]["psnr"],
                "l1_psnr": clean["mean"]["psnr"],
                "gan_psnr": clean["likely"]["psnr"],
                "realistic_gain_db": realistic["gain_db"][0],
                "kid_l1": clean["kid"]["judge"]["mean"][0],
                "kid_gan": clean["kid"]["judge"]["likely"][0],
                "photos": len(photos),
            }
            print(json.dumps(told))
            return
        results = judge_rescue(data, rescue, judge, most=most, tagged=tagged, seed=seed, progress=progress)
        if out is not None:
            sets = kept_aside(data, 3)
            sheet([*sets["street"], *sets["large"]], rescue, out, seed)
    if card:
        measures = rescue_measures(results)
        add_to_card(shipped_folder("studio", "rescue"), measures=measures, bars=rescue_bars(measures))
    if as_json:
        print(json.dumps(results))
        return
    show(results)


def show(results: dict[str, Any]) -> None:
    """The tables of the page."""
    print(machine())
    kids = "KID x 1000, judge | by hand"
    for name, rows in results.items():
        if name in ("tags", "seconds"):
            continue
        print(f"\n{name}, {rows['photos']} photos\n")
        print(
            f"| made worse | bicubic | mean | likely | mean gains dB [95 %] | {kids} |\n|---|---|---|---|---|---|---|"
        )
        for case, row in rows.items():
            if case not in ("photos", "deblocking"):
                print(f"| {case} | {_marks(row, WAYS)} | {_gap(row['gain_db'])} | {_kids(row, WAYS)} |")
        ways = ("left", "filter", "mean", "likely")
        print(f"\n| JPEG | left | filter | mean | likely | mean gains dB, over the filter | {kids} |")
        print("|---|---|---|---|---|---|---|---|")
        for case, row in rows["deblocking"].items():
            gains = f"{_gap(row['gain_db'])}, {_gap(row['over_filter_db'])}"
            print(f"| {case} | {_marks(row, ways)} | {gains} | {_kids(row, ways)} |")
    told = results["tags"]
    print(f"\nThe eye's type from 56 px enlarged to 112, {told['photos']} photos, as of the original:")
    for way in WAYS:
        gain = told.get(f"{way}_gain")
        print(f"  {way}: {told[way]:.3f}" + (f", {_gap(gain, 3)}" if gain else ""))
    print(f"\n224 to 448 px on one core: {results['seconds']}")


def _marks(row: dict[str, Any], ways: Sequence[str]) -> str:
    return " | ".join(f"{row[way]['psnr']:.2f} ({row[way]['ssim']:.3f})" for way in ways)


def _gap(found: Sequence[float], digits: int = 2) -> str:
    mean, low, high = (f"{value:+.{digits}f}" for value in found)
    return f"{mean} [{low}, {high}]"


def _kids(row: dict[str, Any], ways: Sequence[str]) -> str:
    if "kid" not in row:
        return " | "
    return " | ".join(", ".join(f"{1000 * row['kid'][by][way][0]:.1f}" for way in ways) for by in ("judge", "hand"))


if __name__ == "__main__":
    typer.run(main)
