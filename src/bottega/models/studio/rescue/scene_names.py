"""The scenes that a product can be laid on, by name: where it stands, and how the light falls there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SCENES", "Scene"]


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene; lengths are shares of its width."""

    label: str
    """As a sentence calls it."""
    stands: bool
    """Whether products stand on it, seen from the front; else they lie, seen from above."""
    ground: float
    """How far from the top things stand; the middle where they lie."""
    wide: float
    tall: float
    """How wide and how tall a product is at most."""
    falls: tuple[float, float]
    """How far a shadow falls to the right, and back (of its height, foreshortened) or down."""
    light: tuple[float, float, float]
    """What the light there makes of a product's colours, as factors of light."""
    shadow: tuple[float, float, float]
    """How much of each colour of the ground a shadow takes at its darkest."""
    brightness: float
    """How much light the ground gives back where things stand, 0 to 1."""


SCENES: Mapping[str, Scene] = {
    "table": Scene("a wooden table", True, 0.74, 0.56, 0.56, (0.75, 0.2), (1.0, 0.975, 0.94), (0.62, 0.64, 0.68), 0.30),
    "shelf": Scene("a stone shelf", True, 0.72, 0.52, 0.54, (0.7, 0.16), (0.99, 0.985, 0.96), (0.55, 0.55, 0.56), 0.52),
    "cloth": Scene(
        "linen, seen from above", False, 0.5, 0.7, 0.7, (0.012, 0.009), (1.0, 0.98, 0.95), (0.5, 0.52, 0.56), 0.58
    ),
}
"""All of them."""
