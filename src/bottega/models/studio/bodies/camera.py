"""The camera: where a point of a scene comes to lie in the picture.

Idea     A studio's camera on a stand: its axis is level, so upright lines stay upright, and the picture is moved to the
         body by a shift of the lens. It stands far enough away that near limbs do not grow.
Shapes   N points in metres; the picture's origin is its top left corner, a pixel's centre at a half.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.names import FloatArray

__all__ = ["FRAME", "Camera", "camera_for"]

FRAME = (768, 1024)
"""Width and height of a picture."""
_BODIES_AWAY = 3.4
"""How many times the height of what it shows the camera stands away."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A level camera."""

    around: float
    """Degrees that it went around the scene: 0 is in front, 90 at the person's own left."""
    away_m: float
    """From the axis that it goes around."""
    height_m: float
    focal_px: float
    centre_px: tuple[float, float]
    """Where the axis of the lens meets the picture."""
    size: tuple[int, int] = FRAME
    """Width and height."""

    def seen(self, points: FloatArray) -> FloatArray:
        """Pixels x and y of points [N, 3], and how far before the lens they are in metres: [N, 3]."""
        across, before = self._turned(points)
        scale = self.focal_px / before
        return np.stack(
            [
                self.centre_px[0] + across * scale,
                self.centre_px[1] - (points[..., 2] - np.float32(self.height_m)) * scale,
                before,
            ],
            -1,
        ).astype(np.float32)

    @property
    def right(self) -> FloatArray:
        """The direction [3] that goes to the right of the picture."""
        angle = np.radians(self.around)
        return np.array([np.cos(angle), np.sin(angle), 0], np.float32)

    @property
    def ahead(self) -> FloatArray:
        """The direction [3] into the picture."""
        angle = np.radians(self.around)
        return np.array([-np.sin(angle), np.cos(angle), 0], np.float32)

    def _turned(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        return points @ self.right, points @ self.ahead + np.float32(self.away_m)


def camera_for(
    points: FloatArray,
    *,
    around: float = 0.0,
    top_m: float | None = None,
    bottom_m: float | None = None,
    margin: float = 0.055,
    size: tuple[int, int] = FRAME,
) -> Camera:
    """A camera that shows points [N, 3] whole, or what of them lies between two heights.

    `margin` is left free on each side, as a share of the picture's height; none where a height cuts the scene.
    """
    low, high = float(points[:, 2].min()), float(points[:, 2].max())
    tall = high - low
    rough = Camera(around, _BODIES_AWAY * max(tall, 0.8), (low + high) / 2, 1.0, (0.0, 0.0), size)
    within = points
    if top_m is not None or bottom_m is not None:
        kept = (points[:, 2] <= (top_m if top_m is not None else high)) & (
            points[:, 2] >= (bottom_m if bottom_m is not None else low)
        )
        within = points[kept]
    seen = rough.seen(within)
    left, above = seen[:, 0].min(), seen[:, 1].min()
    right, below = seen[:, 0].max(), seen[:, 1].max()
    width, height = size
    free_above = 0.0 if top_m is not None else margin
    free_below = 0.0 if bottom_m is not None else margin
    focal = min(
        height * (1 - free_above - free_below) / (below - above), (width - 2 * margin * height) / (right - left)
    )
    across = width / 2 - focal * (left + right) / 2
    down = height * free_above - focal * above
    spare = height * (1 - free_above - free_below) - focal * (below - above)
    if top_m is None:
        down += spare if bottom_m is not None else spare * 0.6
    return Camera(around, rough.away_m, rough.height_m, float(focal), (float(across), float(down)), size)
