"""A figure: a fashion model in a pose, as a camera sees it; the picture, and what lies under every pixel.

Idea     Everything that later dresses the figure needs the same things: how near each pixel is, which way its surface
         looks, which part of the body it shows, and where the joints are and whether one sees them.
Source   The sixteen key points are those of Andriluka et al. 2014 (MPII Human Pose), https://doi.org/10.1109/CVPR.2014.471.
Costs    Under a second for 768 x 1024 on one core; benchmarks/bodies.md.
Shapes   H, W height and width, V vertices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import Photo
from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.appearance import Appearance, light_of
from bottega.models.studio.bodies.body import PARTS, BodyMesh, body
from bottega.models.studio.bodies.camera import FRAME, Camera, camera_for
from bottega.models.studio.bodies.hair import hair_named
from bottega.models.studio.bodies.light import Layers, bent, lit
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.bodies.scene import LABELS, BodyScene, scene_of
from bottega.models.studio.bodies.skeleton import Stance
from bottega.models.studio.bodies.skinning import Posed, posed
from bottega.names import FloatArray

__all__ = [
    "CROPS",
    "KEY_POINTS",
    "NO_LABEL",
    "Figure",
    "KeyPoint",
    "camera_on",
    "figure",
    "key_points_of",
    "photographed",
    "posed_key_points",
    "rest_key_points",
    "scene_on",
]

KEY_POINTS = (
    "right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle", "pelvis", "thorax",
    "upper_neck", "head_top", "right_wrist", "right_elbow", "right_shoulder", "left_shoulder", "left_elbow",
    "left_wrist",
)  # fmt: skip
CROPS = ("full", "chin", "upper")
"""All of the body; from the chin down, without a face; from the hips up."""
NO_LABEL = 255
_BONE_OF = {"ankle": "foot", "knee": "lowerleg01", "hip": "upperleg01", "wrist": "wrist", "elbow": "lowerarm01",
            "shoulder": "upperarm01", "thorax": "neck01", "upper_neck": "head",
            "head_top": "head", "pelvis": "root"}  # fmt: skip
_SEEN_ON = {
    "ankle": ("shin", "foot"), "knee": ("thigh", "shin"), "hip": ("thigh", "hips"), "wrist": ("forearm", "hand"),
    "elbow": ("upper_arm", "forearm"), "shoulder": ("upper_arm", "chest"), "pelvis": ("hips", "waist"),
    "thorax": ("neck", "chest"), "upper_neck": ("neck", "head", "hair"), "head_top": ("head", "hair"),
}  # fmt: skip
_DEEP = ("hip",)
"""Joints that lie far under the skin, as all do that are in the middle of the body."""


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One of the sixteen, in pixels of the picture."""

    name: str
    x: float
    y: float
    visible: bool
    """Whether the picture shows where it lies in the body; else something is before it, or it is outside."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One picture of a figure with its layers."""

    photo: Photo
    """[H, W, 3]"""
    posed: Posed
    layers: Layers
    labels: NDArray[np.uint8]
    """[H, W], into `LABELS`; `NO_LABEL` on the background."""
    key_points: tuple[KeyPoint, ...]
    """In the order of `KEY_POINTS`."""

    @property
    def alpha(self) -> FloatArray:
        """[H, W], how much of a pixel is the figure, 0 to 1."""
        return self.layers.alpha

    def mask(self, *parts: str) -> NDArray[np.bool_]:
        """Where the picture shows parts of the body, [H, W]; where it shows anything of the figure, without one."""
        if not parts:
            return np.asarray(self.labels != NO_LABEL, np.bool_)
        return np.isin(self.labels, [LABELS.index(part) for part in parts])


def figure(
    body_name: str,
    appearance: Appearance,
    pose_name: str,
    *,
    crop: str = "full",
    around: float = 0.0,
    size: tuple[int, int] = FRAME,
) -> Figure:
    """A figure of an appearance, in a pose, from so many degrees around. The same request gives the same picture.

    Raises `RequestInvalid` for a body, pose, style of hair, colour or crop that is none.
    """
    person = posed(body(body_name), pose(pose_name))
    scene = scene_on(person, appearance)
    camera = camera_on(person, scene, crop=crop, around=around, size=size)
    return photographed(person, scene, appearance, camera=camera)


def scene_on(person: Posed, appearance: Appearance) -> BodyScene:
    """A body in a pose with its hair and colours, wearing its base layer alone."""
    return scene_of(
        person,
        skin=light_of(appearance.skin),
        eyes=light_of(appearance.eyes),
        hair=hair_named(appearance.hair),
        hair_colour=light_of(appearance.hair_colour),
        cloth=light_of(appearance.base_layer),
    )


