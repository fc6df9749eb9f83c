"""A small studio: shapes become soft masks, masks are painted with colour, volume and light.

Shapes are paths in a 100 by 100 space (the words of SVG: M, L, C, Q, Z), rasterised by Pillow at three times the size
and reduced, so that edges are smooth; everything after that (pattern, shading, shadow) is numpy at the final size.

Shapes   H, W pixels. Masks are [H, W] in 0..1, pictures [H, W, 3] in 0..1, colours [3] in 0..1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

__all__ = [
    "PX",
    "SIZE",
    "Canvas",
    "Colour",
    "Field",
    "Mask",
    "ball",
    "box",
    "fill",
    "half",
    "mix",
    "rgb",
    "soften",
    "stroke",
]

SIZE = 480
"""Pixels on each side of a picture."""
PX = SIZE / 100
"""Pixels of one unit of the drawing space."""
_OVER = 3
_STEPS = np.linspace(0.0, 1.0, 29)[1:, None]
_SHADE = np.array([0.86, 0.92, 1.0], dtype=np.float32)
_PATH = re.compile(r"[MLCQZ]|-?\d+(?:\.\d+)?")

Field = NDArray[np.floating[Any]]
Colour = Field
Box = tuple[int, int, int, int]


def rgb(text: str) -> Colour:
    """Colour [3] of a "#rrggbb"."""
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32) / 255


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with `share` of `other` in it."""
    return (one * (1 - share) + other * share).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Mask:
    """Where a shape is: `alpha` [H, W], zero outside `box` (top, bottom, left, right in pixels)."""

    alpha: Field
    box: Box

    def __and__(self, other: Mask) -> Mask:
        a, b = self.box, other.box
        top, left = max(a[0], b[0]), max(a[2], b[2])
        both = (top, max(top, min(a[1], b[1])), left, max(left, min(a[3], b[3])))
        return self._made(both, lambda part: self.alpha[part] * other.alpha[part])

    def __sub__(self, other: Mask) -> Mask:
        return self._made(self.box, lambda part: self.alpha[part] * (1 - other.alpha[part]))

    def __or__(self, other: Mask) -> Mask:
        a, b = self.box, other.box
        union = (min(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), max(a[3], b[3]))
        return self._made(union, lambda part: np.maximum(self.alpha[part], other.alpha[part]))

    @property
    def part(self) -> tuple[slice, slice]:
        """The box as an index into [H, W]."""
        top, bottom, left, right = self.box
        return slice(top, bottom), slice(left, right)

    def moved(self, x_px: int, y_px: int) -> Mask:
        """The mask shifted; what leaves the picture is lost."""
        top, bottom, left, right = self.box
        to = (max(0, top + y_px), min(SIZE, bottom + y_px), max(0, left + x_px), min(SIZE, right + x_px))
        to = (to[0], max(to[0], to[1]), to[2], max(to[2], to[3]))
        alpha = np.zeros((SIZE, SIZE), dtype=np.float32)
        alpha[to[0] : to[1], to[2] : to[3]] = self.alpha[to[0] - y_px : to[1] - y_px, to[2] - x_px : to[3] - x_px]
        return Mask(alpha, to)

    @staticmethod
    def _made(area: Box, values: Callable[[tuple[slice, slice]], Field]) -> Mask:
        alpha = np.zeros((SIZE, SIZE), dtype=np.float32)
        mask = Mask(alpha, area)
        alpha[mask.part] = values(mask.part)
        return mask


@lru_cache(maxsize=512)
def _points(path: str) -> tuple[tuple[float, float], ...]:
    """The corners of a path, curves cut into short lines."""
    tokens = _PATH.findall(path)
    points: list[tuple[float, float]] = []
    i, command = 0, "M"
    while i < len(tokens):
        if tokens[i].isalpha():
            command = tokens[i]
            i += 1
            if command == "Z":
                continue
        count = {"M": 1, "L": 1, "Q": 2, "C": 3}[command]
        p = np.array([float(v) for v in tokens[i : i + 2 * count]]).reshape(count, 2)
        i += 2 * count
        if count == 1:
            points.append((p[0, 0], p[0, 1]))
            continue
        t, start = _STEPS, np.array(points[-1])
        if count == 2:
            curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * p[0] + t**2 * p[1]
        else:
            curve = (1 - t) ** 3 * start + 3 * t * (1 - t) ** 2 * p[0] + 3 * t**2 * (1 - t) * p[1] + t**3 * p[2]
        points.extend((x, y) for x, y in curve.tolist())
    return tuple(points)


