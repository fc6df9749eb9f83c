"""The recipe of the sketch network: small photos that show nobody, drawings of each, and two ways to learn.

Idea     Everything lies in one working folder, that of the product generators or another: photos, their drawings, and a
         folder a way with its checkpoint. A training that was stopped goes on where it was. The game begins where
         learning by differences alone has ended.
Costs    Half a minute for the drawings; each training as long as it is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from bottega.datasets.photos.asked import AskedPictures
from bottega.datasets.photos.line_drawings import LINE_WAYS, LineWay, line_drawing
from bottega.datasets.photos.small_photos import SmallPhotos
from bottega.models.blocks.cards import read_card, write_card
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, device_of
from bottega.models.studio.products.recipe import EVERY_S, ProductWork
from bottega.models.studio.sketch.network import SketchNetwork, SketchShape
from bottega.models.studio.sketch.sketch import SketchConfig, Sketcher
from bottega.models.studio.sketch.training import SketchLessons, SketchTraining, fit_sketch
from bottega.progress import Progress, silent

__all__ = ["LEARNT_WAYS", "WAYS", "SketchMaterial", "SketchWork"]

WAYS = ("l1", "game")
"""By differences alone, and from there in a game with a critic."""
LEARNT_WAYS: tuple[LineWay, ...] = tuple(way for way in LINE_WAYS if way != "slopes")
"""Ways to find lines that are learnt from; the one left is for judging alone."""
LEAST_PHOTOS = 450
"""Photos that show nobody which a type needs among those learnt from."""
CRITIC = 0.05
"""Weight of the critic's opinion in the game."""


@dataclass(frozen=True, slots=True)
class SketchMaterial:
    """Photos of the types that can be drawn, what each is (`types`: codes from 1), and the names of the codes."""

    photos: SmallPhotos
    asked: AskedPictures
    types: NDArray[np.int64]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SketchWork:
    """A working folder, and the catalogue's folder that is learnt from."""

    folder: Path
    catalogue: Path
    seed: int = 0
    device: str = "auto"

    def material(self, *, progress: Progress = silent) -> SketchMaterial:
        """What there is to learn from and to judge by: the product generators' photos that show nobody."""
        whole = ProductWork(self.folder, self.catalogue, self.seed).material(progress=progress)
        alone = whole.asked.worn == 0
        counts = np.bincount(whole.asked.type[alone & ~whole.photos.held_out], minlength=len(whole.names.types))
        chosen = np.flatnonzero(counts >= min(LEAST_PHOTOS, int(counts.max())))
        rows = np.flatnonzero(alone & np.isin(whole.asked.type, chosen))
        asked = whole.asked.take(rows)
        names = tuple(whole.names.types[code] for code in chosen.tolist())
        return SketchMaterial(whole.photos.take(rows), asked, np.searchsorted(chosen, asked.type) + 1, names)

    def lessons(self, material: SketchMaterial, *, progress: Progress = silent) -> SketchLessons:
        """The photos learnt from with their drawings, which lie in the folder for the next time."""
        learnt = np.flatnonzero(~material.photos.held_out)
        photos, kept = material.photos.photos[learnt], self.folder / "drawings.npy"
        size = len(learnt), len(LEARNT_WAYS), photos.shape[1] ** 2 // 8
        if not kept.exists() or np.load(kept, mmap_mode="r").shape != size:
            drawings = np.empty(size, np.uint8)
            for row, photo in enumerate(photos):
                for place, way in enumerate(LEARNT_WAYS):
                    drawings[row, place] = np.packbits(line_drawing(photo, way))
                if row % 256 == 255:
                    progress("drawing the lines of photos", row + 1, len(photos))
            np.save(kept, drawings)
        return SketchLessons(photos, np.load(kept), material.types[learnt], material.asked.lab[learnt])

    def train(self, way: str, *, seconds: float, shape: SketchShape | None = None, progress: Progress = silent) -> Path:
        """Train one of `WAYS` for so many seconds in all, or go on with it; returns its folder.

        On a processor the seconds are its own: a busy machine takes longer and gives the same.
        """
        folder = self.folder / f"sketch-{way}"
        if read_card(folder):
            return folder
        folder.mkdir(parents=True, exist_ok=True)
        material = self.material(progress=progress)
        lessons = self.lessons(material, progress=progress)
        rng = np.random.default_rng(self.seed)
        torch.manual_seed(self.seed)
        shape = replace(shape or SketchShape(), types=len(material.names))
        training = SketchTraining()
        if way == "game":
            network = Sketcher.load(self.train("l1", seconds=seconds, shape=shape, progress=progress)).network
            training = replace(training, critic=CRITIC, schedule=replace(training.schedule, learning_rate=(8e-4, 1e-4)))
        else:
            network = SketchNetwork(shape)
        clock: Callable[[], float] = time.process_time if device_of(self.device) == CPU else time.perf_counter
        course = Course(training.steps, seconds, clock=clock)
        checkpoint = Checkpoint(folder / "training.pt", rng=rng, every_s=EVERY_S)
        network = fit_sketch(
            network,
            lessons,
            rng=rng,
            config=training,
            device=self.device,
            course=course,
            checkpoint=checkpoint,
            progress=progress,
        )
        version = f"sketch-{way}-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}"
        Sketcher(SketchConfig(material.names, version, network.shape), network).save(folder)
        write_card(
            folder,
            name="sketch",
            version=version,
            trained_on={
                "catalogue": f"fashion/ with its packed photos, {len(lessons)} photos of {len(material.names)} types "
                f"at {lessons.photos.shape[1]} px that show nobody, and line drawings made of them (Fashion Product "
                "Images; MIT on its data card, rights in the photos unclear)"
            },
            split={"held_out_photos": int(material.photos.held_out.sum())},
            seed=self.seed,
            train_s=course.spent_s,
            device=str(device_of(self.device)),
            measures={"steps": course.step, "pictures_seen": course.step * training.batch_size},
            threads=torch.get_num_threads(),
        )
        checkpoint.done()
        return folder
