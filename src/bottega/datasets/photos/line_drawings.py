"""Line drawings of small product photos, in several ways: what a drawing that asks for a product may look like.

Idea     No shop has drawings beside its photos, so they are made of the photos: edges at two scales, the outline alone,
         the strokes that an ink drawing would have. Each is thinned to lines of one pixel. One way is for judging alone
         and no model learns from it.
Source   Edges: Canny 1986, https://doi.org/10.1109/TPAMI.1986.4767851. Ink: Winnemöller, Kyprianidis & Olsen 2012,
         "XDoG", https://doi.org/10.1016/j.cag.2012.03.004, section 2.3.
Shapes   P pixels a side; a photo is uint8 [P, P, 3], a drawing bool [P, P].
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from scipy import ndimage
from skimage.feature import canny
from skimage.morphology import thin

from bottega.datasets.photos.reading import Photo
from bottega.names import BoolArray, FloatArray

__all__ = ["LINE_WAYS", "LineWay", "line_drawing"]

LineWay = Literal["edges", "fine", "outline", "ink", "slopes"]
"""How lines are found; `slopes` is for judging alone."""
LINE_WAYS: tuple[LineWay, ...] = get_args(LineWay)
_AWAY = 22.0
"""Difference from the background (largest of the three colours) above which a pixel is no background."""


def line_drawing(photo: Photo, way: LineWay) -> BoolArray:
    """The lines of a photo on a plain background."""
    if way == "outline":
        return _outline(photo)
    weights = np.array([0.299, 0.587, 0.114], np.float32) / np.float32(255)
    light: FloatArray = np.asarray(photo.astype(np.float32) @ weights, np.float32)
    if way == "ink":
        return _inked(light)
    if way == "slopes":
        return _ridges(light)
    sigma, low, high = (1.4, 0.05, 0.12) if way == "edges" else (0.8, 0.08, 0.2)
    found: BoolArray = canny(  # type: ignore[no-untyped-call]
        light, sigma=sigma, low_threshold=low, high_threshold=high, mode="nearest"
    )
    return found


def _outline(photo: Photo) -> BoolArray:
    """Where the product ends, holes of more than a few pixels included."""
    pixels = photo.astype(np.float32)
    ground = np.median(np.concatenate([pixels[0], pixels[:, 0], pixels[:, -1]]), 0)
    away = ndimage.binary_opening(np.abs(pixels - ground).max(2) > _AWAY)
    filled = ndimage.binary_closing(np.pad(away, 2), iterations=2)[2:-2, 2:-2]
    return np.asarray(filled & ~ndimage.binary_erosion(filled), bool)


def _inked(light: FloatArray) -> BoolArray:
    near, far = ndimage.gaussian_filter(light, 0.7), ndimage.gaussian_filter(light, 1.6)
    dark = near - 0.98 * far < -0.01
    labels, count = ndimage.label(dark, np.ones((3, 3)))
    sizes = ndimage.sum_labels(dark, labels, np.arange(count + 1))
    found: BoolArray = thin(dark & (sizes >= 5)[labels])  # type: ignore[no-untyped-call]
    return found


def _ridges(light: FloatArray) -> BoolArray:
    """Where lightness changes most, along the way it changes, of all places where it changes clearly."""
    soft = ndimage.gaussian_filter(light, 1.0)
    down, right = ndimage.sobel(soft, 0) / 8, ndimage.sobel(soft, 1) / 8
    length = np.hypot(down, right)
    lain = np.abs(right) >= np.abs(down)
    crest = np.where(
        lain, length >= ndimage.maximum_filter1d(length, 3, 1), length >= ndimage.maximum_filter1d(length, 3, 0)
    )
    return np.asarray(crest & (length > max(0.025, float(np.quantile(length, 0.75)))), bool)
