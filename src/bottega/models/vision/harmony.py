"""Colour harmony: named, measurable relations between the colours of two garments.

Idea     Of each garment its three main colours in CIE Lab with their shares. Every pair of colours, one of each
         garment, has a few relations (how far apart in lightness, the same hue, one neutral and one not ...); they are
         taken for the two main colours, and averaged over all pairs by their shares.
Source   Lab and hue angle: CIE 15:2004, section 8. Which relations please: Ou & Luo 2006, "A colour harmony model for
         two-colour combinations", https://doi.org/10.1002/col.20208 (hue, chroma and lightness effects).
Differs  No fixed formula of harmony: outfits.py learns from outfits how much each relation counts, by pair of slots.
Shapes   C = 12 numbers a garment (three times L, a, b, share), K relations, F = 2K features.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bottega.names import BoolArray, FloatArray

__all__ = ["COLOURS", "FEATURES", "RELATIONS", "Coloured", "colour_row", "harmony", "stands"]

COLOURS = 3
"""Colours kept of each garment."""
RELATIONS = {
    "lightness gap": "light against dark",
    "lightness gap squared": "a strong contrast of light and dark",
    "chroma gap": "a quiet colour beside a vivid one",
    "same hue": "shades of one hue",
    "hue on one axis": "opposite hues",
    "both vivid": "two vivid colours",
    "both neutral": "two neutrals",
    "one neutral": "a neutral with a colour",
    "same colour": "nearly the same colour",
    "near colour": "tone on tone",
    "both dark": "dark with dark",
    "both light": "light with light",
}
"""Name of each relation [K] -> what a sentence calls it."""
FEATURES = (*RELATIONS, *(f"{name}, all colours" for name in RELATIONS))
"""Name of each feature [F]."""
_NEUTRAL_CHROMA, _DARK, _LIGHT = 12.0, 30.0, 70.0
_CLEAR = 0.5


class Coloured(Protocol):
    """A measured colour: `lab`, and the `share` of the garment that has it."""

    @property
    def lab(self) -> Sequence[float]: ...

    @property
    def share(self) -> float: ...


def colour_row(colours: Sequence[Coloured]) -> FloatArray:
    """The main colours of one garment, largest share first, as a row [C]; zeros where there are fewer."""
    row = np.zeros((COLOURS, 4), dtype=np.float32)
    for place, colour in enumerate(colours[:COLOURS]):
        row[place] = (*colour.lab, colour.share)
    return row.ravel()


def harmony(ones: FloatArray, others: FloatArray) -> FloatArray:
    """Features [..., F] of garments `ones` [..., C] beside `others` [..., C], broadcast against one another."""
    one = ones.reshape(*ones.shape[:-1], COLOURS, 1, 4)
    other = others.reshape(*others.shape[:-1], 1, COLOURS, 4)
    relations = _relations(one[..., :3], other[..., :3])
    weight = one[..., 3] * other[..., 3]
    weight = weight / np.maximum(weight.sum(axis=(-2, -1), keepdims=True), 1e-9)
    everywhere = (relations * weight[..., None]).sum(axis=(-3, -2))
    return np.concatenate([relations[..., 0, 0, :], everywhere], axis=-1).astype(np.float32)


def stands(relations: FloatArray) -> BoolArray:
    """Which of the relations [..., K] of two main colours are so clear that a sentence may name them."""
    clear: BoolArray = relations >= _CLEAR
    opposite, same = (list(RELATIONS).index(name) for name in ("hue on one axis", "same hue"))
    clear[..., opposite] &= relations[..., same] < 0
    return clear


def _relations(one: FloatArray, other: FloatArray) -> FloatArray:
    """The relations [..., K] of two colours [..., 3] in Lab, each about 0 to 1."""
    gap = np.abs(one[..., 0] - other[..., 0]) / 50
    chroma, chroma_other = np.hypot(one[..., 1], one[..., 2]), np.hypot(other[..., 1], other[..., 2])
    turn = np.arctan2(one[..., 2], one[..., 1]) - np.arctan2(other[..., 2], other[..., 1])
    vivid = np.sqrt(chroma * chroma_other) / 20
    neutral, neutral_other = (_soft(_NEUTRAL_CHROMA - each, 3.0) for each in (chroma, chroma_other))
    apart = np.sqrt(np.square(one - other).sum(axis=-1))
    relations: FloatArray = np.stack(
        [
            gap,
            gap**2,
            np.abs(chroma - chroma_other) / 20,
            vivid * np.cos(turn),
            vivid * np.cos(2 * turn),
            vivid,
            neutral * neutral_other,
            neutral + neutral_other - 2 * neutral * neutral_other,
            np.exp(-np.square(apart / 12)),
            np.exp(-np.square(apart / 30)),
            _soft(_DARK - one[..., 0], 5.0) * _soft(_DARK - other[..., 0], 5.0),
            _soft(one[..., 0] - _LIGHT, 5.0) * _soft(other[..., 0] - _LIGHT, 5.0),
        ],
        axis=-1,
    )
    return relations


def _soft(value: FloatArray | NDArray[np.float64], width: float) -> FloatArray:
    """0 far below zero, 1 far above, a half at zero."""
    return np.asarray(0.5 * (1 + np.tanh(value / (2 * width))), dtype=np.float32)
