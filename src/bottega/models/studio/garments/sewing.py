"""Sewing: a cut-out becomes two sheets of triangles, joined where a piece is closed and open where one gets in.

Idea     A grid lies over the cut-out; its points next to the outline move onto it. The front is one sheet, the back
         another with the same points; at a seam both have the same vertex, at a neck, cuff, hem or waist each its own.
         Limbs are cut apart from the trunk where they only lie before it.
Shapes   N points of one sheet, T triangles; points are pixels of the photo.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree
from skimage.measure import find_contours

from bottega.names import BoolArray

__all__ = ["ClothSheet", "sheet_of"]

_POINTS = 2600
"""About so many points has a sheet."""
_NEAR = 0.62
"""Points nearer to the outline than this share of a cell move onto it."""

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ClothSheet:
    """The points that front and back have in common."""

    points: Points
    """[N, 2]"""
    regions: NDArray[np.int8]
    """[N], 0 the trunk, 1 and 2 the limbs to the left and right in the picture."""
    shared: BoolArray
    """[N], where a limb grows out of the trunk."""
    triangles: NDArray[np.int32]
    """[T, 3], turning as the picture's clock does."""
    border: BoolArray
    """[N], on the outline or on a cut."""
    outward: Points
    """[N, 2], away from the sheet at its border, of length 1; 0 inside."""
    cell: float
    """Side of a cell."""


def sheet_of(
    mask: BoolArray,
    region_of: Callable[[Points], NDArray[np.int8]],
    is_shared: Callable[[Points, float], BoolArray],
    *,
    count: int = _POINTS,
) -> ClothSheet:
    """The sheet over a mask [H, W], about `count` points.

    `region_of` says for places which limb they are of; `is_shared`, which places between trunk and limb hang together.
    """
    height, width = mask.shape
    cell = max(float(np.sqrt(mask.sum() / count)), 0.75)
    padded = np.pad(mask, 2)
    soft = ndimage.gaussian_filter(padded.astype(np.float32), min(0.8, 0.4 * cell))
    lines = find_contours(soft, 0.5)  # type: ignore[no-untyped-call]
    outline = np.concatenate([line[:, ::-1] for line in lines]) - 1.5
    inner = ndimage.distance_transform_edt(padded)
    outer = ndimage.distance_transform_edt(~padded)
    deep = (inner - outer - np.where(padded, 0.5, -0.5)).astype(np.float32)

    columns, rows = int(np.ceil(width / cell)) + 3, int(np.ceil(height / cell)) + 3
    x, y = (np.arange(columns) - 1) * cell, (np.arange(rows) - 1) * cell
    grid = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    at = ndimage.map_coordinates(deep, [grid[:, 1] + 1.5, grid[:, 0] + 1.5], order=1, mode="nearest")
    kept = at > -_NEAR * cell
    near = kept & (at < _NEAR * cell)
    points = grid.copy()
    points[near] = outline[cKDTree(outline).query(grid[near])[1]]

    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, 1:].ravel(), index[1:, :-1].ravel()
    whole_ac = kept[a] & kept[c] & (kept[b] | kept[d])
    falling = whole_ac & ~(kept[b] & kept[d] & (at[b] + at[d] > at[a] + at[c]))
    rising = ~falling & kept[b] & kept[d]
    triangles = np.concatenate([
        np.stack([a, b, c], 1)[falling & kept[b]], np.stack([a, c, d], 1)[falling & kept[d]],
        np.stack([a, b, d], 1)[rising & kept[a]], np.stack([b, c, d], 1)[rising & kept[c]],
    ])  # fmt: skip
    # What lies on the outline with all its corners, and outside, is none of it.
    middle = grid[triangles].mean(1)
    there = ndimage.map_coordinates(deep, [middle[:, 1] + 1.5, middle[:, 0] + 1.5], order=1, mode="nearest")
    moved = points[triangles]
    across = _cross(moved[:, 1] - moved[:, 0], moved[:, 2] - moved[:, 0])
    triangles = triangles[(there > -0.35 * cell) & (across > 1e-3 * cell * cell)]
    return _parted(points, triangles, region_of, is_shared, cell)


def _parted(
    points: Points,
    triangles: NDArray[np.int64],
    region_of: Callable[[Points], NDArray[np.int8]],
    is_shared: Callable[[Points, float], BoolArray],
    cell: float,
) -> ClothSheet:
    """A point that lies between trunk and limb is one point where they hang together, and two elsewhere."""
    regions = region_of(points[triangles].mean(1))
    count = len(points)
    touched = np.zeros((3, count), bool)
    for region in range(3):
        touched[region, triangles[regions == region].ravel()] = True
    both = touched.sum(0) > 1
    shared = both.copy()
    shared[both] = is_shared(points[both], cell)
    own = np.where(shared[triangles], 0, regions[:, None]).astype(np.int64)
    keys, places = np.unique(own * count + triangles, return_inverse=True)
    faces = places.reshape(-1, 3).astype(np.int32)
    kept = points[keys % count]
    of = (keys // count).astype(np.int8)
    on_limb = shared[keys % count]
    border, outward = _border(kept, faces)
    return ClothSheet(kept, of, on_limb, faces, border, outward, cell)


def _border(points: Points, triangles: NDArray[np.int32]) -> tuple[BoolArray, Points]:
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]).astype(np.int64)
    count = len(points)
    key = np.minimum(edges[:, 0], edges[:, 1]) * count + np.maximum(edges[:, 0], edges[:, 1])
    _, place, times = np.unique(key, return_inverse=True, return_counts=True)
    once = edges[times[place] == 1]
    along = points[once[:, 1]] - points[once[:, 0]]
    # Corners follow each other clockwise on the screen: outside lies to the left of the way.
    away = np.stack([along[:, 1], -along[:, 0]], 1)
    outward = np.zeros_like(points)
    for corner in (0, 1):
        np.add.at(outward, once[:, corner], away)
    border = np.zeros(count, bool)
    border[once.ravel()] = True
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)
    return border, outward


def _cross(one: Points, other: Points) -> NDArray[np.float64]:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0], np.float64)
