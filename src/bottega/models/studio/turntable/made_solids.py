"""Made-up solids: everything that is rendered to learn from is rings drawn along a path.

Idea     A bottle, a tyre, a leg, a box, a sole and a handle are all one thing: a closed outline that is carried along a
         line, growing and shrinking on its way. So one function makes them all, and a thing is a list of such parts.
Shapes   M rings, N points a ring, V vertices, F faces; x to the right, y to the back, z up, in any unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MadeSolid",
    "SolidPart",
    "bar",
    "block",
    "carried",
    "joined",
    "outline",
    "ring",
    "rounded",
    "turned_profile",
]

Reals = NDArray[np.floating[Any]]
"""Numbers of any precision."""
RING = 28
"""Points of a ring."""


@dataclass(frozen=True, slots=True, eq=False)
class SolidPart:
    """One closed piece of a solid."""

    vertices: Reals
    """[V, 3]"""
    faces: NDArray[np.int32]
    """[F, 3], counter-clockwise from outside."""
    coat: int = 0
    """Which of the thing's coats it wears: parts of one coat look alike."""

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> SolidPart:
        """The same elsewhere."""
        return SolidPart(self.vertices + np.array([x, y, z], np.float32), self.faces, self.coat)

    def wearing(self, coat: int) -> SolidPart:
        """The same in another coat."""
        return SolidPart(self.vertices, self.faces, coat)


@dataclass(frozen=True, slots=True, eq=False)
class MadeSolid:
    """Parts as one mesh, its bounding box around the origin, its longest side 2."""

    vertices: Reals
    """[V, 3]"""
    normals: Reals
    """[V, 3], unit."""
    faces: NDArray[np.int32]
    """[F, 3]"""
    coats: NDArray[np.uint8]
    """[F]"""
    own: Reals
    """[V, 3], the vertices before the thing was turned: what its pattern is painted by."""


