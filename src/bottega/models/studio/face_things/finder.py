"""Faces on a photo: where one may be, whether it is one, and where its points are.

Idea     A cascade of local binary patterns proposes squares, in an upright photo and, where it sees nothing there, in
         one turned a little either way. The network looks at each proposal twice, and once more from a little aside:
         what is no face it says, and where its last two looks disagree the points are not to be trusted.
Source   Cascade: Viola & Jones 2001, https://doi.org/10.1109/CVPR.2001.990517; local binary patterns: Ahonen et al.
         2006, https://doi.org/10.1109/TPAMI.2006.244. Its file (BSD licence) comes in the wheel of scikit-image.
Serves   One face or several, of 24 pixels and more, turned by up to about 35 degrees.
Costs    benchmarks/face_things.md.
Shapes   H, W height and width of a photo, N faces.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from skimage.feature import Cascade

from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.face_things.cascade_file import frontal_cascade
from bottega.models.studio.face_things.layout import SQUARE_PX
from bottega.models.studio.face_things.network import FacePointsNetwork
from bottega.models.studio.face_things.points import POINTS, SIDE, Face, frame_of
from bottega.names import FloatArray

__all__ = ["LEAST_PX", "MOST_YAW", "FaceFinder", "FinderConfig", "the_face"]

_NAME = "face_points"
LEAST_PX = 24
"""Height of a face, from the hair line to the chin, under which nothing is laid on it."""
MOST_YAW = 35.0
"""Degrees that a face may be turned away."""
_LOOK_PX, _LARGER, _LEAST_WINDOW = 640, 1.5, 26
"""Longer side at which the cascade looks, how much a small photo is enlarged for it, its smallest window there."""
_STEP = 1.15
_TURNS = (0.0, -25.0, 25.0)
_SURE, _AGREE = 0.8, 0.12
"""Sureness from which it is a face; difference of two looks, in sizes of a face, from which its points are unsure."""
_ASIDE = np.array([0.06, -0.05, 1.06, 0.05], np.float32)
"""The third look: moved in sizes, larger, turned."""
_SAME = 0.8
"""Faces nearer to each other than this share of their size are one."""


@dataclass(frozen=True, slots=True)
class FinderConfig:
    """What is saved beside the weights."""

    version: str = "0"
    """Stamp of what it says."""
    box_middle: float = 0.068
    """How far under the middle of the cascade's square the middle of a face lies, in sides of the square."""
    box_size: float = 0.385
    """Size of a face in sides of that square."""


