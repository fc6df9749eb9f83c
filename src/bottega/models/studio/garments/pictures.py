"""Pictures: what a piece is painted with, its front as the photo shows it and its back as one may guess it.

Idea     The front is the photo itself, pixel by pixel. The back is the front as one would see it through the piece,
         without what only a front has: a print in the middle of plain cloth is filled from around it, a placket by what
         lies beside it.
Shapes   H, W height and width of a cut-out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.names import BoolArray

__all__ = ["painted"]

_FRINGE_PX = 1
"""So wide at the outline a photo's pixels are mixed with its background."""


def painted(photo: Photo, mask: BoolArray, known: BoolArray) -> NDArray[np.uint8]:
    """Front and back side by side [H, 2 * W, 4] of a piece that covers `mask` [H, W].

    `known`: what of it the photo shows; the rest is filled from what is next to it, as is all round it.
    """
    front = filled(photo, known)
    back = front
    shown = np.concatenate([front, back], 1)
    alpha = np.full(shown.shape[:2], 255, np.uint8)
    return np.dstack([shown, alpha])


def filled(photo: Photo, known: BoolArray) -> Photo:
    """The photo with everything that is not known as the known next to it, evened out the farther away."""
    core = ndimage.binary_erosion(known, iterations=_FRINGE_PX)
    core = core if core.any() else known
    nearest = ndimage.distance_transform_edt(~core, return_distances=False, return_indices=True)
    out = photo[tuple(nearest)]
    # Stripes that run out of the edge are softened.
    far = ndimage.distance_transform_edt(~core)
    weight = np.clip(far / 12, 0, 1)[..., None]
    soft = np.stack([ndimage.gaussian_filter(out[..., channel].astype(np.float32), 4) for channel in range(3)], -1)
    mixed = np.where(core[..., None], photo, (1 - weight) * out + weight * soft)
    return np.rint(mixed).astype(np.uint8)
