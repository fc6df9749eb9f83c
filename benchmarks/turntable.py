"""Products that turn: drawn views beside true ones. Page: turntable.md.

    python benchmarks/turntable.py [--test FOLDER] [--things N] [--every N] [--objects 1,2]
                                   [--catalogue N] [--model FOLDER] [--sheet FILE] [--json]

Renders: things of kinds that were never learnt from, at 10, 20 and 30 degrees and, for trust, at each five up to 60.
Catalogue: how far products of a fashion shop are trusted; whether that is right is not told, for there is no truth.
--test: photos of objects from known angles, as views/ has them (photos.zip, masks.zip, worn.zip).
"""

from __future__ import annotations

import csv
import json
import re
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image

from bottega.actions.studio.product_seen import product_seen
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import PhotoRefused
from bottega.evaluation.turntable_judged import TrueView, TurnJudged, judged_things, judged_turn, turn_measures
from bottega.models.studio.turntable.calibration import CHECKED
from bottega.models.studio.turntable.framing import FILLED, framed
from bottega.models.studio.turntable.made_kinds import HELD_OUT
from bottega.models.studio.turntable.product_turn import ProductTurn, product_turn
from bottega.models.studio.turntable.shapes_by_kind import kind_of_words
from bottega.models.studio.turntable.turntable import Turntable
from bottega.models.vision.parts.regions import PRODUCT
from bottega.names import BoolArray, FloatArray
from bottega.shop.trained.shipped_models import EYE, PARTS, SHIPPED
from common import DATA, machine

PX = 128
ROUND = 22.5
"""Degrees between two photos of a ring; the files' names round them."""
LOOKED_AT = (1, 4)
"""Objects of each kind that were looked at while this was made; the others judge."""
_NAME = re.compile(r"([^/]+)/([^/]+)/([A-Za-z]+)[^/-]*-(\d+)-(\d+)\.jpg$")


class Ring:
    """Photos and masks of objects from known angles, those at the height of the objects."""

    def __init__(self, folder: Path) -> None:
        self.photos, self.masks = zipfile.ZipFile(folder / "photos.zip"), zipfile.ZipFile(folder / "masks.zip")
        self.objects: dict[tuple[str, int], dict[int, str]] = {}
        """Kind and number -> steps of `ROUND` -> name."""
        for name in self.photos.namelist():
            found = _NAME.search(name)
            if found is not None and found[4] == "090" and abs(int(found[5]) % ROUND - ROUND / 2) > ROUND / 2 - 1:
                number = int(found[2]) if found[2].isdigit() else len(self.objects)
                ring = self.objects.setdefault((found[3], number), {})
                ring[round(int(found[5]) / ROUND) % 16] = name.removesuffix(".jpg")

    def view(self, name: str) -> tuple[Photo, BoolArray]:
        photo = Image.open(BytesIO(self.photos.read(f"{name}.jpg"))).convert("RGB")
        mask = Image.open(BytesIO(self.masks.read(f"{name}-map.png"))).convert("L").resize(photo.size)
        return np.asarray(photo), np.asarray(mask) > 127

    def turns(self, ring: dict[int, str], every: int) -> Iterator[tuple[tuple[Photo, BoolArray], list[TrueView]]]:
        """A photo, and its neighbours in its frame."""
        for place in sorted(ring)[::every]:
            photo, mask = self.view(ring[place])
            side = _box(mask)[2]
            views = []
            for steps in (-2, -1, 1, 2):
                if (place + steps) % 16 in ring:
                    there, alpha = self.view(ring[(place + steps) % 16])
                    x, y, _ = _box(alpha)
                    views.append(TrueView(ROUND * steps, *_cropped(there, alpha, (x, y, side))))
            if views:
                yield (photo, mask), views