class FaceFinder:
    """A trained one."""

    def __init__(self, config: FinderConfig, network: FacePointsNetwork) -> None:
        self.config = config
        self.network = network.eval()

    @property
    def version(self) -> str:
        """Stamp of what it says."""
        return self.config.version

    def faces(self, photo: Photo) -> list[Face]:
        """Every face on a photo [H, W, 3] that is surely one, the largest first."""
        for turn in _TURNS:
            frames = self._proposed(photo, turn)
            found = self._told(photo, frames) if len(frames) else []
            if found:
                return found
        return []

    def looked(self, photo: Photo, frames: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """One look at squares of a photo: frames [N, 4] (middle x, y, size, roll in radians) to points [N, 46, 2],
        yaw in degrees [N] and sureness [N]."""
        squares = np.stack([_square(photo, frame) for frame in frames])
        with torch.inference_mode():
            points, turn, sure = self.network(torch.from_numpy(squares))
        cos, sin = np.cos(frames[:, 3]), np.sin(frames[:, 3])
        turned = np.stack([np.stack([cos, -sin], 1), np.stack([sin, cos], 1)], 1)
        there = np.einsum("nij,npj->npi", turned, points.numpy() * (SIDE * frames[:, 2])[:, None, None])
        yaw = np.degrees(np.arcsin(np.clip(turn.numpy(), -1, 1)))
        return (frames[:, None, :2] + there).astype(np.float32), yaw, torch.sigmoid(sure).numpy()

    def followed(self, photo: Photo, points: FloatArray) -> Face | None:
        """The face that was last seen at points [46, 2], on the next picture of a film; None where it is gone."""
        told = self._settled(photo, frame_of(points[None]))
        return told[0] if told else None

    def save(self, folder: Path) -> None:
        """Write into an existing folder."""
        save_arrays(folder, model=_NAME, config=self.config, arrays=half_arrays(self.network))

    @classmethod
    def load(cls, folder: Path) -> FaceFinder:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        network = FacePointsNetwork()
        load_state(network, saved)
        return cls(saved.settings(FinderConfig), network)

    @classmethod
    def shipped(cls) -> FaceFinder:
        """The one that comes with Bottega."""
        return cls.load(shipped_folder("studio", _NAME))

    def _proposed(self, photo: Photo, turn: float) -> FloatArray:
        """Frames of what the cascade takes for faces [N, 4], in a photo turned by so many degrees."""
        height, width = photo.shape[:2]
        scale = min(_LARGER, _LOOK_PX / max(height, width))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = Image.fromarray(photo).convert("L").resize(size, Image.Resampling.BILINEAR)
        look = np.asarray(small.rotate(turn, Image.Resampling.BILINEAR)) if turn else np.asarray(small)
        if min(look.shape) <= _LEAST_WINDOW:
            return np.zeros((0, 4), np.float32)
        boxes = _cascade().detect_multi_scale(
            look.astype(np.float64) / 255, scale_factor=_STEP, step_ratio=1.0,
            min_size=(_LEAST_WINDOW, _LEAST_WINDOW), max_size=(min(look.shape), min(look.shape)),
        )  # fmt: skip
        angle = np.radians(turn)
        middle = np.array([size[0] / 2, size[1] / 2])
        # A photo that was turned against the clock shows faces that lean the other way.
        back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        frames = []
        for box in boxes:
            side = float(box["width"])
            centre = np.array([box["c"] + side / 2, box["r"] + side / 2 + self.config.box_middle * side])
            x, y = (back @ (centre - middle) + middle) / scale
            frames.append((x, y, self.config.box_size * side / scale, angle))
        return np.array(frames, np.float32).reshape(-1, 4)

    def _told(self, photo: Photo, frames: FloatArray) -> list[Face]:
        points, _, sure = self.looked(photo, frames)
        order = [row for row in np.argsort(-sure) if sure[row] >= _SURE / 8]
        kept: list[int] = []
        laid = frame_of(points)
        for row in order:
            apart = [np.hypot(*(laid[row, :2] - laid[one, :2])) / max(laid[row, 2], laid[one, 2]) for one in kept]
            if not apart or min(apart) > _SAME:
                kept.append(row)
        found = self._settled(photo, laid[kept]) if kept else []
        alone: list[Face] = []
        for face in sorted(found, key=lambda one: -one.height):
            middle = face.points.mean(0)
            if all(np.hypot(*(middle - other.points.mean(0))) > 0.5 * other.height for other in alone):
                alone.append(face)
        return alone

    def _settled(self, photo: Photo, frames: FloatArray) -> list[Face]:
        """Faces of frames [N, 4] that are nearly right: two looks that have to agree."""
        points, _, _ = self.looked(photo, frames)
        again = frame_of(points)
        aside = again.copy()
        aside[:, :2] += _ASIDE[:2] * again[:, 2:3]
        aside[:, 2] *= _ASIDE[2]
        aside[:, 3] += _ASIDE[3]
        last, yaw_again, sure_again = self.looked(photo, np.concatenate([again, aside]))
        count = len(frames)
        first, second = last[:count], last[count:]
        apart = np.linalg.norm(first - second, axis=2)[:, : POINTS.index("left_brow")].mean(1) / again[:, 2]
        sure = np.minimum(sure_again[:count], sure_again[count:])
        turn = (yaw_again[:count] + yaw_again[count:]) / 2
        return [
            Face((first[row] + second[row]) / 2, float(sure[row]), float(turn[row]))
            for row in range(count)
            if sure[row] >= _SURE and apart[row] <= _AGREE
        ]


def the_face(faces: list[Face], shape: tuple[int, ...]) -> Face:
    """The one face that something is laid on, of those on a photo of a shape (H, W ...).

    Raises `PhotoRefused` where there is none, several are of a size, it is turned away, too small, or cut off.
    """
    if not faces:
        raise PhotoRefused(
            "No face is found well enough on the photo.",
            allowed="A photo from the front, the whole face in even light, with nothing before it.",
            next_step="Take a photo from nearer, looking into the camera, without sunglasses.",
        )
    face = faces[0]
    others = [one for one in faces[1:] if one.height > 0.5 * face.height]
    if others:
        raise PhotoRefused(
            f"{len(others) + 1} people look out of the photo.",
            allowed="What is worn on a face is tried on by one person at a time.",
            next_step="Cut the photo to one of them.",
        )
    if face.height < LEAST_PX:
        raise PhotoRefused(
            f"The face on the photo is {face.height:.0f} pixels high.",
            allowed=f"At least {LEAST_PX} pixels from the hair line to the chin.",
            next_step="Take a photo from nearer, or send it in full size.",
        )
    if abs(face.yaw) > MOST_YAW:
        raise PhotoRefused(
            f"The face on the photo is turned aside by about {abs(face.yaw):.0f} degrees.",
            allowed=f"Faces that look into the camera, or past it by {MOST_YAW:.0f} degrees at most.",
            next_step="Take a photo from the front.",
        )
    eyes = face.eyes
    if not ((eyes > 0) & (eyes < np.array([shape[1], shape[0]]))).all():
        raise PhotoRefused(
            "The photo cuts the face off.",
            allowed="Both eyes have to be on it.",
            next_step="Take a photo that shows the whole head.",
        )
    return face


@lru_cache(maxsize=1)
def _cascade() -> Cascade:
    return Cascade(str(frontal_cascade()))


def _square(photo: Photo, frame: FloatArray) -> FloatArray:
    """What the network is shown of a frame (middle x, y, size, roll): [3, 64, 64], of mean 0 and spread 1."""
    height, width = photo.shape[:2]
    x, y, size, roll = (float(value) for value in frame)
    side = SIDE * size
    step = side / SQUARE_PX
    reduced = max(1, int(step))
    if reduced > 1:  # large faces are made smaller first, so that no pixel is left out
        reach = int(side)
        left, top = max(0, int(x) - reach), max(0, int(y) - reach)
        part = photo[top : max(top + reduced, int(y) + reach), left : max(left + reduced, int(x) + reach)]
        photo = np.asarray(Image.fromarray(part).reduce(reduced))
        height, width = photo.shape[:2]
        x, y, step = (x - left) / reduced, (y - top) / reduced, step / reduced
    along = (np.arange(SQUARE_PX, dtype=np.float32) + 0.5 - SQUARE_PX / 2) * step
    cos, sin = np.cos(roll), np.sin(roll)
    across = np.clip(x + cos * along[None] - sin * along[:, None] - 0.5, 0, width - 1)
    down = np.clip(y + sin * along[None] + cos * along[:, None] - 0.5, 0, height - 1)
    c0, r0 = (
        np.minimum(across.astype(np.int32), max(0, width - 2)),
        np.minimum(down.astype(np.int32), max(0, height - 2)),
    )
    c1, r1 = np.minimum(c0 + 1, width - 1), np.minimum(r0 + 1, height - 1)
    u, v = (across - c0)[..., None], (down - r0)[..., None]
    pixels = photo.astype(np.float32) / 255
    seen = (pixels[r0, c0] * (1 - u) + pixels[r0, c1] * u) * (1 - v) + (
        pixels[r1, c0] * (1 - u) + pixels[r1, c1] * u
    ) * v
    seen = seen - seen.mean()
    return np.ascontiguousarray((seen / (seen.std(ddof=1) + 1e-3)).transpose(2, 0, 1), np.float32)
