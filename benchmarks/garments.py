"""Garments: how often a photo becomes cloth, in the shape that it shows, and how soon; page: garments.md.

    python benchmarks/garments.py [--data DIR] [--most 24] [--skip 0] [--sheet FILE] [--json]

Photos are those of `fashion/images`, by a hash of their number; the patterns were made on `fashion/medium.zip`, but a
sheet of an earlier run was looked at, and fitting and masks were changed after it. Bodies take turns. Silhouettes: the
cut-out and the piece as it is drawn from the front in the pose in which it was fitted, a shoe from its side, each
brought to one place, width and height (a piece made to measure is as wide and as long as its body), nothing else.
"""

from __future__ import annotations

import csv
import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import mean, median
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import BottegaError
from bottega.models.studio.bodies.appearance import Appearance
from bottega.models.studio.bodies.body import body_names
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.bodies.raster import rasterised
from bottega.models.studio.bodies.skinning import follow, posed
from bottega.models.studio.dressed.dressed import dressed
from bottega.models.studio.garments.cloth import CUTS
from bottega.models.studio.garments.cut_outs import cut_out
from bottega.models.studio.garments.cuts import cut_of, kind_of
from bottega.models.studio.garments.made import Tailored, tailored
from bottega.models.vision.parts.parser import Parts
from bottega.names import BoolArray
from common import DATA, machine, peak_mb

TYPES = {
    "top": ("Tshirts", "Tops", "Sweatshirts", "Sweaters", "Kurtas", "Tunics"),
    "shirt": ("Shirts",),
    "jacket": ("Jackets", "Blazers", "Rain Jacket"),
    "trousers": ("Jeans", "Trousers", "Shorts", "Track Pants", "Capris", "Leggings"),
    "skirt": ("Skirts",),
    "dress": ("Dresses",),
    "shoes": ("Casual Shoes", "Sports Shoes", "Formal Shoes", "Heels", "Flats", "Sandals", "Flip Flops"),
    "bag": ("Handbags", "Backpacks", "Clutches", "Laptop Bag", "Messenger Bag", "Duffel Bag"),
    "hat": ("Caps", "Hat"),
    "scarf": ("Scarves", "Stoles", "Mufflers", "Dupatta"),
    "belt": ("Belts",),
    "glasses": ("Sunglasses",),
}
"""What of the catalogue's types has which cut, by hand: the truth that words are judged by."""
BAR = 0.85
STRETCHES = (0.85, 0.92, 1.0, 1.08, 1.17)
SHEET_PIECES, SHEET_PX = 5, (150, 200)
_GRID = 160


