"""Made-up views: a thing as a camera sees it from known angles, and how far its front and its back lie.

Idea     Every view is drawn twice as large as it is kept, so that its edges are soft as a photo's. The first view is
         framed as photos of products are; the others are taken by the same camera after it went around the thing's
         upright axis, which stands in the middle of the first view.
Shapes   H, W height and width of a view, in pixels; depths are shares of the frame, from the axis, growing away from
         the camera.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.jit import kernel
from bottega.models.studio.bodies.raster import rasterised
from bottega.models.studio.turntable.made_looks import MadeLook, MadeStudio, painted, shaded
from bottega.models.studio.turntable.made_solids import MadeSolid
from bottega.models.studio.turntable.relief import FRAME_PX
from bottega.names import FloatArray

__all__ = ["MadeCamera", "View", "camera_on", "view_of"]


_RAYS = 2


@dataclass(frozen=True, slots=True)
class MadeCamera:
    """A camera on a stand that looks down on the thing by `pitch` degrees from `away` half-sizes of it."""

    pitch: float
    away: float
    scale: float
    """Pixels of a kept view that a half-size takes at the axis."""
    shift: tuple[float, float]
    """Where the axis' middle lies, in pixels from the frame's middle: to the right, down."""

    def seen(self, points: FloatArray, around: float) -> tuple[FloatArray, FloatArray]:
        """Pixels [V, 2] of points [V, 3] from a camera that went `around` by degrees to the right; depth [V]."""
        turned = points @ self.axes(around).T
        scale = self.scale * self.away / (self.away + turned[:, 1])
        x = FRAME_PX / 2 + self.shift[0] + turned[:, 0] * scale
        y = FRAME_PX / 2 + self.shift[1] - turned[:, 2] * scale
        return np.stack([x, y], 1).astype(np.float32), turned[:, 1].astype(np.float32)

    def axes(self, around: float) -> FloatArray:
        """The camera's axes [3, 3] in the scene: right, ahead, up."""
        angle, down = np.radians(around), np.radians(self.pitch)
        right = np.array([np.cos(angle), np.sin(angle), 0])
        level = np.array([-np.sin(angle), np.cos(angle), 0])
        ahead = level * np.cos(down) - np.array([0, 0, np.sin(down)])
        up = level * np.sin(down) + np.array([0, 0, np.cos(down)])
        return np.stack([right, ahead, up]).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a camera sees; on ground of no colour."""

    picture: NDArray[np.uint8]
    """[H, W, 3], sRGB; black where the thing is not."""
    alpha: FloatArray
    """[H, W], share of the pixel that the thing covers."""
    front: FloatArray
    """[H, W]"""
    back: FloatArray
    """[H, W]"""


def camera_on(solid: MadeSolid, pitch: float, away: float, filled: float) -> MadeCamera:
    """A camera that shows a thing from the front, its longer side `filled` of the frame, its picture in the middle."""
    rough = MadeCamera(pitch, away, 1.0, (0.0, 0.0))
    at, _ = rough.seen(solid.vertices, 0.0)
    low, high = at.min(0), at.max(0)
    scale = FRAME_PX * filled / float((high - low).max())
    middle = ((low + high) / 2 - FRAME_PX / 2) * scale
    return MadeCamera(pitch, away, scale, (-float(middle[0]), -float(middle[1])))


def view_of(
    solid: MadeSolid,
    look: MadeLook,
    studio: MadeStudio,
    camera: MadeCamera,
    around: float = 0.0,
    *,
    depths: bool = True,
) -> View:
    """A thing from `around` degrees to the right of where it was photographed first."""
    size = FRAME_PX * _RAYS
    at, depth = camera.seen(solid.vertices, around)
    fine = np.ascontiguousarray(at * _RAYS)
    sheets = np.ones(len(solid.faces), np.bool_)
    near = np.asarray(1 / (camera.away + depth), np.float32)
    face, _ = rasterised(fine, near, solid.faces, sheets, size, size)
    shares, hit = _shares(fine, near, solid.faces, face)
    faces = solid.faces[face[hit[:, 0], hit[:, 1]]]
    own = (solid.own[faces] * shares[..., None]).sum(1)
    normals = (solid.normals[faces] * shares[..., None]).sum(1) @ camera.axes(around).T
    normals *= np.where(normals[:, 1:2] > 0, -1, 1) / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    light = shaded(painted(look, own, solid.coats[face[hit[:, 0], hit[:, 1]]]), normals, studio)
    whole = np.zeros((size, size, 3), np.float32)
    whole[hit[:, 0], hit[:, 1]] = np.clip(light, 0, 1)
    cover = (face >= 0).astype(np.float32)
    alpha = _smaller(cover)
    share = np.maximum(alpha, 1e-6)[..., None]
    picture = (np.clip(_smaller(whole) / share, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)
    front, back = np.zeros_like(alpha), np.zeros_like(alpha)
    if depths:
        unit = camera.scale / FRAME_PX
        behind, _ = rasterised(fine, -near, solid.faces, sheets, size, size)
        far, _ = _shares(fine, near, solid.faces, behind)
        for out, found, which in ((front, shares, face), (back, far, behind)):
            layer = np.zeros((size, size), np.float32)
            layer[hit[:, 0], hit[:, 1]] = (depth[solid.faces[which[hit[:, 0], hit[:, 1]]]] * found).sum(1) * unit
            out[:] = _smaller(layer) / share[..., 0]
    return View(picture, alpha, front, back)


def _smaller(fine: FloatArray) -> FloatArray:
    """Means of squares of `_RAYS` pixels a side."""
    height, width = fine.shape[0] // _RAYS, fine.shape[1] // _RAYS
    return np.asarray(fine.reshape(height, _RAYS, width, _RAYS, *fine.shape[2:]).mean((1, 3)), np.float32)


@kernel
def _shares(
    seen: NDArray[np.float32], near: NDArray[np.float32], faces: NDArray[np.int32], face: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """How much each corner of its face counts at each pixel that shows one [N, 3], and the pixels' rows and columns."""
    count = 0
    for y in range(face.shape[0]):
        for x in range(face.shape[1]):
            if face[y, x] >= 0:
                count += 1
    shares, hit = np.zeros((count, 3), np.float32), np.zeros((count, 2), np.int32)
    n = 0
    for y in range(face.shape[0]):
        for x in range(face.shape[1]):
            if face[y, x] < 0:
                continue
            a, b, c = faces[face[y, x], 0], faces[face[y, x], 1], faces[face[y, x], 2]
            px, py = x + 0.5, y + 0.5
            area = (seen[b, 0] - seen[a, 0]) * (seen[c, 1] - seen[a, 1]) - (seen[b, 1] - seen[a, 1]) * (
                seen[c, 0] - seen[a, 0]
            )
            wa = ((seen[b, 0] - px) * (seen[c, 1] - py) - (seen[b, 1] - py) * (seen[c, 0] - px)) / area
            wb = ((seen[c, 0] - px) * (seen[a, 1] - py) - (seen[c, 1] - py) * (seen[a, 0] - px)) / area
            wc = 1 - wa - wb
            wa, wb, wc = wa * near[a], wb * near[b], wc * near[c]
            whole = wa + wb + wc
            shares[n, 0], shares[n, 1], shares[n, 2] = wa / whole, wb / whole, wc / whole
            hit[n, 0], hit[n, 1] = y, x
            n += 1
    return shares, hit
