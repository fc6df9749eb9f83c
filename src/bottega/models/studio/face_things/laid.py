"""A cut-out laid on a photo: moved, sized and turned, smoothed where it shrinks, with a soft shadow under it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.datasets.photos.reading import Photo

__all__ = ["laid_on"]


def laid_on(
    photo: Photo,
    piece: NDArray[np.uint8],
    *,
    anchor: tuple[float, float],
    at: tuple[float, float],
    scale: float,
    roll: float,
    shadow: float = 0.0,
) -> Photo:
    """The photo [H, W, 3] with a piece, RGBA [h, w, 4], whose `anchor` (x, y) comes to lie `at` (x, y) of the photo.

    `scale`: pixels of the photo for one of the piece; `roll` in radians. Where the piece is not, no pixel changes.
    """
    height, wide = piece.shape[:2]
    cos, sin = np.cos(roll), np.sin(roll)
    corners = (np.array([(0, 0), (wide, 0), (wide, height), (0, height)], np.float64) - anchor) * scale
    there = corners @ np.array([[cos, sin], [-sin, cos]]) + at
    air = 3 + round(3 * scale)
    first, top = (max(0, int(value) - air) for value in there.min(0))
    last, bottom = (
        min(most, int(value) + air + 1) for most, value in zip(photo.shape[1::-1], there.max(0), strict=True)
    )
    if last <= first or bottom <= top:
        return photo.copy()
    y, x = np.mgrid[top:bottom, first:last].astype(np.float32) + 0.5
    u = ((x - at[0]) * cos + (y - at[1]) * sin) / scale + anchor[0] - 0.5
    v = (-(x - at[0]) * sin + (y - at[1]) * cos) / scale + anchor[1] - 0.5
    planes = piece.astype(np.float32)
    planes[..., :3] *= planes[..., 3:] / 255
    soft = max(0.0, 0.42 / scale - 0.3)
    if soft > 0.3:
        planes = ndimage.gaussian_filter(planes, (soft, soft, 0))
    seen = np.stack([ndimage.map_coordinates(planes[..., c], (v, u), order=1, mode="constant") for c in range(4)], 2)
    alpha = np.clip(seen[..., 3:] / 255, 0, 1)
    before = photo[top:bottom, first:last].astype(np.float32)
    reach = max(1.0, 0.02 * wide * scale)
    shade = ndimage.gaussian_filter(np.roll(alpha[..., 0], max(1, round(reach)), 0), reach)[..., None] * shadow
    shade = np.where(shade > 0.01, shade, 0) * (1 - alpha)
    after = before * (1 - shade) * (1 - alpha) + seen[..., :3]
    changed = (alpha > 0.004) | (shade > 0)
    found = photo.copy()
    found[top:bottom, first:last] = np.where(changed, np.rint(after).clip(0, 255), before).astype(np.uint8)
    return found
