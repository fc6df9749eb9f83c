"""Things: what is no cut of cloth but goes with one or two bones: bags, hats, scarves, belts, glasses.

Idea     Each has its place on the body and its size from it, not from the photo: a hat is as wide as the head, glasses
         as the temples. Bags, hats and scarves are blown up as clothes are (hanging.py); glasses are a bent card, a
         belt a band round the waist.
Shapes   H, W height and width of the cut-out; metres.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import Photo
from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.bodies.skinning import posed
from bottega.models.studio.garments.assembled import assembled, on_bone, resting
from bottega.models.studio.garments.cloth import LAYERS, Cloth
from bottega.models.studio.garments.hanging import Hung, hung, weights_of
from bottega.models.studio.garments.pictures import painted
from bottega.models.studio.garments.sewing import ClothSheet, sheet_of
from bottega.models.studio.garments.shapes import shape_of
from bottega.names import BoolArray, FloatArray

__all__ = ["bag", "belt", "glasses", "hat", "scarf"]

Points = NDArray[np.float64]

_POINTS = 1100
_ADULT_M = 1.7
"""Sizes below are those of things for somebody so tall."""
_BAG_M = {"kind.clutch": 0.24, "kind.backpack": 0.31, "kind.gym_bag": 0.5, "kind.laptop_bag": 0.38, "kind.luggage": 0.4}
_BAG_WIDE_M, _BAG_TALL_M = 0.34, 0.62
_BAG_TURN = 30.0
"""Degrees that a bag in the hand is turned to the side."""
_CARD_M = 0.003
_BESIDE_M = 0.02
"""So far inside of a body's outline the edge of a scarf is still taken round it."""


def bag(photo: Photo, mask: BoolArray, body: BodyMesh, kind: str) -> Cloth:
    """A bag in the left hand; a backpack on the back."""
    tall = body.build.height_cm / 100
    left, right, top, bottom = _box(mask)
    wide = _BAG_M.get(kind, _BAG_WIDE_M)
    scale = min(wide / (right - left), _BAG_TALL_M / (bottom - top)) * min(tall / _ADULT_M, 1.05)
    sheet = _sheet(mask)
    x = (sheet.points[:, 0] - (left + right) / 2) * scale
    z = (top - sheet.points[:, 1]) * scale
    person = posed(body, pose("standing"))
    piece = _blown(sheet, np.stack([x, z], 1), 0.38 if kind != "kind.backpack" else 0.5)
    vertices = piece.vertices
    if kind == "kind.backpack":
        shoulders = person.stance.heads[body.bones.index("upperarm01.L")]
        back = person.vertices[body.vertex_parts == PARTS.index("chest"), 1].max()
        # Its front looks backwards.
        vertices = vertices * [-1, -1, 1] + [0, back + 0.8 * np.ptp(vertices[:, 1]) / 2, shoulders[2] + 0.02]
        bones, weights = on_bone(body, "spine02", len(vertices))
    else:
        angle = np.radians(_BAG_TURN)
        turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
        knuckles = person.stance.heads[body.bones.index("finger3-2.L")]
        vertices = vertices @ turn.T + [knuckles[0] + 0.01, knuckles[1], knuckles[2] + 0.015]
        bones, weights = on_bone(body, "wrist.L", len(vertices))
    return assembled("bag", replace(piece, vertices=vertices), sheet, photo, mask, mask, bones, weights, person)


def hat(photo: Photo, mask: BoolArray, body: BodyMesh) -> Cloth:
    """A hat or cap on the head."""
    person = resting(body)
    head = shape_of(person, ("head",))
    skin = person.vertices[body.vertex_parts == PARTS.index("head")]
    crown = float(skin[:, 2].max())
    eyes = float(person.vertices[body.vertex_parts == PARTS.index("eyes"), 2].mean())
    brow = eyes + 0.3 * (crown - eyes)
    half = head.half_width(brow) + 0.01
    left, right, top, bottom = _box(mask)
    widths = mask.sum(1)
    widest = int(widths.argmax())
    scale = 2 * half / (right - left)
    high = scale * (bottom - top)
    least, most = 1.1 * (crown - brow), 2.2 * (crown - brow)
    upright = scale * float(np.clip(high, least, most)) / high
    sheet = _sheet(mask)
    # A brim is wider than the head: what is as wide as the head is above it.
    places = np.stack(
        [(sheet.points[:, 0] - (left + right) / 2) * scale, crown + 0.018 - (sheet.points[:, 1] - top) * upright], 1
    )
    places[:, 1] += max(0.0, brow - 0.02 - places[:, 1].min())
    under = sheet.border & (sheet.outward[:, 1] > 0.4) & (sheet.points[:, 1] > top + 0.55 * (bottom - top))
    everything = np.ones(len(sheet.triangles), np.bool_)
    piece = hung(
        sheet, places, sheet.border & ~under, [head], ease_m=0.012, roundness=[1.05], front_faces=everything,
        back_faces=everything,
    )  # fmt: skip
    vertices = piece.vertices.copy()
    rows = sheet.points[piece.points][:, 1]
    if widest < bottom - 0.12 * (bottom - top):  # narrower below: the peak of a cap stands out in front
        down = np.clip((rows - widest) / (bottom - widest), 0, 1)
        across = np.clip(1 - np.abs(vertices[:, 0]) / half, 0, 1)
        vertices[:, 1] -= np.where(piece.back, 0, 0.075 * down * np.sqrt(across))
    bones, weights = on_bone(body, "head", len(vertices))
    return assembled("hat", replace(piece, vertices=vertices), sheet, photo, mask, mask, bones, weights, person)


