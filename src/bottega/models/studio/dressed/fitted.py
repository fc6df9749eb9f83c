"""Fitted pieces: several pieces of clothing on one body at rest, each outside of what it is worn over.

Idea     From the skin outwards, each piece is moved out of all that lies under it, as far as cloth is thick. What it
         hangs over is noted: for each vertex the nearest one beneath and how far off it stays, so that a pose can be
         set right the same way (worn.py). Skin and cloth that another piece covers at rest are never drawn again.
Differs  Nothing is simulated: cloth neither falls nor stretches, it goes with the body.
Shapes   V vertices and F faces of a piece, W vertices of it once those at one place are one, D vertices of the body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from bottega.models.studio.bodies.body import BodyMesh
from bottega.models.studio.bodies.light import unbent
from bottega.models.studio.bodies.skinning import normals_of
from bottega.models.studio.bodies.textures import NO_TEXTURES, Textures, textures_of
from bottega.models.studio.dressed.covered import covered
from bottega.models.studio.garments.cloth import Cloth
from bottega.names import BoolArray, FloatArray

__all__ = ["Fitted", "FittedPiece", "Over", "fitted"]

THICK_M = {"jacket": 0.006, "scarf": 0.008, "shoes": 0.004, "bag": 0.004, "hat": 0.004}
_THICK_M = 0.003
"""Of a cut that is not named."""
_DEEP_M, _DEEP_SHARE, _HAULS = 0.03, 0.2, 60
"""How deep in the body cloth is in the wrong place, unless it is more than such a share; times it is evened out."""
_AIR_M = 0.002
"""Between a piece and what is under it."""
_REACH_M = 0.08
"""How deep in the skin cloth is looked for at most."""
_ASIDE_M = 0.035
"""So far beside what is under it, cloth is no longer over it."""
_UNDER_M = {"skirt": 0.3, "dress": 0.3, "jacket": 0.14, "bag": 0.02, "glasses": 0.0}
"""How far in front of a point a piece of a cut still covers it."""
_UNDER_AT_MOST_M = 0.09
_FACING_LIGHT = 0.86
"""Of the light on what faces the camera, what comes back: a picture is made brighter by so much to look as it did."""


@dataclass(frozen=True, slots=True, eq=False)
class Over:
    """What a piece hangs over: the body, or another piece."""

    piece: int | None
    """Into the pieces of `Fitted`, None for the body."""
    nearest: NDArray[np.int64]
    """[W], the vertex beneath."""
    least_m: FloatArray
    """[W], how far outside of it a vertex stays; not a number where nothing is beneath."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedPiece:
    """One piece at rest."""

    cloth: Cloth
    at: int
    """Its place in what was asked for."""
    welded: NDArray[np.int64]
    """[V], into W."""
    first: NDArray[np.int64]
    """[W], a vertex of the cloth that lies there."""
    vertices: FloatArray
    """[W, 3]"""
    faces: NDArray[np.int32]
    """[F, 3], into W."""
    neighbours: csr_array
    """[W, W], rows sum to 1."""
    over: tuple[Over, ...]
    drawn: BoolArray
    """[F], what of it may ever be seen."""
    edges: NDArray[np.int64]
    """[E, 3]: the vertices of the cloth at each end of an edge that has one face, and the third of that face."""
    thick_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Pieces on a body, from the skin outwards."""

    body: BodyMesh
    pieces: tuple[FittedPiece, ...]
    drawn: BoolArray
    """[faces of the body], what of it may ever be seen."""
    textures: Textures
    """In the order of `pieces`."""


def fitted(body: BodyMesh, cloths: Sequence[Cloth]) -> Fitted:
    """Pieces, each made to this body, over one another: by their layer, and as they come where it is the same."""
    order = sorted(range(len(cloths)), key=lambda at: cloths[at].layer)
    pictures = [_shown_so(cloths[at].picture) for at in order]
    textures = textures_of(pictures)
    normals = normals_of(body.vertices, body.faces)
    surfaces: list[tuple[int | None, FloatArray, FloatArray, BoolArray]] = [
        (None, body.vertices, normals, np.ones(len(body.vertices), bool))
    ]
    pieces: list[FittedPiece] = []
    for at in order:
        cloth = cloths[at]
        piece = _apart(cloth, at, surfaces)
        solid = _solid(cloth)
        outer = np.zeros(len(piece.vertices), bool)
        outer[piece.welded[solid]] = True
        surfaces.append((len(pieces), piece.vertices, normals_of(piece.vertices, piece.faces), outer))
        pieces.append(piece)
    hidden = _hidden(body.vertices, normals, body.faces, pieces, textures)
    shown = []
    for below, piece in enumerate(pieces):
        over = [other for other in pieces[below + 1 :] if other.cloth.layer > piece.cloth.layer]
        under = _hidden(piece.vertices, normals_of(piece.vertices, piece.faces), piece.faces, over, textures)
        shown.append(replace(piece, drawn=~under & ~_clear(piece.cloth)))
    return Fitted(body, tuple(shown), ~hidden, textures if pieces else NO_TEXTURES)


def _shown_so(picture: NDArray[np.uint8]) -> FloatArray:
    """A picture as the cloth's own colour in linear light, such that it looks like the picture where it faces one."""
    linear = (picture.astype(np.float32) / np.float32(255)) ** np.float32(2.2)
    linear[..., :3] = unbent(linear[..., :3]) / np.float32(_FACING_LIGHT)
    linear[..., 3] = picture[..., 3] / np.float32(255)
    return linear


