"""Drawn people whose eyes are known from the mesh, and drawn products."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.bodies.body import PARTS
from bottega.models.studio.bodies.fashion_models import on_call
from bottega.models.studio.bodies.figure import Figure, figure
from bottega.models.studio.face_things.finder import FaceFinder
from bottega.models.studio.face_things.points import Face
from bottega.names import FloatArray


@lru_cache(maxsize=1)
def finder() -> FaceFinder:
    """The one that ships."""
    return FaceFinder.shipped()


@lru_cache(maxsize=8)
def person(name: str, around: float = 0.0, pose: str = "standing") -> Figure:
    """A fashion model from the hips up."""
    model = on_call()[name]
    return figure(model.body, model.appearance, pose, crop="upper", around=around, size=(288, 384))


def true_eyes(drawn: Figure) -> FloatArray:
    """Where the irises are, by the mesh [2, 2]; the one on the left of a picture from the front first."""
    rest = drawn.posed.body.vertices
    eyes = drawn.posed.body.vertex_parts == PARTS.index("eyes")
    found = []
    for left in (False, True):
        mine = eyes & ((rest[:, 0] > 0) == left)
        ball = rest[mine]
        centre, radius = (ball.min(0) + ball.max(0)) / 2, float(np.ptp(ball[:, 2])) / 2
        iris = (ball[:, 1] < centre[1]) & (np.hypot(ball[:, 0] - centre[0], ball[:, 2] - centre[2]) < 0.56 * radius)
        found.append(drawn.layers.camera.seen(drawn.posed.vertices[mine][iris].mean(0)[None])[0, :2])
    return np.stack(found)


def one_face(name: str = "bela") -> tuple[Photo, Face]:
    """A picture and its only face."""
    photo = person(name).photo
    (face,) = finder().faces(photo)
    return photo, face


def glasses(*, aside: bool, lens: tuple[int, int, int] = (60, 90, 70)) -> Photo:
    """Drawn glasses on white, from the front or from the side in front, with the near temple on the left."""
    picture = Image.new("RGB", (240, 200), "white")
    draw = ImageDraw.Draw(picture)
    near, far = ((70, 80, 132, 124), (144, 80, 196, 124)) if aside else ((40, 80, 112, 124), (128, 80, 200, 124))
    for box in (near, far):
        draw.ellipse(box, fill=(30, 20, 20))
        draw.ellipse((box[0] + 4, box[1] + 4, box[2] - 4, box[3] - 4), fill=lens)
    draw.line((near[2] - 4, 98, far[0] + 4, 98), fill=(30, 20, 20), width=4)
    if aside:
        draw.line((near[0] + 4, 96, 12, 84), fill=(30, 20, 20), width=5)
        draw.line((far[2] - 4, 90, 140, 66), fill=(30, 20, 20), width=4)
    return np.asarray(picture)


def cap(*, aside: bool = False) -> NDArray[np.uint8]:
    """A drawn cap, cut out: RGBA."""
    picture = Image.new("RGBA", (320, 140), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.pieslice((30, 10, 170, 190), 180, 360, fill=(180, 30, 40, 255))
    draw.rectangle((26, 96, 270 if aside else 174, 118), fill=(120, 20, 30, 255))
    return np.asarray(picture)
