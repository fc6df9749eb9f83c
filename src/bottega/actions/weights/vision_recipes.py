"""The recipes of the room vision: the eye, the parser of garments, words in the eye's space, what goes with what."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from pathlib import Path

import numpy as np

from bottega.actions.weights.order import Order, Recipe, carded, stamp
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import SPLIT_SEED, STREET_HELD_OUT, lines_split
from bottega.datasets.photos.masks import PhotoMasks
from bottega.evaluation import eye_figures, outfits_figures, parts_figures, words_figures
from bottega.models.blocks.cards import bars
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.heads_recipe import SMALL, refit_heads
from bottega.models.vision.eye.recipe import eye_card, train_eye
from bottega.models.vision.eye.verticals_recipe import FOLDERS, train_verticals
from bottega.models.vision.joint_space import JointSpace
from bottega.models.vision.outfits import Outfits
from bottega.models.vision.outfits_recipe import outfits_card, read_people, train_outfits
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.recipe import SHOP_PHOTOS, parts_card, shop_lessons, train_parts
from bottega.models.vision.upright import Upright
from bottega.models.vision.upright_recipe import train_upright, upright_card
from bottega.models.vision.words_recipe import looked, train_words, words_card
from bottega.progress import Progress
from bottega.shop.search.found import PHOTO_WEIGHT

__all__ = ["VISION"]


def _eye(order: Order, folder: Path, progress: Progress) -> None:
    catalogue = PhotoCatalogue.read(order.data / "fashion")
    learnt, held_out = lines_split(catalogue)
    started = time.perf_counter()
    eye = train_eye(
        catalogue.take(learnt),
        seed=order.seed,
        version=stamp("eye"),
        street=order.data / "parsing",
        device=order.device,
        seconds=order.seconds,
        kept=folder / "training.pt",
        progress=progress,
    )
    more = {}
    if all((order.data / "fashion" / name).exists() for name in SMALL):
        more["heads"] = f"type, subcategory, gender and color once more, from {' and '.join(SMALL)} beside the photos"
        eye = refit_heads(eye, order.data / "fashion", seed=order.seed, progress=progress)
    if all((order.data / name).exists() for name in FOLDERS.values()):
        more["gate and names"] = f"four fifths of {', '.join(FOLDERS.values())}; oddments, made up"
        eye = train_verticals(
            eye, order.data, seed=order.seed, version=eye.version, seconds=order.seconds, progress=progress
        )
    train_s = time.perf_counter() - started
    eye.save(folder)
    judged = catalogue.take(held_out)
    types = Counter(catalogue.take(learnt).labels["type"])
    answers = eye_figures.answers_of(Eye.load(folder), judged, progress=progress)
    found = eye_figures.judge_answers(answers, judged, learnt_types=types, train_s=train_s)
    carded(
        order,
        folder,
        "eye",
        eye.version,
        train_s,
        found.values,
        bars(found.values, eye_figures.BARS, eye_figures.AT_MOST),
        **eye_card(catalogue, more),
        intervals={key: [round(one.low, 4), round(one.high, 4)] for key, one in found.intervals.items()},
    )


def _parts(order: Order, folder: Path, progress: Progress) -> None:
    rng = np.random.default_rng(SPLIT_SEED)
    learnt, held_out = PhotoMasks.read(order.data / "parsing", progress=progress).split(STREET_HELD_OUT, rng)
    masks = parts_figures.shop_masks()
    most = SHOP_PHOTOS if order.seconds is None else min(SHOP_PHOTOS, round(4 * order.seconds))
    lessons = shop_lessons(order.data / "fashion", seed=order.seed, unseen=masks, most=most, progress=progress)
    started = time.perf_counter()
    train_parts(
        learnt,
        shop=lessons,
        seed=order.seed,
        version=stamp("parts"),
        device=order.device,
        seconds=order.seconds,
        kept=folder / "rounds",
        progress=progress,
    ).save(folder)
    train_s = time.perf_counter() - started
    parser = Parts.load(folder)
    found = parts_figures.judge_parts(parser, held_out, progress=progress)
    extra = {
        "covered": parts_figures.covered(held_out, found.said),
        "shop": parts_figures.judge_shop(parser, order.data / "fashion"),
        "clothes": parts_figures.judge_clothes(parser, order.data / "fashion"),
    }
    values = found.figures | {"shop_foreground_iou": extra["shop"]["parser"]["mean"]}
    aims = parts_figures.BARS | {"shop_foreground_iou": parts_figures.SHOP_BAR}
    said = parts_card(learnt, held_out, lessons)
    carded(order, folder, "parts", parser.version, train_s, found.figures | extra, bars(values, aims), **said)
    shutil.rmtree(folder / "rounds")


def _words(order: Order, folder: Path, progress: Progress) -> None:
    catalogue, eye = PhotoCatalogue.read(order.data / "fashion"), order.eye()
    vectors = looked(catalogue, eye, progress=progress)
    started = time.perf_counter()
    space = train_words(
        catalogue, vectors, version=eye.version, seed=order.seed, device=order.device, progress=progress
    )
    train_s = time.perf_counter() - started
    space.save(folder)
    _, held_out = lines_split(catalogue)
    found = words_figures.judge_words(
        JointSpace.load(folder), vectors[held_out], catalogue.take(held_out), photo_weight=PHOTO_WEIGHT
    )
    met = bars(found, words_figures.BARS)
    carded(order, folder, "words", eye.version, train_s, found, met, **words_card(catalogue))


def _outfits(order: Order, folder: Path, progress: Progress) -> None:
    eye = order.eye()
    people = read_people(order.data / "parsing", eye, progress=progress)
    started = time.perf_counter()
    train_outfits(people, version=eye.version, seed=order.seed, device=order.device, progress=progress).save(folder)
    train_s = time.perf_counter() - started
    ships = outfits_figures.SHIPS
    judged, _ = outfits_figures.judge_outfits(people, {ships: outfits_figures.VARIANTS[ships]}, progress=progress)
    found = outfits_figures.means(judged[ships])
    carded(order, folder, "outfits", eye.version, train_s, found, {}, **outfits_card(people))


def _upright(order: Order, folder: Path, progress: Progress) -> None:
    catalogue, eye = PhotoCatalogue.read(order.data / "fashion"), order.eye()
    held_out = lines_split(catalogue)[1]
    learnt, aside = catalogue.take(~held_out), catalogue.take(held_out)
    started = time.perf_counter()
    upright, measures = train_upright(learnt, aside, eye, seed=order.seed, progress=progress)
    train_s = time.perf_counter() - started
    upright.save(folder)
    said = upright_card(learnt, aside)
    carded(
        order,
        folder,
        "upright",
        eye.version,
        train_s,
        measures,
        bars(measures, {}, {"upright_called_turned": 0.02}),
        **said,
    )


VISION: dict[str, Recipe] = {
    "eye": Recipe(_eye, Eye.load, "vision"),
    "parts": Recipe(_parts, Parts.load, "vision"),
    "words": Recipe(_words, JointSpace.load, "vision", needs=("eye",)),
    "upright": Recipe(_upright, Upright.load, "vision", needs=("eye",)),
    "outfits": Recipe(_outfits, Outfits.load, "vision", needs=("eye",)),
}