def _apart(
    cloth: Cloth, at: int, surfaces: Sequence[tuple[int | None, FloatArray, FloatArray, BoolArray]]
) -> FittedPiece:
    """A piece outside of all surfaces, each with its vertices, normals, and which of them are there."""
    _, first, welded = np.unique(np.rint(cloth.vertices * 2e4), axis=0, return_index=True, return_inverse=True)
    welded = welded.reshape(-1)
    faces = np.ascontiguousarray(welded[cloth.faces], np.int32)
    points = np.array(cloth.vertices[first], np.float32)
    neighbours = _neighbours(faces, len(points))
    points = _hauled(points, neighbours, surfaces[0])
    thick = THICK_M.get(cloth.cut, _THICK_M)
    over = []
    for piece, vertices, normals, there in surfaces:
        known = np.flatnonzero(there)
        far, near = cKDTree(vertices[known]).query(points, workers=1)
        nearest = known[near]
        least = np.float32(_AIR_M + thick)
        for _ in range(3):
            away = np.einsum("wd,wd->w", points - vertices[nearest], normals[nearest])
            aside = np.sqrt(np.maximum(np.sum((points - vertices[nearest]) ** 2, 1) - away**2, 0))
            beneath = (away > -_REACH_M) & (aside < _ASIDE_M)
            push = np.where(beneath, np.clip(least - away, 0, None), 0)[:, None] * normals[nearest]
            if not push.any():
                break
            points = points + _spread(push.astype(np.float32), neighbours)
            far, near = cKDTree(vertices[known]).query(points, workers=1)
            nearest = known[near]
        away = np.einsum("wd,wd->w", points - vertices[nearest], normals[nearest])
        aside = np.sqrt(np.maximum(far**2 - away**2, 0))
        beneath = (away > 0) & (aside < max(_ASIDE_M, _UNDER_M.get(cloth.cut, 0) / 2))
        kept = np.where(beneath, np.minimum(away, least), np.nan).astype(np.float32)
        over.append(Over(piece, nearest.astype(np.int64), kept))
    return FittedPiece(
        cloth, at, welded, first, np.ascontiguousarray(points, np.float32), faces, neighbours, tuple(over),
        np.ones(len(faces), bool), _edges(cloth, faces), thick,
    )  # fmt: skip


