"""Near duplicates: which pictures are the same one, resized, recompressed or slightly retouched?

Idea     A picture's coarsest waves, each above or below their median, are 64 bits that survive resizing and
         compression. Two pictures that differ in few bits are the same one.
Source   Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions", section 3.2.1 (pHash).
Differs  A margin of one colour is cut away first: shop photos are mostly margin, and its shape would fill the bits.
         The 64 lowest waves by the sum of both frequencies; the constant one says how light it is, not what is on it.
Serves   Copies of one picture. Shoes photographed alike may have near hashes and are no copies, and grey bits know no
         colour: `same_picture` looks at the pixels of a pair and tells them apart.
Costs    About 1 ms a photo.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy.fft import dctn

from bottega.datasets.photos.reading import Photo, border

__all__ = ["WITHIN_BITS", "picture_hash", "same_picture"]

WITHIN_BITS = 4
"""Two pictures whose hashes differ in at most this many bits are taken for one."""
_MARGIN_DISTANCE, _MARGIN_SHARE, _LEAST_PX = 24, 0.01, 9
_SAME_PIXELS = 10.0
"""Mean difference of two pictures of one thing, 0 to 255."""
_PX = 32
_CHOSEN = tuple(np.array(sorted(np.ndindex(_PX, _PX), key=lambda at: (sum(at), at))[1:65]).T)
"""Rows and columns of the waves that become bits."""


def picture_hash(photo: Photo) -> int:
    """64-bit perceptual hash of what a photo [H, W, 3] shows, a margin of one colour cut away."""
    grey = Image.fromarray(_content(photo)).convert("L").resize((_PX, _PX), Image.Resampling.BOX)
    waves = dctn(np.asarray(grey, np.float64), norm="ortho")
    chosen = waves[_CHOSEN].round(3)  # a picture of one colour has no waves but rounding errors
    return int(np.packbits(chosen > np.median(chosen)).view(">u8")[0])


def same_picture(one: Photo, other: Photo) -> bool:
    """Whether two photos with near hashes show the same: pixel by pixel, colours too, when both are made small."""
    small = [
        np.asarray(Image.fromarray(_content(photo)).resize((_PX, _PX), Image.Resampling.BOX), np.float32)
        for photo in (one, other)
    ]
    return float(np.abs(small[0] - small[1]).mean()) <= _SAME_PIXELS


def _content(photo: Photo) -> Photo:
    """The photo without its margin: rows and columns in which hardly a pixel differs from the border's colour."""
    colour = np.median(border(photo), axis=0).astype(np.int16)
    away = np.abs(photo - colour).max(axis=2) > _MARGIN_DISTANCE
    rows = np.flatnonzero(away.mean(axis=1) > _MARGIN_SHARE)
    columns = np.flatnonzero(away.mean(axis=0) > _MARGIN_SHARE)
    if len(rows) < _LEAST_PX or len(columns) < _LEAST_PX:
        return photo
    return photo[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