def _box(mask: BoolArray) -> tuple[float, float, float]:
    """The middle of a mask, and the side of its frame."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    return (columns[0] + columns[-1] + 1) / 2, (rows[0] + rows[-1] + 1) / 2, float(longer / FILLED)


def _cropped(photo: Photo, mask: BoolArray, box: tuple[float, float, float]) -> tuple[FloatArray, FloatArray]:
    x, y, side = box
    pad = int(side) + 2
    where = (x - side / 2 + pad, y - side / 2 + pad, x + side / 2 + pad, y + side / 2 + pad)
    picture = Image.fromarray(np.pad(photo, ((pad, pad), (pad, pad), (0, 0)), mode="edge"))
    alpha = Image.fromarray(np.pad(mask, pad).astype(np.float32))
    size = (PX, PX)
    return (
        np.asarray(np.asarray(picture.resize(size, Image.Resampling.BILINEAR, box=where)) / 255, np.float32),
        np.asarray(alpha.resize(size, Image.Resampling.BILINEAR, box=where), np.float32),
    )


def objects(turntable: Turntable, ring: Ring, which: set[int], every: int, sheet: list[FloatArray]) -> list[TurnJudged]:
    """The objects named, of every kind."""
    found, drawn = [], set()
    for (kind, one), names in sorted(ring.objects.items()):
        if which and one not in which:
            continue
        for place, ((photo, mask), views) in enumerate(ring.turns(names, every)):
            turn = product_turn(framed(photo, mask), "learnt", turntable)
            found += judged_turn(turn, views, kind, recentre=True)
            if kind not in drawn and place == 1:
                drawn.add(kind)
                sheet.append(_strip(turn, views))
    return found


def worn(turntable: Turntable, folder: Path, count: int) -> dict[str, object]:
    """Clothes that somebody wears, from the front alone: is the back that is drawn known as that of the same product?

    The eye looks at what is drawn and at every true back, cut out and on white; and at the front as it is, beside it.
    """
    files = zipfile.ZipFile(folder / "worn.zip")
    names = sorted(name.removesuffix("_main.jpg") for name in files.namelist() if name.endswith("_main.jpg"))
    names = [name for name in names if f"{name}_back.jpg" in files.namelist()][1::2][:count]
    parser = SHIPPED.get(PARTS)
    cut: dict[str, list[Photo]] = {"front": [], "drawn": [], "back": []}
    refused = 0
    for name in names:
        try:
            turns = []
            for side in ("main", "back"):
                photo = read_photo(files.read(f"{name}_{side}.jpg"))
                _, mask = product_seen(photo, lambda one: parser.parse_labels([one])[0])
                turns.append(product_turn(framed(photo, mask), "card", turntable))
        except PhotoRefused:
            refused += 1
            continue
        front, back = turns
        for key, turn, angle in (("front", front, 0.0), ("drawn", front, 180.0), ("back", back, 0.0)):
            cut[key].append(turn.draw(angle, 224).on())
    looks = {key: SHIPPED.get(EYE).look(photos).vectors for key, photos in cut.items()}
    told: dict[str, object] = {"garments": len(cut["back"]), "refused": refused}
    for key in ("drawn", "front"):
        alike = looks[key] @ looks["back"].T
        own = np.diagonal(alike)
        told[key] = {
            "alike": round(float(own.mean()), 3),
            "others": round(float((alike.sum() - own.sum()) / max(1, alike.size - len(own))), 3),
            "found_first": round(float((alike.argmax(1) == np.arange(len(own))).mean()), 3),
        }
    return told


def catalogue(turntable: Turntable, count: int, sheet: list[FloatArray]) -> dict[str, object]:
    """How far products of a shop are trusted, each shaped as its type says; drawn at that angle for the sheet."""
    parser = SHIPPED.get(PARTS)
    with (DATA / "fashion" / "styles.csv").open(encoding="utf-8", errors="replace") as lines:
        types = {row["id"]: row["articleType"] for row in csv.DictReader(lines)}
    files = zipfile.ZipFile(DATA / "fashion" / "large.zip")
    names = sorted(name for name in files.namelist() if name.endswith(".jpg"))
    found: list[tuple[str, float]] = []
    refused = 0
    for name in names[:: max(1, len(names) // count)][:count]:
        kind = kind_of_words(types.get(Path(name).stem, ""))
        try:
            photo = read_photo(files.read(name))
            part, mask = product_seen(photo, lambda one: parser.parse_labels([one])[0])
            turn = product_turn(
                framed(photo, mask), "card" if part != PRODUCT and kind == "learnt" else kind, turntable
            )
        except PhotoRefused:
            refused += 1
            continue
        found.append((turn.kind, turn.trusted_to))
        sides = [turn.draw(angle, PX).on().astype(np.float32) / 255 for angle in (-found[-1][1], 0.0, found[-1][1])]
        sheet.append(np.concatenate(sides, 1))
    angles = [angle for _, angle in found]
    return {
        "products": len(found),
        "refused": refused,
        "trusted_to": {
            "median": float(np.median(angles)),
            "quartiles": [float(np.quantile(angles, share)) for share in (0.25, 0.75)],
            "none": sum(angle == 0 for angle in angles),
        },
        "by_shape": {
            kind: {
                "products": sum(one == kind for one, _ in found),
                "median": float(np.median([angle for one, angle in found if one == kind])),
            }
            for kind in sorted({one for one, _ in found})
        },
    }


def _strip(turn: ProductTurn, views: list[TrueView]) -> FloatArray:
    """True views above drawn ones."""
    true = [view.picture * (view.alpha[..., None] > 0.5) + (view.alpha[..., None] <= 0.5) for view in views]
    drawn = [turn.draw(view.around, PX).on().astype(np.float32) / 255 for view in views]
    return np.concatenate([np.concatenate(true, 1), np.concatenate(drawn, 1)])


def main(
    test: Annotated[Path | None, typer.Option(help="Folder with photos.zip and masks.zip of objects.")] = None,
    things: Annotated[int, typer.Option(help="Things to render.")] = 240,
    every: Annotated[int, typer.Option(help="Take each so-manieth of the photos round an object; 0 none.")] = 2,
    which: Annotated[str, typer.Option("--objects", help="Their numbers; absent: all not looked at.")] = "",
    garments: Annotated[int, typer.Option("--worn", help="Worn clothes to turn; 0 none.")] = 24,
    shown: Annotated[int, typer.Option("--catalogue", help="Products of a shop to be trusted; 0 none.")] = 0,
    model: Annotated[Path | None, typer.Option(help="Folder of the networks; those that ship where absent.")] = None,
    sheet: Annotated[Path | None, typer.Option(help="Write true and drawn views there, as WebP.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    began = time.perf_counter()
    turntable = Turntable.load(model) if model is not None else Turntable.shipped()
    if turntable is None:
        raise SystemExit("No turntable ships with this version: name one with --model.")
    told: dict[str, object] = {"machine": machine(), "version": turntable.config.version}
    if things:
        judged = judged_things(turntable, things)
        told["renders"] = _told([one for one in judged if abs(one.around) in (10, 20, 30)], sorted(HELD_OUT))
        unseen = [one for one in judged if one.kind not in CHECKED]
        told["renders_trusted"] = turn_measures(unseen)["trusted"]
    folder = test or DATA / "views"
    strips: list[FloatArray] = []
    if every and (folder / "photos.zip").exists():
        ring = Ring(folder)
        numbers = {int(one) for one in which.split(",") if one} or _judging(ring, folder)
        found = objects(turntable, ring, numbers, every, strips)
        told["objects"] = _told(found, sorted({one.kind for one in found}))
    if garments and (folder / "worn.zip").exists():
        told["worn"] = worn(turntable, folder, garments)
    if shown and (DATA / "fashion" / "large.zip").exists():
        told["catalogue"] = catalogue(turntable, shown, strips)
    if sheet is not None and strips:
        wide = max(one.shape[1] for one in strips)
        rows = [np.pad(one, ((0, 0), (0, wide - one.shape[1]), (0, 0)), constant_values=1) for one in strips]
        pixels = (np.clip(np.concatenate(rows), 0, 1) * 255).astype(np.uint8)
        Image.fromarray(pixels).save(sheet, quality=86)
    told["cpu_s"] = round(time.process_time(), 1)
    told["seconds"] = round(time.perf_counter() - began, 1)
    print(json.dumps(told, indent=None if as_json else 1))


def _judging(ring: Ring, folder: Path) -> set[int]:
    """Numbers of the objects that judge: elsewhere than in the folder that was looked at, all."""
    numbers = {one for _, one in ring.objects}
    return numbers - set(LOOKED_AT) if folder.resolve() == (DATA / "views").resolve() else numbers


def _told(judged: list[TurnJudged], kinds: list[str]) -> dict[str, object]:
    by_kind = {
        kind: {
            angle: one["gain_db"]
            for angle, one in turn_measures(rows).items()
            if isinstance(one, dict) and "gain_db" in one
        }
        for kind in kinds
        if (rows := [one for one in judged if one.kind == kind])
    }
    return turn_measures(judged) | {"gain_db_by_kind": by_kind}


if __name__ == "__main__":
    typer.run(main)