@dataclass
class Found:
    """What became of the photos of one cut."""

    photos: int = 0
    worn: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    overlaps: list[float] = field(default_factory=list)
    worn_overlaps: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def main(
    data: Annotated[Path, typer.Option(help="The folder of shared data.")] = DATA,
    most: Annotated[int, typer.Option(help="Photos of each cut at most.")] = 24,
    skip: Annotated[int, typer.Option(help="Photos of each cut that are passed over first.")] = 0,
    sheet: Annotated[Path | None, typer.Option(help="Where to write some of them, photo beside cloth.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
) -> None:
    rows = list(csv.DictReader((data / "fashion" / "styles.csv").open(encoding="utf-8", errors="replace")))
    cut_of_type = {name: cut for cut, names in TYPES.items() for name in names}
    by_words = _cuts_by_words(rows, cut_of_type)
    parser = Parts.shipped()
    found = {cut: Found() for cut in CUTS}
    shown: dict[str, list[tuple[Photo, Tailored, str]]] = defaultdict(list)
    _first_runs()
    turn = 0
    photos = data / "fashion" / "images"
    for cut in CUTS:
        own = [row for row in rows if cut_of_type.get(row["articleType"]) == cut]
        own = [row for row in own if (photos / f"{row['id']}.jpg").exists()]
        order = sorted(own, key=lambda row: sha256(row["id"].encode()).digest())
        for row in order[skip : skip + most]:
            turn += 1
            name = body_names()[turn % len(body_names())]
            path = photos / f"{row['id']}.jpg"
            made = _one(read_photo(path.read_bytes(), name=path.name), cut, row, name, parser, found[cut])
            if made is not None and len(shown[cut]) < SHEET_PIECES:
                shown[cut].append((*made, name))
    told: dict[str, Any] = {"machine": machine(), "peak_mb": peak_mb(), **by_words, "cuts": _told(found)}
    print(_table(told))
    if sheet is not None:
        _sheet(shown).save(sheet)
    if as_json:
        print(json.dumps(told))


def _one(
    photo: Photo, cut: str, row: dict[str, str], body_name: str, parser: Parts, found: Found
) -> tuple[Photo, Tailored] | None:
    found.photos += 1
    started = time.process_time()
    try:
        seen = cut_out(photo, cut, lambda one: parser.parse_labels([one])[0])
        found.worn += seen.worn
        made = tailored(
            photo,
            seen.mask,
            cut,
            body_name,
            labels=seen.labels if seen.worn else None,
            kind=kind_of([row["articleType"]]),
        )
    except BottegaError as error:
        found.refused[_why(str(error))] += 1
        return None
    found.seconds.append(time.process_time() - started)
    if cut != "belt":  # only the front of its coil is taken
        overlap = overlap_of(made)
        (found.worn_overlaps if seen.worn else found.overlaps).append(overlap)
    return photo, made


def overlap_of(made: Tailored) -> float:
    """Intersection over union of the cut-out and the piece as drawn, at the best place and size."""
    asked = _framed(made.mask)
    drawn = _drawn(made)
    best = 0.0
    for side in (drawn, drawn[:, ::-1]) if made.cloth.cut in ("shoes", "glasses", "bag") else (drawn,):
        framed = _framed(side)
        for wide in STRETCHES:
            for tall in STRETCHES:
                best = max(best, _at_best_place(asked, framed, (tall, wide)))
    return best


def _at_best_place(asked: BoolArray, framed: BoolArray, stretch: tuple[float, float]) -> float:
    middle = (_GRID - 1) / 2
    back = np.array([1 / side for side in stretch])
    moved = ndimage.affine_transform(framed.astype(np.float32), back, offset=middle - middle * back, order=1)
    drawn = moved > 0.5
    best = 0.0
    for down in range(-6, 7, 3):
        for across in range(-6, 7, 3):
            there = np.roll(drawn, (down, across), (0, 1))
            best = max(best, float((asked & there).sum() / max((asked | there).sum(), 1)))
    return best


def _framed(mask: BoolArray) -> BoolArray:
    """A mask [H, W] with its middle in the middle of a square, its area always the same share of it."""
    scale = np.sqrt(0.2 * _GRID * _GRID / max(int(mask.sum()), 1))
    size = max(round(mask.shape[1] * scale), 1), max(round(mask.shape[0] * scale), 1)
    small = np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BILINEAR)) > 127
    y, x = (int(values.mean()) for values in np.nonzero(small))
    room = np.pad(small, 2 * _GRID)
    half = _GRID // 2
    top, left = y + 2 * _GRID - half, x + 2 * _GRID - half
    return np.asarray(room[top : top + _GRID, left : left + _GRID], np.bool_)


def _drawn(made: Tailored) -> BoolArray:
    """The silhouette [R, C] of a piece as it was fitted."""
    cloth, person = made.cloth, made.fitting
    faces = cloth.faces
    if cloth.cut == "bag":
        person = posed(person.body, pose("standing"))
    there = follow(cloth.vertices, cloth.bones, cloth.weights, person.body.heads, person.stance).astype(np.float64)
    flat = there[:, [0, 2]]
    if cloth.cut in ("shoes", "bag"):
        used = (there[:, 0] < 0) if cloth.cut == "shoes" else np.ones(len(there), np.bool_)
        faces = faces[used[faces].all(1)]
        level = there[used][:, :2] - there[used][:, :2].mean(0)
        way = np.linalg.svd(level, full_matrices=False)[2][0]
        flat = np.stack([there[:, :2] @ way, there[:, 2]], 1)
    flat = flat - flat.min(0)
    step = float(np.ptp(flat[:, 1])) / 220
    pixels = np.stack([flat[:, 0] / step, (flat[:, 1].max() - flat[:, 1]) / step], 1).astype(np.float32)
    height, width = (int(np.ceil(pixels[:, side].max())) + 1 for side in (1, 0))
    face, _ = rasterised(
        np.ascontiguousarray(pixels), np.zeros(len(pixels), np.float32), np.ascontiguousarray(faces, np.int32),
        np.ones(len(faces), np.bool_), height, width,
    )  # fmt: skip
    return np.asarray(face >= 0, np.bool_)