def glasses(photo: Photo, mask: BoolArray, body: BodyMesh) -> Cloth:
    """Glasses before the eyes: a card bent round the face."""
    person = resting(body)
    eyes = person.vertices[body.vertex_parts == PARTS.index("eyes")]
    skin = person.vertices[body.vertex_parts == PARTS.index("head")]
    level = np.abs(skin[:, 2] - eyes[:, 2].mean()) < 0.012
    half = float(np.abs(skin[level, 0]).max()) * 0.98
    left, right, top, bottom = _box(mask)
    scale = 2 * half / (right - left)
    sheet = _sheet(mask, 700)
    x = (sheet.points[:, 0] - (left + right) / 2) * scale
    z = eyes[:, 2].mean() - (sheet.points[:, 1] - (top + bottom) / 2) * scale - 0.004
    nose = float(skin[level & (np.abs(skin[:, 0]) < 0.015), 1].min()) - 0.006
    share = np.abs(x) / half
    y = nose + 0.035 * share**2 + 0.06 * np.maximum(share - 0.75, 0)
    places = np.stack([x, y, z], 1)
    count = len(places)
    vertices = np.concatenate([places, places + np.array([0, _CARD_M, 0])])
    faces = np.concatenate([sheet.triangles[:, [0, 2, 1]], sheet.triangles + count]).astype(np.int32)
    piece = Hung(vertices, faces, np.tile(np.arange(count), 2), np.arange(2 * count) >= count, len(sheet.triangles))
    bones, weights = on_bone(body, "head", len(vertices))
    return assembled("glasses", piece, sheet, photo, mask, mask, bones, weights, person)


def scarf(photo: Photo, mask: BoolArray, body: BodyMesh) -> Cloth:
    """A scarf round the neck, its ends before the chest."""
    person = posed(body, pose("standing"))
    shape = shape_of(person, ("neck", "chest", "waist", "hips"))
    collar = person.stance.heads[body.bones.index("neck02")]
    _, _, top, bottom = _box(mask)
    loop = top + 0.3 * (bottom - top)
    above = np.flatnonzero(mask[top : int(loop) + 1].any(0))
    shoulder = abs(float(person.stance.heads[body.bones.index("upperarm01.L")][0]))
    scale = 1.45 * shoulder / (above[-1] - above[0] + 1)
    scale = min(scale, (float(collar[2]) - 0.45 * body.build.height_cm / 100) / (bottom - top))
    middle = (above[0] + above[-1]) / 2
    sheet = _sheet(mask)
    y = sheet.points[:, 1]
    places = np.stack([(sheet.points[:, 0] - middle) * scale, collar[2] + 0.035 - (y - top) * scale], 1)
    joined = sheet.border & (y < loop)
    # What lies before the chest is not sewn behind it: only what is beside the neck goes round.
    joined &= shape.at(shape.away, places) > -_BESIDE_M
    if not joined.any():
        raise RequestInvalid(
            "The scarf's photo shows no part that could lie round a neck.",
            allowed="A photo of a scarf that hangs as one wears it.",
            next_step="Send another photo.",
        )
    around = np.asarray((y[sheet.triangles] < loop + sheet.cell).all(1), np.bool_)
    piece = hung(
        sheet, places, joined, [shape], ease_m=0.022, roundness=[0.7],
        front_faces=np.ones(len(sheet.triangles), np.bool_), back_faces=around,
    )  # fmt: skip
    bones, weights = weights_of(piece, sheet, person, [shape], smoothed=12)
    return assembled("scarf", piece, sheet, photo, mask, mask, bones, weights, person)


