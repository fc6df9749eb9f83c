"""Named colours as points in CIE Lab."""

from __future__ import annotations

__all__ = ["NAMES"]

NAMES: tuple[tuple[str, tuple[float, float, float]], ...] = (
    ("black", (16, 0, 0)),
    ("grey", (55, 0, 0)),
    ("white", (94, 0, 0)),
    ("red", (42, 58, 34)),
    ("blue", (42, 5, -38)),
    ("green", (48, -32, 22)),
)
