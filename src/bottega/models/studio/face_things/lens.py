"""What a lens does to the light behind it, told from how it looks on white: the same on a photo and in a browser."""

from __future__ import annotations

import numpy as np

from bottega.names import FloatArray

__all__ = ["through_lens"]

_OPAQUE = (0.9, 0.5)
"""What a black lens and a clear one keep of what is behind them from being seen."""


def through_lens(colours: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Colours [h, w, 3] (0 to 255) of a lens to its opacity [h, w], and what it multiplies light by [h, w, 3]."""
    light = colours.mean(2) / 255
    held = _OPAQUE[0] + (_OPAQUE[1] - _OPAQUE[0]) * light
    return np.asarray(held, np.float32), np.asarray(0.25 + 0.75 * colours / 255, np.float32)
