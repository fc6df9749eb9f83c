"""Edges and colours of small pictures, measured by hand: features that no network was taught and none can game.

Source   Dalal & Triggs 2005, https://doi.org/10.1109/CVPR.2005.177, sections 6.2 to 6.4 (histograms of gradients,
         blocks normalised); colours are means of CIE Lab over a grid.
Shapes   N pictures, P pixels a side; 512 numbers of edges and 48 of colours at 64 px.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from skimage.color import rgb2lab
from skimage.feature import hog

from bottega.names import FloatArray

__all__ = ["hand_features"]

_CELLS, _DIRECTIONS, _GRID = 8, 8, 4
_LAB_AT, _LAB_SPREAD = (75.0, 0.0, 0.0), (25.0, 15.0, 15.0)
"""About the mean and the spread of product photos: a unit of each counts alike."""


def hand_features(pictures: NDArray[np.uint8]) -> FloatArray:
    """Numbers [N, F] of squares (uint8 [N, P, P, 3], P a multiple of 8); each is about 1 in size."""
    px = pictures.shape[1] if len(pictures) else 64
    assert px % _CELLS == 0
    found = np.empty((len(pictures), _CELLS * _CELLS * _DIRECTIONS + 3 * _GRID * _GRID), np.float32)
    for row, picture in enumerate(pictures):
        edges = hog(
            picture.mean(2),
            orientations=_DIRECTIONS,
            pixels_per_cell=(px // _CELLS, px // _CELLS),
            cells_per_block=(1, 1),
        )
        lab = (rgb2lab(picture / 255.0) - _LAB_AT) / _LAB_SPREAD
        grid = lab.reshape(_GRID, px // _GRID, _GRID, px // _GRID, 3).mean((1, 3))
        found[row] = np.concatenate([edges * np.sqrt(_DIRECTIONS), grid.ravel()])
    return found
