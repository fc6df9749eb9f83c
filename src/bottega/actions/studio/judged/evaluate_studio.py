"""Evaluate the studio: how near to photos are the pictures that generators make, and did they make what was asked?

Asked for is what photos are that no shipped model learnt from. The fences always stand beside the generators: without
them a figure says nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.actions.studio.judged.shapes import (
    LEAST_ASIDE,
    EvaluateStudioAnswer,
    EvaluateStudioRequest,
    JudgedPictures,
)
from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.datasets.photos.small_photos import small_photos
from bottega.errors import SourceUnreadable
from bottega.evaluation.studio_figures import FENCES, Bench, PictureFigures, sheet
from bottega.models.judge.judge import PX, Judge
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop

__all__ = ["evaluate_studio"]

PRODUCTS = "fashion"
"""The folder of product photos with labels."""
_ON_SHEET, _COLUMNS = 80, 10

MAKERS: dict[str, Callable[[Bench], NDArray[np.uint8]]] = {}
"""Generator -> the pictures it makes for the photos asked for, row by row."""


def evaluate_studio(
    shop: OpenShop, request: EvaluateStudioRequest, *, progress: Progress = silent
) -> EvaluateStudioAnswer:
    """Judge every generator that ships, and the fences; nothing in the shop changes.

    Raises `SourceUnreadable` where the folder has no product photos, or too few that are kept aside.
    """
    del shop  # what is judged ships with Bottega
    folder = request.data / PRODUCTS
    if not folder.is_dir():
        raise SourceUnreadable(
            f"The folder {request.data} has nothing to judge by.",
            allowed=f"It holds {PRODUCTS}/ (styles.csv, images/).",
            next_step="Name another with --data, or set BOTTEGA_DATA to the folder of the public data sets.",
        )
    photos, judge = small_photos(folder, PX, progress=progress), Judge.shipped()
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
    for place, (name, (make, paired, generated)) in enumerate(_sets().items()):
        started = time.perf_counter()
        pictures = make(bench)
        figures = bench.judge_pictures(pictures, paired=paired)
        sets.append(_judged(name, figures, generated, time.perf_counter() - started))
        if request.sheets is not None:
            _write_sheet(request.sheets, name, pictures[:_ON_SHEET], generated)
        progress("judging pictures", place + 1, len(FENCES) + len(MAKERS))
    return EvaluateStudioAnswer(
        data=request.data,
        judge=judge.version,
        photos=len(bench.asked),
        learnt=len(bench.learnt),
        on_real={head: round(value, 4) for head, value in bench.on_real.items()},
        sets=sets,
    )


def _sets() -> dict[str, tuple[Callable[[Bench], NDArray[np.uint8]], bool, bool]]:
    """Name -> how to make the pictures, whether of the very photos, and whether by a generator."""
    generators = {name: (make, False, True) for name, make in MAKERS.items()}
    return generators | {name: (make, paired, False) for name, (make, paired) in FENCES.items()}


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
