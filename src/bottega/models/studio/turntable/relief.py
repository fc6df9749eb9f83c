"""Reliefs: how far the front and the back of a thing lie behind each pixel of its photo, and that turned.

Idea     A photo with two depths is a closed solid: its front wears the photo, its back wears it too, as most things are
         alike on both sides, and where they part at the outline a wall joins them. Every way to guess a shape ends in
         this one form, so whoever turns it need not know which it was.
Source   Layered depth: Shade et al. 1998, https://doi.org/10.1145/280814.280882.
Shapes   G cells a side of the grid, P pixels a side of what is drawn; all lengths are shares of the frame, a square
         with the thing in its middle; x to the right, y down, depth away from the camera, from the axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.models.studio.bodies.raster import NOTHING, rasterised
from bottega.names import FloatArray

__all__ = ["AWAY", "FRAME_PX", "Relief", "SolidGrid", "TurnedView", "axes", "pixel_shares", "solid_grid", "turned"]

AWAY = 2.8
"""Frames from the camera to the axis: as far as products are photographed from."""
FRAME_PX = 64
"""Pixels a side of what the networks see."""
FRONT, BACK, WALL = 0, 1, 2
_LEAST_THICK = 0.004


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """A shape that was told from one photo."""

    inside: NDArray[np.bool_]
    """[G, G], where the thing is."""
    front: FloatArray
    """[G, G]"""
    back: FloatArray
    """[G, G]"""
    pitch: float
    """Degrees that the camera looks down."""


@dataclass(frozen=True, slots=True, eq=False)
class SolidGrid:
    """A relief as a closed mesh in the camera's axes: right, ahead, up."""

    points: FloatArray
    """[V, 3]"""
    places: FloatArray
    """[V, 2], where on the frame, from its upper left corner, 0 to 1."""
    faces: NDArray[np.int32]
    """[F, 3], counter-clockwise from outside."""
    layers: NDArray[np.uint8]
    """[F]: front, back or wall."""
    sides: FloatArray
    """[V]: 0 on the front, 1 on the back."""


@dataclass(frozen=True, slots=True, eq=False)
class TurnedView:
    """What a camera sees that went around."""

    places: FloatArray
    """[P, P, 2], where on the photo's frame each pixel comes from, 0 to 1."""
    layer: NDArray[np.int8]
    """[P, P]: front, back, wall, or -1 for none."""
    depth: FloatArray
    """[P, P], from the axis; 0 where there is none."""
    facing: FloatArray
    """[P, P], how squarely the surface faced the camera of the photo, 0 to 1."""
    side: FloatArray
    """[P, P], from the front, 0, along a wall to the back, 1."""


def solid_grid(relief: Relief) -> SolidGrid:
    """The mesh of a relief: two faces a cell for the front, two for the back, two for each side of the outline."""
    inside = relief.inside
    g = len(inside)
    corner = np.full((g + 1, g + 1), -1, np.int64)
    used = np.zeros((g + 1, g + 1), np.bool_)
    for down in (0, 1):
        for right in (0, 1):
            used[down : g + down, right : g + right] |= inside
    count = int(used.sum())
    corner[used] = np.arange(count)
    front, back = _at_corners(relief.front, inside)[used], _at_corners(relief.back, inside)[used]
    back = np.maximum(back, front + _LEAST_THICK)
    rows, columns = np.nonzero(used)
    across, down_ = columns / g - 0.5, rows / g - 0.5

    def points(depth: FloatArray) -> FloatArray:
        far = (AWAY + depth) / AWAY
        return np.stack([across * far, depth, -down_ * far], 1).astype(np.float32)

    places = np.stack([columns / g, rows / g], 1).astype(np.float32)
    a, b = corner[:-1, :-1][inside], corner[:-1, 1:][inside]
    c, d = corner[1:, :-1][inside], corner[1:, 1:][inside]
    ahead = np.concatenate([np.stack([a, c, d], 1), np.stack([a, d, b], 1)])
    behind = ahead[:, ::-1] + count
    walls = []
    grown = np.pad(inside, 1)
    for edge, begin, end in (
        (~grown[:-2, 1:-1] & inside, corner[:-1, 1:], corner[:-1, :-1]),
        (~grown[2:, 1:-1] & inside, corner[1:, :-1], corner[1:, 1:]),
        (~grown[1:-1, :-2] & inside, corner[:-1, :-1], corner[1:, :-1]),
        (~grown[1:-1, 2:] & inside, corner[1:, 1:], corner[:-1, 1:]),
    ):
        p, q = begin[edge], end[edge]
        # Seen from outside, `q` lies to the left of `p` on the front's edge.
        walls += [np.stack([q, p, p + count], 1), np.stack([q, p + count, q + count], 1)]
    wall = np.concatenate(walls)
    faces = np.ascontiguousarray(np.concatenate([ahead, behind, wall]), np.int32)
    layers = np.repeat(np.array([FRONT, BACK, WALL], np.uint8), [len(ahead), len(behind), len(wall)])
    sides = np.repeat([0.0, 1.0], count).astype(np.float32)
    return SolidGrid(np.concatenate([points(front), points(back)]), np.concatenate([places] * 2), faces, layers, sides)


