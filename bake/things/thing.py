"""What a thing is: its parts, what those are made of, and where the camera stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from meshes import Mesh

__all__ = ["Camera", "Thing"]


@dataclass(frozen=True)
class Camera:
    """Where a picture is taken from; centimetres, degrees."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    fov: float = 24.0
    up: tuple[float, float, float] = (0, 0, 1)
    turn: float = 0.0
    """How far the thing is turned about the vertical for this picture."""
    tip: float | None = None
    """How far it is tipped about x before that, and set down again."""
    light: tuple[float, float, float] | None = None
    """Where the light comes from in this picture, where that is not where it comes from in the others."""


@dataclass(frozen=True)
class Thing:
    """Parts by what they are made of; the slot's meshes have texture coordinates 0 to 1, v from the top."""

    slot: list[Mesh]
    parts: list[tuple[str, Mesh]]
    cameras: dict[str, Camera]
    surface: str
    """What the slot is made of."""
    light_from: tuple[float, float, float] = (-55, -45, 75)
    wall: float = 60.0
    """How far behind the thing the paper turns up."""
    grain: float = 0.0
    """Of cloth: how far single threads differ in brightness."""
    more: dict[str, float] = field(default_factory=dict)
