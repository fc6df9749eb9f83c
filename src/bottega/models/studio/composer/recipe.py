"""The recipe of the composer that ships: people of photos, dressed pictures for the critic, and how long.

Idea     Everything lies in one working folder: people in their frames, dressed pictures, and how far the training came.
         People are those of people.py, which no shipped model is judged by; dressed pictures are of product lines that
         are learnt from. A training that was stopped goes on where it was.
Costs    About ten minutes of reading, parsing and drawing, then as many seconds as it is told, of the processor's own
         where it learns on one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bottega.datasets.photos.kept_aside import HELD_OUT, SPLIT_SEED, STREET_HELD_OUT
from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, device_of
from bottega.models.studio.composer.composer import Composer, ComposerConfig
from bottega.models.studio.composer.lessons import FramedPeople
from bottega.models.studio.composer.network import ComposerShape
from bottega.models.studio.composer.outfits import drawn_lessons
from bottega.models.studio.composer.people import Parse, street_people, worn_people
from bottega.models.studio.composer.training import ComposerTraining, Features, fit_composer
from bottega.progress import Progress, silent

__all__ = ["FRAME", "OUTFITS", "RIVAL_FRAME", "SECONDS", "WORN", "ComposerWork", "composer_card"]

FRAME, RIVAL_FRAME = (192, 256), (64, 96)
"""Width and height of the frames that the composer and its rival (style_gan.py) learn at."""
WORN = 1500
"""Worn photos that are learnt from; a third as many are kept to judge by."""
OUTFITS = 100
"""Dressed pictures that the critic is heard on."""
SECONDS = 2100.0
"""Seconds that it learns for."""
_DRAWN_SEED = 11


@dataclass(frozen=True, slots=True)
class ComposerWork:
    """A working folder; the folder of the public data sets, and who labels the pixels of their photos.

    `parse` is handed in, for the studio knows no parser. `worn` and `outfits` as above.
    """

    folder: Path
    data: Path
    parse: Parse
    seed: int = 0
    worn: int = WORN
    outfits: int = OUTFITS

    def street(self, size: tuple[int, int], *, held_out: bool, progress: Progress = silent) -> FramedPeople:
        """Street photos in frames of a size (one of the two), to learn from or held out."""

        def read(sizes: Sequence[tuple[int, int]]) -> list[FramedPeople]:
            return street_people(self.data, sizes, held_out=held_out, progress=progress)

        return self._framed("street", size, held_out, read)

    def people(
        self, size: tuple[int, int], *, held_out: bool, progress: Progress = silent
    ) -> tuple[FramedPeople, FramedPeople]:
        """Street photos, and worn photos of the catalogue, likewise."""
        most = self.worn // 3 if held_out else self.worn

        def read(sizes: Sequence[tuple[int, int]]) -> list[FramedPeople]:
            return worn_people(self.data, sizes, self.parse, held_out=held_out, most=most, progress=progress)

        street = self.street(size, held_out=held_out, progress=progress)
        return street, self._framed("worn", size, held_out, read)

    def _framed(
        self,
        kind: str,
        size: tuple[int, int],
        held_out: bool,
        read: Callable[[Sequence[tuple[int, int]]], list[FramedPeople]],
    ) -> FramedPeople:
        """People of a kind, read once into files of both sizes."""
        which = "held" if held_out else "learnt"
        files = {one: self.folder / f"{kind}_{one[0]}x{one[1]}_{which}.npz" for one in (FRAME, RIVAL_FRAME)}
        if not all(file.exists() for file in files.values()):
            self.folder.mkdir(parents=True, exist_ok=True)
            for file, lessons in zip(files.values(), read(list(files)), strict=True):
                lessons.save(file)
        return FramedPeople.load(files[size])

    def drawn(self, *, progress: Progress = silent) -> FramedPeople:
        """Dressed pictures of lines learnt from, for the critic; drawn once, from a file the next time."""
        file = self.folder / f"drawn_{FRAME[0]}x{FRAME[1]}_learnt.npz"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)

            def labelled(photo: Photo) -> LabelMap:
                return self.parse([photo])[0]

            made = drawn_lessons(self.data, labelled, self.outfits, FRAME, seed=_DRAWN_SEED, progress=progress)
            made.save(file)
        return FramedPeople.load(file)

    def train(
        self,
        photos: Sequence[FramedPeople],
        drawn: FramedPeople,
        features: Features | None,
        *,
        version: str,
        seconds: float = SECONDS,
        shape: ComposerShape | None = None,
        config: ComposerTraining | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> tuple[Composer, Course]:
        """The composer after so many seconds in all, or where it went on to, and the course that it took.

        `photos` are `people` to learn from; `features` says what another network sees in pictures (training.py).
        """
        shape, config = shape or ComposerShape(), config or ComposerTraining()
        rng = np.random.default_rng(self.seed)
        clock = time.process_time if device_of(device) == CPU else time.perf_counter
        course = Course(config.steps, seconds, clock=clock)
        network = fit_composer(
            FramedPeople.joined(photos),
            features,
            drawn=drawn,
            rng=rng,
            shape=shape,
            config=config,
            device=device,
            course=course,
            checkpoint=Checkpoint(self.folder / "composer_training.pt", rng=rng),
            progress=progress,
        )
        return Composer(ComposerConfig(version, shape=shape), network), course


def composer_card(photos: Sequence[FramedPeople], drawn: FramedPeople) -> dict[str, Any]:
    """What the card says of street photos and worn photos learnt from, of dressed pictures, and of its limits."""
    street, worn = map(len, photos)
    return {
        "trained_on": {
            "street": f"parsing/, {street} people of four fifths of its photos, heads hidden",
            "worn": f"fashion/images, {worn} worn photos of lines not kept aside, heads hidden",
            "drawn": f"{len(drawn)} dressed pictures of such lines, for the critic alone",
        },
        "split": {"share": HELD_OUT, "street_share": STREET_HELD_OUT, "seed": SPLIT_SEED},
        "limits": "Cloth is lit anew and edges are coloured; folds of the outline, faces and hands stay as geometry "
        "drew.",
    }
