"""Clothes cut from the skin of a body: shells at a distance from it, with a picture of squares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.skinning import normals_of
from bottega.models.studio.garments.cloth import LAYERS, Cloth
from bottega.names import FloatArray

PARTS_OF = {
    "top": ("chest", "waist", "left_upper_arm", "right_upper_arm"),
    "jacket": ("chest", "waist", "hips", "left_upper_arm", "right_upper_arm", "left_forearm", "right_forearm"),
    "trousers": ("hips", "left_thigh", "right_thigh", "left_shin", "right_shin"),
    "shoes": ("left_foot", "right_foot"),
}
OFF_M = {"jacket": 0.02, "shoes": 0.006}


def squares(first: tuple[int, int, int], second: tuple[int, int, int], px: int = 128) -> NDArray[np.uint8]:
    """A picture of squares, opaque."""
    row, column = np.indices((px, 2 * px)) // (px // 8)
    picture = np.where(((row + column) % 2 == 0)[..., None], first, second).astype(np.uint8)
    return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])


def shell(body: BodyMesh, cut: str, picture: NDArray[np.uint8], *, open_m: float = 0.0) -> Cloth:
    """A piece of a cut on a body: its front in the left half of the picture and its back, guessed, in the right.

    With `open_m` it stands open at the front, so wide.
    """
    normals = normals_of(body.vertices, body.faces)
    within = np.isin(body.face_parts, [PARTS.index(part) for part in PARTS_OF[cut]])
    middle = body.vertices[body.faces].mean(1)
    front = normals[body.faces].mean(1)[:, 1] < 0
    if open_m:
        within &= ~(front & (abs(middle[:, 0]) < open_m / 2) & (body.face_parts != PARTS.index("neck")))
    points: list[FloatArray] = []
    faces, places, owners, weights, guessed = [], [], [], [], []
    low, high = (
        body.vertices[np.unique(body.faces[within])].min(0),
        body.vertices[np.unique(body.faces[within])].max(0),
    )
    for side, half in enumerate((within & front, within & ~front)):
        used, local = np.unique(body.faces[half], return_inverse=True)
        faces.append(local.reshape(-1, 3) + sum(len(one) for one in points))
        there = body.vertices[used] + OFF_M.get(cut, 0.008) * normals[used]
        share = (body.vertices[used] - low) / (high - low)
        points.append(there)
        places.append(np.stack([0.5 * side + 0.5 * share[:, 0], 1 - share[:, 2]], 1))
        owners.append(body.vertex_bones[used])
        weights.append(body.vertex_weights[used])
        guessed.append(np.full(len(used), float(side)))
    return Cloth(
        cut=cut,
        layer=LAYERS[cut],
        vertices=np.concatenate(points).astype(np.float32),
        faces=np.concatenate(faces).astype(np.int32),
        places=np.concatenate(places).astype(np.float32),
        picture=picture,
        bones=np.concatenate(owners),
        weights=np.concatenate(weights).astype(np.float32),
        guessed=np.concatenate(guessed).astype(np.float32),
    )
