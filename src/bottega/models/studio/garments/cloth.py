"""Cloth: one piece of clothing, made to one body.

Idea     Whatever a piece was cut from, it is in the end a mesh at the body's rest, hung on the body's bones, with a
         place in a picture for every vertex. So every piece follows every pose as the body itself does, and whoever
         draws it needs to know nothing of cuts.
Shapes   V vertices, F faces, H, W height and width of the picture; metres, in the axes of bodies/body.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bottega.names import FloatArray

__all__ = ["CUTS", "LAYERS", "Cloth"]

CUTS: Final = (
    "top", "shirt", "jacket", "trousers", "skirt", "dress", "shoes", "bag", "hat", "scarf", "belt", "glasses",
)  # fmt: skip
LAYERS: Final = {
    "shoes": 1, "trousers": 2, "skirt": 2, "top": 3, "shirt": 3, "dress": 3, "belt": 4, "jacket": 5, "scarf": 6,
    "hat": 7, "glasses": 7, "bag": 8,
}  # fmt: skip
"""Which of two pieces at one place one sees: the one of the higher number."""


@dataclass(frozen=True, slots=True, eq=False)
class Cloth:
    """A piece at the rest of a body."""

    cut: str
    """One of `CUTS`."""
    layer: int
    """From `LAYERS`, unless the piece was asked to be worn otherwise (a shirt tucked in lies under the trousers)."""
    vertices: FloatArray
    """[V, 3]"""
    faces: NDArray[np.int32]
    """[F, 3], counter-clockwise from outside."""
    places: FloatArray
    """[V, 2], where on the picture: shares of its width from the left and of its height from the top."""
    picture: NDArray[np.uint8]
    """[H, W, 4], sRGB, straight alpha: front and back of the piece side by side, or whatever its places need."""
    bones: NDArray[np.uint8]
    """[V, K], into the bones of the body."""
    weights: FloatArray
    """[V, K], sum to 1."""
    guessed: FloatArray
    """[V], from 0, seen in the photo, to 1, filled in: a back, or what an arm hid."""
