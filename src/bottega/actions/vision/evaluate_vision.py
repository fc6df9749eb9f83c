"""Evaluate vision: how well do the models in use see, on photos of which the truth is known?

Judged on the photos that no shipped model learnt from, or on all of a folder that nobody learnt from. What goes with
what is judged by its recipe: it is learnt anew, fold by fold, from what the eye in use sees.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.vision.shapes import EvaluateVisionAnswer, EvaluateVisionRequest, JudgedModel, LeftOutModel
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split, some_lines, street_split
from bottega.datasets.photos.masks import PhotoMasks
from bottega.errors import SourceUnreadable
from bottega.evaluation import eye_figures, outfits_figures, parts_figures, words_figures
from bottega.models.vision.outfits_recipe import read_people
from bottega.models.vision.words_recipe import looked
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.found import PHOTO_WEIGHT
from bottega.shop.trained.models_in_use import ModelsInUse

__all__ = ["evaluate_vision"]

HEADS = ("type", "subcategory", "gender", "color")
"""What an eye has to tell to be judged."""
PRODUCTS, STREET = "fashion", "parsing"
"""Folders of photos: of products with labels, and of people with masks of what they wear."""


class _LeftOut(Exception):
    """Why a model cannot be judged here."""


def evaluate_vision(
    shop: OpenShop, request: EvaluateVisionRequest, *, progress: Progress = silent
) -> EvaluateVisionAnswer:
    """Judge the eye, the parser, words and outfits that the shop uses; nothing in the shop changes.

    Raises `SourceUnreadable` where the folder holds neither products nor people.
    """
    if not any((request.data / name).is_dir() for name in (PRODUCTS, STREET)):
        raise SourceUnreadable(
            f"The folder {request.data} has nothing to judge by.",
            allowed=f"It holds {PRODUCTS}/ (styles.csv, images/), {STREET}/ (photos/, masks/), or both.",
            next_step="Name another with --data, or set BOTTEGA_DATA to the folder of the public data sets.",
        )
    lines = {line.ability: line for line in shop.models.in_use()}
    judged: list[JudgedModel] = []
    left: list[LeftOutModel] = []
    for ability, judge in _JUDGES.items():
        started = time.perf_counter()
        try:
            measures = judge(shop.models, request, progress)
        except _LeftOut as why:
            left.append(LeftOutModel(ability=ability, why=str(why)))
            continue
        line = lines[ability]
        judged.append(
            JudgedModel(
                ability=ability,
                version=line.version,
                origin=line.origin,
                measures=measures,
                seconds=round(time.perf_counter() - started, 1),
            )
        )
    return EvaluateVisionAnswer(data=request.data, models=judged, left_out=left)


def _products(request: EvaluateVisionRequest) -> PhotoCatalogue:
    catalogue = PhotoCatalogue.read(_folder(request, PRODUCTS))
    chosen = catalogue if request.whole else catalogue.take(lines_split(catalogue)[1])
    return chosen if request.sample is None else some_lines(chosen, request.sample, seed=0)


def _street(request: EvaluateVisionRequest, progress: Progress) -> PhotoMasks:
    folder = _folder(request, STREET)
    chosen = PhotoMasks.read(folder, progress=progress) if request.whole else street_split(folder, progress=progress)[1]
    if request.sample is None or request.sample >= len(chosen):
        return chosen
    return chosen.take(sorted(np.random.default_rng(0).permutation(len(chosen))[: request.sample].tolist()))


def _folder(request: EvaluateVisionRequest, name: str) -> Path:
    folder = request.data / name
    if not folder.is_dir():
        raise _LeftOut(f"{folder} is not there.")
    return folder


def _eye(models: ModelsInUse, request: EvaluateVisionRequest, progress: Progress) -> dict[str, Any]:
    catalogue, eye = _products(request), models.eye()
    if unknown := [head for head in HEADS if head not in eye.heads]:
        raise _LeftOut(f"The eye in use does not tell {', '.join(unknown)}.")
    answers = eye_figures.answers_of(eye, catalogue, progress=progress)
    found = eye_figures.judge_answers(answers, catalogue, learnt_types={}, train_s=None)
    return {key: value for key, value in found.values.items() if key != "train_s"}


def _parts(models: ModelsInUse, request: EvaluateVisionRequest, progress: Progress) -> dict[str, Any]:
    street, parser = _street(request, progress), models.parts()
    found = parts_figures.judge_parts(parser, street, progress=progress)
    figures = {f"iou_{part}": value for part, value in found.figures.pop("iou").items() if value is not None}
    return found.figures | figures | {"ms_a_photo": round(found.ms_a_photo, 1)}


def _words(models: ModelsInUse, request: EvaluateVisionRequest, progress: Progress) -> dict[str, Any]:
    catalogue, eye = _products(request), models.eye()
    space = models.words(eye)
    if space is None:
        raise _LeftOut("No words fit the eye in use.")
    vectors = looked(catalogue, eye, progress=progress)
    found = words_figures.judge_words(space, vectors, catalogue, photo_weight=PHOTO_WEIGHT)
    return {key: value for key, value in found.items() if not key.startswith("but_plus")}


def _outfits(models: ModelsInUse, request: EvaluateVisionRequest, progress: Progress) -> dict[str, Any]:
    if request.sample is not None:
        raise _LeftOut("What goes with what is learnt anew, which takes all people; leave the sample out.")
    people = read_people(_folder(request, STREET), models.eye(), progress=progress)
    ships = outfits_figures.SHIPS
    folds, _ = outfits_figures.judge_outfits(people, {ships: outfits_figures.VARIANTS[ships]}, progress=progress)
    return dict(outfits_figures.means(folds[ships]))


_JUDGES: dict[str, Callable[[ModelsInUse, EvaluateVisionRequest, Progress], dict[str, Any]]] = {
    "eye": _eye,
    "parts": _parts,
    "words": _words,
    "outfits": _outfits,
}
"""By ability, as `bottega models` names them."""
