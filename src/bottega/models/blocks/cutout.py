"""A product cut out of its photo: transparent round it, with a soft edge and no fringe of the old background.

Idea     The mask says what is surely product and what is surely background; between them lies a narrow band. There
         each pixel is a mixture of the product's colour and the background's, both known from their sure neighbours:
         alpha is how far it lies from one to the other. The product's share of the colour is what is kept.
Source   Mixture and colour line: Levin, Lischinski & Weiss 2008, https://doi.org/10.1109/TPAMI.2007.1177, section 2.
         Guided filter, where both colours are alike: He, Sun & Tang 2013, https://doi.org/10.1109/TPAMI.2012.213,
         section 3.
Differs  No linear system: sure colours are means of a neighbourhood, which a product's narrow edge allows.
Serves   Any mask: the free one of a plain background (colours.py), a parser's, whose edge is less sure, or one's own.
Costs    About 15 filters of the photo's size (benchmarks/parts.md).
Shapes   H, W height and width of the photo.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.names import BoolArray, FloatArray

__all__ = ["alpha_between", "alpha_of", "cut_out"]

_BAND_SHARE, _BAND_PX = 0.004, 2
"""Half the width of the band in which alpha is soft: a share of the longer side, and at least this many pixels."""
_ALIKE = 12.0
"""Product and background that are nearer than this (0 to 255, Euclid) are alike: their mixture cannot be told."""
_EPSILON = 1e-3
"""The guided filter's smoothness."""


def cut_out(photo: Photo, mask: BoolArray) -> NDArray[np.uint8]:
    """What `mask` [H, W] says is product, as RGBA [H, W, 4], as large as the photo; transparent pixels are black."""
    alpha, product = alpha_of(photo, mask)
    opacity = np.rint(alpha * 255)[..., None]
    return np.concatenate([np.where(opacity > 0, np.rint(product), 0), opacity], axis=2).astype(np.uint8)


def alpha_of(photo: Photo, mask: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Opacity [H, W] in 0..1, and the product's own colours [H, W, 3] (0 to 255), of a photo and its rough mask."""
    band = max(_BAND_PX, round(max(mask.shape) * _BAND_SHARE))
    inside, outside = (_eroded(one, band) for one in (mask, ~mask))
    inside |= mask & ~ndimage.binary_dilation(inside, iterations=3 * band)  # straps and heels are narrower than a band
    return alpha_between(photo, inside, outside, mask.astype(np.float32), band)


def alpha_between(
    photo: Photo, inside: BoolArray, outside: BoolArray, guess: FloatArray, band: int
) -> tuple[FloatArray, FloatArray]:
    """The same, where it is known what is surely `inside` [H, W] and surely `outside`.

    Between them the mixture is told from sure colours within three `band`s; where it cannot be told, `guess` [H, W]
    stands, with its edges where the photo has them.
    """
    pixels = photo.astype(np.float32)
    here, known_here = _near(pixels, inside, 3 * band)
    there, known_there = _near(pixels, outside, 3 * band)
    way = here - there
    length = (way**2).sum(2)
    along = ((pixels - there) * way).sum(2) / np.maximum(length, 1.0)
    told = known_here & known_there & (length > _ALIKE**2)
    alpha = np.where(told, along, _guided(pixels.mean(2) / 255, guess, band)).clip(0, 1)
    alpha = np.where(inside, 1.0, np.where(outside, 0.0, alpha)).astype(np.float32)
    share = np.maximum(alpha, 0.1)[..., None]
    product = ((pixels - (1 - alpha[..., None]) * there) / share).clip(0, 255)
    trust = alpha[..., None] * known_there[..., None]
    mixed = np.where(known_here[..., None], trust * product + (1 - trust) * here, pixels)
    return alpha, np.where((alpha < 1)[..., None], mixed, pixels).astype(np.float32)


def _eroded(mask: BoolArray, pixels: int) -> BoolArray:
    return np.asarray(ndimage.binary_erosion(mask, iterations=pixels, border_value=1), bool)


def _near(pixels: FloatArray, sure: BoolArray, radius: int) -> tuple[FloatArray, BoolArray]:
    """Mean colour [H, W, 3] of the sure pixels of the neighbourhood, and where there is one [H, W]."""
    weight = _box(sure.astype(np.float32), radius)
    known = weight > 0.5 / (2 * radius + 1) ** 2
    sums = np.stack([_box(pixels[..., k] * sure, radius) for k in range(3)], axis=2)
    return np.where(known[..., None], sums / np.maximum(weight, 1e-6)[..., None], 0), known


def _guided(guide: FloatArray, values: FloatArray, radius: int) -> FloatArray:
    """`values` [H, W] made to have their edges where `guide` has them."""
    mean_g, mean_v = _box(guide, radius), _box(values, radius)
    slope = (_box(guide * values, radius) - mean_g * mean_v) / (_box(guide * guide, radius) - mean_g**2 + _EPSILON)
    return _box(slope, radius) * guide + _box(mean_v - slope * mean_g, radius)


def _box(values: FloatArray, radius: int) -> FloatArray:
    return np.asarray(ndimage.uniform_filter(values, 2 * radius + 1, mode="nearest"), np.float32)
