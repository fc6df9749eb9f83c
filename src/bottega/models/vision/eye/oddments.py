"""Oddments: made-up things that are nothing, to learn from what no shop of ours sells.

Idea     One outline or two, of round, boxy or crooked pieces, rings and limbs, filled with a colour or a piece of some
         photo, lit from a side. They look as much like an apple, a lamp or a toy as like a shirt, and their fillings
         are taken from photos of clothes as well, so that neither colour nor stuff tells them apart: only what is made
         of it does. Things taken apart have the same stuff and edges as whole ones.
Source   Cut pieces as outliers: Li et al. 2021, "CutPaste", https://arxiv.org/abs/2104.04015, section 2.1; outliers in
         training: Hendrycks et al. 2019, https://arxiv.org/abs/1812.04606.
Shapes   N pictures of P pixels a side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bottega.names import FloatArray

__all__ = ["grounds", "oddments", "rearranged"]

_PIECES = 5
"""Most pieces of an outline."""
_LEAST = 0.03
"""Share of a picture that a thing covers at least."""


def oddments(
    count: int, px: int, stuffs: Sequence[NDArray[np.uint8]], *, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Things of no kind, uint8 RGBA [count, px, px, 4]; beyond their outline lies a ground. `stuffs`: photo sets
    [M, Q, Q, 3] whose pieces they are filled with."""
    found = np.empty((count, px, px, 4), dtype=np.uint8)
    for row in range(count):
        outline = _outline(px, rng)
        while outline.mean() < _LEAST:
            outline = _outline(px, rng)
        body = _body(px, stuffs, rng)
        if rng.random() < 0.6:  # a second part, a handle or a lid
            part = _outline(px, rng)[..., None]
            body = body * (1 - part) + _body(px, stuffs, rng) * part
        ground = _ground(px, stuffs, rng)
        alpha = outline[..., None]
        picture = ground * (1 - alpha) + body * alpha + rng.normal(0, rng.uniform(0, 5), body.shape)
        found[row, ..., :3] = picture.clip(0, 255)
        found[row, ..., 3] = outline * 255
    return found


def rearranged(count: int, pictures: NDArray[np.uint8], *, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Things taken apart: cut-outs (uint8 RGBA [M, P, P, 4]) whose quarters or ninths have changed places."""
    px = pictures.shape[1]
    found = np.empty((count, px, px, 4), dtype=np.uint8)
    for row in range(count):
        parts = int(rng.integers(2, 4))
        side = px // parts
        one = pictures[rng.integers(len(pictures))][: side * parts, : side * parts]
        tiles = one.reshape(parts, side, parts, side, 4).swapaxes(1, 2).reshape(-1, side, side, 4)
        tiles = np.stack([np.rot90(tile, int(rng.integers(4))) for tile in tiles[rng.permutation(len(tiles))]])
        whole = tiles.reshape(parts, parts, side, side, 4).swapaxes(1, 2).reshape(side * parts, side * parts, 4)
        found[row] = np.asarray(Image.fromarray(whole).resize((px, px), Image.Resampling.BILINEAR))
    return found


def grounds(count: int, px: int, stuffs: Sequence[NDArray[np.uint8]], *, rng: np.random.Generator) -> NDArray[np.uint8]:
    """What things may stand on: white, colours, slopes of light, pieces of photos; uint8 RGBA [count, px, px, 4]."""
    found = np.full((count, px, px, 4), 255, dtype=np.uint8)
    for row in range(count):
        found[row, ..., :3] = _ground(px, stuffs, rng).clip(0, 255)
    return found


def _outline(px: int, rng: np.random.Generator) -> FloatArray:
    """How much of each pixel lies inside [P, P]."""
    side = 2 * px
    picture = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(1, _PIECES + 1))):
        x, y = rng.normal(px, 0.22 * px, 2)
        width, height = rng.uniform(0.12, 0.75, 2) * px
        box = [float(x - width), float(y - height), float(x + width), float(y + height)]
        kind = rng.integers(6)
        if kind == 0:
            draw.ellipse(box, fill=255)
        elif kind == 1:
            draw.rounded_rectangle(box, radius=float(rng.uniform(0, 0.6) * min(width, height)), fill=255)
        elif kind == 2:
            turn = float(rng.uniform(0, 360))
            draw.arc(box, turn, turn + float(rng.uniform(150, 360)), fill=255, width=int(rng.uniform(0.04, 0.2) * px))
        elif kind == 3:
            for _ in range(int(rng.integers(2, 6))):
                end = rng.normal((x, y), 0.55 * px)
                draw.line([float(x), float(y), *map(float, end)], fill=255, width=int(rng.uniform(0.05, 0.22) * px))
        else:
            angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(5, 14))))
            reach = rng.uniform(0.3, 1, len(angles)) * max(width, height)
            corners = zip(x + np.cos(angles) * reach, y + np.sin(angles) * reach, strict=True)
            draw.polygon([(float(across), float(down)) for across, down in corners], fill=255)
    soft = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(1, 6)))).resize((px, px))
    sharp = soft.point([255 * (value > 127) for value in range(256)]).filter(ImageFilter.GaussianBlur(0.7))
    return np.asarray(np.asarray(sharp) / 255, dtype=np.float32)


def _body(px: int, stuffs: Sequence[NDArray[np.uint8]], rng: np.random.Generator) -> FloatArray:
    plain = rng.random() < 0.55
    stuff = np.full((px, px, 3), rng.uniform(10, 245, 3)) if plain else _piece(px, stuffs, rng)
    return np.asarray(stuff * _light(px, rng), dtype=np.float32)


def _ground(px: int, stuffs: Sequence[NDArray[np.uint8]], rng: np.random.Generator) -> FloatArray:
    kind = rng.integers(5)
    if kind == 0:
        return np.full((px, px, 3), 255, dtype=np.float32)
    if kind == 4:
        return _piece(px, stuffs, rng)
    colour = rng.uniform(170, 255) if kind == 1 else rng.uniform(0, 255, 3)
    return np.asarray(np.full((px, px, 3), colour) * _light(px, rng), dtype=np.float32)


def _piece(px: int, stuffs: Sequence[NDArray[np.uint8]], rng: np.random.Generator) -> FloatArray:
    """A piece of a photo, stretched over the whole."""
    photos = stuffs[int(rng.integers(len(stuffs)))]
    photo = photos[rng.integers(len(photos))]
    side = int(rng.integers(len(photo) // 5, len(photo)))
    top, left = rng.integers(0, len(photo) - side + 1, 2)
    picture = Image.fromarray(np.ascontiguousarray(photo[top : top + side, left : left + side, :3]))
    return np.asarray(picture.resize((px, px), Image.Resampling.BILINEAR), dtype=np.float32)


def _light(px: int, rng: np.random.Generator) -> FloatArray:
    """A slope of light across, and one from a point outwards [P, P, 1]."""
    down, across = np.mgrid[0:px, 0:px] / px - 0.5
    angle, middle = rng.uniform(0, 2 * np.pi), rng.uniform(-0.3, 0.3, 2)
    slope = np.cos(angle) * across + np.sin(angle) * down
    distance = np.hypot(across - middle[0], down - middle[1])
    light = 1 + rng.uniform(-0.8, 0.8) * slope + rng.uniform(-0.9, 0.5) * distance
    return np.asarray(light.clip(0.2, 1.6), dtype=np.float32)[..., None]
