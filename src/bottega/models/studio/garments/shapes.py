"""Shapes: what parts of a posed body look like from the front, as a seamstress measures them.

Idea     Two maps over the plane that a photo shows, how far in front and how far behind the parts reach, and how far
         every place is inside or outside their outline.
Shapes   R, C rows and columns of a map; points are x (to the person's left) and z (up) in metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.models.studio.bodies.body import PARTS
from bottega.models.studio.bodies.raster import rasterised
from bottega.models.studio.bodies.skinning import Posed
from bottega.names import BoolArray, FloatArray

__all__ = ["FrontShape", "shape_of"]

_STEP_M = 0.004
_AIR_M = 0.6
"""So far round the parts reaches a map."""
_BLUR_M = 0.03
_SHOULDER_CAP = 0.3
"""So much of an upper arm belongs to the trunk as well."""

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FrontShape:
    """Parts of a posed body from the front."""

    left: float
    top: float
    front: FloatArray
    """[R, C], y of what is foremost; where there is nothing, of the middle."""
    back: FloatArray
    """[R, C], y of what is hindmost, likewise."""
    middle: FloatArray
    """[R, C], y half way, smooth and going on outside."""
    inside: BoolArray
    """[R, C]"""
    away: FloatArray
    """[R, C], metres from the outline: above 0 outside, below 0 inside."""
    vertices: NDArray[np.int64]
    """Of the body, those that belong to it."""

    def at(self, field: FloatArray, points: Points) -> NDArray[np.float64]:
        """A map's values [N] at points [N, 2]."""
        rows = (self.top - points[:, 1]) / _STEP_M - 0.5
        columns = (points[:, 0] - self.left) / _STEP_M - 0.5
        return np.asarray(ndimage.map_coordinates(field, [rows, columns], order=1, mode="nearest"), np.float64)

    def outwards(self, points: Points) -> Points:
        """The direction [N, 2] of length 1 in which `away` grows fastest."""
        step = 1.5 * _STEP_M
        across = self.at(self.away, points + np.array([step, 0])) - self.at(self.away, points - np.array([step, 0]))
        up = self.at(self.away, points + np.array([0, step])) - self.at(self.away, points - np.array([0, step]))
        found = np.stack([across, up], 1)
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float64)

    def half_width(self, z: float, *, side: float = 0.0) -> float:
        """Half of how wide it is at a height; with `side`, how far it reaches to that side of x = 0."""
        row = int(np.clip((self.top - z) / _STEP_M, 0, len(self.inside) - 1))
        columns = np.flatnonzero(self.inside[row])
        if not len(columns):
            return 0.0
        x = self.left + (columns + 0.5) * _STEP_M
        if side:
            return float(max((side * x).max() + _STEP_M / 2, 0.0))
        return float((x.max() - x.min() + _STEP_M) / 2)

    def top_at(self, x: float) -> float:
        """z of the highest place over x; the lowest of the map where there is none."""
        column = int(np.clip((x - self.left) / _STEP_M, 0, self.inside.shape[1] - 1))
        rows = np.flatnonzero(self.inside[:, column])
        return float(self.top - rows[0] * _STEP_M) if len(rows) else float(self.top - len(self.inside) * _STEP_M)


def shape_of(person: Posed, parts: tuple[str, ...]) -> FrontShape:
    """The shape of parts of `PARTS`; `left_cap` and `right_cap` are the upper ends of the upper arms."""
    body = person.body
    faces = np.isin(body.face_parts, [PARTS.index(part) for part in parts if part in PARTS])
    for side, letter in (("left", "L"), ("right", "R")):
        if f"{side}_cap" in parts:
            begin, end = (body.heads[body.bones.index(f"{bone}.{letter}")] for bone in ("upperarm01", "lowerarm01"))
            way = end - begin
            along = (body.vertices[body.faces].mean(1) - begin) @ way / float(way @ way)
            faces |= (body.face_parts == PARTS.index(f"{side}_upper_arm")) & (along < _SHOULDER_CAP)
    chosen = body.faces[faces]
    vertices = np.unique(chosen)
    seen = person.vertices[vertices]
    left, right = float(seen[:, 0].min()) - _AIR_M, float(seen[:, 0].max()) + _AIR_M
    top, bottom = float(seen[:, 2].max()) + _AIR_M, float(seen[:, 2].min()) - _AIR_M
    rows, columns = int(np.ceil((top - bottom) / _STEP_M)), int(np.ceil((right - left) / _STEP_M))
    flat = np.stack([(person.vertices[:, 0] - left) / _STEP_M, (top - person.vertices[:, 2]) / _STEP_M], 1)
    flat = np.ascontiguousarray(flat, np.float32)
    deep = np.ascontiguousarray(person.vertices[:, 1], np.float32)
    sheets = np.ones(len(chosen), np.bool_)
    face, near = rasterised(flat, -deep, np.ascontiguousarray(chosen), sheets, rows, columns)
    _, far = rasterised(flat, deep, np.ascontiguousarray(chosen), sheets, rows, columns)
    inside = ndimage.binary_closing(face >= 0, iterations=1) & (face >= 0)
    steps_in, steps_out = (ndimage.distance_transform_edt(inside), ndimage.distance_transform_edt(~inside))
    nearest = ndimage.distance_transform_edt(~inside, return_distances=False, return_indices=True)
    half_way = np.where(inside, (far - near) / 2, 0)[tuple(nearest)]
    middle = ndimage.gaussian_filter(half_way, _BLUR_M / _STEP_M)
    return FrontShape(
        left=left,
        top=top,
        front=np.where(inside, -near, middle).astype(np.float32),
        back=np.where(inside, far, middle).astype(np.float32),
        middle=middle.astype(np.float32),
        inside=inside,
        away=((steps_out - steps_in - np.where(inside, -0.5, 0.5)) * _STEP_M).astype(np.float32),
        vertices=vertices.astype(np.int64),
    )
