"""Heads of people in product photos, hidden before any generator learns from them.

Idea     On a plain background somebody who wears a product has skin where a face or a neck would be, and a head that is
         narrow above shoulders that are wide. Everything above the shoulders becomes background. A photo that shows
         skin there and no shoulders is left out rather than trusted.
Source   Colours of skin: Chai & Ngan 1999, https://doi.org/10.1109/76.767122, section III (a range of Cb and Cr).
Differs  No network looks at the people, and none learns what a face is.
Shapes   N photos; H, W height and width in pixels; P where both are alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["Hidden", "hide_heads", "hide_labelled_head", "skin"]

_CHUNK = 512
_AWAY = 22.0
"""Difference from the background (largest of the three colours) above which a pixel is no background."""
_TOP, _SIDES = 0.3, (0.38, 0.62)
"""Where a head is looked for, in shares of the height and of the width; hands hang lower and farther out."""
_FACE = 0.04
"""Share of the middle of that part which has the colour of skin where somebody is to be seen."""
_SHOULDERS = 0.55
"""Share of the greatest width of the upper half at which shoulders begin; a head and a neck are narrower."""
_LEAST_HAIR = 0.0005
"""Share of a photo below which labelled hair tells nothing."""
_FACE_LONG = 1.6
"""From the top of the hair to the chin, in widths of the hair at its top."""
_HEAD = 0.09
"""Share of the height that a head takes at least; the collar of a shirt that lies flat takes less."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Photos without heads: `photos` [N, H, W, 3]; who is `worn` [N]; which to leave out, as `unsure` [N]."""

    photos: NDArray[np.uint8]
    worn: BoolArray
    unsure: BoolArray


def hide_heads(photos: NDArray[np.uint8], may_be_worn: BoolArray, may_show_people: BoolArray) -> Hidden:
    """Hide the heads of those who wear something.

    `may_be_worn` [N]: what is worn on shoulders, below which a head can be hidden. `may_show_people` [N]: where skin
    makes a photo unsure; brown leather has its colour, too, so say no for shoes and bags.
    """
    found = np.array(photos)
    worn, unsure = np.zeros(len(photos), bool), np.zeros(len(photos), bool)
    for start in range(0, len(photos), _CHUNK):
        part = slice(start, start + _CHUNK)
        shows = _shows_skin(photos[part]) > _FACE
        hidden, cut = _without_heads(photos[part])
        rows = shows & may_be_worn[part] & (cut > 0)
        found[part][rows] = hidden[rows]
        worn[part] = rows
        unsure[part] = shows & ~rows & (may_be_worn[part] | may_show_people[part])
    return Hidden(found, worn, unsure)


def hide_labelled_head(photo: Photo, parts: LabelMap) -> Photo | None:
    """A street photo [H, W, 3] of one person with the head covered, by its labels [H, W] in codes of `PARTS`.

    Covered is a box round the hair, down to where a face ends that is as wide as that hair, and all skin within its
    columns above the hair's end. None where there is no hair, so that nothing tells where the head is.
    """
    hair = parts == PARTS.index("hair")
    if hair.sum() < _LEAST_HAIR * hair.size:
        return None
    rows, columns = np.flatnonzero(hair.any(1)), np.flatnonzero(hair.any(0))
    top, left, right = int(rows[0]), int(columns[0]), int(columns[-1])
    wide = int(hair[top : top + max(1, (right - left) // 2)].any(0).sum())
    air = max(2, round(0.15 * wide))
    bottom = max(int(rows[-1]), top + round(_FACE_LONG * wide)) + air
    covered = np.array(photo)
    around = np.concatenate([photo[:, 0], photo[:, -1], photo[0]])
    covered[max(0, top - air) : bottom, max(0, left - air) : right + air + 1] = np.median(around, axis=0)
    return covered


def skin(photos: NDArray[np.uint8]) -> BoolArray:
    """Which pixels [N, P, P] have the colour of skin, of whatever lightness."""
    red, green, blue = np.moveaxis(photos.astype(np.float32), 3, 0)
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    cb, cr = 128 + 0.564 * (blue - light), 128 + 0.713 * (red - light)
    return np.asarray((cb > 77) & (cb < 127) & (cr > 133) & (cr < 173) & (light > 40) & (light < 240))


def _shows_skin(photos: NDArray[np.uint8]) -> FloatArray:
    """Share of the upper middle that has the colour of skin [N]."""
    height, width = photos.shape[1:3]
    middle = photos[:, : int(_TOP * height), int(_SIDES[0] * width) : int(_SIDES[1] * width)]
    return np.asarray(skin(middle).mean((1, 2)), np.float32)


def _without_heads(photos: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], IntArray]:
    """Photos with everything above the shoulders made background, and the row of the shoulders [N], 0 without any."""
    px, eighth = photos.shape[1], photos.shape[2] // 8
    edge = np.concatenate([photos[:, :, 0], photos[:, :, -1], photos[:, 0, :eighth], photos[:, 0, -eighth:]], 1)
    background = np.median(edge, axis=1)
    away = np.abs(photos.astype(np.float32) - background[:, None, None]).max(3) > _AWAY
    widths = away.sum(2)
    half = px // 2
    widest = widths[:, :half].max(1)
    cut = (widths[:, :half] >= _SHOULDERS * np.maximum(widest, 1)[:, None]).argmax(1)
    begins = (widths > 1).argmax(1)
    cut = np.where(cut - begins >= _HEAD * px, cut, 0).astype(np.int32)
    covered = np.arange(px)[None, :, None, None] < cut[:, None, None, None]
    return np.where(covered, background[:, None, None].astype(np.uint8), photos), cut