def belt(photo: Photo, mask: BoolArray, body: BodyMesh) -> Cloth:
    """A belt round the waist: the front of the coil that the photo shows, and its mirror image behind."""
    left, right, top, bottom = _box(mask)
    columns = np.arange(left, right)
    low = np.array([np.flatnonzero(mask[:, column])[-1] if mask[:, column].any() else bottom - 1 for column in columns])
    runs = []
    for column, end in zip(columns, low, strict=True):
        gap = np.flatnonzero(~mask[:end, column])
        runs.append(end - (gap[-1] if len(gap) else top))
    inner = slice(len(runs) // 5, -len(runs) // 5 or None)
    thick = float(min(np.median(runs[inner]), 0.5 * (bottom - top), 0.24 * (right - left)))
    kernel = np.ones(9) / 9
    smooth = np.convolve(np.pad(low.astype(np.float64), 4, mode="edge"), kernel, mode="valid")
    person = resting(body)
    shape = shape_of(person, ("waist", "hips"))
    waist = person.vertices[body.vertex_parts == PARTS.index("waist"), 2]
    level = float(0.5 * (waist.min() + waist.max())) - 0.025
    wide = 0.038 * min(body.build.height_cm / 100 / _ADULT_M, 1.1)
    around, rows = 96, 4
    angles = np.linspace(0, 2 * np.pi, around + 1)  # from the person's right over the front to their left and back
    share = (1 - np.cos(angles)) / 2
    ring = []
    for row in range(rows):
        z = level + wide * (0.5 - row / (rows - 1))
        half = shape.half_width(z) + 0.011
        x = -half * np.cos(angles)
        at = np.stack([np.clip(x, -half + 0.012, half - 0.012), np.full(len(x), z)], 1)
        front, back, middle = (shape.at(field, at) for field in (shape.front, shape.back, shape.middle))
        deep = np.where(np.sin(angles) >= 0, middle - front, back - middle) + 0.012
        # Nowhere thinner than an ellipse through its front.
        most = float(deep.max())
        y = middle - np.sign(np.sin(angles)) * np.maximum(deep, most * np.abs(np.sin(angles)) * 0.97) * np.minimum(
            1, np.abs(np.sin(angles)) * 4
        )
        ring.append(np.stack([x, y, np.full(len(x), z)], 1))
    vertices = np.concatenate(ring)
    index = np.arange(rows * (around + 1)).reshape(rows, around + 1)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, 1:].ravel(), index[1:, :-1].ravel()
    faces = np.concatenate([np.stack([a, d, c], 1), np.stack([a, c, b], 1)]).astype(np.int32)
    u = left + 1 + share * (right - left - 3)
    edge = np.interp(u, columns, smooth)
    height, width = mask.shape
    places = np.concatenate(
        [
            np.stack([u / width / 2, (edge - thick * (0.97 - 0.94 * row / (rows - 1))) / height], 1)
            for row in range(rows)
        ]
    )
    behind = np.tile(np.sin(angles) < -1e-6, rows)
    places[behind, 0] += 0.5
    bones, weights = _nearest(vertices, body)
    return Cloth(
        "belt", LAYERS["belt"], vertices.astype(np.float32), faces, np.clip(places, 0, 1).astype(np.float32),
        painted(photo, mask), bones, weights, behind.astype(np.float32),
    )  # fmt: skip


def _nearest(vertices: Points, body: BodyMesh) -> tuple[NDArray[np.uint8], FloatArray]:
    near = np.linalg.norm(vertices[:, None] - body.vertices[None], axis=2).argmin(1)
    return body.vertex_bones[near], body.vertex_weights[near]


def _box(mask: BoolArray) -> tuple[int, int, int, int]:
    """Left, right, top, bottom."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(columns[-1]) + 1, int(rows[0]), int(rows[-1]) + 1


def _sheet(mask: BoolArray, count: int = _POINTS) -> ClothSheet:
    return sheet_of(
        mask, lambda points: np.zeros(len(points), np.int8), lambda points, _: np.ones(len(points), np.bool_),
        count=count,
    )  # fmt: skip


def _blown(sheet: ClothSheet, places: Points, roundness: float) -> Hung:
    """A sheet blown up by itself, round no body, its middle at y = 0."""
    everything = np.ones(len(sheet.triangles), np.bool_)
    return hung(
        sheet,
        places,
        sheet.border,
        [],
        ease_m=0.0,
        roundness=[roundness],
        front_faces=everything,
        back_faces=everything,
    )
