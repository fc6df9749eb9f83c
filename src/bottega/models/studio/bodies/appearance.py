"""A look: the colours and the hair that make one figure of a body, so that it is the same in every picture.

Source   Skin tones: the ten of the Monk Skin Tone scale (Ellis Monk 2022, https://skintone.google), which figures
         are also reported by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bottega.errors import RequestInvalid
from bottega.names import FloatArray

__all__ = ["HAIR_COLOURS", "SKIN_TONES", "Appearance", "light_of"]

SKIN_TONES = MappingProxyType({
    "monk_1": "#f6ede4", "monk_2": "#f3e7db", "monk_3": "#f7ead0", "monk_4": "#eadaba", "monk_5": "#d7bd96",
    "monk_6": "#a07e56", "monk_7": "#825c43", "monk_8": "#604134", "monk_9": "#3a312a", "monk_10": "#292420",
})  # fmt: skip
HAIR_COLOURS = MappingProxyType({
    "black": "#17130f", "dark_brown": "#2e2018", "brown": "#4a3324", "auburn": "#5e3020", "red": "#8a4526",
    "dark_blond": "#86663f", "blond": "#b89a63", "grey": "#8f8c88", "white": "#d5d1ca",
})  # fmt: skip
_NAMED = MappingProxyType({**SKIN_TONES, **HAIR_COLOURS})


@dataclass(frozen=True, slots=True)
class Appearance:
    """Colours are #rrggbb or a name of `SKIN_TONES` or `HAIR_COLOURS`."""

    skin: str = "monk_5"
    hair: str = "short"
    """A style of hair.py, or `none`."""
    hair_colour: str = "dark_brown"
    eyes: str = "#4b3a2a"
    base_layer: str = "#a3a5a8"
    """Of the fitted top and shorts that every figure wears."""
    background: str = "#eeeeec"


def light_of(colour: str) -> FloatArray:
    """A colour as linear light [3]. Raises `RequestInvalid`."""
    told = _NAMED.get(colour, colour)
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", told):
        raise RequestInvalid(
            f"{colour[:80]!r} is no colour.",
            allowed=f"#rrggbb; skin: {', '.join(SKIN_TONES)}; hair: {', '.join(HAIR_COLOURS)}.",
            next_step="Write the colour in one of these ways.",
        )
    found = np.array([int(told[at : at + 2], 16) for at in (1, 3, 5)], np.float32) / np.float32(255)
    return np.asarray(found ** np.float32(2.2), np.float32)
