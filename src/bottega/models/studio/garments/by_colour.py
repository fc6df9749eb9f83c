"""What lies on a carpet, a bed or a floor, told from it by colour where a parser's labels go astray.

Idea     Labels of a piece that nobody wears take pieces of the ground along and leave holes. What they say of its
         middle, and what they say is ground together with the photo's frame, is mostly right: so each colour of the
         photo goes to whichever of the two it is more frequent in, and the largest area of such colours is the piece.
Shapes   H, W height and width of a photo.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage
from scipy.cluster.vq import kmeans2, vq

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import to_lab
from bottega.names import BoolArray, FloatArray

__all__ = ["told_by_colour"]

_PX = 480
"""Longer side at which colours are looked at."""
_COLOURS = 24
_MIDDLE, _FRAME = 0.3, 0.05
"""Half of the middle's sides, and how wide the frame is, in shares of the photo's sides."""
_APART = 0.5
"""Share of the pixels of the two that have to differ in colour; with less, labels are as good."""
_SMOOTH, _CALM = 0.003, 0.012
"""In shares of the longer side: how far colours are mixed, and over how much the piece is made calm."""
_SAMPLE = 20_000


def told_by_colour(photo: Photo, mask: BoolArray) -> BoolArray:
    """A better mask [H, W] of a piece that lies on a ground of other colours in a photo [H, W, 3].

    `mask` [H, W] says where the labels have it. Where the two are of like colours it is what comes back.
    """
    height, width = photo.shape[:2]
    scale = min(1.0, _PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BOX))
    labelled = np.asarray(Image.fromarray(mask).resize(size, Image.Resampling.NEAREST), np.bool_)
    middle, ground = _middle(labelled), ~labelled | _frame(labelled)
    if not middle.any():
        return mask
    codes = _coded(small)
    here, there = (np.bincount(codes[where], minlength=_COLOURS) / where.sum() for where in (middle, ground))
    if np.abs(here - there).sum() / 2 < _APART:
        return mask
    calm = ndimage.uniform_filter((here > there)[codes].astype(np.float32), max(3, round(_CALM * max(size)))) > 0.5
    areas, _ = ndimage.label(calm)
    counts = np.bincount(areas.ravel())
    counts[0] = 0
    if not counts.any():
        return mask
    piece = ndimage.binary_fill_holes(areas == counts.argmax())
    return np.asarray(Image.fromarray(piece).resize((width, height), Image.Resampling.NEAREST), np.bool_)


def _coded(photo: Photo) -> np.ndarray:
    """Which of the photo's colours each pixel has [H, W]."""
    lab: FloatArray = (to_lab(photo) * np.array([0.5, 1, 1], np.float32)).astype(np.float32)
    apart = _SMOOTH * max(photo.shape)
    colours = ndimage.gaussian_filter(lab, (apart, apart, 0)).reshape(-1, 3)
    sample = colours[:: max(1, len(colours) // _SAMPLE)]
    centres, _ = kmeans2(
        sample, min(_COLOURS, len(np.unique(sample, axis=0))), minit="++", rng=np.random.default_rng(0)
    )
    codes, _ = vq(colours, centres)
    return np.asarray(codes).reshape(photo.shape[:2])


def _middle(mask: BoolArray) -> BoolArray:
    """What of a mask lies around its centre."""
    if not mask.any():
        return mask
    down, along = ndimage.center_of_mass(mask)
    rows, columns = (
        np.abs(np.arange(size) - at) < _MIDDLE * size for size, at in zip(mask.shape, (down, along), strict=True)
    )
    return np.asarray(mask & rows[:, None] & columns[None, :], np.bool_)


def _frame(mask: BoolArray) -> BoolArray:
    wide = max(2, round(_FRAME * min(mask.shape)))
    frame = np.ones(mask.shape, np.bool_)
    frame[wide:-wide, wide:-wide] = False
    return frame
