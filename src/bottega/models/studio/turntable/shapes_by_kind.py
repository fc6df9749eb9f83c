"""Shapes by kind: what the outline alone says of a thing whose kind is known.

Idea     A bottle is round about its middle, a book as thick everywhere, a cushion thickest in its middle, and a shirt
         that somebody wears lies round them. Such rules need no learning, and hold where they hold.
Shapes   G cells a side; depths are shares of the frame.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter1d

from bottega.models.studio.turntable.relief import Relief
from bottega.names import BoolArray

__all__ = ["RULES", "ShapeKind", "kind_of_words", "shape_by_rule"]

_Reals = NDArray[np.floating[Any]]
ShapeKind = Literal["turned", "extruded", "inflated", "card", "learnt"]
_FLAT = 0.3
"""Thickness of what is extruded, of its shorter side."""
_FULL = 0.55
"""Half thickness of what is inflated, of the way from its outline to its middle."""
_BODY = 0.55
"""How deep a body in clothes is, of how wide."""

_WORDS: Final[dict[ShapeKind, tuple[str, ...]]] = {
    "turned": (
        "bottle", "vase", "mug", "cup", "bowl", "jar", "candle", "lamp", "pot", "plate", "perfume", "lipstick",
        "nail polish", "ball", "can", "tumbler", "ring", "bangle",
    ),
    "extruded": (
        "book", "phone", "tablet", "poster", "frame", "card", "clock", "watch", "belt", "tie", "mirror", "rug",
    ),
    "inflated": ("cushion", "pillow", "pouch", "clutch", "wallet", "sock"),
    "card": (
        "shirt", "tshirt", "t-shirt", "top", "dress", "jacket", "coat", "sweater", "sweatshirt", "jumper", "trousers",
        "jeans", "shorts", "skirt", "kurta", "kurtas", "tunic", "leggings", "blazer", "track pants", "saree", "vest",
        "hoodie",
    ),
}  # fmt: skip


def kind_of_words(words: str) -> ShapeKind:
    """What the name of a type says of shape; "learnt" where it says nothing.

    >>> kind_of_words("Water bottles"), kind_of_words("sports shoes")
    ('turned', 'learnt')
    """
    said = words.casefold().replace("_", " ").split()
    single = {one.removesuffix(end) for one in said for end in ("", "s", "es")}
    for kind, names in _WORDS.items():
        if any(name in single or (" " in name and name in " ".join(said)) for name in names):
            return kind
    return "learnt"


def shape_by_rule(kind: ShapeKind, inside: BoolArray) -> Relief:
    """The relief of a thing of this kind from where it is [G, G]; `kind` is none that is learnt."""
    front, back = RULES[kind](np.asarray(inside, bool))
    return Relief(np.asarray(inside, bool), front.astype(np.float32), back.astype(np.float32), 0.0)


def _turned(inside: BoolArray) -> tuple[_Reals, _Reals]:
    """Round about the upright through the middle of each row."""
    middle, half = _rows(inside)
    g = len(inside)
    across = (np.arange(g) + 0.5)[None] - middle[:, None]
    depth = np.sqrt(np.maximum(half[:, None] ** 2 - across**2, 0)) / g
    return -depth, depth


def _extruded(inside: BoolArray) -> tuple[_Reals, _Reals]:
    """As thick everywhere, its edges a little round."""
    g = len(inside)
    rows, columns = inside.any(1).sum(), inside.any(0).sum()
    half = _FLAT * min(rows, columns) / g / 2
    edge = np.clip(distance_transform_edt(inside) / g / max(half * 0.6, 1e-6), 0, 1)
    depth = half * (0.6 + 0.4 * np.sqrt(1 - (1 - edge) ** 2))
    return -depth, depth


def _inflated(inside: BoolArray) -> tuple[_Reals, _Reals]:
    """Thickest where it is farthest from its outline."""
    g = len(inside)
    far = distance_transform_edt(inside)
    most = max(float(far.max()), 1.0)
    depth = _FULL * most / g * np.sqrt(np.clip(1 - (1 - far / most) ** 2, 0, 1))
    return -depth, depth


def _card(inside: BoolArray) -> tuple[_Reals, _Reals]:
    """Bent round somebody who is as wide as the cloth is at each height."""
    middle, half = _rows(inside)
    g = len(inside)
    half = gaussian_filter1d(np.minimum(half, np.median(half[half > 0]) * 1.15), g / 24, mode="nearest")
    across = (np.arange(g) + 0.5)[None] - middle[:, None]
    share = np.clip(np.abs(across) / np.maximum(half[:, None], 1), 0, 1)
    depth = _BODY * half[:, None] / g * np.sqrt(np.maximum(1 - share**2, 0.02))
    return -depth, depth


def _rows(inside: BoolArray) -> tuple[_Reals, _Reals]:
    """The middle and the half width [G] of each row, in cells; rows without any take their neighbours'."""
    g = len(inside)
    used = inside.any(1)
    left, right = inside.argmax(1), g - inside[:, ::-1].argmax(1)
    at = np.flatnonzero(used)
    middle = np.interp(np.arange(g), at, ((left + right) / 2)[at])
    half = np.interp(np.arange(g), at, ((right - left) / 2)[at])
    return gaussian_filter1d(middle, g / 32, mode="nearest"), half


RULES: Final[dict[ShapeKind, Callable[[BoolArray], tuple[_Reals, _Reals]]]] = {
    "turned": _turned, "extruded": _extruded, "inflated": _inflated, "card": _card,
}  # fmt: skip
assert {*RULES, "learnt"} == set(get_args(ShapeKind))
