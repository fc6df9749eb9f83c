"""Framing: a photo and the mask of what it shows become a square with the thing in its middle.

Shapes   H, W height and width of a photo; S pixels a side of the frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_erosion

from bottega.errors import PhotoRefused
from bottega.models.studio.turntable.turning import bled
from bottega.names import BoolArray, FloatArray

__all__ = ["FILLED", "Framed", "framed"]

FILLED = 0.82
"""Share of the frame that the thing's longer side takes."""
MOST_PX, LEAST_PX = 512, 24
_EDGE_PX = 2
"""So far inside the outline, colours are the thing's own and not mixed with the ground's."""


@dataclass(frozen=True, slots=True, eq=False)
class Framed:
    """A thing in its frame."""

    picture: NDArray[np.uint8]
    """[S, S, 3], its colours gone on outside its outline."""
    alpha: FloatArray
    """[S, S], 0 to 1."""
    box: tuple[float, float, float]
    """Left, top and side of the frame on the photo, in its pixels."""
    cut: tuple[bool, bool, bool, bool]
    """Whether the photo cuts the thing off at its left, top, right, bottom."""

    def at(self, px: int) -> tuple[FloatArray, FloatArray]:
        """Picture 0..1 [px, px, 3] and mask [px, px] at another size."""
        size = (px, px)
        picture = np.asarray(Image.fromarray(self.picture).resize(size, Image.Resampling.BOX), np.float32) / 255
        return np.asarray(picture, np.float32), _resized(self.alpha, px)


def framed(photo: NDArray[np.uint8], mask: BoolArray | FloatArray, most_px: int = MOST_PX) -> Framed:
    """A photo [H, W, 3] and where the thing is [H, W], framed. Raises `PhotoRefused` where it is too small."""
    soft = np.asarray(mask, np.float32)
    inside = soft > 0.5
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    if not len(rows) or max(len(rows), len(columns)) < LEAST_PX:
        raise PhotoRefused(
            f"The product takes {max(len(rows), len(columns), 0)} pixels of the photo.",
            allowed=f"It takes {LEAST_PX} or more on its longer side to be turned.",
            next_step="Send a larger photo, or one that is nearer.",
        )
    top, below, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    side = max(below - top, right - left) / FILLED
    x, y = (left + right) / 2 - side / 2, (top + below) / 2 - side / 2
    px = int(min(most_px, max(128, round(side))))
    core = binary_erosion(inside, iterations=_EDGE_PX if side > 100 else 1)
    pad = int(np.ceil(side / 2)) + 2
    box = (pad + x, pad + y, pad + x + side, pad + y + side)
    picture = np.pad(bled(photo, core if core.any() else inside), ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    resized = Image.fromarray(picture).resize((px, px), Image.Resampling.BICUBIC, box=box)
    alpha = Image.fromarray(np.pad(soft, pad)).resize((px, px), Image.Resampling.BILINEAR, box=box)
    edge = 0.2  # share of the thing's own side that lies on the photo's edge
    cut = (
        inside[:, 0].sum() > edge * (below - top),
        inside[0].sum() > edge * (right - left),
        inside[:, -1].sum() > edge * (below - top),
        inside[-1].sum() > edge * (right - left),
    )
    return Framed(np.asarray(resized), np.clip(np.asarray(alpha), 0, 1), (x, y, side), tuple(map(bool, cut)))  # type: ignore[arg-type]


def _resized(values: FloatArray, px: int) -> FloatArray:
    filter_ = Image.Resampling.BOX if px < len(values) else Image.Resampling.BILINEAR
    return np.asarray(
        np.clip(np.asarray(Image.fromarray(np.asarray(values, np.float32)).resize((px, px), filter_)), 0, 1), np.float32
    )
