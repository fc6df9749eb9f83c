"""Shapes of pictures that marketplaces ask for, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["PRESETS", "Preset"]


@dataclass(frozen=True, slots=True)
class Preset:
    """The shape of a picture that a marketplace asks for."""

    width: int
    height: int
    fill: float = 0.85
    """Share of the width or height, whichever it reaches first, that the product takes."""


PRESETS: Mapping[str, Preset] = {
    "square": Preset(1600, 1600),
    "portrait": Preset(1080, 1350),
    "story": Preset(1080, 1920),
    "small": Preset(800, 800),
    "large": Preset(2000, 2000),
}
"""By name: 1:1, 4:5, 9:16, and 1:1 in two other sizes; all on white 255 with the product at 85 %."""