def _hauled(
    points: FloatArray, neighbours: csr_array, body: tuple[int | None, FloatArray, FloatArray, BoolArray]
) -> FloatArray:
    """Vertices that lie deep in the body, where no cloth can be, hauled to between those around them."""
    _, vertices, normals, _ = body
    _, near = cKDTree(vertices).query(points, workers=1)
    deep = np.einsum("wd,wd->w", points - vertices[near], normals[near]) < -_DEEP_M
    deep |= (neighbours @ deep.astype(np.float32) > 0) & deep.any()
    if not deep.any() or deep.mean() > _DEEP_SHARE:
        return points
    out = points.copy()
    for _ in range(_HAULS):
        out[deep] = (neighbours @ out)[deep]
    return out


def _spread(push: FloatArray, neighbours: csr_array) -> FloatArray:
    """A push [W, 3] that its surroundings share, so that no vertex stands out alone."""
    wide = push
    for _ in range(2):
        wide = np.asarray(neighbours @ wide, np.float32)
    longer = np.linalg.norm(push, axis=1) >= np.linalg.norm(wide, axis=1)
    return np.where(longer[:, None], push, wide)


def _neighbours(faces: NDArray[np.int32], count: int) -> csr_array:
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    pairs = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    degree = np.bincount(pairs[:, 0], minlength=count)
    return csr_array(((1 / degree[pairs[:, 0]]).astype(np.float32), (pairs[:, 0], pairs[:, 1])), shape=(count, count))


def _alpha(cloth: Cloth, places: FloatArray) -> NDArray[np.uint8]:
    height, width = cloth.picture.shape[:2]
    column = np.clip((places[..., 0] * width).astype(int), 0, width - 1)
    row = np.clip((places[..., 1] * height).astype(int), 0, height - 1)
    return np.asarray(cloth.picture[row, column, 3], np.uint8)


def _solid(cloth: Cloth) -> BoolArray:
    """[V], where its picture is not clear."""
    return np.asarray(_alpha(cloth, cloth.places) >= 128, bool)


def _clear(cloth: Cloth) -> BoolArray:
    """[F], where its picture is clear at the corners, between them and in the middle."""
    corners = cloth.places[cloth.faces]
    between = (corners + corners[:, [1, 2, 0]]) / 2
    looked = np.concatenate([corners, between, corners.mean(1, keepdims=True)], 1)
    return np.asarray((_alpha(cloth, looked) < 128).all(1), bool)


def _edges(cloth: Cloth, faces: NDArray[np.int32]) -> NDArray[np.int64]:
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    own = np.concatenate([cloth.faces, cloth.faces[:, [1, 2, 0]], cloth.faces[:, [2, 0, 1]]]).astype(np.int64)
    keys = np.sort(sides, 1)
    _, place, count = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    alone = (count[place.reshape(-1)] == 1) & (keys[:, 0] != keys[:, 1])
    found = own[alone]
    return np.asarray(found[(_alpha(cloth, cloth.places[found]) >= 128).all(1)], np.int64)


def _hidden(
    vertices: FloatArray,
    normals: FloatArray,
    faces: NDArray[np.int32],
    over: Sequence[FittedPiece],
    textures: Textures,
) -> BoolArray:
    """[F], the faces of a surface that lie well under pieces. Near an edge of what covers them, they stay."""
    under = np.zeros(len(vertices), bool)
    for piece in over:
        reach = _UNDER_M.get(piece.cloth.cut, _UNDER_AT_MOST_M)
        if reach:
            pieces = np.full(len(piece.faces), _texture_of(piece, over, textures), np.int16)
            under |= covered(
                vertices, normals, reach, piece.vertices[piece.welded], np.ascontiguousarray(piece.cloth.faces),
                np.ascontiguousarray(piece.cloth.places, np.float32), pieces, textures,
            )  # fmt: skip
    under[faces[~under[faces].all(1)].ravel()] = False
    return np.asarray(under[faces].all(1), bool)


def _texture_of(piece: FittedPiece, over: Sequence[FittedPiece], textures: Textures) -> int:
    # Pieces above are the last ones of all, in their order.
    return len(textures.levels) - len(over) + next(i for i, other in enumerate(over) if other is piece)