def camera_on(
    person: Posed, scene: BodyScene, *, crop: str = "full", around: float = 0.0, size: tuple[int, int] = FRAME
) -> Camera:
    """The camera that shows a scene made on a body in a pose. Raises `RequestInvalid` for a crop that is none."""
    if crop not in CROPS:
        raise RequestInvalid(
            f"No crop is called {crop[:80]!r}.", allowed=f"Crops: {', '.join(CROPS)}.", next_step="Name one of them."
        )
    return camera_for(
        scene.vertices,
        around=around,
        top_m=_chin(person) if crop == "chin" else None,
        bottom_m=_height_of(person, "root") if crop == "upper" else None,
        size=size,
    )


def photographed(person: Posed, scene: BodyScene, appearance: Appearance, *, camera: Camera) -> Figure:
    """A scene made on a body in a pose, as a figure."""
    layers = lit(scene, camera, light_of(appearance.background))
    labels = np.where(layers.face >= 0, scene.labels[np.maximum(layers.face, 0)], NO_LABEL).astype(np.uint8)
    share = layers.alpha[..., None]
    mixed = share * bent(layers.light) + (1 - share) * layers.light
    photo = np.rint(np.clip(mixed, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)
    return Figure(photo, person, layers, labels, _key_points(person, layers, labels))


@lru_cache(maxsize=32)
def rest_key_points(body: BodyMesh) -> FloatArray:
    """The sixteen of a body at rest, [16, 3] in metres."""
    found = np.stack([body.heads[body.bones.index(_bone_of(name))] for name in KEY_POINTS])
    found[KEY_POINTS.index("pelvis")] = (found[KEY_POINTS.index("left_hip")] + found[KEY_POINTS.index("right_hip")]) / 2
    head = body.vertices[body.vertex_parts == PARTS.index("head")]
    found[KEY_POINTS.index("head_top")] = head[head[:, 2].argmax()]
    found.setflags(write=False)
    return found


def _bone_of(name: str) -> str:
    side, _, joint = name.partition("_")
    return f"{_BONE_OF[joint]}.{side[0].upper()}" if side in {"left", "right"} else _BONE_OF[name]


def key_points_of(body: BodyMesh, stance: Stance) -> FloatArray:
    """The key points [16, 3] of a body whose bones stand so."""
    bones = [body.bones.index(_bone_of(name)) for name in KEY_POINTS]
    rest = rest_key_points(body) - body.heads[bones]
    return np.asarray(stance.heads[bones] + np.einsum("pij,pj->pi", stance.turns[bones], rest), np.float32)


def posed_key_points(person: Posed) -> tuple[FloatArray, FloatArray]:
    """The key points of a body in its pose [16, 3], and how deep under the skin each lies [16]."""
    return key_points_of(person.body, person.stance), _deep(person.body)


@lru_cache(maxsize=32)
def _deep(body: BodyMesh) -> FloatArray:
    """How deep under the skin each key point of a body lies [16]."""
    rest = rest_key_points(body)
    found = np.array([np.linalg.norm(body.vertices - point, axis=1).min() for point in rest], np.float32)
    found.setflags(write=False)
    return found


def _key_points(person: Posed, layers: Layers, labels: NDArray[np.uint8]) -> tuple[KeyPoint, ...]:
    points, deep = posed_key_points(person)
    height, width = labels.shape
    found = []
    for name, (x, y, before), under in zip(KEY_POINTS, layers.camera.seen(points), deep, strict=True):
        row, column = int(np.floor(y)), int(np.floor(x))
        visible = False
        if 0 <= row < height and 0 <= column < width and labels[row, column] != NO_LABEL:
            side, _, joint = name.partition("_")
            own = side in {"left", "right"}
            on = {f"{side}_{part}" if own and part not in PARTS else part for part in _SEEN_ON[joint if own else name]}
            shown = LABELS[labels[row, column]] in on
            visible = bool(
                shown
                and layers.depth_m[row, column] > before - (1.6 * under + 0.05 if own and joint not in _DEEP else 0.18)
            )
        found.append(KeyPoint(name, float(x), float(y), visible))
    return tuple(found)


def _height_of(person: Posed, bone: str) -> float:
    return float(person.stance.heads[person.body.bones.index(bone), 2])


def _chin(person: Posed) -> float:
    """The height just under the lips: the eyes are about half way up a head."""
    parts = person.body.vertex_parts
    eyes = person.vertices[parts == PARTS.index("eyes")].mean(0)
    top = person.vertices[parts == PARTS.index("head"), 2].max()
    return float(eyes[2] - 0.72 * (top - eyes[2]))
