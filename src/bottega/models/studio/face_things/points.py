"""The points of a face by name, and what follows from where they are: its eye line, its size, which way it looks.

Idea     Forty-six points are enough to lay glasses, a hat, earrings and colour on a face: the eyes, the lips inside and
         outside, the outline of the head. Left and right are those of the picture.
Shapes   N faces, 46 points, x and y in pixels of a photo, the middle of its first pixel at (0.5, 0.5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.names import FloatArray

__all__ = ["BROWS", "INNER_LIPS", "LEFT_EYE", "MIRRORED", "OUTER_LIPS", "POINTS", "RIGHT_EYE", "Face", "frame_of"]

POINTS = (
    "left_eye_outer", "left_eye_inner", "left_lid_upper", "left_lid_lower",
    "right_eye_inner", "right_eye_outer", "right_lid_upper", "right_lid_lower",
    "left_iris", "right_iris", "left_brow", "right_brow", "nose_bridge", "nose_tip",
    *(f"outer_lip_{place}" for place in range(12)), *(f"inner_lip_{place}" for place in range(8)),
    "forehead", "chin", "left_ear", "right_ear", "left_temple", "right_temple", "left_lobe", "right_lobe",
    "left_jaw", "right_jaw", "left_forehead", "right_forehead",
)  # fmt: skip
"""Lips run from the left corner along the upper lip to the right corner, and back along the lower one."""
LEFT_EYE, RIGHT_EYE = slice(0, 4), slice(4, 8)
BROWS = (10, 11)
OUTER_LIPS, INNER_LIPS = slice(14, 26), slice(26, 34)
LEFT_CORNER, RIGHT_CORNER = 14, 20
MIRRORED: NDArray[np.intp] = np.array(
    [5, 4, 6, 7, 1, 0, 2, 3, 9, 8, 11, 10, 12, 13,
     20, 19, 18, 17, 16, 15, 14, 25, 24, 23, 22, 21, 30, 29, 28, 27, 26, 33, 32, 31,
     34, 35, 37, 36, 39, 38, 41, 40, 43, 42, 45, 44]
)  # fmt: skip
"""Which point each one becomes in a mirror."""
SIDE = 3.6
"""Side of the square that the network looks at, in sizes of a face."""
_MOUTH_SHARE = 0.95
"""From the middle of the eyes to the mouth, in distances between eyes that look straight ahead, and a little less."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face on a photo."""

    points: FloatArray
    """[46, 2] in the order of `POINTS`."""
    sure: float
    """How sure it is one, 0 to 1."""
    yaw: float
    """How far it is turned, in degrees; above 0 towards the right of the picture."""

    @property
    def eyes(self) -> FloatArray:
        """Middle of each eye [2, 2], the one on the left of the picture first."""
        return np.stack([self.points[LEFT_EYE].mean(0), self.points[RIGHT_EYE].mean(0)])

    @property
    def between_eyes(self) -> float:
        """Distance between the middles of the eyes, in pixels."""
        return float(np.hypot(*(self.eyes[1] - self.eyes[0])))

    @property
    def roll(self) -> float:
        """Angle of the eye line in degrees; above 0 where the right eye of the picture is lower."""
        return float(np.degrees(np.arctan2(*(self.eyes[1] - self.eyes[0])[::-1])))

    @property
    def height(self) -> float:
        """From the forehead's hair line to the chin, in pixels."""
        return float(np.hypot(*(self.points[POINTS.index("forehead")] - self.points[POINTS.index("chin")])))

    @property
    def width(self) -> float:
        """Width of the head at the temples, in pixels."""
        return float(np.hypot(*(self.points[POINTS.index("left_temple")] - self.points[POINTS.index("right_temple")])))


def frame_of(points: FloatArray) -> FloatArray:
    """Middle (x, y), size in pixels and roll in radians of faces: [N, 46, 2] to [N, 4]."""
    left, right = points[:, LEFT_EYE].mean(1), points[:, RIGHT_EYE].mean(1)
    eyes, mouth = (left + right) / 2, (points[:, LEFT_CORNER] + points[:, RIGHT_CORNER]) / 2
    across, down = right - left, mouth - eyes
    size = np.maximum(np.hypot(across[:, 0], across[:, 1]), _MOUTH_SHARE * np.hypot(down[:, 0], down[:, 1]))
    roll = np.arctan2(across[:, 1], across[:, 0])
    return np.column_stack([(eyes + mouth) / 2, size, roll]).astype(np.float32)
