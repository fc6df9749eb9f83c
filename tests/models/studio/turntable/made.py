"""Things whose shape and looks are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.names import BoolArray

__all__ = ["ball_mask", "striped"]


def ball_mask(px: int = 160, radius: float = 0.4) -> BoolArray:
    """A disc in the middle."""
    at = (np.arange(px) + 0.5) / px - 0.5
    return np.asarray(np.hypot(*np.meshgrid(at, at)) < radius, bool)


def striped(px: int = 160) -> NDArray[np.uint8]:
    """Red on the left half, blue on the right."""
    photo = np.full((px, px, 3), (200, 30, 30), np.uint8)
    photo[:, px // 2 :] = (30, 30, 200)
    return photo