def half(path: str, middle: float = 50.0) -> str:
    """A closed path from its left half: the points and their mirror image about x = `middle`."""
    left = _points(path)
    both = [*left, *((2 * middle - x, y) for x, y in reversed(left))]
    return "M" + " L".join(f"{x:.3f} {y:.3f}" for x, y in both) + "Z"


def _raster(points: tuple[tuple[float, float], ...], width: float | None) -> Mask:
    xy = np.array(points, dtype=np.float64) * PX
    pad = 2.0 + (width or 0.0) * PX
    low = np.clip(np.floor(xy.min(0) - pad), 0, SIZE - 2).astype(int)
    high = np.clip(np.ceil(xy.max(0) + pad), low + 1, SIZE).astype(int)
    image = Image.new("L", tuple(((high - low) * _OVER).tolist()))
    draw = ImageDraw.Draw(image)
    corners = [(x, y) for x, y in ((xy - low) * _OVER).tolist()]
    if width is None:
        draw.polygon(corners, fill=255)
    else:
        thick = max(1, round(width * PX * _OVER))
        draw.line(corners, fill=255, width=thick, joint="curve")
        for x, y in (corners[0], corners[-1]):
            draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)
    alpha = np.zeros((SIZE, SIZE), dtype=np.float32)
    alpha[low[1] : high[1], low[0] : high[0]] = np.asarray(image.reduce(_OVER), dtype=np.float32) / 255
    return Mask(alpha, (int(low[1]), int(high[1]), int(low[0]), int(high[0])))


@lru_cache(maxsize=48)
def fill(path: str) -> Mask:
    """The inside of a closed path."""
    return _raster(_points(path), None)


@lru_cache(maxsize=48)
def stroke(path: str, width: float) -> Mask:
    """A line along a path, `width` units thick, with round ends."""
    return _raster(_points(path), width)


@lru_cache(maxsize=48)
def ball(x: float, y: float, rx: float, ry: float | None = None, turn: float = 0.0) -> Mask:
    """An ellipse about (x, y), turned by `turn` degrees."""
    t = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    a, b = rx * np.cos(t), (rx if ry is None else ry) * np.sin(t)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    return _raster(tuple(zip((x + a * c - b * s).tolist(), (y + a * s + b * c).tolist(), strict=True)), None)


@lru_cache(maxsize=48)
def box(left: float, top: float, right: float, bottom: float, corner: float = 0.0) -> Mask:
    """A rectangle with round corners of radius `corner`."""
    k, arc = corner, np.linspace(0, np.pi / 2, 9)
    points: list[tuple[float, float]] = []
    corners = (
        (right - k, top + k, -90),
        (right - k, bottom - k, 0),
        (left + k, bottom - k, 90),
        (left + k, top + k, 180),
    )
    for x, y, start in corners:
        angle = arc + np.radians(start)
        points.extend(zip((x + k * np.cos(angle)).tolist(), (y + k * np.sin(angle)).tolist(), strict=True))
    return _raster(tuple(points), None)


def _blurred(alpha: Field, radius_px: float) -> Field:
    """Gaussian blur; wide ones on a smaller picture, where nobody sees the difference.

    In floats, because volume shading takes the slope of the result and 256 levels would show as dents.
    """
    if radius_px <= 2:
        image = Image.fromarray((alpha * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius_px))
        return np.asarray(image, dtype=np.float32) / 255
    factor = 4 if radius_px > 7 else 2
    small = np.asarray(Image.fromarray(alpha).reduce(factor))
    small = ndimage.gaussian_filter(small, radius_px / factor, mode="constant", truncate=3)
    return np.asarray(Image.fromarray(small).resize(alpha.shape[::-1], Image.Resampling.BICUBIC))


