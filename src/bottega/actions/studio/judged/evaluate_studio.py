"""Evaluate the studio: how near to photos are the pictures that generators make, and did they make what was asked?

Judged is the generator that this shop draws with. Asked for is what photos are that no shipped model learnt from. The
fences always stand beside the generators: without them a figure says nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.actions.studio.judged.findings import findings_of
from bottega.actions.studio.judged.shapes import (
    LEAST_ASIDE,
    EvaluateStudioAnswer,
    EvaluateStudioRequest,
    JudgedPictures,
)
from bottega.datasets.photos.asked import asked_of
from bottega.datasets.photos.catalogue import codes_of
from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.datasets.photos.small_photos import SmallPhotos, small_photos
from bottega.errors import ModelMissing, SourceUnreadable
from bottega.evaluation.studio_figures import FENCES, Bench, PictureFigures, sheet
from bottega.models.judge.judge import PX, Judge
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop

__all__ = ["evaluate_studio"]

PRODUCTS = "fashion"
"""The folder of product photos with labels."""
_ON_SHEET, _COLUMNS = 80, 10

Make = Callable[[Bench], NDArray[np.uint8]]
"""What makes a picture for each photo asked for, row by row."""


def evaluate_studio(
    shop: OpenShop, request: EvaluateStudioRequest, *, progress: Progress = silent
) -> EvaluateStudioAnswer:
    """Judge what the shop draws products with, and the fences; nothing in the shop changes.

    Without a generator the fences stand alone. Raises `SourceUnreadable` where the folder has no product photos, or too
    few that are kept aside.
    """
    folder = request.data / PRODUCTS
    if not folder.is_dir():
        raise SourceUnreadable(
            f"The folder {request.data} has nothing to judge by.",
            allowed=f"It holds {PRODUCTS}/ (styles.csv, images/).",
            next_step="Name another with --data, or set BOTTEGA_DATA to the folder of the public data sets.",
        )
    photos, judge = small_photos(folder, PX, progress=progress), Judge.shipped()
    photos, generators = _with_generator(shop, photos, request.seed)
    aside = sum(
        label in judge.config.classes["type"]
        for label, held in zip(photos.labels["type"], photos.held_out, strict=True)
        if held
    )
    if aside < LEAST_ASIDE:
        raise SourceUnreadable(
            f"{aside} photos of {folder} are kept aside and of a type that the judge was taught.",
            allowed=f"At least {LEAST_ASIDE} are needed; a seventh of the product lines is kept aside.",
            next_step="Name a folder with more photos.",
        )
    bench = Bench(photos, judge, sample=request.sample, seed=request.seed, progress=progress)
    sets = []
    for place, (name, (make, paired, generated)) in enumerate(_sets(generators).items()):
        started = time.perf_counter()
        pictures = make(bench)
        figures = bench.judge_pictures(pictures, paired=paired)
        sets.append(_judged(name, figures, generated, time.perf_counter() - started))
        if request.sheets is not None:
            _write_sheet(request.sheets, name, pictures[:_ON_SHEET], generated)
        progress("judging pictures", place + 1, len(FENCES) + len(generators))
    on_real = {head: round(value, 4) for head, value in bench.on_real.items()}
    return EvaluateStudioAnswer(
        findings=findings_of(sets, on_real),
        data=request.data,
        judge=judge.version,
        photos=len(bench.asked),
        learnt=len(bench.learnt),
        on_real=on_real,
        sets=sets,
    )


def _with_generator(shop: OpenShop, photos: SmallPhotos, seed: int) -> tuple[SmallPhotos, dict[str, Make]]:
    """The photos of types that the shop's generator can be asked for, heads hidden, and what makes their pictures.

    All the photos and nothing, where the shop has no generator or the photos show nothing that it learnt.
    """
    try:
        generator = shop.models.product()
    except ModelMissing:
        return photos, {}
    chosen, asked, names = asked_of(photos)
    known = np.isin(np.array(chosen.labels["type"]), generator.names.types)
    if not known.any():
        return photos, {}
    chosen, asked = chosen.take(np.flatnonzero(known)), asked.take(known)
    types, genders, usages = names.types, names.genders, names.usages
    asked = replace(
        asked,
        type=codes_of([types[code] for code in asked.type], generator.names.types).astype(np.int64),
        gender=codes_of([genders[code] for code in asked.gender], generator.names.genders).clip(0).astype(np.int64),
        usage=codes_of([usages[code] for code in asked.usage], generator.names.usages).clip(0).astype(np.int64),
    )
    place = {name: row for row, name in enumerate(chosen.ids)}

    def make(bench: Bench) -> NDArray[np.uint8]:
        rows = asked.take(np.array([place[name] for name in bench.asked.ids]))
        return _sized(generator.draw(rows, seeds=seed + np.arange(len(rows))))

    return chosen, {f"drawn by {generator.version}": make}


def _sized(drawn: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As large as the judge looks at pictures."""
    if drawn.shape[1] == PX:
        return drawn
    way = Image.Resampling.BOX if drawn.shape[1] > PX else Image.Resampling.BICUBIC
    return np.stack([np.asarray(Image.fromarray(one).resize((PX, PX), way)) for one in drawn])


def _sets(generators: dict[str, Make]) -> dict[str, tuple[Make, bool, bool]]:
    """Name -> how to make the pictures, whether of the very photos, and whether by a generator."""
    drawn = {name: (make, False, True) for name, make in generators.items()}
    return drawn | {name: (make, paired, False) for name, (make, paired) in FENCES.items()}


def _judged(name: str, figures: PictureFigures, generated: bool, seconds: float) -> JudgedPictures:
    return JudgedPictures(
        name=name,
        generated=generated,
        measures=dict(figures.values),
        around={key: (round(one.low, 5), round(one.high, 5)) for key, one in figures.around.items()},
        seconds=round(seconds, 1),
    )


def _write_sheet(folder: Path, name: str, pictures: NDArray[np.uint8], generated: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    said = packet_of(SourceType.GENERATED) if generated else b""
    drawn = Image.fromarray(sheet(pictures, _COLUMNS))
    drawn.save(folder / f"{name.replace(' ', '_')}.webp", quality=90, xmp=said)
