"""How the network of face points is laid out; torch builds it from this, and so does a browser, without torch."""

from __future__ import annotations

__all__ = ["HIDDEN", "LAYERS", "SQUARE_PX"]

SQUARE_PX = 64
"""Side of the square that it looks at."""
LAYERS = ((3, 16, 2), (16, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1), (64, 96, 2))
"""Channels in and out and step of each convolution of 3 by 3."""
HIDDEN = 128
"""Of the layer between the convolutions and what it says."""
