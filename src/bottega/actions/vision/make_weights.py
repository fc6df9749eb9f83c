"""Make weights: train everything that ships from the public data sets, each model within its seconds.

Idea     One process a model. On a graphics card all whose needs are met learn at once; on a processor one after the
         other. A model that has its card is finished and is not trained again unless asked; one that was stopped goes
         on from its checkpoint. Nothing of the package changes until `ship` puts what is finished into it.
Costs    benchmarks/weights.md.
"""

from __future__ import annotations

import multiprocessing
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import SPLIT_SEED, STREET_HELD_OUT, lines_split
from bottega.datasets.photos.masks import PhotoMasks
from bottega.errors import ModelUnknown, SourceUnreadable
from bottega.evaluation import eye_figures, outfits_figures, parts_figures, words_figures
from bottega.models.blocks.cards import bars, read_card, write_card
from bottega.models.blocks.device import device_of
from bottega.models.blocks.shipped import weights_of
from bottega.models.blocks.threads import limit_threads
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.heads_recipe import SMALL, refit_heads
from bottega.models.vision.eye.recipe import eye_card, train_eye
from bottega.models.vision.eye.verticals_recipe import FOLDERS, train_verticals
from bottega.models.vision.joint_space import JointSpace
from bottega.models.vision.outfits import Outfits
from bottega.models.vision.outfits_recipe import outfits_card, read_people, train_outfits
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.recipe import SHOP_PHOTOS, parts_card, shop_lessons, train_parts
from bottega.models.vision.words_recipe import looked, train_words, words_card
from bottega.progress import Progress, silent
from bottega.shop.search.found import PHOTO_WEIGHT

