"""Photos made half and a quarter as large, and enlarged again by bicubic, mean and likely; page: rescue.md.

    python benchmarks/rescue.py [--data FOLDER] [--test ZIP] [--most N] [--tagged N] [--seed N] [--sheet PNG] [--json]

The photos are those kept aside from every model that ships: street photos, the middle 512 pixels of large product
photos, and the catalogue's, of which only what is product is measured (their references are compressed). With `--test`,
all photos of a zip file. PSNR and SSIM are of luminance; KID is the distance of 64 px windows to those of the sharp
photos, as the judge sees them, which no loss looked through; where no judge ships, as edges and colours measured by
hand tell them apart.
"""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from PIL import Image

from bottega.datasets.photos.reading import Photo, read_photo
from bottega.evaluation.hand_features import hand_features
from bottega.evaluation.intervals import difference
from bottega.evaluation.pictures import kid, kid_of_photos, windows
from bottega.evaluation.rescue_figures import PhotoFigures, Rescued, enlarge_all
from bottega.models.blocks.colours import foreground
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.judge.judge import Judge
from bottega.models.studio.rescue.recipe import large_photos, product_files, street_files
from bottega.models.studio.rescue.rescue import Rescue, Way
from bottega.models.vision.eye.eye import Eye
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard
from common import DATA, machine

_MOST_PX = 512
_WAYS = ("bicubic", "mean", "likely")
_OURS: tuple[Way, ...] = ("mean", "likely")


def zipped(path: Path) -> list[Photo]:
    """The photos of a zip file, in the order of their names."""
    with zipfile.ZipFile(path) as packed:
        names = sorted(name for name in packed.namelist() if name.lower().endswith((".jpg", ".jpeg", ".png", ".webp")))
        return [read_photo(packed.read(name), name=name) for name in names]


def kept_aside(data: Path, most: int) -> dict[str, list[Photo]]:
    """Photos that no model has seen."""
    files = {"street": street_files(data)[1], "large": large_photos(data)[1], "catalogue": product_files(data)[1]}
    rng = np.random.default_rng(0)
    return {
        name: [
            _middle(read_photo(found[row][1], name=found[row][0]))
            for row in rng.permutation(len(found))[:most].tolist()
        ]
        for name, found in files.items()
    }


