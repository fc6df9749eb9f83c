"""Shod: one shoe, seen from its side, becomes a pair on both feet.

Idea     The photo lies in the upright plane through a foot, its toe forward and its heel at the heel; the two sheets
         are blown up round the foot, closed under it and open where the foot goes in. The outer side of
         each foot shows the photo; the inner sides are guessed.
Differs  The foot stays flat: a high heel is drawn round a foot that stands on its sole.
Shapes   H, W height and width of the cut-out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.skinning import Posed
from bottega.models.studio.garments.assembled import assembled, resting
from bottega.models.studio.garments.cloth import Cloth
from bottega.models.studio.garments.hanging import Hung, hung, weights_of
from bottega.models.studio.garments.sewing import ClothSheet, sheet_of
from bottega.models.studio.garments.shapes import shape_of
from bottega.names import BoolArray

__all__ = ["shod"]

_POINTS = 900
_TOE_M, _HEEL_M, _SOLE_M = 0.012, 0.008, 0.006
"""How much longer than the foot a shoe is in front and behind, and how far its sole lies under it."""
_BOOT = 0.8
"""A shoe that is higher than this share of its length has a shaft."""
_HIGHEST = 0.5
"""Height of one without, as a share of its length."""
_SOLE, _THROAT = 0.14, 0.3
"""Shares of the height that are sole from below, and where one gets in from above."""


def shod(photo: Photo, mask: BoolArray, body: BodyMesh) -> Cloth:
    """A pair of shoes on a body at rest, from one shoe's photo [H, W, 3] and mask [H, W]."""
    if _toe_left(mask):
        photo, mask = np.ascontiguousarray(photo[:, ::-1]), np.ascontiguousarray(mask[:, ::-1])
    sheet = sheet_of(
        mask, lambda points: np.zeros(len(points), np.int8), lambda points, _: np.ones(len(points), np.bool_),
        count=_POINTS,
    )  # fmt: skip
    right = _one(photo, mask, sheet, body, -1.0)
    left = _one(photo, mask, sheet, body, 1.0)
    before = len(right.vertices)
    return replace(
        right,
        vertices=np.concatenate([right.vertices, left.vertices]),
        faces=np.concatenate([right.faces, left.faces + np.int32(before)]),
        places=np.concatenate([right.places, left.places]),
        bones=np.concatenate([right.bones, left.bones]),
        weights=np.concatenate([right.weights, left.weights]),
        guessed=np.concatenate([right.guessed, left.guessed]),
    )


def _one(photo: Photo, mask: BoolArray, sheet: ClothSheet, body: BodyMesh, side: float) -> Cloth:
    """The shoe of the right foot (-1), or of the left one (1), which is made as the right one of a mirrored body."""
    name = "left" if side > 0 else "right"
    rest = resting(body)
    mirror = np.array([-side, 1, 1], np.float32)
    foot = (rest.vertices * mirror)[body.vertex_parts == PARTS.index(f"{name}_foot")]
    # Forward is the long way of the foot on the floor.
    flat = foot[:, :2] - foot[:, :2].mean(0)
    way = np.linalg.svd(flat.astype(np.float64), full_matrices=False)[2][0]
    way = way if way[1] < 0 else -way
    frame = np.array([[way[0], way[1], 0], [-way[1], way[0], 0], [0, 0, 1]])
    turned: Posed = replace(rest, vertices=np.asarray((rest.vertices * mirror) @ frame.T, np.float32))
    there = foot.astype(np.float64) @ frame.T
    heel, toe = there[:, 0].min() - _HEEL_M, there[:, 0].max() + _TOE_M
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    scale = (toe - heel) / (right - left)
    aspect = (bottom - top) / (right - left)
    upright = scale if aspect > _BOOT else scale * min(1.0, _HIGHEST / aspect)
    floor = float(there[:, 2].min()) - _SOLE_M
    x, y = sheet.points[:, 0], sheet.points[:, 1]
    places = np.stack([heel + (x - left) * scale, floor + (bottom - y) * upright], 1)
    high = (bottom - y) / (bottom - top)
    under = sheet.border & (sheet.outward[:, 1] > 0.5) & (high < _SOLE + 0.2)
    throat = sheet.border & (sheet.outward[:, 1] < -0.3) & (high > 1 - _THROAT) & (x < left + 0.62 * (right - left))
    parts = (f"{name}_foot", f"{name}_shin") if aspect > _BOOT else (f"{name}_foot",)
    shape = shape_of(turned, parts)
    everything = np.ones(len(sheet.triangles), np.bool_)
    piece = hung(
        sheet, places, sheet.border & ~under & ~throat, [shape], ease_m=0.004, roundness=[0.55],
        front_faces=everything, back_faces=everything,
    )  # fmt: skip
    piece = _soled(piece, sheet, under)
    bones, weights = weights_of(piece, sheet, turned, [shape], smoothed=4)
    vertices = (piece.vertices @ frame) * mirror
    faces = piece.faces if side < 0 else piece.faces[:, ::-1]
    own = replace(piece, vertices=vertices, faces=np.ascontiguousarray(faces))
    return assembled("shoes", own, sheet, photo, mask, mask, bones, weights, rest)


def _soled(piece: Hung, sheet: ClothSheet, under: BoolArray) -> Hung:
    """The lower edges of both sheets joined by a sole."""
    front = {int(point): at for at, point in enumerate(piece.points) if not piece.back[at]}
    behind = {int(point): at for at, point in enumerate(piece.points) if piece.back[at]}
    edges = np.concatenate([sheet.triangles[:, [0, 1]], sheet.triangles[:, [1, 2]], sheet.triangles[:, [2, 0]]])
    key = np.sort(edges, axis=1)
    _, place, times = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    more = []
    for one, other in edges[times[place.ravel()] == 1]:
        if under[one] and under[other]:
            a, b = front[int(one)], front[int(other)]
            c, d = behind.get(int(other), b), behind.get(int(one), a)
            more += [[a, b, c], [a, c, d]]
    quads = np.array(more, np.int32).reshape(-1, 3)
    quads = quads[(quads[:, 0] != quads[:, 1]) & (quads[:, 1] != quads[:, 2]) & (quads[:, 0] != quads[:, 2])]
    return replace(piece, faces=np.concatenate([piece.faces, quads]))


def _toe_left(mask: BoolArray) -> bool:
    """A shoe is higher at its heel than at its toe."""
    columns = np.flatnonzero(mask.any(0))
    heights: NDArray[np.float64] = mask[:, columns].shape[0] - mask[:, columns].argmax(0).astype(np.float64)
    half = len(columns) // 3
    return bool(heights[:half].mean() < heights[-half:].mean())
