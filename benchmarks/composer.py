"""Judges the composer of dressed pictures, and the rival that knows no geometry; page: composer.md.

    python benchmarks/composer.py --work FOLDER [--outfits N] [--half 0|1] [--composer FOLDER] [--sheet FILE] [--json]

Outfits of product lines kept aside, on fashion models: drawn by geometry, composed, pasted flat on the bare figure, and
(where it is trained, composer_rival.py) drawn by the rival in the layout and the colours that geometry has. All are
cut out onto one grey and brought into one frame without a head, whole and from the hips up, as are the photos that
they are set against: people of street photos kept aside, and worn photos of lines kept aside. None of these photos
shows somebody larger than 192 x 256, so that is the largest frame. `--half`: 0 to look at, 1 to judge on.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab

from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.evaluation.composer_judged import restored
from bottega.evaluation.intervals import Interval
from bottega.evaluation.pictures import kid, windows
from bottega.models.judge.judge import Judge
from bottega.models.studio.composer.composer import Composer
from bottega.models.studio.composer.lessons import FramedPeople, framed
from bottega.models.studio.composer.outfits import WornOutfit, as_parts, headless, worn_outfits
from bottega.models.studio.composer.recipe import FRAME, RIVAL_FRAME, ComposerWork
from bottega.models.studio.composer.style_gan import StyleGan, StyleShape
from bottega.models.studio.composer.unsure import unsure
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.parts.parser import Parts
from bottega.names import FloatArray, LongArray
from common import DATA, machine, progress_lines
from composer_flat import pasted_flat

SIZE = (768, 1024)
JUDGED_SEED = 5
_HIPS = 0.55
"""Share of a figure without its head that is seen from the hips up."""
_RESTORED = 40
_HALVES = 100
_GAPS = (("composed", "geometry"), ("geometry", "pasted flat"), ("composed", "rival"))
_WINDOWS = {RIVAL_FRAME: 2, FRAME: 4}


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One outfit in all ways, whole pictures, and what each pixel shows."""

    worn: WornOutfit
    composed: Photo
    parts: NDArray[np.uint8]
    flat: Photo
    flat_parts: NDArray[np.uint8]


def shown(data: Path, composer: Composer | None, outfits: int, half: int, passed: Counter[str]) -> list[Shown]:
    """Outfits as geometry draws them, composed and pasted."""
    found = []
    progress = progress_lines()
    parser = Parts.shipped()

    def parse(photo: Photo) -> LabelMap:
        return parser.parse_labels([photo])[0]

    for worn in worn_outfits(data, parse, held_out=True, seed=JUDGED_SEED, size=SIZE, half=half, passed=passed):
        drawn = worn.drawn.photo
        composed = drawn if composer is None else composer.compose(drawn, worn.layers)
        parts = headless(as_parts(worn.layers, worn.pieces), worn.drawn)
        flat, flat_layers = pasted_flat(worn)
        flat_parts = headless(as_parts(flat_layers, worn.pieces), worn.drawn)
        found.append(Shown(worn, composed, parts, flat, flat_parts))
        progress("dressing", len(found), outfits)
        if len(found) == outfits:
            break
    return found


