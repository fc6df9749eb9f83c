"""Photos of people who wear something, cut out for learning: no street behind them, no head, one frame.

Idea     What is to be learnt is how cloth lies on people. So the background becomes one grey, heads are hidden before
         anything is learnt (datasets/photos/heads.py), and what is left is brought into one frame, with the part that
         each pixel shows.
Shapes   N people, H, W height and width of the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo

__all__ = ["BACKGROUND", "CLOTH", "FramedPeople", "framed", "without_head"]

BACKGROUND = 232
"""Grey behind everybody, of 255."""
CLOTH = tuple(PARTS.index(name) for name in ("upper", "outer", "lower", "one_piece", "shoes", "bag"))
"""Codes of parts that are pieces."""
_AIR = 0.04
"""Of the frame, around who is in it."""
_LEAST = 0.01
"""Share of a photo below which nobody is in it."""


@dataclass(frozen=True, slots=True)
class FramedPeople:
    """`photos` uint8 [N, H, W, 3] and `parts` [N, H, W], codes of `PARTS`; `names` [N] to find them again."""

    photos: NDArray[np.uint8]
    parts: NDArray[np.uint8]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def of(cls, people: Sequence[tuple[str, Photo, LabelMap]], size: tuple[int, int]) -> FramedPeople:
        """People (name, photo, parts) in frames of `size`, width and height."""
        width, height = size
        photos = [photo for _, photo, _ in people]
        parts = [labels for _, _, labels in people]
        return cls(
            np.stack(photos) if photos else np.zeros((0, height, width, 3), np.uint8),
            np.stack(parts) if parts else np.zeros((0, height, width), np.uint8),
            tuple(name for name, _, _ in people),
        )

    @classmethod
    def joined(cls, several: Sequence[FramedPeople]) -> FramedPeople:
        """All of them, in frames of one size."""
        return cls(
            np.concatenate([one.photos for one in several]),
            np.concatenate([one.parts for one in several]),
            tuple(name for one in several for name in one.names),
        )

    def take(self, rows: NDArray[np.integer]) -> FramedPeople:
        """These alone."""
        return FramedPeople(self.photos[rows], self.parts[rows], tuple(self.names[row] for row in rows.tolist()))

    def save(self, file: Path) -> None:
        """Write down for the next time."""
        np.savez(file, photos=self.photos, parts=self.parts, names=np.array(self.names))

    @classmethod
    def load(cls, file: Path) -> FramedPeople:
        """Read what `save` wrote."""
        with np.load(file) as found:
            return cls(found["photos"], found["parts"], tuple(found["names"].tolist()))


def without_head(covered: Photo, photo: Photo, parts: LabelMap) -> LabelMap:
    """The parts of a photo whose head was covered: what was covered, and what is above its lower edge, is background.

    What is left of hair stays only where it lies below the head.
    """
    hidden = (covered != photo).any(2)
    left = np.where(hidden, 0, parts).astype(np.uint8)
    rows = np.flatnonzero(hidden.any(1))
    if len(rows):
        left[: rows[0]] = 0
    return left


def framed(photo: Photo, parts: LabelMap, size: tuple[int, int]) -> tuple[Photo, LabelMap] | None:
    """Who is in a photo, on grey, in a frame of `size` (width, height), and their parts; None where nobody is."""
    shown = parts > 0
    if shown.mean() < _LEAST:
        return None
    width, height = size
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    tall, wide = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
    side = max(tall / height, wide / width) * (1 + 2 * _AIR)
    box_w, box_h = max(1, round(side * width)), max(1, round(side * height))
    left = int(columns[0] + columns[-1] + 1 - box_w) // 2
    top = int(rows[0] + rows[-1] + 1 - box_h) // 2
    canvas = np.full((box_h, box_w, 3), BACKGROUND, np.uint8)
    labels = np.zeros((box_h, box_w), np.uint8)
    from_y, from_x = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    to_y = slice(int(rows[0]) - top, int(rows[0]) - top + int(tall))
    to_x = slice(int(columns[0]) - left, int(columns[0]) - left + int(wide))
    labels[to_y, to_x] = parts[from_y, from_x]
    inside = labels[to_y, to_x] > 0
    canvas[to_y, to_x][inside] = photo[from_y, from_x][inside]
    way = Image.Resampling.BOX if side >= 1 else Image.Resampling.BICUBIC
    return (
        np.asarray(Image.fromarray(canvas).resize(size, way)),
        np.asarray(Image.fromarray(labels).resize(size, Image.Resampling.NEAREST)),
    )
