"""Worn pieces: fitted ones in a pose, as meshes that can be drawn.

Idea     Each piece goes with the bones as the body does, then out of what it hangs over wherever the pose has pressed
         it in. Its edges get the thickness of cloth.
Shapes   V vertices and F faces of a mesh; W vertices of a piece that lie at places of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.models.studio.bodies.skinning import Posed, follow, normals_of
from bottega.models.studio.dressed.fitted import Fitted, FittedPiece
from bottega.names import FloatArray

__all__ = ["Worn", "worn"]

_PUSH_M = 0.07
"""How far a pose presses cloth in at most; what lies deeper belongs elsewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """One piece in a pose."""

    at: int
    """Its place in what was asked for."""
    vertices: FloatArray
    """[V, 3]"""
    normals: FloatArray
    """[V, 3]"""
    faces: NDArray[np.int32]
    """[F, 3]"""
    places: FloatArray
    """[V, 2], on its picture."""
    guessed: FloatArray
    """[V]"""


def worn(ready: Fitted, person: Posed) -> tuple[Worn, ...]:
    """The pieces on the body they were fitted to, in a pose of it, from the skin outwards."""
    assert person.body is ready.body
    surfaces = [(person.vertices, person.normals)]
    found = []
    for piece in ready.pieces:
        cloth = piece.cloth
        points = follow(
            piece.vertices, cloth.bones[piece.first], cloth.weights[piece.first], ready.body.heads, person.stance
        )
        for _ in range(2):
            points = _outside(points, piece, surfaces)
        normals = normals_of(points, piece.faces)
        surfaces.append((points, normals))
        found.append(_edged(piece, points[piece.welded], normals[piece.welded]))
    return tuple(found)


def _outside(points: FloatArray, piece: FittedPiece, surfaces: list[tuple[FloatArray, FloatArray]]) -> FloatArray:
    for over in piece.over:
        vertices, normals = surfaces[0 if over.piece is None else over.piece + 1]
        away = np.einsum("wd,wd->w", points - vertices[over.nearest], normals[over.nearest])
        short = np.nan_to_num(over.least_m - away)
        push = np.clip(short, 0, _PUSH_M)[:, None] * normals[over.nearest]
        wide = np.asarray(piece.neighbours @ push, np.float32)
        points = points + np.where((short > 0)[:, None], push, wide)
    return np.asarray(points, np.float32)


def _edged(piece: FittedPiece, points: FloatArray, normals: FloatArray) -> Worn:
    """The piece with a narrow face along each of its edges, turned in by the thickness of the cloth."""
    cloth, ends = piece.cloth, piece.edges
    drawn = cloth.faces[piece.drawn]
    if not len(ends):
        return Worn(piece.at, points, normals, drawn, cloth.places, cloth.guessed)
    a, b, c = (points[ends[:, corner]] for corner in range(3))
    out = (a + b) / 2 - c
    along = (b - a) / np.maximum(np.linalg.norm(b - a, axis=1, keepdims=True), 1e-9)
    out -= np.sum(out * along, 1, keepdims=True) * along
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    inwards = [point - piece.thick_m * normals[ends[:, corner]] for corner, point in enumerate((a, b))]
    middle = cloth.places[ends].mean(1)
    places = [0.6 * cloth.places[ends[:, corner]] + 0.4 * middle for corner in (0, 1)]
    count, begin = len(ends), len(points)
    first = begin + np.arange(count)
    # a, b, and the same two further in; seen from outside they run b, a, a', b'.
    quads = np.stack([first + count, first, first + 2 * count, first + 3 * count], 1)
    rim = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    guessed = cloth.guessed[ends]
    return Worn(
        piece.at,
        np.concatenate([points, a, b, *inwards]).astype(np.float32),
        np.concatenate([normals, out, out, out, out]).astype(np.float32),
        np.ascontiguousarray(np.concatenate([drawn, rim]), np.int32),
        np.concatenate([cloth.places, *places, *places]).astype(np.float32),
        np.concatenate([cloth.guessed, *(guessed[:, corner] for corner in (0, 1, 0, 1))]).astype(np.float32),
    )
