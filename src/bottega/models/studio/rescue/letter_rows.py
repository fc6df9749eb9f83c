"""How many letters stand in a row near the upper or lower edge of a photo: what was written over it, before any ground.

Idea     A letter is a small piece, lighter or darker than what is round it. Bricks, leaves and prints on cloth are such
         pieces, too; but few of them stand on one line, are of one height, and follow closely upon each other. Only
         near the upper and lower edge, where shops write: what is in the middle may be the product's own.
Source   Pieces: top-hat transform, Serra 1982; letters chained by height and line: Epshtein, Ofek & Wexler 2010,
         "Detecting text in natural scenes with stroke width transform", https://doi.org/10.1109/CVPR.2010.5540041,
         section 3.3.
Costs    Some 20 ms a photo.
Shapes   h, w sides of the photo as it is looked at.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.names import FloatArray

__all__ = ["letters_in_a_row"]

_PX = 320
"""Longer side that is looked at."""
_STROKE_PX = 9
"""Strokes are thinner than this."""
_CONTRASTS = (12.0, 26.0)
"""How much letters differ from what is round them, of 255: both are tried."""
_HEIGHTS, _WIDTHS, _FILLED = (5, 30), (2, 34), (0.15, 0.9)
"""Of a letter, in pixels, and which share of its box it fills."""
_EDGE = 0.22
"""Share of the height, above and below, that is looked at."""
_APART, _OFF_LINE, _UNLIKE = 1.2, 0.12, 0.2
"""Shares of a letter's height: the widest gap to the next, how far that stands off the line, and differs in height."""

_Box = tuple[int, int, int, int]
"""Top, bottom, left, right."""


def letters_in_a_row(photo: Photo) -> int:
    """Of the longest row that is found."""
    picture = Image.fromarray(photo)
    picture.thumbnail((_PX, _PX), Image.Resampling.BOX)
    grey: FloatArray = np.asarray(picture.convert("L"), np.float32)
    size, longest = (_STROKE_PX, _STROKE_PX), 0
    for apart in (grey - ndimage.grey_opening(grey, size), ndimage.grey_closing(grey, size) - grey):
        for contrast in _CONTRASTS:
            longest = max(longest, _longest(_letters(apart > contrast)))
    return longest


def _letters(strokes: np.ndarray) -> list[_Box]:
    """Boxes of the pieces that may be letters, from left to right."""
    pieces, _ = ndimage.label(strokes)
    sizes, found = np.bincount(pieces.ravel())[1:], []
    upper, lower = _EDGE * strokes.shape[0], (1 - _EDGE) * strokes.shape[0]
    for (rows, columns), size in zip(ndimage.find_objects(pieces), sizes, strict=True):
        height, width = rows.stop - rows.start, columns.stop - columns.start
        if (
            (rows.stop < upper or rows.start > lower)
            and _HEIGHTS[0] <= height <= _HEIGHTS[1]
            and _WIDTHS[0] <= width <= _WIDTHS[1]
            and _FILLED[0] < size / (height * width) < _FILLED[1]
        ):
            found.append((rows.start, rows.stop, columns.start, columns.stop))
    return sorted(found, key=lambda box: box[2])


def _longest(letters: list[_Box]) -> int:
    """Letters of the longest row: each follows the one before closely, on its line and of the first one's height."""
    longest = 0
    for row, first in enumerate(letters):
        height, last, count = first[1] - first[0], first, 1
        for box in letters[row + 1 :]:
            gap = box[2] - last[3]
            if gap > _APART * height:
                break
            on_line = abs(box[1] - last[1]) <= max(1, _OFF_LINE * height)
            alike = abs(box[1] - box[0] - height) <= max(1, _UNLIKE * height)
            if on_line and alike and gap >= -1:
                last, count = box, count + 1
        longest = max(longest, count)
    return longest