def _middle(photo: Photo) -> Photo:
    """At most `_MOST_PX` of each side, so that large photos take no longer than others."""
    top, left = (max(0, (side - _MOST_PX) // 2) for side in photo.shape[:2])
    return photo[top : top + _MOST_PX, left : left + _MOST_PX]


def distances(found: Sequence[Rescued], judge: Judge | None, seed: int) -> dict[str, Any]:
    """KID of each way, by the judge and by features made by hand."""
    real = [one.truth for one in found]
    by_judge: dict[str, list[float]] = {}
    by_hand: dict[str, float] = {}
    for way in _WAYS:
        made = [getattr(one, way) for one in found]
        theirs, owners, places = windows(real, 4, rng=np.random.default_rng(seed))
        ours = np.stack(
            [made[k][top : top + 64, left : left + 64] for k, (top, left) in zip(owners, places, strict=True)]
        )
        both = hand_features(ours), hand_features(theirs)
        plain = kid(*both, rng=np.random.default_rng(seed), groups=(owners, owners))
        seen = plain
        if judge is not None:
            seen = kid_of_photos(made, real, judge, rng=np.random.default_rng(seed), paired=True)
        by_hand[way], by_judge[way] = plain.mean, [seen.mean, seen.low, seen.high]
    return {"judge": by_judge, "hand": by_hand}


def study(
    photos: Sequence[Photo], rescue: Rescue, judge: Judge | None, *, inside: bool, seed: int, progress: Progress
) -> Any:
    """All figures of one set of photos."""
    rows: dict[str, Any] = {"photos": len(photos)}
    for factor in (2, 4):
        for realistic in (False, True):
            rng = np.random.default_rng(seed)
            found = enlarge_all(photos, rescue, factor, realistic=realistic, rng=rng, progress=progress)
            masks = [foreground(one.truth) for one in found] if inside else None
            figures = PhotoFigures.of(found, masks)
            row: dict[str, Any] = {
                way: {"psnr": float(figures.psnr[way].mean()), "ssim": float(figures.ssim[way].mean())} for way in _WAYS
            }
            ours, plain = (figures.psnr[way].astype(np.float64) for way in ("mean", "bicubic"))
            gain = difference(ours, plain, np.random.default_rng(seed))
            row["gain_db"] = [gain.mean, gain.low, gain.high]
            if factor == 2:
                row["kid"] = distances(found, judge, seed)
            rows[f"x{factor} {'realistic' if realistic else 'clean'}"] = row
    return rows


def tags(photos: Sequence[Photo], rescue: Rescue, seed: int) -> dict[str, Any]:
    """How often the eye says of a photo enlarged from 56 to 112 px what it says of the original, for its type."""
    eye = Eye.shipped()

    def types(pictures: Sequence[Photo]) -> Any:
        return eye.look(list(pictures)).probabilities["type"].argmax(1)

    small = [np.array(Image.fromarray(photo).resize((56, 56), Image.Resampling.BICUBIC)) for photo in photos]
    truth = types(photos)
    bicubic = [np.array(Image.fromarray(one).resize((112, 112), Image.Resampling.BICUBIC)) for one in small]
    agree = {"bicubic": types(bicubic) == truth}
    for way in _OURS:
        agree[way] = types([rescue.enlarged(one, 2, way=way) for one in small]) == truth
    rng = np.random.default_rng(seed)
    found: dict[str, Any] = {way: float(same.mean()) for way, same in agree.items()}
    for way in ("mean", "likely"):
        gap = difference(agree[way].astype(float), agree["bicubic"].astype(float), rng)
        found[f"{way}_gain"] = [gap.mean, gap.low, gap.high]
    return found | {"photos": len(photos)}


def seconds(rescue: Rescue) -> dict[str, float]:
    """Of one core, from 224 to 448 px; the best of five."""
    torch.set_num_threads(1)
    ramp = np.linspace(40, 220, 224).astype(np.uint8)  # without print, so that the likely answer is drawn, too
    photo = np.repeat(np.repeat(ramp[None, :, None], 224, 0), 3, 2)
    found: dict[str, float] = {}
    for way in _OURS:
        tries = []
        for _ in range(5):
            started = time.process_time()
            rescue.enlarged(photo, 2, way=way)
            tries.append(time.process_time() - started)
        found[way] = round(min(tries), 3)
    return found


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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare three ways of enlarging photos that no model has seen."""
    rescue = Rescue.shipped()
    judge = Judge.shipped() if (shipped_folder("judge", "judge") / "model.json").exists() else None
    with guard(), bar() as progress:
        if test is not None:
            photos = [photo for photo in zipped(test) if min(photo.shape[:2]) >= 128][:most]
            found = study(photos, rescue, judge, inside=False, seed=seed, progress=progress)
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
        sets = kept_aside(data, most)
        results: dict[str, Any] = {
            name: study(photos, rescue, judge, inside=name == "catalogue", seed=seed, progress=progress)
            for name, photos in sets.items()
        }
        results["tags"] = tags(kept_aside(data, tagged)["catalogue"], rescue, seed)
        results["seconds"] = seconds(rescue)
        if out is not None:
            sheet([*sets["street"][:3], *sets["large"][:3]], rescue, out, seed)
    if as_json:
        print(json.dumps(results))
        return
    print(machine())
    for name in sets:
        print(f"\n{name}, {results[name]['photos']} photos\n")
        print("| made worse | bicubic | mean | likely | mean gains dB [95 %] | KID x 1000 | by hand |")
        print("|---|---|---|---|---|---|---|")
        for case, row in results[name].items():
            if case == "photos":
                continue
            marks = " | ".join(f"{row[way]['psnr']:.2f} ({row[way]['ssim']:.3f})" for way in _WAYS)
            gain = row["gain_db"]
            near = by_hand = ""
            if "kid" in row:
                near = " / ".join(f"{1000 * row['kid']['judge'][way][0]:.1f}" for way in _WAYS)
                by_hand = " / ".join(f"{1000 * row['kid']['hand'][way]:.1f}" for way in _WAYS)
            print(f"| {case} | {marks} | {gain[0]:+.2f} [{gain[1]:+.2f}, {gain[2]:+.2f}] | {near} | {by_hand} |")
    told = results["tags"]
    print(f"\nThe eye's type from 56 px enlarged to 112, {told['photos']} photos, as of the original:")
    for way in _WAYS:
        gain = told.get(f"{way}_gain")
        print(f"  {way}: {told[way]:.3f}" + (f", {gain[0]:+.3f} [{gain[1]:+.3f}, {gain[2]:+.3f}]" if gain else ""))
    print(f"\n224 to 448 px on one core: {results['seconds']}")


if __name__ == "__main__":
    typer.run(main)
