"""The scene: everything that is drawn, as one mesh; a body, its hair, its base layer, and what it sits on.

Idea     A body is never shown bare: skin that the base layer covers is drawn as cloth. It is a field over the vertices,
         above 0 where there is cloth, so that its edges are sharp however large the faces are. On a body under 18 it
         reaches the elbows and the knees.
Shapes   V vertices, F faces.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.hair import HairStyle, hair_on
from bottega.models.studio.bodies.skinning import Posed, normals_of
from bottega.models.studio.bodies.textures import NO_TEXTURES, Textures
from bottega.names import FloatArray

__all__ = ["LABELS", "BodyScene", "base_layer", "scene_of"]

LABELS = (*PARTS, "hair", "seat")
SKIN, EYE, HAIR, SEAT, BASE_LAYER, PIECE = range(6)
_SEAT_HALF_M = (0.23, 0.2)
_BLOOD = np.array([1.0, 0.91, 0.92], np.float32)
"""Skin on a body is redder than a swatch of it."""


@dataclass(frozen=True, slots=True, eq=False)
class BodyScene:
    """A mesh that can be drawn. Its first vertices and faces are those of the body."""

    vertices: FloatArray
    """[V, 3], metres."""
    normals: FloatArray
    """[V, 3]"""
    faces: NDArray[np.int32]
    """[F, 3]"""
    labels: NDArray[np.uint8]
    """[F], into `LABELS`."""
    kinds: NDArray[np.uint8]
    """[F], what it is made of: skin, eye, hair, seat, or a piece with a picture."""
    two_sided: NDArray[np.bool_]
    """[F]"""
    colours: FloatArray
    """[V, 3], linear."""
    cloth: FloatArray
    """[V], above 0 where the base layer covers the skin."""
    cloth_colour: FloatArray
    """[3], linear."""
    places: FloatArray = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    """[V, 2], where on its picture a vertex lies; [0, 2] where nothing has a picture, as all that follows."""
    pieces: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    """[F], the picture on a face; -1 for none."""
    textures: Textures = NO_TEXTURES
    carried: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    """[V], any number that whoever made the scene wants to see in the picture."""
    before_m: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    """[V], so much nearer than it is a vertex counts where two things lie at almost one place."""


def scene_of(
    posed: Posed,
    *,
    skin: FloatArray,
    eyes: FloatArray,
    hair: HairStyle | None,
    hair_colour: FloatArray,
    cloth: FloatArray,
) -> BodyScene:
    """A body in a pose, with all colours [3] linear."""
    body = posed.body
    eye = PARTS.index("eyes")
    points, normals, faces = [posed.vertices], [posed.normals], [body.faces]
    labels = [body.face_parts]
    kinds = [np.where(body.face_parts == eye, EYE, SKIN).astype(np.uint8)]
    colours = [_skin_colours(body, skin, eyes)]
    fields = [base_layer(body)]
    sheets = [np.zeros(len(body.faces), np.bool_)]
    more: list[tuple[FloatArray, NDArray[np.int32], int, int, FloatArray, bool]] = []
    if hair is not None:
        mesh = hair_on(posed, hair)
        more.append((mesh.vertices, mesh.faces, LABELS.index("hair"), HAIR, mesh.tint[:, None] * hair_colour, True))
    if posed.seat_m:
        block, block_faces = _seat(posed)
        grey = np.full((len(block), 3), 0.62, np.float32)
        more.append((block, block_faces, LABELS.index("seat"), SEAT, grey, False))
    for vertices, triangles, label, kind, colour, sheet in more:
        before = sum(map(len, points))
        points.append(vertices)
        normals.append(normals_of(vertices, triangles))
        faces.append(triangles + np.int32(before))
        labels.append(np.full(len(triangles), label, np.uint8))
        kinds.append(np.full(len(triangles), kind, np.uint8))
        colours.append(np.asarray(colour, np.float32))
        fields.append(np.full(len(vertices), -1, np.float32))
        sheets.append(np.full(len(triangles), sheet, np.bool_))
    return BodyScene(
        vertices=np.concatenate(points),
        normals=np.concatenate(normals),
        faces=np.ascontiguousarray(np.concatenate(faces), np.int32),
        labels=np.concatenate(labels),
        kinds=np.concatenate(kinds),
        two_sided=np.concatenate(sheets),
        colours=np.ascontiguousarray(np.concatenate(colours), np.float32),
        cloth=np.concatenate(fields),
        cloth_colour=np.asarray(cloth, np.float32),
    )


def base_layer(body: BodyMesh) -> FloatArray:
    """How far inside the base layer each vertex of a body lies [V], in metres along the skin; below 0 it is bare."""
    at = {name: body.heads[index] for index, name in enumerate(body.bones)}
    points, tall = body.vertices, body.build.height_cm / 100
    sleeve, leg = (0.34, 0.24) if body.build.grown else (0.72, 0.82)
    neck = at["neck01"] + np.array([0, -0.012, -0.004], np.float32) * np.float32(tall)
    collar = np.linalg.norm((points - neck) * np.array([1, 1, 1.25], np.float32), axis=1) - np.float32(0.052 * tall)
    inside = np.full(len(points), -0.05, np.float32)

    def along(begin: str, end: str) -> tuple[FloatArray, float]:
        way = at[end] - at[begin]
        length = float(np.linalg.norm(way))
        return np.asarray((points - at[begin]) @ (way / length) / length, np.float32), length

    for part in ("chest", "waist", "hips"):
        of = body.vertex_parts == PARTS.index(part)
        inside[of] = np.minimum(collar[of], 0.05)
    for side, letter in (("left", "L"), ("right", "R")):
        for part, begin, end, reach in (
            ("upper_arm", "upperarm01", "lowerarm01", sleeve),
            ("thigh", "upperleg01", "lowerleg01", leg),
        ):
            share, length = along(f"{begin}.{letter}", f"{end}.{letter}")
            of = body.vertex_parts == PARTS.index(f"{side}_{part}")
            inside[of] = np.clip((reach - share[of]) * length, -0.05, 0.05)
    return inside


def _skin_colours(body: BodyMesh, skin: FloatArray, eyes: FloatArray) -> FloatArray:
    """Colours of a body's vertices [V, 3]: skin, and the white, the iris and the pupil of each eye."""
    out = np.repeat((skin * _BLOOD).astype(np.float32)[None], len(body.vertices), 0)
    eye = body.vertex_parts == PARTS.index("eyes")
    for left in (True, False):
        mine = eye & ((body.vertices[:, 0] > 0) == left)
        ball = body.vertices[mine]
        centre = (ball.min(0) + ball.max(0)) / 2
        radius = float(np.ptp(ball[:, 2])) / 2
        from_axis = np.hypot(ball[:, 0] - centre[0], ball[:, 2] - centre[2]) / radius
        front = ball[:, 1] < centre[1]
        colour = np.full((len(ball), 3), 0.62, np.float32)
        colour[front & (from_axis < 0.56)] = eyes
        colour[front & (from_axis < 0.25)] = 0.01
        out[mine] = colour
    return out


