"""Printed patterns: each fills a picture with two or three colours, as a field [H, W, 3] with smooth edges."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from bottega.datasets.demo_store.canvas import PX, SIZE, Colour, Field, mix

__all__ = ["fabric", "pattern"]

Rng = np.random.Generator
_GRID = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / PX


def _turned(angle: float, middle: tuple[float, float] = (50, 50)) -> tuple[Field, Field]:
    """Coordinates (x, y) [H, W] in units, turned by `angle` degrees about the middle."""
    c, s = np.float32(np.cos(np.radians(angle))), np.float32(np.sin(np.radians(angle)))
    y, x = _GRID[0] - middle[1], _GRID[1] - middle[0]
    return x * c + y * s, y * c - x * s


def _edge(distance: Field) -> Field:
    """1 where `distance` (units) is positive, 0 where negative, smooth over a pixel."""
    return np.asarray(np.clip(distance * PX + 0.5, 0, 1))


def _between(one: Colour, other: Colour, share: Field) -> Field:
    return one + (other - one) * share[..., None]


def _band(position: Field, period: float, width: float) -> Field:
    """Bands of `width` every `period` units."""
    return _edge(width / 2 - np.abs(np.mod(position, period) - period / 2))


def _plain(c: list[Colour], rng: Rng, k: float) -> Field:
    return np.broadcast_to(c[0], (SIZE, SIZE, 3))


def _striped(c: list[Colour], rng: Rng, k: float) -> Field:
    _, y = _turned(float(rng.choice([0, 0, 0, 90])))
    period = k * float(rng.uniform(5, 9))
    field = _between(c[0], c[1], _band(y, period, period * float(rng.uniform(0.3, 0.55))))
    return (
        field
        if rng.random() < 0.6
        else field + (c[2] - field) * _band(y + period / 2, period * 2, period * 0.12)[..., None]
    )


def _pinstriped(c: list[Colour], rng: Rng, k: float) -> Field:
    x, _ = _turned(0)
    return _between(c[0], mix(c[0], c[1], 0.75), _band(x, k * float(rng.uniform(3, 4.6)), 0.5))


def _dotted(c: list[Colour], rng: Rng, k: float) -> Field:
    x, y = _turned(45)
    period = k * float(rng.uniform(5, 8))
    u, v = np.mod(x, period) - period / 2, np.mod(y, period) - period / 2
    return _between(c[0], c[1], _edge(period * float(rng.uniform(0.2, 0.32)) - np.hypot(u, v)))


def _checked(c: list[Colour], rng: Rng, k: float) -> Field:
    x, y = _turned(float(rng.choice([0, 0, 45])))
    period = k * float(rng.uniform(5.5, 9))
    across, down = _band(x, period, period / 2), _band(y, period, period / 2)
    return _between(mix(c[0], np.ones(3, dtype=np.float32), 0.5), c[0], 0.5 * (across + down))


def _tartan(c: list[Colour], rng: Rng, k: float) -> Field:
    x, y = _turned(0)
    period = k * 14
    field = _between(
        c[0], mix(c[0], c[1], 0.75), 0.5 * (_band(x, period, period * 0.4) + _band(y, period, period * 0.4))
    )
    thin = np.maximum(_band(x + period / 2, period, 0.8), _band(y + period / 2, period, 0.8))
    return field + (c[2] - field) * (0.75 * thin)[..., None]


def _chevron(c: list[Colour], rng: Rng, k: float) -> Field:
    x, y = _turned(0)
    period = k * float(rng.uniform(7, 10))
    fold = np.abs(np.mod(x, period) - period / 2)
    field = _between(c[0], c[1], _band(y + fold, period, period * 0.42))
    return field + (c[2] - field) * _band(y + fold + period * 0.5, period * 2, period * 0.16)[..., None]


def _gradient(c: list[Colour], rng: Rng, k: float) -> Field:
    _, y = _turned(float(rng.uniform(-25, 25)))
    return _between(c[0], c[1], np.clip((y + 26) / 56, 0, 1))


def _wavy(c: list[Colour], rng: Rng, k: float) -> Field:
    x, y = _turned(float(rng.choice([0, 0, 90])))
    period = k * float(rng.uniform(7, 10))
    bend = y + period * 0.3 * np.sin(x * np.float32(2 * np.pi / (period * 1.7)))
    field = _between(c[0], c[1], _band(bend, period, period * 0.45))
    return field + (c[2] - field) * _band(bend + period * 0.5, period * 2, period * 0.22)[..., None]


def _colour_block(c: list[Colour], rng: Rng, k: float) -> Field:
    _, y = _turned(float(rng.choice([0, 0, 18, -18, 35])))
    first = float(rng.uniform(-14, 2))
    field = _between(c[0], c[1], _edge(y - first))
    return field + (c[2] - field) * _edge(y - first - float(rng.uniform(14, 22)))[..., None]


def _geometric(c: list[Colour], rng: Rng, k: float) -> Field:
    x, y = _turned(0)
    size = k * float(rng.uniform(9, 13))
    u, v = np.mod(x, size) / size - 0.5, np.mod(y, size) / size - 0.5
    odd = (np.floor(x / size) + np.floor(y / size)) % 2
    shape = int(rng.integers(3))
    if shape == 0:  # quarter arches
        r = np.hypot(np.where(odd > 0, u + 0.5, 0.5 - u), v + 0.5) * size
        field = _between(c[0], c[1], _edge(size * 0.95 - r))
        field = field + (c[2] - field) * _edge(size * 0.62 - r)[..., None]
        return field + (c[0] - field) * _edge(size * 0.3 - r)[..., None]
    if shape == 1:  # triangles
        field = _between(c[0], c[1], _edge((np.where(odd > 0, u, -u) - v) * size * 0.7))
        return field + (c[2] - field) * _edge((0.18 - np.abs(u) - np.abs(v)) * size)[..., None]
    d = (np.abs(u) + np.abs(v)) * size  # nested diamonds
    field = _between(c[0], c[1], _edge(size * 0.5 - d))
    return field + (c[2] - field) * (_edge(size * 0.3 - d) * _edge(d - size * 0.14))[..., None]


def _scattered(c: list[Colour], rng: Rng, k: float, kind: str) -> Field:
    """Small drawings dropped on a jittered grid, rotated freely."""
    over = 2
    paint = [tuple((v * 255).astype(int).tolist()) for v in c]
    image = Image.new("RGB", (SIZE * over, SIZE * over), paint[0])
    draw = ImageDraw.Draw(image)
    step = k * {"floral": 10.5, "leafy": 9.5, "terrazzo": 6.4}[kind]
    cells = int(100 / step) + 2
    t = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    dark = tuple((mix(c[1], c[0] * 0.3, 0.35) * 255).astype(int).tolist())
    for row in range(cells):
        for column in range(cells):
            x = (column + (row % 2) * 0.5) * step + float(rng.uniform(-0.16, 0.16)) * step
            y = row * step * 0.92 + float(rng.uniform(-0.16, 0.16)) * step
            turn, r = float(rng.uniform(0, 6.28)), step * float(rng.uniform(0.32, 0.46))

            def shape(px: Field, py: Field, colour: tuple[int, ...], a: float, x: float = x, y: float = y) -> None:
                u, v = x + px * np.cos(a) - py * np.sin(a), y + px * np.sin(a) + py * np.cos(a)
                draw.polygon(list(zip((u * PX * over).tolist(), (v * PX * over).tolist(), strict=True)), fill=colour)

            if kind == "terrazzo":
                corners = np.sort(rng.uniform(0, 2 * np.pi, 5))
                radius = r * rng.uniform(0.45, 1.0, 5)
                colour = paint[1 + int(rng.integers(len(paint) - 1))]
                shape(radius * np.cos(corners), radius * np.sin(corners), colour, turn)
            elif kind == "leafy":
                length, width = r * 1.25, r * 0.42
                shape(
                    length * np.cos(t), width * np.sin(t) * (1 - 0.55 * np.cos(t)), paint[1 + (row + column) % 2], turn
                )
                shape(np.array([-length, length * 0.9, length * 0.9]), np.array([0, 0.05 * r, -0.05 * r]), dark, turn)
            else:
                colour = paint[1 + (row + column) % 2]
                for p in range(5):
                    shape(r * 0.55 + r * 0.48 * np.cos(t), r * 0.34 * np.sin(t), colour, turn + p * 2 * np.pi / 5)
                shape(r * 0.26 * np.cos(t), r * 0.26 * np.sin(t), paint[2 - (row + column) % 2], turn)
                shape(r * 1.75 + r * 0.34 * np.cos(t), r * 0.15 * np.sin(t), dark, turn + 0.6)
    return np.asarray(image.reduce(over), dtype=np.float32) / 255


_DRAW: dict[str, Callable[[list[Colour], Rng, float], Field]] = {
    "plain": _plain,
    "striped": _striped,
    "pinstriped": _pinstriped,
    "dotted": _dotted,
    "checked": _checked,
    "tartan": _tartan,
    "chevron": _chevron,
    "gradient": _gradient,
    "geometric": _geometric,
    "wavy": _wavy,
    "colour-block": _colour_block,
    "floral": lambda c, rng, k: _scattered(c, rng, k, "floral"),
    "leafy": lambda c, rng, k: _scattered(c, rng, k, "leafy"),
    "terrazzo": lambda c, rng, k: _scattered(c, rng, k, "terrazzo"),
}


def pattern(name: str, colours: list[Colour], rng: Rng, *, scale: float = 1.0) -> Field:
    """A field [H, W, 3] of the named pattern; `scale` makes it coarser."""
    return _DRAW[name](colours, rng, scale)


def fabric(field: Field, rng: Rng, *, weave: float = 0.035) -> Field:
    """The field with the fine grain of cloth or paper."""
    shift = rng.integers(0, SIZE, 2)
    grain = 1 + np.roll(_noise(), tuple(shift.tolist()), (0, 1)) * np.float32(weave)
    return np.clip(field * grain[..., None], 0, 1)


@lru_cache(maxsize=1)
def _noise() -> Field:
    """Threads: noise two pixels wide [H, W]."""
    grain = np.random.default_rng(1).standard_normal((SIZE // 2, SIZE // 2), dtype=np.float32)
    return 0.6 * np.repeat(np.repeat(grain, 2, 0), 2, 1)
