"""A dressed figure from all sides: as the frames of a turn, and as solids for a 3D file.

Idea     Cloth and body are put together once and seen by a camera that goes around them, which neither nears nor sinks
         on its way.
Costs    About 0.1 s a frame of 360 x 480 on one core; benchmarks/dressed.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.bodies.appearance import Appearance
from bottega.models.studio.bodies.camera import Camera
from bottega.models.studio.bodies.figure import camera_on, photographed
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.bodies.scene import HAIR, BodyScene
from bottega.models.studio.bodies.skinning import Posed, posed
from bottega.models.studio.dressed.fitted import Fitted
from bottega.models.studio.dressed.scene import dressed_scene
from bottega.models.studio.solids import Solid
from bottega.names import FloatArray

__all__ = ["solids_of", "turned"]

_MARGIN = 0.03
"""Free on each side of a turn, as a share of the picture's width."""


def turned(
    ready: Fitted, appearance: Appearance, pose_name: str, frames: int, size: tuple[int, int], *, crop: str = "full"
) -> Iterator[Photo]:
    """Pictures [H, W, 3] from all sides, the first from the front, each further to the figure's left."""
    person, scene, _ = dressed_scene(ready, appearance, posed(ready.body, pose(pose_name)))
    for camera in _cameras(person, scene, frames, size, crop):
        yield photographed(person, scene, appearance, camera=camera).photo


def _cameras(person: Posed, scene: BodyScene, frames: int, size: tuple[int, int], crop: str) -> list[Camera]:
    width, _ = size
    found = [camera_on(person, scene, crop=crop, around=360 * k / frames, size=size) for k in range(frames)]
    far = np.hypot(scene.vertices[:, 0], scene.vertices[:, 1]).max()
    away = found[0].away_m
    widest = width * (0.5 - _MARGIN) * np.sqrt(away**2 - far**2) / far
    least = min(found, key=lambda camera: camera.focal_px)
    focal = min(least.focal_px, float(widest))
    height = size[1]
    # The lens keeps the height at which the nearest of them had it, whatever the focal length became.
    up = height / 2 + (least.centre_px[1] - height / 2) * focal / least.focal_px
    return [replace(camera, focal_px=focal, centre_px=(width / 2, up)) for camera in found]


def solids_of(ready: Fitted, appearance: Appearance, pose_name: str) -> list[Solid]:
    """The figure in a pose as meshes: skin, base layer, hair, seat, and each piece with its picture."""
    _, scene, owners = dressed_scene(ready, appearance, posed(ready.body, pose(pose_name)))
    solids = []
    bare = owners < 0
    under = (scene.cloth[scene.faces] > 0).all(1) & bare
    cloth = np.broadcast_to(scene.cloth_colour, scene.colours.shape)
    for name, faces, colours in (
        ("figure", bare & ~under & (scene.kinds != HAIR), scene.colours),
        ("base layer", under, cloth),
        ("hair", bare & (scene.kinds == HAIR), scene.colours),
    ):
        shown = np.rint(np.clip(colours, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)
        solids.append(Solid(name, scene.vertices, scene.faces[faces], scene.normals, colours=shown))
    for piece in ready.pieces:
        faces = owners == piece.at
        solids.append(
            Solid(
                f"{piece.cloth.cut} {piece.at + 1}",
                scene.vertices,
                scene.faces[faces],
                _outwards(scene),
                places=scene.places,
                picture=piece.cloth.picture,
            )
        )
    return solids


def _outwards(scene: BodyScene) -> FloatArray:
    """Normals of length 1, also where a mesh has none."""
    size = np.linalg.norm(scene.normals, axis=1, keepdims=True)
    return np.where(size > 0, scene.normals / np.maximum(size, 1e-9), [0, 0, 1]).astype(np.float32)
