"""Lessons: made-up things from the front and from known angles, as arrays; as many as one asks for.

Shapes   N things, K angles, P pixels a side (`FRAME_PX`); depths as in made_views.py.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bottega.models.studio.turntable.made_kinds import LEARNT, ROUND, made_thing
from bottega.models.studio.turntable.made_looks import made_look, made_skin, made_studio
from bottega.models.studio.turntable.made_views import camera_on, view_of
from bottega.models.studio.turntable.relief import FRAME_PX
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["TurnLessons", "made_lessons"]


@dataclass(frozen=True, slots=True, eq=False)
class TurnLessons:
    """Things, each seen from the front (view 0) and from K angles."""

    pictures: NDArray[np.uint8]
    """[N, K + 1, P, P, 3], sRGB on black."""
    alphas: NDArray[np.uint8]
    """[N, K + 1, P, P], of 255."""
    depths: NDArray[np.float16]
    """[N, 2, P, P], front and back of the first view."""
    around: FloatArray
    """[N, K + 1], degrees that the camera went to the right."""
    pitches: FloatArray
    """[N], degrees that it looks down."""
    kinds: NDArray[np.str_]
    """[N]"""

    def __len__(self) -> int:
        return len(self.pictures)

    def save(self, path: Path) -> None:
        """Write one file."""
        np.savez(path, **{one.name: getattr(self, one.name) for one in fields(self)})

    @classmethod
    def load(cls, *paths: Path) -> TurnLessons:
        """Read what `save` wrote; several files follow each other."""
        read = [np.load(path) for path in paths]
        return cls(**{one.name: np.concatenate([file[one.name] for file in read]) for one in fields(cls)})


def made_lessons(
    count: int,
    rng: np.random.Generator,
    *,
    kinds: tuple[str, ...] = tuple(LEARNT),
    angles: tuple[float, ...] = (),
    views: int = 3,
    progress: Progress = silent,
) -> TurnLessons:
    """Things of `kinds`, seen from `angles`, or from so many drawn ones between 4 and 60 degrees to either side."""
    views = len(angles) or views
    size = (count, views + 1, FRAME_PX, FRAME_PX)
    pictures, alphas = np.zeros((*size, 3), np.uint8), np.zeros(size, np.uint8)
    depths = np.zeros((count, 2, FRAME_PX, FRAME_PX), np.float16)
    around = np.zeros((count, views + 1), np.float32)
    pitches, names = np.zeros(count, np.float32), []
    for row in range(count):
        kind, solid = made_thing(rng, kinds)
        look, studio = made_skin(rng) if kind in ROUND else made_look(rng), made_studio(rng)
        pitches[row] = rng.uniform(0, 3) if rng.random() < 0.35 else rng.uniform(0, 35)
        camera = camera_on(solid, float(pitches[row]), float(rng.uniform(3.5, 12)), float(rng.uniform(0.8, 0.84)))
        drawn = rng.uniform(4, 60, views) * rng.choice([-1, 1], views)
        around[row, 1:] = angles or drawn
        for column, angle in enumerate(around[row]):
            view = view_of(solid, look, studio, camera, float(angle), depths=column == 0)
            pictures[row, column], alphas[row, column] = view.picture, (view.alpha * 255 + 0.5).astype(np.uint8)
            if column == 0:
                depths[row] = np.clip([view.front, view.back], -2, 2)
        names.append(kind)
        if row % 100 == 99:
            progress("rendering things to learn from", row + 1, count)
    return TurnLessons(pictures, alphas, depths, around, pitches, np.array(names))
