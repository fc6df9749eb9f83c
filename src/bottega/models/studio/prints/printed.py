"""The things that take a print: how large their prints are, and from which angles they are shown.

Idea     One table of real sizes, which the print file, its warnings and the baked templates (`bake/` at the root of the
         repository) all follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["DPI", "PRINTED", "SCALE_MAX", "SCALE_MIN", "Printed", "Shape"]

DPI = 300
"""Dots per inch of a print file."""
SCALE_MIN, SCALE_MAX = 0.1, 8.0
"""How much smaller or larger a picture may be laid than what fits."""

Shape = Literal["rectangle", "ellipse"]


@dataclass(frozen=True, slots=True)
class Printed:
    """One kind of thing with a place for a picture, its slot."""

    name: str
    label: str
    """As a sentence calls it."""
    width_mm: float
    height_mm: float
    """Of what is seen of the print, without bleed."""
    bleed_mm: float
    """Printed beyond each edge, and cut off or folded away."""
    safe_mm: float
    """From each edge inwards, where nothing that matters should lie."""
    angles: tuple[str, str, str]
    base: float
    """How much light the unprinted surface gives back, 0 to 1."""
    shape: Shape = "rectangle"
    least_dpi: int = 150
    """Below this a print looks soft at the distance from which the thing is seen."""
    cloth: bool = False
    """Whether it is of cloth, which comes in colours."""


PRINTED: dict[str, Printed] = {
    each.name: each
    for each in (
        Printed("phone_cover", "phone cover", 76.3, 151.5, 3, 5, ("flat", "left", "standing"), 0.9, least_dpi=200),
        Printed("headphones", "headphones", 68, 78, 3, 6, ("front", "left", "right"), 0.9, shape="ellipse",
                least_dpi=200),
        Printed("mug", "mug", 200, 85, 3, 5, ("front", "left", "right"), 0.86),
        Printed("t_shirt", "T-shirt", 300, 380, 0, 10, ("flat", "left", "close"), 0.84, cloth=True),
        Printed("tote", "tote bag", 280, 300, 0, 10, ("front", "left", "right"), 0.76, cloth=True),
        Printed("poster", "poster", 300, 400, 3, 8, ("front", "left", "right"), 0.88),
        Printed("cushion", "cushion", 400, 400, 10, 20, ("front", "left", "lying"), 0.82, least_dpi=100,
                cloth=True),
    )
}  # fmt: skip
"""By name, as the attribute `customise` of a product says it."""
