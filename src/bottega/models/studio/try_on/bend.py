"""Bending: the smoothest map that brings some points of a picture to where they belong, and the picture through it.

Idea     A thin metal plate that is held at some points takes the shape of least bending between them. One plate says,
         for every pixel of the picture that is made, where in the old one its colour is.
Source   Thin-plate splines: Bookstein 1989, https://doi.org/10.1109/34.24792; with a stiffness that lets points be
         missed a little: Wahba 1990, "Spline Models for Observational Data", section 2.4.
Costs    One system of K equations; the plate is read on a coarse grid, since it is smooth, and filled in between.
Shapes   K points x and y in pixels; H, W height and width of a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import ndimage

from bottega.names import FloatArray

__all__ = ["Plate", "plate_of", "radial", "read_at", "through"]

_STEP_PX = 4
"""Of the grid that a plate is read on."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A bent plate: a map of points to points."""

    held: FloatArray
    """[K, 2], in its own units"""
    bent: FloatArray
    """[K, 2]"""
    flat: FloatArray
    """[3, 2]: what is moved, turned and stretched."""
    middle: FloatArray
    """[2], pixels"""
    size: float
    """Pixels of one of its units."""

    def __call__(self, points: FloatArray) -> FloatArray:
        """Where points [P, 2] go."""
        own = (np.asarray(points, np.float64) - self.middle) / self.size
        found = np.concatenate([np.ones((len(own), 1)), own], 1) @ self.flat
        for start in range(0, len(own), 8192):
            part = slice(start, start + 8192)
            found[part] += radial(own[part], self.held) @ self.bent
        return np.asarray(found, np.float32)


def plate_of(held: FloatArray, to: FloatArray, *, stiff: FloatArray | float = 1e-4) -> Plate:
    """The plate that takes `held` [K, 2] to `to` [K, 2]; `stiff` [K] or one number: how lightly each point is held."""
    middle, size = held.mean(0), float(np.ptp(held, axis=0).max()) or 1.0
    own = (np.asarray(held, np.float64) - middle) / size
    count = len(own)
    square = np.zeros((count + 3, count + 3))
    square[:count, :count] = radial(own, own) + np.diag(np.broadcast_to(stiff, count))
    square[:count, count:] = np.concatenate([np.ones((count, 1)), own], 1)
    square[count:, :count] = square[:count, count:].T
    right = np.zeros((count + 3, 2))
    right[:count] = to
    solved = np.linalg.lstsq(square, right, rcond=None)[0]
    return Plate(own, solved[:count], solved[count:], middle, size)


def through(picture: FloatArray, plate: Plate, shape: tuple[int, int], *, order: Literal[1, 3] = 3) -> FloatArray:
    """A picture [h, w, C] as a plate from the new pixels to its own shows it [H, W, C]; 0 beyond its edge."""
    at = read_at(plate, shape)
    return np.stack(
        [ndimage.map_coordinates(picture[..., c], at, order=order, mode="constant") for c in range(picture.shape[2])], 2
    ).astype(np.float32)


def read_at(plate: Plate, shape: tuple[int, int]) -> FloatArray:
    """Rows and columns [2, H, W] to which a plate takes the pixels of a picture of this shape."""
    height, width = shape
    rows = np.arange(0, height + _STEP_PX, _STEP_PX, dtype=np.float32)
    columns = np.arange(0, width + _STEP_PX, _STEP_PX, dtype=np.float32)
    grid = np.stack(np.meshgrid(columns, rows), 2)
    coarse = plate(grid.reshape(-1, 2)).reshape(*grid.shape)
    fine = np.indices((height, width), np.float32) / _STEP_PX
    return np.stack([ndimage.map_coordinates(coarse[..., axis], fine, order=1) for axis in (1, 0)]).astype(np.float32)


def radial(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    square = ((one[:, None] - other[None]) ** 2).sum(2)
    return np.asarray(square * np.log(np.maximum(square, 1e-12)) / 2)