def _grown(area: Box, pad: float) -> Box:
    return (
        max(0, int(area[0] - pad)),
        min(SIZE, int(area[1] + pad)),
        max(0, int(area[2] - pad)),
        min(SIZE, int(area[3] + pad)),
    )


def soften(mask: Mask, radius: float) -> Mask:
    """The mask with edges blurred over `radius` units."""
    area = _grown(mask.box, 2.6 * radius * PX)
    alpha = np.zeros_like(mask.alpha)
    alpha[area[0] : area[1], area[2] : area[3]] = _blurred(
        mask.alpha[area[0] : area[1], area[2] : area[3]], radius * PX
    )
    return Mask(alpha, area)


class Canvas:
    """A picture being painted: `pixels` [H, W, 3]. Light comes from the upper left."""

    def __init__(self, pixels: Field) -> None:
        self.pixels = pixels

    def paint(
        self,
        mask: Mask,
        colour: Field,
        *,
        volume: float = 0.0,
        depth: float = 4.0,
        opacity: float = 1.0,
        fade: float = 0.0,
    ) -> None:
        """Lay `colour` ([3] or a field [H, W, 3]) where the mask is.

        `volume` rounds the shape: edges towards the light brighten, the others darken, over `depth` units. `fade`
        darkens from top to bottom.
        """
        alpha = mask.alpha[mask.part]
        if not alpha.size:
            return
        paint: Field = colour[mask.part] if colour.ndim == 3 else colour
        if volume:
            pad = min(int(depth * PX * 2), 60)
            edge = _blurred(np.pad(alpha, pad), depth * PX)[pad - 1 : -pad + 1, pad - 1 : -pad + 1]
            right, down = edge[1:-1, 2:] - edge[1:-1, :-2], edge[2:, 1:-1] - edge[:-2, 1:-1]
            light = ((0.31 * right + 0.39 * down) * np.float32(depth * PX * 2.5 * volume))[..., None]
            paint = paint * (1 + 0.95 * np.minimum(light, 0)) + (1 - paint) * (np.maximum(light, 0) * 0.55)
        if fade:
            paint = paint * (1 - fade * np.linspace(0, 1, len(alpha), dtype=np.float32))[:, None, None]
        part = self.pixels[mask.part]
        part += (paint - part) * (alpha * np.float32(opacity))[..., None]

    def shadow(self, mask: Mask, *, dx: float = 1.2, dy: float = 2.2, blur: float = 2.4, opacity: float = 0.3) -> None:
        """A soft shadow of the mask, moved by (dx, dy) units."""
        self._darken(soften(mask, blur).moved(round(dx * PX), round(dy * PX)), opacity)

    def _darken(self, mask: Mask, opacity: float) -> None:
        self.pixels[mask.part] *= 1 - mask.alpha[mask.part][..., None] * (opacity * _SHADE)

    def ground(self, x: float, y: float, rx: float, ry: float = 2.6, *, opacity: float = 0.42) -> None:
        """The shadow of something standing: wide and faint, narrow and dark under its foot."""
        y -= 1.5
        self._darken(soften(ball(x + 2, y + 0.8, rx * 1.12, ry * 1.3), 3.2), 0.62 * opacity)
        self._darken(soften(ball(x, y, rx * 0.94, ry * 0.7), 1.0), 0.8 * opacity)

    def line(
        self, path: str, colour: Colour, width: float = 0.5, *, opacity: float = 1.0, within: Mask | None = None
    ) -> None:
        """A stroke, perhaps only inside another mask."""
        mask = stroke(path, width)
        self.paint(mask & within if within is not None else mask, colour, opacity=opacity)

    def folds(self, paths: list[str], within: Mask, *, width: float = 2.2, strength: float = 0.2) -> None:
        """Soft creases in cloth: a dark valley with a light ridge beside it."""
        dark, white = np.zeros(3, dtype=np.float32), np.ones(3, dtype=np.float32)
        for path in paths:
            valley = soften(stroke(path, width), width * 0.6)
            self.paint(valley & within, dark, opacity=strength)
            self.paint(valley.moved(-round(1.6 * PX), 0) & within, white, opacity=strength * 0.7)
