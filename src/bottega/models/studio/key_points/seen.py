"""What the network sees: a map of parts, cut to the person and brought to one size, a plane for each part.

Shapes   N maps, H, W height and width of the network's picture, C planes: nine parts, and what is beyond the photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from bottega.datasets.photos.masks import PARTS as CODES
from bottega.datasets.photos.masks import LabelMap
from bottega.models.studio.key_points.drawn_people import DRAWN_SIZE, OUTSIDE

__all__ = ["PLANES", "PersonFrame", "cut_out", "frame_of", "person_of", "planes_of"]

PLANES = len(CODES) + 1
_FILLED = 0.87
"""Share of the picture that the person's box takes, in the direction in which it fills it."""
_NEAR = 0.02
"""Pieces nearer to each other than this share of the photo's longer side belong together."""


@dataclass(frozen=True, slots=True)
class PersonFrame:
    """Which part of a photo the network sees: its left top corner, and how many drawn pixels one of the photo is."""

    left: float
    top: float
    scale: float


def person_of(labels: LabelMap) -> NDArray[np.bool_] | None:
    """Where the largest thing on a map is [H, W], what hangs together and is no background; None where none is."""
    step = max(1, round(max(labels.shape) / 256))
    small = labels[::step, ::step] != 0
    if not small.any():
        return None
    reach = max(1, round(_NEAR * max(small.shape) / 2))
    pieces, _ = ndimage.label(ndimage.binary_dilation(small, iterations=reach))
    areas = np.bincount(pieces[small], minlength=int(pieces.max()) + 1)
    areas[0] = 0
    mine = (pieces == areas.argmax()) & small
    large = np.repeat(np.repeat(mine, step, 0), step, 1)[: labels.shape[0], : labels.shape[1]]
    return np.asarray(large & (labels != 0), np.bool_)


def frame_of(person: NDArray[np.bool_]) -> PersonFrame:
    """The frame round a person [H, W]."""
    rows, columns = np.flatnonzero(person.any(1)), np.flatnonzero(person.any(0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    width, height = DRAWN_SIZE
    scale = _FILLED * min(width / (right - left), height / (bottom - top))
    return PersonFrame(
        float((left + right - width / scale) / 2), float((top + bottom - height / scale) / 2), float(scale)
    )


def cut_out(labels: LabelMap, frame: PersonFrame) -> LabelMap:
    """What a frame shows of a map of a photo, as people are drawn; `OUTSIDE` beyond the photo."""
    width, height = DRAWN_SIZE
    y = np.floor(frame.top + (np.arange(height) + 0.5) / frame.scale).astype(int)
    x = np.floor(frame.left + (np.arange(width) + 0.5) / frame.scale).astype(int)
    rows, columns = labels.shape
    out = labels[np.clip(y, 0, rows - 1)[:, None], np.clip(x, 0, columns - 1)[None]]
    beyond = ((y < 0) | (y >= rows))[:, None] | ((x < 0) | (x >= columns))[None]
    return np.where(beyond, OUTSIDE, out).astype(np.uint8)


def planes_of(labels: Tensor) -> Tensor:
    """Planes [N, C, H, W] in 0..1 of maps [N, 2H, 2W] of codes, `OUTSIDE` among them."""
    codes = torch.where(labels == OUTSIDE, PLANES - 1, labels.long())
    n, height, width = codes.shape
    found = torch.zeros(n, PLANES, height // 2, width // 2, device=labels.device)
    quarter = torch.full((), 0.25, device=labels.device).expand(n, 1, height // 2, width // 2)
    for row in (0, 1):
        for column in (0, 1):
            found.scatter_add_(1, codes[:, None, row::2, column::2], quarter)
    return found
