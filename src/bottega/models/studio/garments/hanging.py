"""Hanging: the two sheets of a piece are laid round a posed body, hung on its bones, and brought to its rest.

Idea     What is joined at a seam is pushed outside the body, and the rest follows evenly. Then the sheets are blown up
         as far as their outline lets them (a strip becomes a round tube), never less than the body under them, and are
         smoothed over its hollows as stretched cloth is. Each vertex goes with the bones of the skin next to it.
Source   Blowing up: the membrane equation; over a strip, the square root of twice its solution is a circle.
         Skin to cloth: nearest points, smoothed over the cloth. Back to rest: linear blend skinning, inverted.
Shapes   N points of a sheet, V vertices of the piece; metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from bottega.models.studio.bodies.skinning import Posed
from bottega.models.studio.garments.sewing import ClothSheet
from bottega.models.studio.garments.shapes import FrontShape
from bottega.names import BoolArray, FloatArray

__all__ = ["Hung", "at_rest", "hung", "weights_of"]

_SMOOTHED = 12
"""Times that a sheet is smoothed over the body."""
_EVENED = 5
"""Times that its border is."""
_OWNERS = 4
"""Bones of a vertex."""
_NEIGHBOURS = 6

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Hung:
    """A piece round a posed body."""

    vertices: Points
    """[V, 3]: the front sheet's points, then those of the back that are not joined to it."""
    faces: NDArray[np.int32]
    """[F, 3], counter-clockwise from outside."""
    points: NDArray[np.int64]
    """[V], into the points of the sheet."""
    back: BoolArray
    """[V], of the back sheet alone."""
    front_faces: int
    """So many of the faces, the first, are of the front sheet."""


def hung(
    sheet: ClothSheet,
    places: Points,
    joined: BoolArray,
    shapes: Sequence[FrontShape],
    *,
    ease_m: float,
    roundness: Sequence[float],
    front_faces: BoolArray,
    back_faces: BoolArray,
) -> Hung:
    """Lay a sheet whose points are at `places` [N, 2] in the plane of the pose round a shape a region.

    Without shapes they are laid round nothing.
    `joined` [N]: border points of seams. `roundness` of each region: 1 blows a strip up to a circle. `front_faces` and
    `back_faces` [T]: triangles that each sheet has.
    """
    smoothing, graph = _graph(sheet)
    places = _evened(sheet, _pushed(sheet, places, joined, shapes, ease_m, graph))
    blown = _blown(sheet, places, joined)
    front, back, middle = (np.zeros(len(places)) for _ in range(3))
    inside, round_ = np.ones(len(places)), np.full(len(places), roundness[0])
    for region, shape in enumerate(shapes):
        of = sheet.regions == region
        front[of], back[of] = shape.at(shape.front, places[of]), shape.at(shape.back, places[of])
        middle[of] = shape.at(shape.middle, places[of])
        inside[of] = shape.at(shape.away, places[of])
        round_[of] = roundness[region]
    for _ in range(4):
        middle = np.asarray(smoothing @ middle, np.float64)
        round_ = np.asarray(smoothing @ round_, np.float64)
    sheets = []
    for sign, skin in ((-1.0, front), (1.0, back)):
        over = np.where(inside < 0, sign * (skin - middle) + ease_m, 0.0)
        deep = np.where(joined, 0.0, np.maximum(round_ * blown, over))
        for _ in range(_SMOOTHED):
            deep = np.where(joined, 0.0, np.maximum(0.5 * deep + 0.5 * (smoothing @ deep), over))
        sheets.append(middle + sign * deep)
    own = np.flatnonzero(~joined)
    number = np.arange(len(places))
    number[own] = len(places) + np.arange(len(own))
    vertices = np.concatenate(
        [
            np.stack([places[:, 0], sheets[0], places[:, 1]], 1),
            np.stack([places[own, 0], sheets[1][own], places[own, 1]], 1),
        ]
    )
    faces = np.concatenate([sheet.triangles[front_faces][:, [0, 2, 1]], number[sheet.triangles[back_faces]]])
    points = np.concatenate([np.arange(len(places)), own])
    of_back = np.arange(len(points)) >= len(places)
    return _without_spare(Hung(vertices, faces.astype(np.int32), points, of_back, int(front_faces.sum())))


def weights_of(
    piece: Hung, sheet: ClothSheet, person: Posed, shapes: Sequence[FrontShape], *, smoothed: int
) -> tuple[NDArray[np.uint8], FloatArray]:
    """Bones and weights [V, 4] of a piece: those of the skin next to each vertex, evened out over the cloth."""
    body = person.body
    dense = np.zeros((len(piece.vertices), len(body.bones)))
    regions = sheet.regions[piece.points]
    for region, shape in enumerate(shapes):
        of = np.flatnonzero(regions == region)
        if not len(of):
            continue
        skin = shape.vertices
        away, near = cKDTree(person.vertices[skin]).query(piece.vertices[of], k=_NEIGHBOURS)
        share = 1 / (np.asarray(away) + 0.004) ** 2
        share /= share.sum(1, keepdims=True)
        bones, weights = body.vertex_bones[skin[near]], body.vertex_weights[skin[near]]
        rows = np.repeat(of, _NEIGHBOURS * bones.shape[2])
        np.add.at(dense, (rows, bones.reshape(-1)), (share[..., None] * weights).reshape(-1))
    edges = piece.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    mean = _mean_of(edges, len(piece.vertices))
    for _ in range(smoothed):
        dense = 0.4 * dense + 0.6 * (mean @ dense)
    owners = np.argsort(-dense, axis=1)[:, :_OWNERS]
    kept = np.take_along_axis(dense, owners, 1)
    return owners.astype(np.uint8), np.asarray(kept / kept.sum(1, keepdims=True), np.float32)