def outline(exponent: float, count: int = RING) -> Reals:
    """Points [N, 2] of a superellipse of half-width 1: 2 is a circle, above it a rounded square, below a diamond."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    cosine, sine = np.cos(angle), np.sin(angle)
    far = (np.abs(cosine) ** exponent + np.abs(sine) ** exponent) ** (-1 / exponent)
    return np.stack([far * cosine, far * sine], 1).astype(np.float32)


def carried(
    path: Reals,
    across: Reals,
    along: Reals,
    shape: Reals | None = None,
    *,
    side: Reals | None = None,
    closed: bool = False,
    coat: int = 0,
) -> SolidPart:
    """An outline `shape` [N, 2] carried along `path` [M, 3], `across` [M] and `along` [M] times as large there.

    `side` [3] is where the outline's first axis points, made square to the path; `closed` joins the last ring to the
    first, otherwise both ends are capped.
    """
    shape = outline(2.0) if shape is None else shape
    path = np.asarray(path, np.float32)
    way = np.gradient(path, axis=0) if not closed else np.roll(path, -1, 0) - np.roll(path, 1, 0)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    side = np.array([1, 0, 0], np.float32) if side is None else np.asarray(side, np.float32)
    first = side - way * (way @ side)[:, None]
    first /= np.maximum(np.linalg.norm(first, axis=1, keepdims=True), 1e-6)
    second = np.cross(way, first)
    rings = (
        path[:, None]
        + first[:, None] * (across[:, None] * shape[None, :, 0])[..., None]
        + second[:, None] * (along[:, None] * shape[None, :, 1])[..., None]
    ).astype(np.float32)
    m, n = rings.shape[:2]
    vertices = rings.reshape(-1, 3)
    row, column = np.meshgrid(np.arange(m if closed else m - 1), np.arange(n), indexing="ij")
    a, b = row * n + column, row * n + (column + 1) % n
    c, d = ((row + 1) % m) * n + column, ((row + 1) % m) * n + (column + 1) % n
    faces = [np.stack([a, b, d], -1).reshape(-1, 3), np.stack([a, d, c], -1).reshape(-1, 3)]
    if not closed:
        # Caps have their own ring, so that their edges are sharp.
        at = len(vertices)
        vertices = np.concatenate([vertices, rings[0], rings[-1], rings[0].mean(0)[None], rings[-1].mean(0)[None]])
        step = np.arange(n)
        following = (step + 1) % n
        low, high = np.full(n, at + 2 * n), np.full(n, at + 2 * n + 1)
        faces += [np.stack([low, at + following, at + step], 1), np.stack([high, at + n + step, at + n + following], 1)]
    return SolidPart(vertices, np.concatenate(faces).astype(np.int32), coat)


def turned_profile(heights: Reals, radii: Reals, shape: Reals | None = None, coat: int = 0) -> SolidPart:
    """A profile turned about the upright: radii [M] at heights [M]."""
    path = np.stack([np.zeros_like(heights), np.zeros_like(heights), heights], 1)
    return carried(path, radii, radii, shape, coat=coat)


def block(x: float, y: float, z: float, round_off: float = 0.1, coat: int = 0) -> SolidPart:
    """A box of those half-sizes with its middle at the origin, its edges rounded by a share of the smallest."""
    edge = round_off * min(x, y, z)
    turn = np.linspace(0, np.pi / 2, 4)
    heights = np.concatenate([-z + edge * (1 - np.sin(turn)), z - edge * (1 - np.sin(turn))[::-1]])
    inset = np.concatenate([edge * (1 - np.cos(turn))[::-1], edge * (1 - np.cos(turn))])
    path = np.stack([np.zeros_like(heights)] * 2 + [np.sort(heights)], 1)
    return carried(path, x - inset, y - inset, outline(14.0), coat=coat)


def rounded(x: float, y: float, z: float, exponent: float = 2.0, coat: int = 0) -> SolidPart:
    """A superellipsoid of those half-sizes with its middle at the origin."""
    height = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 17)) * 0.999
    share = (1 - np.abs(height) ** exponent) ** (1 / exponent)
    path = np.stack([np.zeros_like(height)] * 2 + [height * z], 1)
    return carried(path, x * share, y * share, outline(exponent), coat=coat)


def bar(points: Reals, thick: Reals | float, coat: int = 0, flat: float = 1.0, rings: int = 12) -> SolidPart:
    """A rod through points [K, 3], smooth between them; `thick` is its radius at each, `flat` how much less across."""
    points = np.asarray(points, np.float32)
    knots = np.linspace(0, 1, len(points))
    at = np.linspace(0, 1, rings)
    path = np.stack([np.interp(at, knots, points[:, axis]) for axis in range(3)], 1)
    for _ in range(2):
        path[1:-1] = (path[:-2] + 2 * path[1:-1] + path[2:]) / 4
    radius = np.interp(at, knots, np.broadcast_to(np.asarray(thick, np.float64), len(points)))
    radius = radius * np.clip(np.sqrt(1 - (2 * at - 1) ** 8), 0.25, 1)
    main = np.abs(points[-1] - points[0])
    side = np.array([0, 1, 0], np.float32) if main[1] < max(main[0], main[2]) else np.array([1, 0, 0], np.float32)
    return carried(path, radius * flat, radius, side=side, coat=coat)


def ring(wide: float, high: float, thick: float, coat: int = 0, flat: float = 1.0, exponent: float = 2.0) -> SolidPart:
    """A closed hoop in the plane of x and z."""
    loop = outline(exponent, 32)
    path = np.stack([loop[:, 0] * wide, np.zeros(len(loop)), loop[:, 1] * high], 1)
    radius = np.full(len(loop), thick)
    return carried(path, radius * flat, radius, outline(2.0, 12), side=np.array([0, 1, 0]), closed=True, coat=coat)


def joined(parts: list[SolidPart], turn: float = 0.0) -> MadeSolid:
    """Parts as one, turned so many degrees about the upright."""
    faces, coats, before = [], [], 0
    for part in parts:
        faces.append(part.faces + np.int32(before))
        coats.append(np.full(len(part.faces), part.coat, np.uint8))
        before += len(part.vertices)
    points = np.concatenate([part.vertices for part in parts])
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    own = (points - points.mean(0)) / np.float32(np.abs(points - points.mean(0)).max())
    points = points @ np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]], np.float32)
    low, high = points.min(0), points.max(0)
    points = (points - (low + high) / 2) * np.float32(2 / (high - low).max())
    mesh = np.ascontiguousarray(np.concatenate(faces), np.int32)
    corners = points[mesh]
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.stack(
        [np.bincount(mesh.ravel(), np.repeat(flat[:, axis], 3), len(points)) for axis in range(3)], 1
    ).astype(np.float32)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return MadeSolid(np.ascontiguousarray(points, np.float32), normals, mesh, np.concatenate(coats), own)