def frames(pictures: Sequence[tuple[Photo, NDArray[np.uint8]]], size: tuple[int, int]) -> list[FramedPeople]:
    """Each picture in two frames: whole, and from the hips up."""
    whole: list[tuple[str, Photo, NDArray[np.uint8]]] = []
    upper: list[tuple[str, Photo, NDArray[np.uint8]]] = []
    for at, (photo, parts) in enumerate(pictures):
        rows = np.flatnonzero((parts > 0).any(1))
        cut = parts.copy()
        cut[rows[0] + round(_HIPS * (rows[-1] - rows[0])) :] = 0
        for found, labels in ((whole, parts), (upper, cut)):
            one = framed(photo, labels, size)
            if one is not None:
                found.append((str(at), *one))
    return [FramedPeople.of(whole, size), FramedPeople.of(upper, size)]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the judge sees in windows of pictures, and of which outfit or photo each is."""

    features: FloatArray
    owners: LongArray


def seen(frames_of: Sequence[FramedPeople], judge: Judge, size: tuple[int, int]) -> Seen:
    """Windows of people in frames; frames of one name are one group where all frames are of the same outfits."""
    shots = [(photo, name) for one in frames_of for name, photo in zip(one.names, one.photos, strict=True)]
    names = {name: at for at, name in enumerate(dict.fromkeys(name for _, name in shots))}
    squares, owners, _ = windows([photo for photo, _ in shots], _WINDOWS[size], rng=np.random.default_rng(0))
    groups = np.array([names[shots[owner][1]] for owner in owners.tolist()], np.int64)
    return Seen(judge.look(squares).features, groups)


def distance(made: Seen, real: Seen) -> Interval:
    """KID of windows of pictures to those of photos."""
    groups = made.owners, real.owners + int(made.owners.max()) + 1
    return kid(made.features, real.features, rng=np.random.default_rng(0), groups=groups)


def gap(one: Seen, other: Seen, real: Seen) -> Interval:
    """KID of one way less that of the other; both on the same halves of the outfits and of the photos."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(_HALVES):
        rows = []
        for owners in (one.owners, real.owners):
            people_ = np.unique(owners)
            rows.append(rng.permutation(people_)[: len(people_) // 2])
        photos = np.isin(real.owners, rows[1])
        theirs = Seen(real.features[photos], real.owners[photos])
        pair = []
        for way in (one, other):
            mine = np.isin(way.owners, rows[0])
            pair.append(_plain(Seen(way.features[mine], way.owners[mine]), theirs))
        found.append(pair[0] - pair[1])
    whole = _plain(one, real) - _plain(other, real)
    low, high = np.quantile(np.array(found) - np.mean(found), [0.025, 0.975])
    return Interval(whole, whole + float(low), whole + float(high))


def _plain(made: Seen, real: Seen) -> float:
    groups = made.owners, real.owners + int(made.owners.max()) + 1
    return kid(made.features, real.features, rng=np.random.default_rng(0), groups=groups, halves=1).mean


def identity(found: Sequence[Shown]) -> dict[str, Any]:
    """What the eye names of pieces in pictures by geometry and composed, and how far their colours moved."""
    eye = Eye.shipped()
    moved: list[float] = []
    photos, crops, composed = [], [], []
    for one in found:
        for at, piece in enumerate(one.worn.pieces):
            mask = one.worn.drawn.mask(at)
            if mask.mean() < 0.005:
                continue
            means = [rgb2lab(photo[mask][None] / 255.0)[0].mean(0) for photo in (one.worn.drawn.photo, one.composed)]
            moved.append(float(deltaE_ciede2000(*means)))  # type: ignore[no-untyped-call]
            photos.append(_alone(piece.photo, piece.mask))
            crops.append(_alone(one.worn.drawn.photo, mask))
            composed.append(_alone(one.composed, mask))
    said = [eye.look(pictures).probabilities["type"].argmax(1) for pictures in (photos, crops, composed)]
    return {
        "pieces": len(photos),
        "same_type": float((said[0] == said[1]).mean()),
        "same_type_composed": float((said[0] == said[2]).mean()),
        "colour_moved": float(np.mean(moved)),
        "colour_moved_most": float(np.max(moved)),
    }


def _alone(photo: Photo, mask: NDArray[np.bool_]) -> Photo:
    """A piece on white, cut to its box."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.where(mask[box][..., None], photo[box], 255).astype(np.uint8)


def main(
    work: Annotated[Path, typer.Option(help="Folder of the trainings.")] = Path("composer_work"),
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.")] = DATA,
    outfits: int = 60,
    half: Annotated[int, typer.Option(help="Of the pieces: 0 to look at, 1 to judge on.")] = 1,
    folder: Annotated[
        Path | None, typer.Option("--composer", help="Folder of a composer; the one that ships, or of --work.")
    ] = None,
    sheet: Annotated[Path | None, typer.Option(help="A picture of the first outfits in all ways.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Judge all ways by one judge."""
    torch.set_num_threads(1)
    composer = Composer.load(folder) if folder else Composer.shipped()
    judge, passed = Judge.shipped(), Counter[str]()
    found = shown(data, composer, outfits, half, passed)
    rival = _rival(work)
    people = ComposerWork(work, data, Parts.shipped().parse_labels)
    made: dict[str, list[tuple[Photo, NDArray[np.uint8]]]] = {
        "geometry": [(one.worn.drawn.photo, one.parts) for one in found],
        "composed": [(one.composed, one.parts) for one in found],
        "pasted flat": [(one.flat, one.flat_parts) for one in found],
    }
    results: dict[str, Any] = {"outfits": len(found), "passed_over": dict(passed), "kid": {}}
    small: dict[str, list[FramedPeople]] = {}
    for size in (RIVAL_FRAME, FRAME):
        street, worn = people.people(size, held_out=True, progress=progress_lines())
        rows = np.random.default_rng(0).permutation(len(worn))[: len(street)]
        real = (street, worn.take(rows))
        photos = seen(real, judge, size)
        looks: dict[str, Seen] = {}
        for way, pictures in made.items():
            shots = frames(pictures, size)
            if size == RIVAL_FRAME:
                small[way] = shots
            looks[way] = seen(shots, judge, size)
        if rival is not None:
            looks["rival"] = seen([_by_rival(rival, one, size) for one in small["geometry"]], judge, size)
        row = {way: _told(distance(one, photos)) for way, one in looks.items()}
        halves = [seen([one.take(np.arange(k, len(one), 2)) for one in real], judge, size) for k in (0, 1)]
        row["photos among themselves"] = _told(distance(*halves))
        for way, other in _GAPS:
            if way in looks and other in looks:
                row[f"{way} less {other}"] = _told(gap(looks[way], looks[other], photos))
        results["kid"][f"{size[0]}x{size[1]}"] = row | {"photos": sum(map(len, real))}
    if composer is not None:
        results["identity"] = identity(found)
        results["restored"] = restored(composer, people.street(FRAME, held_out=True), _RESTORED)
        started = time.process_time()
        for one in found[:5]:
            composer.compose(one.worn.drawn.photo, one.worn.layers)
        results["seconds"] = (time.process_time() - started) / min(5, len(found))
        results["may_change"] = float(np.mean([unsure(one.worn.layers).share for one in found]))
        results["changed"] = float(np.mean([(one.composed != one.worn.drawn.photo).any(2).mean() for one in found]))
    if (work / "rival.json").exists():
        results["rival"] = json.loads((work / "rival.json").read_text())
    if sheet is not None:
        _sheet(found, small, rival, sheet)
    if as_json:
        print(json.dumps(results))
        return
    print(machine())
    print(f"\n{len(found)} outfits; passed over: {dict(passed)}\n")
    for size, row in results["kid"].items():
        print(f"| {size}, {row.pop('photos')} photos | KID x 1000 [95 %] |\n|---|---|")
        for way, (mean, low, high) in row.items():
            print(f"| {way} | {1000 * mean:.1f} [{1000 * low:.1f}, {1000 * high:.1f}] |")
        print()
    for name in ("identity", "restored", "seconds", "may_change", "changed", "rival"):
        if name in results:
            print(f"{name}: {json.dumps(results[name])}")


def _told(found: Interval) -> list[float]:
    return [found.mean, found.low, found.high]


def _rival(work: Path) -> StyleGan | None:
    file, going = work / "rival.pt", work / "rival_training.pt"
    if not (file.exists() or going.exists()):
        return None
    network = StyleGan(StyleShape())
    state = torch.load(file, weights_only=True) if file.exists() else _averaged(going)
    network.load_state_dict(state)
    return network.eval()


def _averaged(file: Path) -> dict[str, torch.Tensor]:
    """The averaged weights of a training that was stopped."""
    averaged: dict[str, torch.Tensor] = torch.load(file, weights_only=True)["also"]["averaged"]
    return averaged


def _by_rival(rival: StyleGan, layout: FramedPeople, size: tuple[int, int]) -> FramedPeople:
    photos = rival.draw(layout.photos, layout.parts, seed=0)
    if size != RIVAL_FRAME:
        photos = np.stack([np.asarray(Image.fromarray(one).resize(size, Image.Resampling.BICUBIC)) for one in photos])
    return FramedPeople(photos, layout.parts, layout.names)


def _sheet(found: Sequence[Shown], small: dict[str, list[FramedPeople]], rival: StyleGan | None, file: Path) -> None:
    rows = []
    for at, one in enumerate(found[:8]):
        pictures = [one.flat, one.worn.drawn.photo, one.composed]
        if rival is not None:
            pictures.append(_by_rival(rival, small["geometry"][0].take(np.array([at])), RIVAL_FRAME).photos[0])
        cells = [Image.fromarray(picture).resize((288, 384), Image.Resampling.LANCZOS) for picture in pictures]
        rows.append(np.concatenate([np.asarray(cell) for cell in cells], 1))
    half = (len(rows) + 1) // 2
    if len(rows) % 2:
        rows.append(np.full_like(rows[0], 255))
    Image.fromarray(np.concatenate([np.concatenate(rows[:half], 0), np.concatenate(rows[half:], 0)], 1)).save(file)


if __name__ == "__main__":
    typer.run(main)
