"""Where a photo has letters or a logo, which nobody may make up: fine strokes, close together, of strong contrast.

Idea     A letter is a stroke a few pixels wide, lighter or darker than what is on both sides of it. Morphology finds
         those: what closing or opening by a small square takes away. Print is where such strokes fill a good part of a
         neighbourhood of even ground, and run in several directions; a hem or a strap runs in one.
Source   Top-hat transform: Serra 1982, "Image Analysis and Mathematical Morphology"; directions by the structure
         tensor, Bigun & Granlund 1987.
Serves   Photos of any size from some tens of pixels; letters higher than about a third of `STROKE_PX * 10` pixels are
         shapes, and drawn well anyway.
Costs    Some 20 ms for 224 x 224 pixels.
Shapes   H, W sides of the photo.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.names import BoolArray, FloatArray

__all__ = ["fine_print", "print_places"]

STROKE_PX = 5
"""Strokes up to one pixel less are found."""
_CONTRAST = 26.0
"""How much a stroke differs from its ground, of 255."""
_NEAR_PX = 13
"""Side of the neighbourhood that strokes must fill."""
_FILLED = 0.14
"""Share of the neighbourhood that is stroke."""
_EVEN = 20.0
"""Standard deviation of the ground, of 255, above which it is a texture or an edge, which nobody prints on."""
_ONE_WAY = 0.8
"""Coherence of directions above which the strokes are one hem, not print."""


def fine_print(photo: Photo) -> FloatArray:
    """1 where there is print, 0 where there is none, with a soft edge between [H, W]."""
    found = print_places(photo)
    if not found.any():
        return np.zeros(found.shape, np.float32)
    wide = ndimage.binary_dilation(found, iterations=8)
    soft = ndimage.uniform_filter(wide.astype(np.float32), 7, mode="nearest")
    return np.where(ndimage.binary_dilation(found, iterations=4), 1.0, soft).clip(0, 1).astype(np.float32)


def print_places(photo: Photo) -> BoolArray:
    """Whether each pixel [H, W] belongs to print."""
    grey: FloatArray = (photo.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.float32)
    size = (STROKE_PX, STROKE_PX)
    found = np.zeros(grey.shape, bool)
    for ground in (ndimage.grey_opening(grey, size), ndimage.grey_closing(grey, size)):
        strokes = np.abs(grey - ground) > _CONTRAST
        if strokes.any():
            found |= (_near(strokes) > _FILLED) & (_unevenness(ground) < _EVEN)
    return found & (_coherence(grey) < _ONE_WAY) if found.any() else found


def _near(values: BoolArray | FloatArray) -> FloatArray:
    """Mean of each neighbourhood."""
    return np.asarray(ndimage.uniform_filter(values.astype(np.float32), _NEAR_PX, mode="nearest"), np.float32)


def _unevenness(ground: FloatArray) -> FloatArray:
    """Standard deviation of each neighbourhood."""
    return np.asarray(np.sqrt(np.maximum(_near(ground * ground) - _near(ground) ** 2, 0)), np.float32)


def _coherence(grey: FloatArray) -> FloatArray:
    """How much the gradients near each pixel run one way: 0 all ways alike, 1 one way only."""
    across, down = ndimage.sobel(grey, 1), ndimage.sobel(grey, 0)
    xx, yy, xy = (ndimage.uniform_filter(one, _NEAR_PX) for one in (across * across, down * down, across * down))
    return np.asarray(np.sqrt((xx - yy) ** 2 + 4 * xy**2) / np.maximum(xx + yy, 1.0), np.float32)
