"""What geometry leaves unsure in a picture of who wears something: which pixels may change, and how.

Idea     Cloth may become lighter and darker, as folds make it, by one factor for all three colours that leaves each
         piece as light as it was on the whole. More may change only in a narrow band where a piece meets skin, hair
         or another piece, and there, too, no hue; the band is wider where hair lies on cloth. Every other pixel stays
         as it is, bit by bit.
Shapes   H, W height and width; N pictures, Q pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from torch import Tensor

from bottega.datasets.photos.masks import PARTS
from bottega.names import BoolArray, FloatArray

__all__ = ["FIRST_PIECE", "HAIR", "SKIN", "Unsure", "changed", "told_of", "unsure"]

SKIN, HAIR, FIRST_PIECE = 1, 2, 3
"""Codes of layers: 0 is the background, from the last one on each is a piece."""
_BAND, _HAIR_BAND = 2.5, 5.0
"""Pixels from an edge within which colours may change, of a picture 256 high."""
_HIGH = 256
_MOST_SHADE = 0.6
"""Largest change of lightness, as a logarithm of linear light."""
_GAMMA = 2.2
_MOST_EDGE, _DARK = 1.8, 0.02
"""Largest factor of lightness at an edge; what is added to both sides of it, so that black stays black."""


@dataclass(frozen=True, slots=True, eq=False)
class Unsure:
    """`cloth` [H, W]: where lightness may change. `edge` [H, W]: how far colours may, 0 to 1."""

    cloth: BoolArray
    edge: FloatArray

    @property
    def share(self) -> float:
        """Of the picture, that may change at all."""
        return float((self.cloth | (self.edge > 0)).mean())


def unsure(layers: NDArray[np.uint8]) -> Unsure:
    """What may change in a picture with these layers [H, W]."""
    scale = layers.shape[0] / _HIGH
    cloth = layers >= FIRST_PIECE
    edge = np.zeros(layers.shape, np.float32)
    shown = np.flatnonzero((layers > 0).any(1)), np.flatnonzero((layers > 0).any(0))
    if not cloth.any():
        return Unsure(cloth, edge)
    box = tuple(slice(int(found[0]), int(found[-1]) + 1) for found in shown)
    inside = layers[box]
    edge[box] = np.maximum(
        _band(_meets(inside, hair=False), _BAND * scale), _band(_meets(inside, hair=True), _HAIR_BAND * scale)
    )
    edge[layers == 0] = 0
    return Unsure(cloth, edge)


def _meets(layers: NDArray[np.uint8], *, hair: bool) -> BoolArray:
    """Pixels beside one of another layer, where one of both is a piece; with `hair`, where the other is hair."""
    found = np.zeros(layers.shape, bool)
    for axis in (0, 1):
        one = np.moveaxis(layers, axis, 0)
        low, high = one[:-1], one[1:]
        meet = (low != high) & (low > 0) & (high > 0) & (np.maximum(low, high) >= FIRST_PIECE)
        if hair:
            meet &= (low == HAIR) | (high == HAIR)
        at = np.moveaxis(found, axis, 0)
        at[:-1] |= meet
        at[1:] |= meet
    return found


def _band(at: BoolArray, width: float) -> FloatArray:
    if not at.any():
        return np.zeros(at.shape, np.float32)
    far = np.asarray(distance_transform_edt(~at), np.float32)
    return np.asarray(np.clip(1.5 - 1.5 * far / np.float32(width), 0, 1), np.float32)


def told_of(layers: Tensor) -> tuple[Tensor, Tensor]:
    """Layers [N, H, W] as what they are [N, 4, H, W] (background, skin, hair, cloth) and as pieces [N, Q, H, W]."""
    kinds = torch.stack([layers == 0, layers == SKIN, layers == HAIR, layers >= FIRST_PIECE], 1).float()
    most = max(int(layers.max()) + 1, len(PARTS))
    pieces = torch.stack([layers == code for code in range(FIRST_PIECE, most)], 1).float()
    return kinds, pieces


def changed(pictures: Tensor, shade: Tensor, colours: Tensor, pieces: Tensor, edge: Tensor) -> Tensor:
    """Pictures [N, 3, H, W] in 0..1 with what a network says of them. Edges keep their hue.

    `shade` [N, 1, H, W] and `colours` [N, 3, H, W] are what it says, `pieces` [N, Q, H, W] where each piece is, and
    `edge` [N, 1, H, W] how far colours may change.
    """
    bent = _MOST_SHADE * (shade / _MOST_SHADE).tanh()
    size = pieces.sum((2, 3)).clamp(min=1)
    means = (pieces * bent).sum((2, 3)) / size
    cloth = pieces.sum(1, keepdim=True)
    level = bent - (pieces * means[:, :, None, None]).sum(1, keepdim=True)
    shaded = pictures * (1 + cloth * ((level / _GAMMA).exp() - 1))
    wished = (shaded + edge * 0.5 * colours.tanh()).clamp(0, 1)
    light, before = (picture.mean(1, keepdim=True) for picture in (wished, shaded))
    factor = ((light + _DARK) / (before + _DARK)).clamp(1 / _MOST_EDGE, _MOST_EDGE)
    return torch.where(edge > 0, shaded * factor, shaded).clamp(0, 1)
