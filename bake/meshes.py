"""Meshes made of numbers: grids of points, tubes along curves, surfaces of revolution, flat cloth with folds.

Idea     Every surface is a grid of points [H, W, 3], so that a part of it is a rectangle of its cells, its texture
         coordinates are exact, and its normals are smooth across the line where the print begins.
Shapes   N points, F faces; centimetres, z up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["Mesh", "cells", "cloth", "grid", "moved", "noise", "ring_grid", "rotation", "tube"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mesh:
    """Points with normals and texture coordinates, and the triangles between them."""

    points: Floats
    normals: Floats
    uv: Floats
    faces: NDArray[np.int64]

    def part(self, keep: NDArray[np.bool_]) -> Mesh:
        """These faces alone; the normals stay those of the whole."""
        used, faces = np.unique(self.faces[keep], return_inverse=True)
        return Mesh(self.points[used], self.normals[used], self.uv[used], faces.reshape(-1, 3))


def grid(points: Floats, uv: Floats | None = None, *, closed: tuple[bool, bool] = (False, False)) -> Mesh:
    """The surface through a grid of points [H, W, 3]; `closed` says whether rows or columns come round again."""
    height, width = points.shape[:2]
    rows = np.arange(height if closed[0] else height - 1)
    columns = np.arange(width if closed[1] else width - 1)
    i, j = (each.ravel() for each in np.meshgrid(rows, columns, indexing="ij"))
    down, right = (i + 1) % height, (j + 1) % width
    a, b, c, d = i * width + j, i * width + right, down * width + j, down * width + right
    faces = np.stack([np.stack([a, c, b], 1), np.stack([b, c, d], 1)], 1).reshape(-1, 3)
    flat = points.reshape(-1, 3)
    coordinates = np.zeros((len(flat), 2)) if uv is None else uv.reshape(-1, 2)
    return Mesh(flat, _normals(flat, faces), coordinates, faces)


def cells(mesh: Mesh, inside: Callable[[Floats], NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Which faces have their middle, in texture coordinates, inside."""
    return inside(mesh.uv[mesh.faces].mean(1))


def ring_grid(outline: Floats, scales: Floats, heights: Floats, outwards: Floats | None = None) -> Floats:
    """Rings [R, K, 3] of one outline [K, 2]: scaled from its middle, or pushed outwards by `scales - 1` centimetres."""
    normal = np.zeros_like(outline) if outwards is None else outwards
    inner = np.minimum(scales, 1.0)[:, None, None] * outline
    flat = inner + np.maximum(scales - 1.0, 0.0)[:, None, None] * normal
    return np.concatenate([flat, np.broadcast_to(heights[:, None, None], (*flat.shape[:2], 1))], 2)


def tube(path: Floats, section: Floats, *, up: Floats, closed: bool = False, taper: Floats | None = None) -> Mesh:
    """A section [K, 2] swept along a path [N, 3]; `up` [3] or [N, 3] is where the section's second axis points."""
    ahead = np.roll(path, -1, 0) - np.roll(path, 1, 0)
    if not closed:
        ahead[0], ahead[-1] = path[1] - path[0], path[-1] - path[-2]
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    side = np.cross(ahead, np.broadcast_to(up, path.shape))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    rise = np.cross(side, ahead)
    size = np.ones(len(path)) if taper is None else taper
    spread = size[:, None, None] * (side[:, None] * section[None, :, :1] + rise[:, None] * section[None, :, 1:])
    points = path[:, None] + spread
    if not closed:  # ends are drawn to their middle, in a small dome
        ends = [path[:1, None] + spread[:1] * f - ahead[:1, None] * g for f, g in ((0.02, 0.12), (0.6, 0.1))]
        last = [path[-1:, None] + spread[-1:] * f + ahead[-1:, None] * g for f, g in ((0.6, 0.1), (0.02, 0.12))]
        points = np.concatenate([*ends, points, *last])
    return grid(points, closed=(closed, True))


def rotation(*, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Floats:
    """Degrees about each axis, in this order."""
    turns = np.eye(3)
    for axis, degrees in enumerate((x, y, z)):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        turn = np.eye(3)
        one, two = (axis + 1) % 3, (axis + 2) % 3
        turn[one, one], turn[one, two], turn[two, one], turn[two, two] = c, -s, s, c
        turns = turn @ turns
    return turns


def moved(mesh: Mesh, turn: Floats | None = None, by: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Mesh:
    """The mesh turned about the origin, then moved."""
    turn = np.eye(3) if turn is None else turn
    return replace(mesh, points=mesh.points @ turn.T + np.asarray(by), normals=mesh.normals @ turn.T)


def noise(x: Floats, y: Floats, seed: int, *, octaves: int = 3) -> Floats:
    """Smooth noise of about unit size and a wavelength of about 1."""
    rng = np.random.default_rng(seed)
    total, weight = np.zeros(np.broadcast(x, y).shape), 0.0
    for octave in range(octaves):
        for k in range(10):
            angle, phase = np.pi * (k + rng.uniform(0, 1)) / 10, rng.uniform(0, 2 * np.pi)
            rate = 2.0**octave * 2 * np.pi * rng.uniform(0.7, 1.3)
            total += np.sin(rate * (x * np.cos(angle) + y * np.sin(angle)) + phase) * 0.5**octave
        weight += 10 * 0.5 * 0.25**octave
    return total / np.sqrt(weight)


def cloth(
    distance: Callable[[Floats, Floats], Floats],
    xs: Floats,
    ys: Floats,
    height: Callable[[Floats, Floats, Floats], Floats],
) -> Mesh:
    """A piece of cloth of any outline: a fine grid cut where `distance` (negative inside) is 0, its edge drawn onto it.

    Texture coordinates are x and y before the cut.
    """
    x, y = np.meshgrid(xs, ys)
    far = distance(x, y)
    step = 1e-3
    slope_x = (distance(x + step, y) - distance(x - step, y)) / (2 * step)
    slope_y = (distance(x, y + step) - distance(x, y - step)) / (2 * step)
    length = np.maximum(slope_x**2 + slope_y**2, 1e-6)
    out = np.maximum(far, 0.0)
    x2, y2 = x - out * slope_x / length, y - out * slope_y / length
    inside = np.maximum(-distance(x2, y2), 0.0)
    points = np.stack([x2, y2, height(x2, y2, inside)], 2)
    whole = grid(points, np.stack([x2, y2], 2))
    corner = (far < 0).ravel()[whole.faces]
    return whole.part(corner.any(1))


def _normals(points: Floats, faces: NDArray[np.int64]) -> Floats:
    a, b, c = (points[faces[:, k]] for k in range(3))
    of_face = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(faces[:, k], of_face[:, axis], len(points))
    # Points that lie in one place (seams, poles) share their normal.
    _, same = np.unique(np.round(points, 5), axis=0, return_inverse=True)
    same = same.ravel()
    merged = np.stack([np.bincount(same, total[:, axis]) for axis in range(3)], 1)[same]
    return merged / np.maximum(np.linalg.norm(merged, axis=1, keepdims=True), 1e-12)