__all__ = ["RECIPES", "Made", "Order", "make_one", "make_weights", "ship"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of one recipe."""

    data: Path
    """Folder with `fashion/` (styles.csv, images/) and `parsing/` (photos/, masks/)."""
    build: Path
    """Each model gets its folder in it."""
    seconds: float | None = None
    """The most that a network learns for; the whole recipe where absent. Reading, looking and measuring come on top."""
    device: str = "auto"
    seed: int = 0
    threads: int | None = None
    """Threads of the process; torch's choice where absent."""

    def folder(self, name: str) -> Path:
        """Where a model goes."""
        return self.build / name

    def eye(self) -> Eye:
        """The eye that was made here, else the shipped one."""
        made = self.folder("eye")
        return Eye.load(made) if read_card(made) else Eye.shipped()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one model is made: `make` trains, saves and measures it; it waits for what it `needs`."""

    make: Callable[[Order, Path, Progress], None]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one recipe: `outcome` is "made", "kept" (it was finished before) or "failed"."""

    name: str
    outcome: str
    wall_s: float
    card: dict[str, Any]


def _eye(order: Order, folder: Path, progress: Progress) -> None:
    catalogue = PhotoCatalogue.read(order.data / "fashion")
    learnt, held_out = lines_split(catalogue)
    started = time.perf_counter()
    eye = train_eye(
        catalogue.take(learnt),
        seed=order.seed,
        version=_version("eye"),
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
    _card(
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
        version=_version("parts"),
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
    }
    values = found.figures | {"shop_foreground_iou": extra["shop"]["parser"]["mean"]}
    aims = parts_figures.BARS | {"shop_foreground_iou": parts_figures.SHOP_BAR}
    said = parts_card(learnt, held_out, lessons)
    _card(order, folder, "parts", parser.version, train_s, found.figures | extra, bars(values, aims), **said)
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
    _card(order, folder, "words", eye.version, train_s, found, met, **words_card(catalogue))


def _outfits(order: Order, folder: Path, progress: Progress) -> None:
    eye = order.eye()
    people = read_people(order.data / "parsing", eye, progress=progress)
    started = time.perf_counter()
    train_outfits(people, version=eye.version, seed=order.seed, device=order.device, progress=progress).save(folder)
    train_s = time.perf_counter() - started
    ships = outfits_figures.SHIPS
    judged, _ = outfits_figures.judge_outfits(people, {ships: outfits_figures.VARIANTS[ships]}, progress=progress)
    found = outfits_figures.means(judged[ships])
    _card(order, folder, "outfits", eye.version, train_s, found, {}, **outfits_card(people))


RECIPES: dict[str, Recipe] = {
    "eye": Recipe(_eye),
    "parts": Recipe(_parts),
    "words": Recipe(_words, needs=("eye",)),
    "outfits": Recipe(_outfits, needs=("eye",)),
}
"""Everything that ships, by the name of its folder."""
LOADERS: dict[str, Callable[[Path], Any]] = {
    "eye": Eye.load,
    "parts": Parts.load,
    "words": JointSpace.load,
    "outfits": Outfits.load,
}


def _version(name: str) -> str:
    """A stamp that no other training has: what two eyes see cannot be compared."""
    return f"{name}-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}"


def _card(
    order: Order,
    folder: Path,
    name: str,
    version: str,
    train_s: float,
    measures: dict[str, Any],
    met: dict[str, dict[str, Any]],
    **said: Any,
) -> None:
    """The card, which says that the model is finished; `seconds` is what the clock was set to."""
    write_card(
        folder,
        name=name,
        version=version,
        seed=order.seed,
        train_s=train_s,
        device=str(device_of(order.device)),
        measures=measures,
        bars=met,
        seconds=order.seconds,
        **said,
    )


def make_one(name: str, order: Order, *, progress: Progress = silent) -> None:
    """Make one model here, or go on with it where it was stopped."""
    if order.threads:
        limit_threads(order.threads)
    folder = order.folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    RECIPES[name].make(order, folder, progress)


def make_weights(
    order: Order,
    *,
    only: Collection[str] = (),
    again: bool = False,
    to_ship: bool = False,
    report: Callable[[Made], None] | None = None,
) -> list[Made]:
    """Make everything (or `only` these), each in a process of its own; finished ones are kept unless `again`.

    On a graphics card all that wait for nothing run at once. `report` hears of each as it ends. With `to_ship` the
    finished ones replace the package's own weights. Raises `ModelUnknown`, `DeviceMissing` and `SourceUnreadable`.
    """
    unknown = [name for name in only if name not in RECIPES]
    if unknown:
        raise ModelUnknown(
            f"There is no recipe {', '.join(unknown)}.",
            allowed=f"The recipes are {', '.join(RECIPES)}.",
            next_step="Use one of these names.",
        )
    missing = [name for name in ("fashion", "parsing") if not (order.data / name).is_dir()]
    if missing:
        raise SourceUnreadable(
            f"The folder {order.data} lacks {', '.join(missing)}.",
            allowed="It has to hold fashion/ (styles.csv, images/) and parsing/ (photos/, masks/).",
            next_step="Set BOTTEGA_DATA to the folder of the public data sets.",
        )
    together = device_of(order.device).type == "cuda"
    waiting = [name for name in RECIPES if name in only or not only]
    done: list[Made] = []

    def end(name: str, outcome: str, began: float) -> None:
        done.append(Made(name, outcome, time.monotonic() - began, read_card(order.folder(name))))
        if report is not None:
            report(done[-1])

    for name in [one for one in waiting if read_card(order.folder(one)) and not again]:
        waiting.remove(name)
        end(name, "kept", time.monotonic())
    if again:
        for name in waiting:
            shutil.rmtree(order.folder(name), ignore_errors=True)
    running: dict[str, tuple[Any, float]] = {}
    while waiting or running:
        for name in _ready(waiting, running):
            if running and not together:
                break
            waiting.remove(name)
            process = multiprocessing.get_context("spawn").Process(target=_in_a_process, args=(name, order))
            process.start()
            running[name] = process, time.monotonic()
        for name, (process, began) in list(running.items()):
            process.join(0.5)
            if process.exitcode is not None:
                del running[name]
                end(name, "made" if process.exitcode == 0 else "failed", began)
    if to_ship:
        ship(order.build, [one.name for one in done if one.card])
    return done


def _ready(waiting: Sequence[str], running: Collection[str]) -> list[str]:
    """Those that wait for nothing that is still to be made."""
    return [name for name in waiting if not {*waiting, *running} & set(RECIPES[name].needs)]


def _in_a_process(name: str, order: Order) -> None:
    make_one(name, order, progress=_Lines(name))


class _Lines:
    """Progress as a line now and then: several processes write into one log."""

    def __init__(self, name: str, *, every_s: float = 10.0) -> None:
        self._name, self._every_s, self._task, self._last = name, every_s, "", 0.0

    def __call__(self, task: str, done: int, total: int | None = None, note: str = "") -> None:
        if task != self._task or time.monotonic() - self._last >= self._every_s:
            self._task, self._last = task, time.monotonic()
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} {self._name}: {task} {done}/{total or '?'} {note}\n")


def ship(build: Path, names: Sequence[str]) -> None:
    """Put finished models in the place of the package's own, each after it was loaded once."""
    for name in names:
        LOADERS[name](build / name)
        there = weights_of("vision") / name
        shutil.rmtree(there, ignore_errors=True)
        there.mkdir(parents=True)
        for file in ("arrays.npz", "model.json", "card.json"):
            shutil.copyfile(build / name / file, there / file)
