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
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bottega.actions.weights.order import Order, Recipe
from bottega.actions.weights.studio_recipes import STUDIO
from bottega.actions.weights.vision_recipes import VISION
from bottega.actions.weights.word_recipes import WORDS
from bottega.errors import ModelUnknown, SourceUnreadable
from bottega.models.blocks.cards import read_card
from bottega.models.blocks.device import device_of
from bottega.models.blocks.shipped import weights_of
from bottega.models.blocks.threads import limit_threads
from bottega.progress import Progress, silent

__all__ = ["RECIPES", "Made", "Order", "make_one", "make_weights", "ship"]

RECIPES: dict[str, Recipe] = VISION | STUDIO | WORDS
"""Everything that ships, by the name of its folder."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one recipe: `outcome` is "made", "kept" (it was finished before) or "failed"."""

    name: str
    outcome: str
    wall_s: float
    card: dict[str, Any]


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
        RECIPES[name].load(build / name)
        there = weights_of(RECIPES[name].room) / name
        shutil.rmtree(there, ignore_errors=True)
        there.mkdir(parents=True)
        for file in ("arrays.npz", "model.json", "card.json"):
            shutil.copyfile(build / name / file, there / file)