def _seat(posed: Posed) -> tuple[FloatArray, NDArray[np.int32]]:
    """A plain block under who sits, turned with them."""
    turn = posed.stance.turns[0][:, :2] @ np.eye(2, dtype=np.float32)
    forward = -turn[:2, 1] / np.linalg.norm(turn[:2, 1])
    aside = np.array([-forward[1], forward[0]], np.float32)
    hips = posed.vertices[posed.body.vertex_parts == PARTS.index("hips"), :2].mean(0)
    corners = [hips + x * _SEAT_HALF_M[0] * aside + y * _SEAT_HALF_M[1] * forward
               for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]  # fmt: skip
    low = [(*corner, 0.0) for corner in corners]
    high = [(*corner, posed.seat_m) for corner in corners]
    around = [(low[i], low[(i + 1) % 4], high[(i + 1) % 4], high[i]) for i in range(4)]
    quads = np.array([*around, high], np.float32)
    middle = np.array([*hips, posed.seat_m / 2], np.float32)
    faces = []
    for k, quad in enumerate(quads):
        normal = np.cross(quad[1] - quad[0], quad[2] - quad[0])
        order = (0, 1, 2, 3) if normal @ (quad.mean(0) - middle) > 0 else (3, 2, 1, 0)
        faces += [[4 * k + order[0], 4 * k + order[1], 4 * k + order[2]],
                  [4 * k + order[0], 4 * k + order[2], 4 * k + order[3]]]  # fmt: skip
    return quads.reshape(-1, 3), np.array(faces, np.int32)
