"""A picture on a thing, as one sees it: looked up at every pixel of the slot, lit there, and brought to sRGB.

Source   Antialiasing: mip levels with several samples along the longer axis of a pixel's footprint, as graphics cards
         do it (Heckbert 1989, "Fundamentals of Texture Mapping and Image Warping"; EXT_texture_filter_anisotropic).
Shapes   H, W height and width of the preview; 3 linear red, green and blue; L levels, P pixels of all of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.jit import kernel
from bottega.names import FloatArray

__all__ = ["LINEAR", "levels_of", "lit"]

_SAMPLES_MAX = 8
_SHOULDER = 0.65

Bytes = NDArray[np.uint8]


def levels_of(texture: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """All mip levels one after the other [P, 3], and where each begins, with its height and width [L, 3]."""
    levels, places, at = [texture], [], 0
    while max(levels[-1].shape[:2]) > 1 and len(levels) < 9:
        last = levels[-1]
        last = np.pad(last, ((0, last.shape[0] % 2), (0, last.shape[1] % 2), (0, 0)), mode="edge")
        levels.append(0.25 * (last[::2, ::2] + last[1::2, ::2] + last[::2, 1::2] + last[1::2, 1::2]))
    for level in levels:
        places.append((at, level.shape[0], level.shape[1]))
        at += level.shape[0] * level.shape[1]
    return np.concatenate([level.reshape(-1, 3) for level in levels]), np.array(places, np.int64)


def lit(
    covered: FloatArray,
    u: FloatArray,
    v: FloatArray,
    light: FloatArray,
    shine: FloatArray,
    pixels: FloatArray,
    places: NDArray[np.int64],
) -> Bytes:
    """The preview [H, W, 3]: `shine` [H, W, 3], and where the slot is `covered` [H, W] the picture in its `light`.

    `u`, `v` [H, W]: where in the picture each pixel looks, 0 to 1; `pixels` and `places` as `levels_of` gives them.
    """
    found: Bytes = _looked_up(covered, u, v, light, shine, pixels, places, _TONES)
    return found


@kernel
def _looked_up(
    covered: FloatArray,
    u: FloatArray,
    v: FloatArray,
    light: FloatArray,
    shine: FloatArray,
    pixels: FloatArray,
    places: NDArray[np.int64],
    tones: Bytes,
) -> Bytes:
    """The picture [H, W, 3], looked up, lit and brought to sRGB."""
    height, width = covered.shape
    tall, wide = np.float32(places[0, 1]), np.float32(places[0, 2])
    out = np.empty((height, width, 3), np.uint8)
    colour = np.zeros(3, np.float32)
    last = len(tones) - 1
    for y in range(height):
        for x in range(width):
            if covered[y, x] == 0.0:
                for c in range(3):
                    out[y, x, c] = tones[min(last, int(shine[y, x, c] * np.float32(_STEPS)))]
                continue
            ux, vx = _slope(covered, u, v, y, x, 0, 1)
            uy, vy = _slope(covered, u, v, y, x, 1, 0)
            ux, uy, vx, vy = ux * wide, uy * wide, vx * tall, vy * tall
            one, two = np.sqrt(ux * ux + vx * vx), np.sqrt(uy * uy + vy * vy)
            if one < two:
                ux, vx, one, two = uy, vy, two, one
            two = max(two, one / np.float32(_SAMPLES_MAX), np.float32(1.0))
            samples = max(1, int(np.ceil(one / two - np.float32(0.01))))
            level = np.log2(two)
            colour[:] = 0
            for k in range(samples):
                along = (k + np.float32(0.5)) / samples - np.float32(0.5)
                _add(pixels, places, u[y, x] * wide + along * ux, v[y, x] * tall + along * vx, level, colour)
            for c in range(3):
                value = shine[y, x, c] + light[y, x] * colour[c] / samples
                out[y, x, c] = tones[min(last, int(value * np.float32(_STEPS)))]
    return out


@kernel
def _slope(
    covered: FloatArray, u: FloatArray, v: FloatArray, y: int, x: int, dy: int, dx: int
) -> tuple[np.float32, np.float32]:
    """How the map changes over one pixel downwards or to the right; over an edge of the slot, nothing is known."""
    height, width = covered.shape
    before = y >= dy and x >= dx and covered[y - dy, x - dx] > 0
    after = y + dy < height and x + dx < width and covered[y + dy, x + dx] > 0
    y0, x0 = (y - dy, x - dx) if before else (y, x)
    y1, x1 = (y + dy, x + dx) if after else (y, x)
    steps = np.float32(int(before) + int(after))
    if steps == 0:
        return np.float32(0), np.float32(0)
    return (u[y1, x1] - u[y0, x0]) / steps, (v[y1, x1] - v[y0, x0]) / steps


@kernel
def _add(
    pixels: FloatArray, places: NDArray[np.int64], x: np.float32, y: np.float32, level: np.float32, colour: FloatArray
) -> None:
    """Add the colour at a place of the largest level (pixels from its corner), between two levels, to `colour`."""
    low = min(int(level), len(places) - 1)
    high = min(low + 1, len(places) - 1)
    share = level - low
    for k in range(2):
        at, weight = (low, np.float32(1.0) - share) if k == 0 else (high, share)
        if weight <= 0:
            continue
        begin, tall, wide = places[at, 0], places[at, 1], places[at, 2]
        px = min(max(x / np.float32(1 << at) - np.float32(0.5), np.float32(0)), np.float32(wide - 1))
        py = min(max(y / np.float32(1 << at) - np.float32(0.5), np.float32(0)), np.float32(tall - 1))
        x0, y0 = int(px), int(py)
        x1, y1 = min(x0 + 1, wide - 1), min(y0 + 1, tall - 1)
        fx, fy = px - x0, py - y0
        for c in range(3):
            upper = pixels[begin + y0 * wide + x0, c] * (1 - fx) + pixels[begin + y0 * wide + x1, c] * fx
            lower = pixels[begin + y1 * wide + x0, c] * (1 - fx) + pixels[begin + y1 * wide + x1, c] * fx
            colour[c] += weight * (upper * (1 - fy) + lower * fy)


def _tones() -> Bytes:
    """Light to sRGB: as it is up to a shoulder, above it ever more gently, as film does; so paper keeps its shades."""
    light = (np.arange(int(4 * _STEPS) + 1) + 0.5) / _STEPS
    soft = _SHOULDER + (1 - _SHOULDER) * (1 - np.exp(-(light - _SHOULDER) / (1 - _SHOULDER)))
    light = np.where(light < _SHOULDER, light, soft)
    told = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * told), np.uint8)


_STEPS = 4096.0
_TONES = _tones()
_CODE = np.arange(256) / 255.0
LINEAR = np.where(_CODE <= 0.04045, _CODE / 12.92, ((_CODE + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""Codes of sRGB as shares of light [256]."""
