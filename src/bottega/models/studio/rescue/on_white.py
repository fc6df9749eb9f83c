"""A product on clean white, with the soft shadow of what stands there, in the shapes that marketplaces ask for.

Idea     The product is cut out, its edge freed of the old background, and laid on white. Where it meets the ground the
         white darkens a little, most under what touches it: without that a shoe floats. A preset says how large the
         picture is and how much of it the product fills; a product that its photo cuts off stays flush with that side.
Source   Cut-out: models/blocks/cutout.py. Contact shadows as a blurred foot print: Reeves, Salesin & Cook 1987.
Serves   Any mask; the shadow needs a product that stands or lies on its lowest side, so it has to be asked for.
Costs    Some ten filters of the photo's size (benchmarks/rescue.md).
Shapes   H, W sides of the photo or cut-out; 4 are red, green, blue and opacity.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.rescue.presets import Preset
from bottega.names import FloatArray

__all__ = ["CutOut", "box_of", "cut_sides", "framed", "on_white", "resized", "zoom_of"]

CutOut = NDArray[np.uint8]
"""[H, W, 4], as `cut_out` makes it."""

_FAINT = 10
"""Opacity, of 255, below which a pixel is background: what compression left round the product."""
_DARKEST = 0.22
"""How much of the white the shadow takes where the product touches the ground."""


def on_white(cut: CutOut, *, shadow: bool = False) -> Photo:
    """The cut-out laid on white 255 where it is [H, W, 3]."""
    alpha: FloatArray = np.where(cut[..., 3] < _FAINT, 0, cut[..., 3]).astype(np.float32) / np.float32(255)
    ground: FloatArray = np.full(alpha.shape, 255, np.float32)
    if shadow and "bottom" not in cut_sides(cut):
        ground *= 1 - np.float32(_DARKEST) * _contact(alpha)
    opaque = alpha[..., None]
    mixed = opaque * cut[..., :3] + (1 - opaque) * ground[..., None]
    return np.rint(mixed).clip(0, 255).astype(np.uint8)


def framed(cut: CutOut, preset: Preset, *, shadow: bool = False) -> Photo:
    """The cut-out as the preset asks [height, width, 3]."""
    top, bottom, left, right = box_of(cut)
    piece = cut[top:bottom, left:right]
    sides = cut_sides(cut)
    zoom = zoom_of(cut, preset)
    size = (
        max(1, min(preset.width, round(piece.shape[1] * zoom))),
        max(1, min(preset.height, round(piece.shape[0] * zoom))),
    )
    canvas = np.zeros((preset.height, preset.width, 4), np.uint8)
    y = _place(preset.height, size[1], "top" in sides, "bottom" in sides)
    x = _place(preset.width, size[0], "left" in sides, "right" in sides)
    canvas[y : y + size[1], x : x + size[0]] = resized(piece, size)
    return on_white(canvas, shadow=shadow and "bottom" not in sides)


def zoom_of(cut: CutOut, preset: Preset) -> float:
    """How many times larger the preset shows the product; one that is cut off on both sides fills that way whole."""
    top, bottom, left, right = box_of(cut)
    sides = cut_sides(cut)
    across = 1.0 if {"left", "right"} <= sides else preset.fill
    down = 1.0 if {"top", "bottom"} <= sides else preset.fill
    return min(across * preset.width / (right - left), down * preset.height / (bottom - top))


def cut_sides(cut: CutOut) -> frozenset[str]:
    """Sides of the photo that the product reaches, for more than a twentieth of their length."""
    there = cut[..., 3] > 127
    edges = {"top": there[0], "bottom": there[-1], "left": there[:, 0], "right": there[:, -1]}
    return frozenset(name for name, edge in edges.items() if float(edge.mean()) > 0.05)


def box_of(cut: CutOut) -> tuple[int, int, int, int]:
    there = cut[..., 3] >= 64
    rows, columns = np.flatnonzero(there.any(1)), np.flatnonzero(there.any(0))
    if not len(rows):
        return 0, cut.shape[0], 0, cut.shape[1]
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _place(room: int, size: int, low: bool, high: bool) -> int:
    if low != high:
        return 0 if low else room - size
    return (room - size) // 2


def resized(cut: CutOut, size: tuple[int, int]) -> CutOut:
    """Colours weighted by opacity, lest black from beyond the edge come in."""
    opacity = cut[..., 3:].astype(np.float32) / 255
    weighted = np.concatenate([cut[..., :3] * opacity, opacity * 255], axis=2)
    planes = [
        np.asarray(Image.fromarray(np.ascontiguousarray(weighted[..., k])).resize(size, Image.Resampling.BICUBIC))
        for k in range(4)
    ]
    alpha = planes[3].clip(0, 255)
    colours = np.stack(planes[:3], axis=2) / np.maximum(alpha[..., None] / 255, 1e-3)
    found: CutOut = np.rint(np.concatenate([colours.clip(0, 255), alpha[..., None]], axis=2)).astype(np.uint8)
    return found


def _contact(alpha: FloatArray) -> FloatArray:
    """How deep the shadow is at each pixel [H, W], 0 to 1."""
    there = alpha > 0.5
    rows = np.flatnonzero(there.any(1))
    if not len(rows):
        return np.zeros(alpha.shape, np.float32)
    ground, tall = int(rows[-1]), int(rows[-1] - rows[0] + 1)
    lowest = np.where(there.any(0), alpha.shape[0] - 1 - there[::-1].argmax(0), -10 * alpha.shape[0])
    touching = np.exp(-(((ground - lowest) / max(0.04 * tall, 1.0)) ** 2))
    line = ndimage.gaussian_filter1d(touching, max(0.015 * tall, 1.0), mode="constant")
    below = np.arange(alpha.shape[0]) - ground
    fall = np.exp(-0.5 * (below / max(0.018 * tall, 1.0)) ** 2)
    return (fall[:, None] * line[None]).astype(np.float32)
