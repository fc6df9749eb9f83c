"""How well drawings become products: do the lines of a picture lie where they were asked for, could it be a photo.

Asked is with drawings of photos of lines that no model learns from, by a way to find lines that no network learns from
(`slopes`), as they are found, and as a hand might draw them. Beside every network stands the nearest photo: the one
learnt from, of the asked type, whose lines fit best by the very F1 that it is then judged by.

Shapes   N drawings bool [N, P, P], photos uint8 [N, P, P, 3].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.datasets.photos.line_drawings import line_drawing
from bottega.evaluation.intervals import Interval
from bottega.evaluation.pictures import kid_of_photos
from bottega.models.blocks.cards import bars
from bottega.models.judge.judge import Judge
from bottega.models.studio.sketch.drawings import thin_by_hand
from bottega.models.studio.sketch.recipe import SketchMaterial
from bottega.models.studio.sketch.sketch import Sketcher
from bottega.names import BoolArray, FloatArray

__all__ = ["AskedDrawings", "SketchFigures", "edge_f1", "judge_sketches", "sketch_measures"]

_NEAR = np.ones((3, 3), bool)
"""A line is met by one in the same pixel or beside it, across corners too."""


@dataclass(frozen=True, slots=True)
class AskedDrawings:
    """What is asked: the rows of the photos that were drawn, the half (0 or 1) of each one's line, and the drawings."""

    rows: NDArray[np.int64]
    half: NDArray[np.int64]
    drawings: dict[str, BoolArray]
    """As found, and by hand."""

    @classmethod
    def of(cls, material: SketchMaterial, sample: int) -> AskedDrawings:
        """Drawings of at most so many photos that were kept aside."""
        held = np.flatnonzero(material.photos.held_out)
        rows = np.sort(np.random.default_rng(0).permutation(held)[:sample])
        half = np.array([crc32(str(line).encode()) % 2 for line in material.photos.lines[rows]])
        found = _lines_of(material.photos.photos[rows])
        return cls(rows, half, {"as found": found, "by hand": thin_by_hand(found, seed=1)})


@dataclass(frozen=True, slots=True)
class SketchFigures:
    """Figures of one way to answer: of all drawings, and of each half."""

    f1: float
    f1_of_halves: tuple[float, float]
    kid: Interval
    kid_of_halves: tuple[float, float]

    def told(self) -> dict[str, float]:
        """Of all, and of half b, which bars are held to."""
        return {
            "f1": round(self.f1, 4),
            "kid": round(self.kid.mean, 5),
            "f1_half_b": round(self.f1_of_halves[1], 4),
            "kid_half_b": round(self.kid_of_halves[1], 5),
        }


Pictures = dict[str, dict[str, NDArray[np.uint8]]]
"""Kind of drawing -> way -> pictures."""


def judge_sketches(
    material: SketchMaterial, asked: AskedDrawings, networks: Mapping[str, Sketcher], judge: Judge
) -> tuple[dict[str, dict[str, SketchFigures]], Pictures]:
    """Figures of the nearest photo, of the networks by name and of the photo itself; and what each answered."""
    photos = np.asarray(material.photos.photos[asked.rows])
    figures: dict[str, dict[str, SketchFigures]] = {}
    shown: Pictures = {}
    for kind, drawings in asked.drawings.items():
        answers = {"nearest": _nearest_photos(material, asked.rows, drawings)}
        for name, network in networks.items():
            types, lab = material.types[asked.rows], material.asked.lab[asked.rows]
            answers[name] = network.draw(drawings.astype(np.float32), types, lab)
        shown[kind] = answers | {"photo": photos}
        figures[kind] = {
            name: _figures(pictures, drawings, photos, asked.half, judge) for name, pictures in shown[kind].items()
        }
    return figures, shown


def sketch_measures(
    figures: Mapping[str, Mapping[str, SketchFigures]], drawings: int
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Measures and bars of `game`, on half b: lines as near as the nearest photo's, at most a quarter of l1's KID."""
    values: dict[str, float | int | None] = {}
    at_least, at_most = {}, {}
    for kind, found in figures.items():
        key = kind.replace(" ", "_")
        ours, photo, l1 = (found[way].told() for way in ("game", "nearest", "l1"))
        values |= {f"edge_f1_{key}": ours["f1_half_b"], f"kid_{key}": ours["kid_half_b"]}
        at_least[f"edge_f1_{key}"] = photo["f1_half_b"]
        at_most[f"kid_{key}"] = round(l1["kid_half_b"] / 4, 5)
    return values | {"drawings": drawings}, bars(values, at_least, at_most)


def edge_f1(pictures: BoolArray, asked: BoolArray) -> FloatArray:
    """Edge F1 of each picture's lines and those asked for: a line counts as met within a pixel."""
    met = (pictures & _widened(asked)).sum((1, 2)) / np.maximum(pictures.sum((1, 2)), 1)
    had = (asked & _widened(pictures)).sum((1, 2)) / np.maximum(asked.sum((1, 2)), 1)
    return np.asarray(2 * met * had / np.maximum(met + had, 1e-9), np.float32)


def _figures(
    pictures: NDArray[np.uint8],
    drawings: BoolArray,
    photos: NDArray[np.uint8],
    half: NDArray[np.int64],
    judge: Judge,
) -> SketchFigures:
    scores = edge_f1(_lines_of(pictures), drawings)
    whole, *halves = (
        kid_of_photos(list(pictures[part]), list(photos[part]), judge, rng=np.random.default_rng(0), paired=True)
        for part in (half >= 0, half == 0, half == 1)
    )
    first, second = (float(scores[half == side].mean()) for side in (0, 1))
    return SketchFigures(float(scores.mean()), (first, second), whole, (halves[0].mean, halves[1].mean))


def _lines_of(photos: NDArray[np.uint8]) -> BoolArray:
    return np.stack([line_drawing(photo, "slopes") for photo in photos])


def _widened(drawings: BoolArray) -> BoolArray:
    return np.stack([ndimage.binary_dilation(one, _NEAR) for one in drawings])


def _nearest_photos(material: SketchMaterial, rows: NDArray[np.int64], asked: BoolArray) -> NDArray[np.uint8]:
    photos, learnt = material.photos.photos, np.flatnonzero(~material.photos.held_out)
    found = np.empty((len(rows), *photos.shape[1:]), np.uint8)
    for kind in np.unique(material.types[rows]).tolist():
        of, pool = np.flatnonzero(material.types[rows] == kind), learnt[material.types[learnt] == kind]
        found[of] = photos[pool[_nearest(asked[of], _lines_of(photos[pool]))]]
    return found


def _nearest(asked: BoolArray, learnt: BoolArray) -> NDArray[np.int64]:
    """The row of the learnt drawings with the best F1, for each asked one [N]."""
    ours, theirs = (one.reshape(len(one), -1).astype(np.float32) for one in (asked, learnt))
    wide, their_wide = (_widened(one).reshape(len(one), -1).astype(np.float32) for one in (asked, learnt))
    met = (wide @ theirs.T) / np.maximum(theirs.sum(1), 1)
    had = (ours @ their_wide.T) / np.maximum(ours.sum(1), 1)[:, None]
    return np.asarray((2 * met * had / np.maximum(met + had, 1e-9)).argmax(1), np.int64)