def _cuts_by_words(rows: list[dict[str, str]], cut_of_type: dict[str, str]) -> dict[str, Any]:
    right = {"categories": 0, "title": 0}
    wrong: Counter[str] = Counter()
    counted = 0
    for row in rows:
        truth = cut_of_type.get(row["articleType"])
        if truth is None:
            continue
        counted += 1
        for way, texts in (
            ("categories", [row["articleType"], row["subCategory"], row["productDisplayName"] or ""]),
            ("title", [row["productDisplayName"] or ""]),
        ):
            try:
                said = cut_of(texts)
            except BottegaError:
                said = "none"
            right[way] += said == truth
            if said != truth and way == "title":
                wrong[f"{truth} as {said}"] += 1
    return {
        "rows": counted,
        "cut_right_by_categories": round(right["categories"] / counted, 4),
        "cut_right_by_title": round(right["title"] / counted, 4),
        "most_wrong_by_title": dict(wrong.most_common(6)),
    }


def _why(message: str) -> str:
    for part, why in (
        ("has not the shape", "not the shape of its cut"),
        ("hides", "an arm, hair or a bag hides too much"),
        ("is found", "not found on somebody"),
        ("told from its background", "not told from its background"),
        ("pixels of the photo", "too small"),
        ("of the photo", "too small"),
    ):
        if part in message:
            return why
    return "else"


def _told(found: dict[str, Found]) -> dict[str, Any]:
    told = {}
    for cut, one in found.items():
        both = one.overlaps + one.worn_overlaps
        told[cut] = {
            "photos": one.photos,
            "worn": one.worn,
            "refused": dict(one.refused),
            "refused_share": round(sum(one.refused.values()) / max(one.photos, 1), 3),
            "iou": round(mean(both), 3) if both else None,
            "iou_flat": round(mean(one.overlaps), 3) if one.overlaps else None,
            "iou_worn": round(mean(one.worn_overlaps), 3) if one.worn_overlaps else None,
            "at_bar": round(mean(value >= BAR for value in both), 3) if both else None,
            "seconds": round(median(one.seconds), 3) if one.seconds else None,
            "slowest": round(max(one.seconds), 3) if one.seconds else None,
        }
    return told


def _table(told: dict[str, Any]) -> str:
    lines = [
        told["machine"],
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {told[name]} |" for name in told if name not in ("machine", "cuts")),
        "",
        "| cut | photos | worn | refused | mask IoU | flat | worn | IoU >= .85 | seconds | slowest |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for cut, one in told["cuts"].items():
        values = (one["photos"], one["worn"], one["refused_share"], one["iou"], one["iou_flat"], one["iou_worn"])
        cells = [*values, one["at_bar"], one["seconds"], one["slowest"]]
        lines.append(f"| {cut} | " + " | ".join("-" if value is None else str(value) for value in cells) + " |")
    why = sum((Counter(one["refused"]) for one in told["cuts"].values()), Counter[str]())
    lines += [
        "",
        "| refused because | photos |",
        "|---|---|",
        *(f"| {name} | {count} |" for name, count in why.most_common()),
    ]
    return "\n".join(lines)


def _first_runs() -> None:
    """Kernels are compiled before anything is timed."""
    mask = np.zeros((80, 80), np.bool_)
    mask[20:60, 20:60] = True
    photo: NDArray[np.uint8] = np.full((80, 80, 3), 120, np.uint8)
    tailored(photo, mask, "skirt", "woman_24")


def _sheet(shown: dict[str, list[tuple[Photo, Tailored, str]]]) -> Image.Image:
    """Photo, front and back of the first pieces of each cut."""
    wide, high = SHEET_PX
    sheet = Image.new("RGB", (SHEET_PIECES * 3 * wide, len(shown) * high), "white")
    for row, pieces in enumerate(shown.values()):
        for column, (photo, made, name) in enumerate(pieces):
            pictures = [Image.fromarray(photo)]
            for pose_name, around in (("standing", 20.0), ("walking_left", 160.0)):
                drawn = dressed(name, Appearance(), pose_name, [made.cloth], around=around, size=SHEET_PX)
                pictures.append(Image.fromarray(drawn.photo))
            for at, picture in enumerate(pictures):
                picture.thumbnail(SHEET_PX)
                sheet.paste(picture, ((3 * column + at) * wide, row * high))
    return sheet


if __name__ == "__main__":
    typer.run(main)
