"""A dressed figure: a fashion model wearing pieces, as a camera sees it; the picture, and what each pixel shows.

Idea     Pieces become part of the scene of a body (bodies/scene.py) and are lit with it. Each pixel knows which piece
         it shows and how much of that was seen in the product's photo, so that whoever works on the picture knows what
         must stay and what may change.
Costs    About a second for six pieces at 768 x 1024 on one core; benchmarks/dressed.md.
Shapes   H, W height and width of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.bodies.appearance import Appearance
from bottega.models.studio.bodies.body import body
from bottega.models.studio.bodies.camera import FRAME, Camera
from bottega.models.studio.bodies.figure import KeyPoint, camera_on, photographed
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.bodies.skinning import Posed, posed
from bottega.models.studio.dressed.fitted import Fitted, fitted
from bottega.models.studio.dressed.scene import dressed_scene
from bottega.models.studio.garments.cloth import Cloth
from bottega.names import BoolArray, FloatArray

__all__ = ["NO_PIECE", "Dressed", "dressed", "dressed_in", "pictured"]

NO_PIECE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Dressed:
    """One picture of a dressed figure with its layers."""

    photo: Photo
    """[H, W, 3]"""
    alpha: FloatArray
    """[H, W], how much of a pixel is the figure, 0 to 1."""
    depth_m: FloatArray
    """[H, W], before the lens; infinite on the background."""
    normal: FloatArray
    """[H, W, 3] in the scene's axes; 0 on the background."""
    labels: NDArray[np.uint8]
    """[H, W], the part of the body that is there, bare or under cloth, into `LABELS`; `NO_LABEL` on the background."""
    piece: NDArray[np.int8]
    """[H, W], which of the pieces asked for a pixel shows; `NO_PIECE` where none."""
    guessed: FloatArray
    """[H, W], from 0, as the product's photo shows it, to 1, filled in; 0 where no piece is."""
    key_points: tuple[KeyPoint, ...]
    """In the order of `KEY_POINTS`."""
    camera: Camera

    def mask(self, piece: int) -> BoolArray:
        """Where the picture shows a piece [H, W]."""
        return np.asarray(self.piece == piece, bool)

    def seen(self, piece: int) -> float:
        """How much of what the picture shows of a piece was seen in the product's photo, 0 to 1; 0 where it shows
        nothing of it."""
        there = self.mask(piece)
        return float(1 - self.guessed[there].mean()) if there.any() else 0.0


def dressed(
    body_name: str,
    appearance: Appearance,
    pose_name: str,
    cloths: Sequence[Cloth],
    *,
    crop: str = "full",
    around: float = 0.0,
    size: tuple[int, int] = FRAME,
) -> Dressed:
    """A figure that wears pieces made to its body. The same request gives the same picture.

    Raises `RequestInvalid` for a body, pose, style of hair, colour or crop that is none.
    """
    ready = fitted(body(body_name), cloths)
    return dressed_in(ready, appearance, pose_name, crop=crop, around=around, size=size)


def dressed_in(
    ready: Fitted,
    appearance: Appearance,
    pose_name: str,
    *,
    crop: str = "full",
    around: float = 0.0,
    size: tuple[int, int] = FRAME,
) -> Dressed:
    """The same in pieces that were fitted before: for many poses and angles of one outfit."""
    return pictured(ready, appearance, posed(ready.body, pose(pose_name)), crop=crop, around=around, size=size)


def pictured(
    ready: Fitted,
    appearance: Appearance,
    person: Posed,
    *,
    crop: str = "full",
    around: float = 0.0,
    size: tuple[int, int] = FRAME,
) -> Dressed:
    """The same on the body in any stance, named or not."""
    person, scene, owners = dressed_scene(ready, appearance, person)
    camera = camera_on(person, scene, crop=crop, around=around, size=size)
    found = photographed(person, scene, appearance, camera=camera)
    face = found.layers.face
    piece = np.where(face >= 0, owners[np.maximum(face, 0)], NO_PIECE).astype(np.int8)
    guessed = np.where(piece >= 0, np.clip(found.layers.carried, 0, 1), 0).astype(np.float32)
    return Dressed(
        photo=found.photo,
        alpha=found.layers.alpha,
        depth_m=found.layers.depth_m,
        normal=found.layers.normal,
        labels=found.labels,
        piece=piece,
        guessed=guessed,
        key_points=found.key_points,
        camera=found.layers.camera,
    )