def _at_corners(values: FloatArray, inside: NDArray[np.bool_]) -> FloatArray:
    """Means at the corners of cells [G + 1, G + 1] over the cells inside that meet there."""
    g = len(inside)
    total, share = np.zeros((g + 1, g + 1), np.float32), np.zeros((g + 1, g + 1), np.float32)
    for down in (0, 1):
        for right in (0, 1):
            total[down : g + down, right : g + right] += np.where(inside, values, 0)
            share[down : g + down, right : g + right] += inside
    return np.asarray(total / np.maximum(share, 1), np.float32)


def axes(around: float, pitch: float) -> FloatArray:
    """A camera's axes [3, 3] in the scene: right, ahead, up."""
    angle, down = np.radians(around), np.radians(pitch)
    right = np.array([np.cos(angle), np.sin(angle), 0])
    level = np.array([-np.sin(angle), np.cos(angle), 0])
    return np.stack(
        [
            right,
            level * np.cos(down) - np.array([0, 0, np.sin(down)]),
            level * np.sin(down) + np.array([0, 0, np.cos(down)]),
        ]
    ).astype(np.float32)


def turned(solid: SolidGrid, around: float, pitch: float, px: int, zoom: float = 1.0) -> TurnedView:
    """A solid from `around` degrees to the right of where its photo was taken, by a camera at the same height.

    `zoom` below 1 shows it smaller in the frame than the photo does.
    """
    turn = axes(around, pitch) @ axes(0.0, pitch).T
    points = solid.points @ turn.T
    scale = AWAY / np.maximum(AWAY + points[:, 1], 0.3)
    at = np.stack([0.5 + points[:, 0] * scale * zoom, 0.5 - points[:, 2] * scale * zoom], 1) * px
    near = np.asarray(scale / AWAY, np.float32)
    seen = np.ascontiguousarray(at, np.float32)
    face, _ = rasterised(seen, near, solid.faces, np.ones(len(solid.faces), np.bool_), px, px)
    rows, columns = np.nonzero(face != NOTHING)
    found = face[rows, columns]
    corners = solid.faces[found]
    shares = pixel_shares(seen[corners].astype(np.float64), columns + 0.5, rows + 0.5) * near[corners]
    shares = (shares / shares.sum(1, keepdims=True)).astype(np.float32)
    places, depth = np.zeros((px, px, 2), np.float32), np.zeros((px, px), np.float32)
    facing, layer = np.zeros((px, px), np.float32), np.full((px, px), NOTHING, np.int8)
    side = np.zeros((px, px), np.float32)
    side[rows, columns] = (solid.sides[corners] * shares).sum(1)
    places[rows, columns] = (solid.places[corners] * shares[..., None]).sum(1)
    depth[rows, columns] = (points[:, 1][corners] * shares).sum(1)
    layer[rows, columns] = solid.layers[found]
    there = solid.points[corners]
    flat = np.cross(there[:, 1] - there[:, 0], there[:, 2] - there[:, 0])
    facing[rows, columns] = np.abs(flat[:, 1]) / np.maximum(np.linalg.norm(flat, axis=1), 1e-12)
    return TurnedView(places, layer, depth, facing, side)


def pixel_shares(
    corners: NDArray[np.float64], x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]]
) -> NDArray[np.float64]:
    """How much each corner [N, 3, 2] counts at a point, in the picture."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    first = ((b[:, 0] - x) * (c[:, 1] - y) - (b[:, 1] - y) * (c[:, 0] - x)) / area
    second = ((c[:, 0] - x) * (a[:, 1] - y) - (c[:, 1] - y) * (a[:, 0] - x)) / area
    return np.stack([first, second, 1 - first - second], 1)
