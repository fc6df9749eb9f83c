"""The scene of a dressed figure: the body with its pieces, its hair under a hat and over a collar, its feet in shoes.

Idea     The body's own scene gives way where it is covered: skin under cloth is left out, the base layer shows no
         sleeve beside a strap, hair ends under a hat and lies on what is worn around the neck.
Shapes   V vertices, F faces, of the whole scene.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from bottega.models.studio.bodies.appearance import Appearance
from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.figure import scene_on
from bottega.models.studio.bodies.scene import HAIR, PIECE, BodyScene
from bottega.models.studio.bodies.skeleton import Stance
from bottega.models.studio.bodies.skinning import Posed, normals_of
from bottega.models.studio.dressed.fitted import Fitted
from bottega.models.studio.dressed.worn import Worn, worn
from bottega.names import BoolArray, FloatArray

__all__ = ["dressed_scene"]

_BEFORE_M = 0.003
"""So much nearer each piece counts than the one before it, where both lie at almost one place."""
_HAIR_OFF_M = 0.006
_DIRECTIONS = 36
_ON_CHEST = ("top", "shirt", "dress")
_ROUND_THIGHS = ("skirt", "dress")
_HIGHER_M, _LEAST_M = 0.035, 0.012
"""How far above a hem the base layer ends, and how far under the crotch at least."""
_SECTORS = 12


def dressed_scene(ready: Fitted, appearance: Appearance, person: Posed) -> tuple[Posed, BodyScene, NDArray[np.int8]]:
    """A body in a pose, lifted by the soles under it; its scene with all pieces; which piece each face is of [F]."""
    pieces = worn(ready, person)
    lift = max((-float(one.vertices[:, 2].min()) for one in pieces), default=0.0)
    if lift > 0:
        person = _lifted(person, lift)
        up = np.array([0, 0, lift], np.float32)
        pieces = tuple(replace(one, vertices=one.vertices + up) for one in pieces)
    bare = scene_on(person, appearance)
    body_faces = len(person.body.faces)
    kept = np.ones(len(bare.faces), bool)
    kept[:body_faces] = ready.drawn
    points = bare.vertices
    hair = np.unique(bare.faces[bare.kinds == HAIR])
    if len(hair) and pieces:
        points, normals = _hair_over(bare, hair, ready, pieces)
        kept &= ~_hair_under_hat(points, bare, hair, ready, pieces, person)
        bare = replace(bare, vertices=points, normals=normals)
    under = bare.cloth.copy()
    if person.body.build.grown and any(one.cloth.cut in _ON_CHEST for one in ready.pieces):
        under[: len(person.vertices)] = np.minimum(under[: len(person.vertices)], _strapless(person.body))
    if person.body.build.grown and any(one.cloth.cut in _ROUND_THIGHS for one in ready.pieces):
        under[: len(person.vertices)] = np.minimum(under[: len(person.vertices)], _short(person.body, ready))
    return person, *_joined(replace(bare, cloth=under), kept, ready, pieces, person)


def _lifted(person: Posed, lift: float) -> Posed:
    up = np.array([0, 0, lift], np.float32)
    stance = Stance(person.stance.turns, person.stance.heads + up)
    seat = person.seat_m + lift if person.seat_m else 0.0
    return Posed(person.body, person.pose, person.vertices + up, person.normals, stance, seat)


def _joined(
    bare: BodyScene, kept: BoolArray, ready: Fitted, pieces: tuple[Worn, ...], person: Posed
) -> tuple[BodyScene, NDArray[np.int8]]:
    vertices, normals, faces = [bare.vertices], [bare.normals], [bare.faces[kept]]
    labels, kinds, two_sided = [bare.labels[kept]], [bare.kinds[kept]], [bare.two_sided[kept]]
    places = [np.zeros((len(bare.vertices), 2), np.float32)]
    carried = [np.zeros(len(bare.vertices), np.float32)]
    before = [np.zeros(len(bare.vertices), np.float32)]
    textures = [np.full(int(kept.sum()), -1, np.int16)]
    owners = [np.full(int(kept.sum()), -1, np.int8)]
    tree = cKDTree(person.vertices)
    for at, one in enumerate(pieces):
        begin = sum(map(len, vertices))
        _, nearest = tree.query(one.vertices[one.faces].mean(1), workers=1)
        vertices.append(one.vertices)
        normals.append(one.normals)
        faces.append(one.faces + np.int32(begin))
        labels.append(person.body.vertex_parts[nearest])
        kinds.append(np.full(len(one.faces), PIECE, np.uint8))
        two_sided.append(np.ones(len(one.faces), bool))
        places.append(one.places)
        carried.append(one.guessed)
        before.append(np.full(len(one.vertices), _BEFORE_M * (at + 1), np.float32))
        textures.append(np.full(len(one.faces), at, np.int16))
        owners.append(np.full(len(one.faces), one.at, np.int8))
    points = np.ascontiguousarray(np.concatenate(vertices), np.float32)
    more = len(points) - len(bare.vertices)
    scene = BodyScene(
        vertices=points,
        normals=np.ascontiguousarray(np.concatenate(normals), np.float32),
        faces=np.ascontiguousarray(np.concatenate(faces), np.int32),
        labels=np.concatenate(labels).astype(np.uint8),
        kinds=np.concatenate(kinds),
        two_sided=np.concatenate(two_sided),
        colours=np.concatenate([bare.colours, np.zeros((more, 3), np.float32)]),
        cloth=np.concatenate([bare.cloth, np.full(more, -1, np.float32)]),
        cloth_colour=bare.cloth_colour,
        places=np.ascontiguousarray(np.concatenate(places), np.float32),
        pieces=np.concatenate(textures),
        textures=ready.textures,
        carried=np.concatenate(carried).astype(np.float32),
        before_m=np.concatenate(before),
    )
    return scene, np.concatenate(owners)


def _strapless(body: BodyMesh) -> FloatArray:
    """How far below the armpits each vertex of a body lies [D], in metres: there the base layer ends under a piece."""
    at = {name: body.heads[index] for index, name in enumerate(body.bones)}
    shoulder = (at["upperarm01.L"] + at["upperarm01.R"]) / 2
    height = float(shoulder[2]) - 0.045 * body.build.height_cm / 100
    arm = np.isin(body.vertex_parts, [PARTS.index(f"{side}_upper_arm") for side in ("left", "right")])
    return np.where(arm, -0.05, np.clip(height - body.vertices[:, 2], -0.05, 0.05)).astype(np.float32)


def _short(body: BodyMesh, ready: Fitted) -> FloatArray:
    """How far above the end of its shorts each vertex of a body lies [D], in metres, where a skirt or dress is short.

    They never end above the crotch.
    """
    hips = body.vertices[body.vertex_parts == PARTS.index("hips")]
    ends = float(hips[np.abs(hips[:, 0]) < 0.02, 2].min()) - _LEAST_M
    hems = []
    for piece in ready.pieces:
        if piece.cloth.cut in _ROUND_THIGHS:
            angle = np.arctan2(piece.vertices[:, 1] - hips[:, 1].mean(), piece.vertices[:, 0])
            sector = ((angle / (2 * np.pi) + 0.5) * _SECTORS).astype(int) % _SECTORS
            lowest = np.full(_SECTORS, np.inf)
            np.minimum.at(lowest, sector, piece.vertices[:, 2])
            hems.append(float(lowest[np.isfinite(lowest)].max()))
    thigh = np.isin(body.vertex_parts, [PARTS.index(f"{side}_thigh") for side in ("left", "right")])
    return np.where(thigh, body.vertices[:, 2] - min(ends, min(hems) + _HIGHER_M), 0.05).astype(np.float32)


def _hair_over(
    bare: BodyScene, hair: NDArray[np.int32], ready: Fitted, pieces: tuple[Worn, ...]
) -> tuple[FloatArray, FloatArray]:
    """Vertices and normals of a scene whose hair lies outside of what is worn on chest and neck."""
    points = bare.vertices.copy()
    for one, piece in zip(pieces, ready.pieces, strict=True):
        if piece.cloth.cut not in {*_ON_CHEST, "jacket", "scarf"}:
            continue
        high = np.flatnonzero(one.vertices[:, 2] > points[hair, 2].min() - 0.05)
        if not len(high):
            continue
        for _ in range(2):
            far, near = cKDTree(one.vertices[high]).query(points[hair], workers=1)
            near = high[near]
            away = np.einsum("hd,hd->h", points[hair] - one.vertices[near], one.normals[near])
            inside = (away < _HAIR_OFF_M) & (away > -0.07) & (far < 0.09)
            points[hair] += np.where(inside, _HAIR_OFF_M - away, 0)[:, None] * one.normals[near]
    strands = bare.faces[bare.kinds == HAIR]
    normals = bare.normals.copy()
    normals[hair] = normals_of(points, strands)[hair]
    return points, normals


def _hair_under_hat(
    points: FloatArray,
    bare: BodyScene,
    hair: NDArray[np.int32],
    ready: Fitted,
    pieces: tuple[Worn, ...],
    person: Posed,
) -> BoolArray:
    """[F], the faces of hair above the rim of a hat, looked at from the middle of the head on every side."""
    out = np.zeros(len(bare.faces), bool)
    head = person.body.bones.index("head")
    turn, middle = person.stance.turns[head], person.stance.heads[head]
    for one, piece in zip(pieces, ready.pieces, strict=True):
        if piece.cloth.cut != "hat":
            continue
        rim = np.full(_DIRECTIONS, np.inf)
        worn_at = (one.vertices[np.unique(one.faces)] - middle) @ turn
        np.minimum.at(rim, _direction(worn_at), worn_at[:, 2])
        rim = np.where(np.isfinite(rim), rim, np.median(rim[np.isfinite(rim)]))
        local = (points[hair] - middle) @ turn
        above = np.zeros(len(points), bool)
        above[hair] = local[:, 2] > rim[_direction(local)] + 0.004
        out |= (bare.kinds == HAIR) & above[bare.faces].any(1)
    return out


def _direction(points: FloatArray) -> NDArray[np.int64]:
    angle = np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi) + 0.5
    return np.asarray(np.minimum((angle * _DIRECTIONS).astype(np.int64), _DIRECTIONS - 1), np.int64)
