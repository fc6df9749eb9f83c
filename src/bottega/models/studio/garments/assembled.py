"""Assembled: a piece round a body, its picture and its bones become cloth.

Shapes   V vertices; H, W height and width of the cut-out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.bodies.body import BodyMesh
from bottega.models.studio.bodies.poses import Pose
from bottega.models.studio.bodies.skeleton import Stance
from bottega.models.studio.bodies.skinning import Posed, normals_of
from bottega.models.studio.garments.cloth import LAYERS, Cloth
from bottega.models.studio.garments.hanging import Hung, at_rest
from bottega.models.studio.garments.pictures import Neckline, painted
from bottega.models.studio.garments.sewing import ClothSheet
from bottega.names import BoolArray, FloatArray

__all__ = ["assembled", "on_bone", "resting"]


def assembled(
    cut: str,
    piece: Hung,
    sheet: ClothSheet,
    photo: Photo,
    mask: BoolArray,
    known: BoolArray,
    bones: NDArray[np.uint8],
    weights: FloatArray,
    person: Posed,
    neckline: Neckline | None = None,
) -> Cloth:
    """Cloth of a piece that hangs round a posed body, painted with the photo [H, W, 3] of its cut-out."""
    height, width = mask.shape
    # At a seam the back has vertices of its own, at the same place: the picture jumps there.
    seam = np.setdiff1d(piece.faces[piece.front_faces :], np.flatnonzero(piece.back))
    number = np.arange(len(piece.vertices))
    number[seam] = len(number) + np.arange(len(seam))
    faces = np.concatenate([piece.faces[: piece.front_faces], number[piece.faces[piece.front_faces :]]])
    used = np.unique(faces)
    faces = np.searchsorted(used, faces)
    of = np.concatenate([np.arange(len(piece.vertices)), seam])[used]
    back = np.concatenate([piece.back, np.ones(len(seam), np.bool_)])[used]
    places = np.clip(sheet.points[piece.points[of]] / [width, height], 0, 1)
    places[:, 0] = (np.clip(places[:, 0], 0.5 / width, 1 - 0.5 / width) + back) / 2
    return Cloth(
        cut=cut,
        layer=LAYERS[cut],
        vertices=at_rest(piece.vertices, bones, weights, person)[of],
        faces=faces.astype(np.int32),
        places=places.astype(np.float32),
        picture=painted(photo, known, neckline),
        bones=bones[of],
        weights=weights[of],
        guessed=np.where(back, 1.0, 0.0).astype(np.float32),
    )


def resting(body: BodyMesh) -> Posed:
    """A body at rest, as a pose."""
    turns = np.repeat(np.eye(3, dtype=np.float32)[None], len(body.bones), 0)
    return Posed(
        body, Pose("rest", "standing", ""), body.vertices, normals_of(body.vertices, body.faces),
        Stance(turns, body.heads), 0.0,
    )  # fmt: skip


def on_bone(body: BodyMesh, bone: str, count: int) -> tuple[NDArray[np.uint8], FloatArray]:
    """Bones and weights [count, 1] of what goes with one bone alone."""
    index = body.bones.index(bone)
    return np.full((count, 1), index, np.uint8), np.ones((count, 1), np.float32)
