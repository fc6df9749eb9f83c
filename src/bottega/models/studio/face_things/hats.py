"""Hats and caps on a head: a cut-out from the front, as wide as the head, over the forehead, leaning with it.

Idea     The crown of a hat is as wide as the head it is for, with a little air for hair. Its lower edge, in the middle,
         lies between the brows and the hair line; brim and visor come along.
Serves   Caps, beanies and hats seen from the front before a plain background.
Differs  What hair stands out over or beside the hat stays where it is: nothing is combed.
Shapes   H, W of the photo; h, w of the cut-out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.studio.face_things.laid import laid_on
from bottega.models.studio.face_things.points import BROWS, POINTS, Face

__all__ = ["wear_hat"]

_EVEN = 0.72
"""Share of its area that a hat has in common with its mirror image, seen from the front."""
_CROWN = 1.14
"""Width of a crown in widths of the head."""
_DOWN = 0.2
"""Where its edge lies, from the brows to the hair line."""
_SHAPES = (0.75, 3.2)


def wear_hat(photo: Photo, face: Face, hat: NDArray[np.uint8]) -> Photo:
    """The photo [H, W, 3] with a hat, RGBA [h, w, 4], on a head.

    Raises `PhotoRefused` where the hat is not seen from the front.
    """
    mask = hat[..., 3] > 127
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        raise _aside("Nothing is told from the background.")
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    hat, mask = hat[box], mask[box]
    height, wide = mask.shape
    even = (mask & mask[:, ::-1]).sum() / (mask | mask[:, ::-1]).sum()
    if even < _EVEN or not _SHAPES[0] < wide / height < _SHAPES[1]:
        raise _aside("It is seen from the side, or is no hat.")
    crown = float(np.median(mask[round(0.35 * height) : round(0.6 * height)].sum(1)))
    middle = wide // 2
    edge = float(np.flatnonzero(mask[:, middle - 2 : middle + 3].any(1))[-1]) + 1
    brows = face.points[list(BROWS)].mean(0)
    forehead = face.points[POINTS.index("forehead")]
    left, right = (face.points[POINTS.index(name)] for name in ("left_temple", "right_temple"))
    across = (right - left) / max(1e-6, float(np.hypot(*(right - left))))
    scale = _CROWN * face.width / crown
    at = brows + _DOWN * (forehead - brows)
    at = at + float(((left + right) / 2 - at) @ across) * 0.5 * across
    return laid_on(photo, hat, anchor=(middle, edge), at=(float(at[0]), float(at[1])), scale=scale,
                   roll=float(np.arctan2(across[1], across[0])), shadow=0.25)  # fmt: skip


def _aside(why: str) -> PhotoRefused:
    return PhotoRefused(
        f"The hat is not seen from the front on its product photo. {why}",
        allowed="One hat or cap from the front, before a plain background.",
        next_step="Choose another photo of the product.",
    )


def pieces_of(mask: NDArray[np.bool_]) -> list[tuple[slice, slice]]:
    """Boxes of the pieces that a mask falls into, the largest first, without specks."""
    labels, count = ndimage.label(mask)
    areas = np.bincount(labels.ravel())[1:]
    boxes = ndimage.find_objects(labels)
    order = [row for row in np.argsort(-areas) if areas[row] >= 0.15 * areas.max()] if count else []
    return [boxes[row] for row in order]
