"""Photos in need: blurred, dark, written on, or under a watermark, each by one measure of the photo alone.

Idea     Blurred: even its strongest edges are as strong after smoothing as before. Dark: not even its lightest parts
         are light. Writing: print (fine_print.py) on a plain background, away from the product; on others, letters in a
         row near the upper or lower edge (letter_rows.py). Watermark: faint strokes on a plain background; on others
         nothing is said of them. What is written on a product is its own.
Differs  Thresholds are set on real product photos so that few of them are named (benchmarks/rescue.md has
         the shares found, and named for nothing).
Costs    Some 20 ms a photo.
Shapes   H, W sides of the photo.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import foreground, is_plain
from bottega.models.studio.rescue.fine_print import print_places
from bottega.models.studio.rescue.letter_rows import letters_in_a_row
from bottega.names import BoolArray, FloatArray

__all__ = ["THRESHOLDS", "Need", "measured", "needs_of"]

_PX = 224
"""Longer side that photos are measured at."""
_STRONG = 60.0
"""Strokes that differ more than this from their ground, of 255, are print and no watermark."""


_LETTERS = 6
"""As many letters in a row are writing."""


class Need(StrEnum):
    """What is wrong with a photo."""

    BLURRED = "blurred"
    DARK = "dark"
    WRITING = "writing"
    WATERMARK = "watermark"


THRESHOLDS: Mapping[Need, float] = {
    Need.BLURRED: 0.74,
    Need.DARK: 0.55,
    Need.WRITING: 0.02,
    Need.WATERMARK: 0.08,
}
"""A measure at or above this is a need."""


def needs_of(photo: Photo) -> tuple[Need, ...]:
    """What is wrong with a photo; nothing for one of a single colour, on which nothing can be measured."""
    return tuple(need for need, value in measured(photo).items() if value >= THRESHOLDS[need])


def measured(photo: Photo) -> dict[Need, float]:
    """Each measure, 0 to 1 or a little more: the higher the worse."""
    picture = Image.fromarray(photo)
    picture.thumbnail((_PX, _PX), Image.Resampling.BOX)
    small = np.asarray(picture)
    grey: FloatArray = (small.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.float32)
    ground = _bare_ground(small)
    return {
        Need.BLURRED: _softness(grey),
        Need.DARK: 1 - float(np.percentile(grey, 95)) / 255,
        Need.WRITING: _share(print_places(small), ground) if ground.any() else _rows(photo),
        Need.WATERMARK: _share(_faint_strokes(grey), ground),
    }


def _bare_ground(photo: Photo) -> BoolArray:
    """Where on a plain background there is nothing but background: away from the largest thing on it [H, W]."""
    if not is_plain(photo):
        return np.zeros(photo.shape[:2], bool)
    pieces, count = ndimage.label(ndimage.binary_closing(foreground(photo), iterations=2))
    if not count:
        return np.ones(photo.shape[:2], bool)
    largest = pieces == 1 + int(np.argmax(np.bincount(pieces.ravel())[1:]))
    return ~ndimage.binary_dilation(ndimage.binary_fill_holes(largest), iterations=8)


def _rows(photo: Photo) -> float:
    """Letters in a row, as a share: the threshold where there are `_LETTERS`."""
    return 0.0 if is_plain(photo) else THRESHOLDS[Need.WRITING] * letters_in_a_row(photo) / _LETTERS


def _share(found: BoolArray, of: BoolArray) -> float:
    return float((found & of).sum() / of.sum()) if of.mean() > 0.05 else 0.0


def _softness(grey: FloatArray) -> float:
    """How much of the strength of its strongest edges a photo keeps when it is smoothed: 1 is all."""
    fine, coarse = (ndimage.gaussian_gradient_magnitude(grey, sigma) for sigma in (0.7, 2.0))
    strongest = coarse >= np.percentile(coarse, 98)
    edges = float(np.median(fine[strongest]))
    return 0.0 if edges < 2 else float(np.median(coarse[strongest]) / edges)


def _faint_strokes(grey: FloatArray) -> BoolArray:
    """Near to strokes that are thin and faint [H, W]."""
    found, strong = np.zeros(grey.shape, bool), np.zeros(grey.shape, bool)
    for ground in (ndimage.grey_opening(grey, (5, 5)), ndimage.grey_closing(grey, (5, 5))):
        apart = np.abs(grey - ground)
        found |= (apart > 4) & (apart < _STRONG)
        strong |= apart >= _STRONG
    near, print_near = (ndimage.uniform_filter(one.astype(np.float32), 9) for one in (found, strong))
    return np.asarray((near > 0.15) & (print_near < 0.01), bool)
