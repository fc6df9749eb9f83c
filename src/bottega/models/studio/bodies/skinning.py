"""Skin over bones: where every vertex of a body lies in a pose.

Idea     Linear blend skinning: a vertex goes with each of its four bones as if it hung on that one alone, and lies at
         the weighted mean of the four places.
Source   Magnenat-Thalmann, Laperriere and Thalmann 1988, "Joint-dependent local deformations".
Costs    About 2 ms a body once compiled. Where a joint bends past a right angle its skin grows thin, as it does
         everywhere with this method.
Shapes   V vertices, F faces, B bones, P key points; metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.jit import kernel
from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.poses import Pose
from bottega.models.studio.bodies.skeleton import Stance, stance
from bottega.names import FloatArray

__all__ = ["Posed", "follow", "normals_of", "posed"]


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    """A body in a pose, its lowest point on the floor."""

    body: BodyMesh
    pose: Pose
    vertices: FloatArray
    """[V, 3]"""
    normals: FloatArray
    """[V, 3], of length 1, outwards."""
    stance: Stance
    seat_m: float
    """How high the seat under it is; 0 where it does not sit."""


def posed(body: BodyMesh, pose: Pose) -> Posed:
    """A body in a pose. The same body and pose give the same vertices, bit by bit."""
    bones = stance(body, pose)
    vertices = follow(body.vertices, body.vertex_bones, body.vertex_weights, body.heads, bones)
    floor = np.float32(vertices[:, 2].min())
    vertices[:, 2] -= floor
    heads = bones.heads.copy()
    heads[:, 2] -= floor
    seat = 0.0
    if pose.seat:
        seat = float(vertices[body.vertex_parts == PARTS.index("hips"), 2].min()) + 0.005
    return Posed(body, pose, vertices, normals_of(vertices, body.faces), Stance(bones.turns, heads), seat)


@kernel
def _follow(
    vertices: NDArray[np.float32],
    owners: NDArray[np.uint8],
    weights: NDArray[np.float32],
    turns: NDArray[np.float32],
    shifts: NDArray[np.float32],
) -> NDArray[np.float32]:
    out = np.zeros_like(vertices)
    for v in range(len(vertices)):
        for k in range(owners.shape[1]):
            weight = weights[v, k]
            if weight > 0:
                bone = owners[v, k]
                for row in range(3):
                    out[v, row] += weight * (
                        turns[bone, row, 0] * vertices[v, 0]
                        + turns[bone, row, 1] * vertices[v, 1]
                        + turns[bone, row, 2] * vertices[v, 2]
                        + shifts[bone, row]
                    )
    return out


def follow(
    points: FloatArray, owners: NDArray[np.uint8], weights: FloatArray, rest_heads: FloatArray, bones: Stance
) -> FloatArray:
    """Points [N, 3] at rest, each on some bones [N, K] with weights [N, K], where the bones have gone."""
    shifts = bones.heads - np.einsum("bij,bj->bi", bones.turns, rest_heads)
    return np.asarray(
        _follow(np.ascontiguousarray(points, np.float32), owners, weights, bones.turns, np.asarray(shifts, np.float32)),
        np.float32,
    )


@kernel
def normals_of(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.float32]:
    """Normals [V, 3] of vertices: the mean of the faces around each, weighted by their areas."""
    out = np.zeros_like(vertices)
    for f in range(len(faces)):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ux, uy, uz = (vertices[b, 0] - vertices[a, 0], vertices[b, 1] - vertices[a, 1], vertices[b, 2] - vertices[a, 2])
        vx, vy, vz = (vertices[c, 0] - vertices[a, 0], vertices[c, 1] - vertices[a, 1], vertices[c, 2] - vertices[a, 2])
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for corner in range(3):
            out[faces[f, corner], 0] += nx
            out[faces[f, corner], 1] += ny
            out[faces[f, corner], 2] += nz
    for v in range(len(vertices)):
        size = np.sqrt(out[v, 0] ** 2 + out[v, 1] ** 2 + out[v, 2] ** 2)
        if size > 0:
            out[v, 0] /= size
            out[v, 1] /= size
            out[v, 2] /= size
    return out