def at_rest(vertices: Points, bones: NDArray[np.uint8], weights: FloatArray, person: Posed) -> FloatArray:
    """Where vertices [V, 3] of a posed body's piece lie at its rest, so that the pose brings them back exactly."""
    turns = person.stance.turns.astype(np.float64)
    heads, rest = person.stance.heads.astype(np.float64), person.body.heads.astype(np.float64)
    shifts = heads - np.einsum("bij,bj->bi", turns, rest)
    turn = np.einsum("vk,vkij->vij", weights, turns[bones])
    shift = np.einsum("vk,vki->vi", weights, shifts[bones])
    return np.asarray(np.linalg.solve(turn, (vertices - shift)[..., None])[..., 0], np.float32)


def _graph(sheet: ClothSheet) -> tuple[sparse.csr_array, sparse.csr_array]:
    """The mean over the neighbours of each point, and which are neighbours."""
    edges = sheet.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    count = len(sheet.points)
    pairs = np.concatenate([edges, edges[:, ::-1]])
    graph = sparse.csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    graph.data[:] = 1.0
    return _mean_of(edges, count), graph


def _mean_of(edges: NDArray[np.int32], count: int) -> sparse.csr_array:
    pairs = np.concatenate([edges, edges[:, ::-1]])
    graph = sparse.csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    graph.sum_duplicates()
    graph.data[:] = 1.0
    degree = np.maximum(np.asarray(graph.sum(1)).ravel(), 1)
    return sparse.csr_array(sparse.diags_array(1 / degree) @ graph)


def _solved(graph: sparse.csr_array, fixed: BoolArray, values: Points, source: Points, hold: float = 0.0) -> Points:
    """Values of free points so that each differs from the mean of its neighbours by its source; the fixed stay."""
    degree = np.asarray(graph.sum(1)).ravel()
    free = np.flatnonzero(~fixed)
    if not len(free) or not fixed.any():
        return values
    matrix = sparse.csc_array(sparse.diags_array(degree + hold) - graph)
    right = source[free] - matrix[free][:, np.flatnonzero(fixed)] @ values[fixed]
    out = values.copy()
    out[free] = splu(sparse.csc_matrix(matrix[free][:, free])).solve(right)
    return out


def _pushed(
    sheet: ClothSheet,
    places: Points,
    joined: BoolArray,
    shapes: Sequence[FrontShape],
    ease_m: float,
    graph: sparse.csr_array,
) -> Points:
    """Places with the seams outside the body and everything else moved along."""
    move = np.zeros_like(places)
    for region, shape in enumerate(shapes):
        of = joined & (sheet.regions == region)
        here = places[of]
        for _ in range(3):
            lacks = np.maximum(ease_m - shape.at(shape.away, here), 0.0)
            here = here + lacks[:, None] * shape.outwards(here)
        move[of] = here - places[of]
    return places + _solved(graph, joined, move, np.zeros_like(places), hold=0.02)


def _evened(sheet: ClothSheet, places: Points) -> Points:
    """Places with the border without the notches that a photo's pixels and the grid leave in it.

    Source: Taubin 1995, "A signal processing approach to fair surface design": in and out again, so nothing shrinks.
    """
    edges = np.sort(sheet.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    edges, times = np.unique(edges, axis=0, return_counts=True)
    rim = edges[times == 1]
    two = np.bincount(rim.ravel(), minlength=len(places)) == 2
    mean = _mean_of(rim, len(places))
    for _ in range(_EVENED):
        for share in (0.5, -0.53):
            places = places + np.where(two[:, None], share * (mean @ places - places), 0)
    return places


def _blown(sheet: ClothSheet, places: Points, joined: BoolArray) -> Points:
    """Half the thickness [N] of a sheet that is blown up between its seams (cotangent weights)."""
    corners = places[sheet.triangles]
    share, count = np.zeros(len(places)), len(places)
    rows, columns, weights = [], [], []
    for corner in range(3):
        a, b, c = (corners[:, (corner + step) % 3] for step in range(3))
        one, other = b - a, c - a
        area = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
        weights.append(np.clip((one * other).sum(1) / np.maximum(area, 1e-12), 0.02, 20) / 2)
        rows.append(sheet.triangles[:, (corner + 1) % 3])
        columns.append(sheet.triangles[:, (corner + 2) % 3])
        np.add.at(share, sheet.triangles[:, corner], area / 6)
    row, column, weight = (np.concatenate(part) for part in (rows, columns, weights))
    half = sparse.csr_array((weight, (row, column)), shape=(count, count))
    solution = _solved(sparse.csr_array(half + half.T), joined, np.zeros(count), share)
    return np.asarray(np.sqrt(2 * np.maximum(solution, 0)), np.float64)


def _without_spare(piece: Hung) -> Hung:
    """Without vertices that no face uses."""
    used, faces = np.unique(piece.faces, return_inverse=True)
    faces_F3 = np.asarray(faces.reshape(-1, 3), np.int32)
    return replace(
        piece, vertices=piece.vertices[used], faces=faces_F3, points=piece.points[used], back=piece.back[used]
    )
