"""Textures: pictures that lie on faces, looked up at the size at which they are seen.

Idea     Each picture is kept at its own size, at half of it, at a quarter and so on. A face is drawn from the two sizes
         nearest to the one at which it is seen, each read between its four nearest dots, so that small print neither
         flickers nor blurs.
Source   Williams 1983, "Pyramidal parametrics".
Shapes   P pictures, L levels, T dots of all of them; colours are linear and multiplied with their alpha.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.jit import kernel
from bottega.names import FloatArray

__all__ = ["NO_TEXTURES", "Textures", "texel", "textures_of"]

_LEVELS = 9


@dataclass(frozen=True, slots=True, eq=False)
class Textures:
    """Pictures as flat arrays."""

    texels: FloatArray
    """[T, 4]"""
    levels: NDArray[np.int64]
    """[P, L, 3]: where a level begins, its height and its width; a picture's last one repeats."""


NO_TEXTURES = Textures(np.zeros((0, 4), np.float32), np.zeros((0, _LEVELS, 3), np.int64))


def textures_of(pictures: Sequence[FloatArray]) -> Textures:
    """Textures of pictures [H, W, 4] in linear light, with straight alpha."""
    if not pictures:
        return NO_TEXTURES
    parts, levels, begin = [], np.zeros((len(pictures), _LEVELS, 3), np.int64), 0
    for row, picture in zip(levels, pictures, strict=True):
        dots = np.array(picture, np.float32)
        dots[..., :3] *= dots[..., 3:]
        for level in range(_LEVELS):
            if level and min(dots.shape[:2]) < 4:
                row[level] = row[level - 1]
                continue
            if level:
                dots = _halved(dots)
            height, width = dots.shape[:2]
            row[level] = begin, height, width
            parts.append(dots.reshape(-1, 4))
            begin += height * width
    return Textures(np.ascontiguousarray(np.concatenate(parts), np.float32), levels)


def _halved(dots: FloatArray) -> FloatArray:
    height, width = dots.shape[:2]
    even = np.pad(dots, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return np.asarray((even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / 4, np.float32)


@kernel
def texel(
    texels: NDArray[np.float32],
    levels: NDArray[np.int64],
    picture: int,
    level: float,
    u: float,
    v: float,
    out: NDArray[np.float64],
) -> None:
    """The dot of a picture at a place (shares of its width and height), between two levels, into `out` [4]."""
    out[:] = 0
    top = levels.shape[1] - 1
    level = min(max(level, 0.0), float(top))
    low = int(level)
    for step in range(2):
        share = level - low if step == 1 else 1 - (level - low)
        if share <= 0:
            continue
        at = min(low + step, top)
        begin, height, width = levels[picture, at, 0], levels[picture, at, 1], levels[picture, at, 2]
        x = min(max(u * width - 0.5, 0.0), width - 1.0)
        y = min(max(v * height - 0.5, 0.0), height - 1.0)
        x0, y0 = int(x), int(y)
        x1, y1 = min(x0 + 1, width - 1), min(y0 + 1, height - 1)
        fx, fy = x - x0, y - y0
        for channel in range(4):
            above = (1 - fx) * texels[begin + y0 * width + x0, channel] + fx * texels[begin + y0 * width + x1, channel]
            below = (1 - fx) * texels[begin + y1 * width + x0, channel] + fx * texels[begin + y1 * width + x1, channel]
            out[channel] += share * ((1 - fy) * above + fy * below)
