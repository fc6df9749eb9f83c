"""Hidden parts: what of a piece a photo does not show, as an arm lies over it or as it is behind a neck.

Shapes   H, W height and width of the cut-out; labels are codes of `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.errors import RequestInvalid
from bottega.models.studio.garments.outlines import UpperOutline
from bottega.names import BoolArray

__all__ = ["behind_neck", "trunk_holes", "under_limbs"]

_BACK_NECK = 0.22
"""How far a back hangs through between the shoulders, as a share of half the neck."""
_MOST_HIDDEN = 0.22
"""Share of the trunk of a piece that an arm, hair or a bag may hide."""
_OVER = [PARTS.index(part) for part in ("skin", "hair", "bag")]


def behind_neck(mask: BoolArray, outline: UpperOutline) -> BoolArray:
    """What of the back [H, W] is seen above a front's neckline, or would be, were no neck before it."""
    found = np.zeros_like(mask)
    (left_x, left_y), (right_x, right_y) = outline.necks
    half = max((right_x - left_x) / 2, 1.0)
    for column in range(max(0, int(np.ceil(left_x))), min(mask.shape[1], int(right_x) + 1)):
        share = (column - left_x) / max(right_x - left_x, 1e-6)
        top = left_y + share * (right_y - left_y) + _BACK_NECK * half * (1 - (2 * share - 1) ** 2)
        top_row = max(0, int(np.ceil(top)))
        below = np.flatnonzero(mask[top_row:, column])
        if len(below) and below[0] < 3 * half:
            found[top_row : top_row + below[0], column] = True
    return found


def trunk_holes(
    mask: BoolArray, region_of: Callable[[NDArray[np.float64]], NDArray[np.int8]], pit: float
) -> tuple[BoolArray, BoolArray]:
    """Holes within a trunk [H, W]: those under row `pit`, which are closed, and those above, where a neck comes out."""
    pieces, count = ndimage.label(~np.pad(mask, 1, constant_values=False))
    pieces = pieces[1:-1, 1:-1]
    outside = pieces[0, 0] if not mask[0, 0] else 0
    closed, left = np.zeros_like(mask), np.zeros_like(mask)
    for piece in range(1, count + 1):
        where = pieces == piece
        if piece == outside or not where.any():
            continue
        rows, columns = np.nonzero(ndimage.binary_dilation(where) & mask)
        if not len(rows) or region_of(np.stack([columns + 0.5, rows + 0.5], 1)).any():
            continue
        (closed if rows.min() > pit else left)[where] = True
    return closed, left


def under_limbs(mask: BoolArray, labels: LabelMap, outline: UpperOutline) -> BoolArray:
    """What of a worn piece's trunk [H, W] an arm, hair or a bag hides. Raises `RequestInvalid` where it is too much."""
    left, right = outline.sleeves
    middle = outline.middle
    trunk = Image.new("1", (mask.shape[1], mask.shape[0]))
    inner = 0.96
    corners = [
        left.armpit,
        (middle - inner * outline.waist[1], outline.waist[0]),
        (middle - inner * outline.hem[1], outline.hem[0]),
        (middle + inner * outline.hem[1], outline.hem[0]),
        (middle + inner * outline.waist[1], outline.waist[0]),
        right.armpit,
        right.tip,
        outline.necks[1],
        outline.necks[0],
        left.tip,
    ]
    ImageDraw.Draw(trunk).polygon([(round(x), round(y)) for x, y in corners], fill=1)
    inside = np.asarray(trunk)
    half = (outline.necks[1][0] - outline.necks[0][0]) / 2
    columns = np.arange(mask.shape[1])[None, :]
    rows = np.arange(mask.shape[0])[:, None]
    neck = (np.abs(columns - middle) < 1.15 * half) & (
        rows < (outline.necks[0][1] + outline.necks[1][1]) / 2 + 2.2 * half
    )
    hidden = inside & ~mask & np.isin(labels, _OVER) & ~neck
    if hidden.sum() > _MOST_HIDDEN * inside.sum():
        raise RequestInvalid(
            f"An arm, hair or a bag hides {hidden.sum() / inside.sum():.0%} of the piece.",
            allowed=f"Up to {_MOST_HIDDEN:.0%} can be filled in.",
            next_step="Send a photo with the arms away from the piece, or of the piece alone.",
        )
    return np.asarray(ndimage.binary_closing(hidden, iterations=1) & inside & ~mask, np.bool_)
