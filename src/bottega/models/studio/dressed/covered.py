"""What lies under what: the points of one surface that another one covers, at rest.

Idea     A ray goes out from each point along its normal. Where the first opaque face that it meets turns its back, the
         point is inside of that cloth, and nobody sees it in any pose. What is never drawn can never poke through.
Source   Rays and triangles: Moeller and Trumbore 1997, "Fast, minimum storage ray-triangle intersection".
Shapes   N points, F faces, P pictures; metres.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.jit import kernel
from bottega.models.studio.bodies.textures import Textures, texel
from bottega.names import BoolArray, FloatArray

__all__ = ["covered"]

_CELL_M = 0.04


def covered(
    points: FloatArray,
    outwards: FloatArray,
    reach_m: float,
    vertices: FloatArray,
    faces: NDArray[np.int32],
    places: FloatArray,
    pieces: NDArray[np.int16],
    textures: Textures,
) -> BoolArray:
    """Which points [N, 3] lie under faces [F, 3] whose pictures `pieces` [F] are opaque there: [N]."""
    if not len(faces) or not len(points):
        return np.zeros(len(points), bool)
    corners = vertices[faces]
    low = np.floor((corners.min(1) - 1e-4) / _CELL_M).astype(np.int64)
    high = np.floor((corners.max(1) + 1e-4) / _CELL_M).astype(np.int64)
    first, last = low.min(0), high.max(0)
    size = last - first + 1
    low, high = low - first, high - first
    counts = np.zeros(int(size.prod()) + 1, np.int64)
    _fill(low, high, size, counts, np.zeros(0, np.int32))
    begins = np.concatenate([[0], np.cumsum(counts[:-1])])
    held = np.zeros(int(begins[-1]), np.int32)
    _fill(low, high, size, begins.copy(), held)
    return np.asarray(
        _meets(
            np.ascontiguousarray(points, np.float32), np.ascontiguousarray(outwards, np.float32), np.float32(reach_m),
            np.ascontiguousarray(vertices, np.float32), faces, places, pieces, textures.texels, textures.levels,
            first * _CELL_M, size, begins, held,
        ),
        bool,
    )  # fmt: skip


@kernel
def _fill(
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    size: NDArray[np.int64],
    counts: NDArray[np.int64],
    held: NDArray[np.int32],
) -> None:
    """Count the faces of each cell, or, with room in `held`, write them there from `counts` on."""
    for f in range(len(low)):
        for i in range(low[f, 0], high[f, 0] + 1):
            for j in range(low[f, 1], high[f, 1] + 1):
                for k in range(low[f, 2], high[f, 2] + 1):
                    cell = (i * size[1] + j) * size[2] + k
                    if len(held):
                        held[counts[cell]] = f
                    counts[cell] += 1


@kernel
def _meets(
    points: NDArray[np.float32], outwards: NDArray[np.float32], reach: np.float32, vertices: NDArray[np.float32],
    faces: NDArray[np.int32], places: NDArray[np.float32], pieces: NDArray[np.int16], texels: NDArray[np.float32],
    levels: NDArray[np.int64], corner: NDArray[np.float64], size: NDArray[np.int64], begins: NDArray[np.int64],
    held: NDArray[np.int32],
) -> NDArray[np.bool_]:  # fmt: skip
    out = np.zeros(len(points), np.bool_)
    dot = np.zeros(4)
    e1, e2, way, from_a, p, q = np.zeros(3), np.zeros(3), np.zeros(3), np.zeros(3), np.zeros(3), np.zeros(3)
    lo, hi = np.zeros(3, np.int64), np.zeros(3, np.int64)
    for n in range(len(points)):
        for axis in range(3):
            way[axis] = outwards[n, axis]
            there = points[n, axis] + reach * way[axis]
            lo[axis] = max(int(np.floor((min(points[n, axis], there) - corner[axis]) / _CELL_M)), 0)
            hi[axis] = min(int(np.floor((max(points[n, axis], there) - corner[axis]) / _CELL_M)), size[axis] - 1)
        nearest, inside = np.float64(reach), False
        for i in range(lo[0], hi[0] + 1):
            for j in range(lo[1], hi[1] + 1):
                for k in range(lo[2], hi[2] + 1):
                    cell = (i * size[1] + j) * size[2] + k
                    for at in range(begins[cell], begins[cell + 1]):
                        f = held[at]
                        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
                        for axis in range(3):
                            e1[axis] = vertices[b, axis] - vertices[a, axis]
                            e2[axis] = vertices[c, axis] - vertices[a, axis]
                            from_a[axis] = points[n, axis] - vertices[a, axis]
                        p[0] = way[1] * e2[2] - way[2] * e2[1]
                        p[1] = way[2] * e2[0] - way[0] * e2[2]
                        p[2] = way[0] * e2[1] - way[1] * e2[0]
                        whole = e1[0] * p[0] + e1[1] * p[1] + e1[2] * p[2]
                        if abs(whole) < 1e-14:
                            continue
                        u = (from_a[0] * p[0] + from_a[1] * p[1] + from_a[2] * p[2]) / whole
                        if u < -1e-6 or u > 1 + 1e-6:
                            continue
                        q[0] = from_a[1] * e1[2] - from_a[2] * e1[1]
                        q[1] = from_a[2] * e1[0] - from_a[0] * e1[2]
                        q[2] = from_a[0] * e1[1] - from_a[1] * e1[0]
                        v = (way[0] * q[0] + way[1] * q[1] + way[2] * q[2]) / whole
                        if v < -1e-6 or u + v > 1 + 1e-6:
                            continue
                        far = (e2[0] * q[0] + e2[1] * q[1] + e2[2] * q[2]) / whole
                        if far < 0 or far >= nearest:
                            continue
                        if pieces[f] >= 0:
                            w = 1 - u - v
                            across = w * places[a, 0] + u * places[b, 0] + v * places[c, 0]
                            down = w * places[a, 1] + u * places[b, 1] + v * places[c, 1]
                            texel(texels, levels, pieces[f], 0.0, across, down, dot)
                            if dot[3] < 0.5:
                                continue
                        nearest = far
                        # A face counts as met from behind where its normal goes along with the ray.
                        inside = whole < 0
        out[n] = inside
    return out
