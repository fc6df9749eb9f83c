"""Faces drawn with curves: a mouth that bends (smile), lines on the forehead (age), and how to measure both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

__all__ = ["PX", "age_of", "draw_faces", "smile_of", "write_faces"]

PX, _FINE = 32, 4
MOUTH, LINES = slice(20, 29), slice(7, 12)
"""Rows of a face of 32 pixels where the mouth and the lines lie."""


def draw_faces(n: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Faces [N, 32, 32, 3] of every skin and ground, and their smile and age [N, 2] in 0..1."""
    rng = np.random.default_rng(seed)
    values = rng.random((n, 2)).astype(np.float32)
    return np.stack([_face(smile, age, rng) for smile, age in values]), values


def _face(smile: float, age: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    ground = tuple(int(one) for one in rng.integers(90, 230, 3))
    light = rng.uniform(0.55, 1.0)
    tone = tuple(int(light * one) for one in (228, 190, 165))
    picture = Image.new("RGB", (PX * _FINE, PX * _FINE), ground)
    pen = ImageDraw.Draw(picture)
    pen.ellipse([16, 6, 112, 124], fill=tone)
    for x in (46, 82):
        pen.ellipse([x - 6, 50, x + 6, 62], fill=(30, 30, 40))
    bend = 26 * (smile - 0.5)
    across = np.linspace(-24, 24, 25)
    mouth = [(64 + x, 98 + bend * (0.5 - (x / 24) ** 2)) for x in across]
    pen.line(mouth, fill=(150, 20, 40), width=7)
    dark = tuple(int(one * (1 - 0.55 * age)) for one in tone)
    for y in (31, 39):
        pen.line([(40, y), (88, y)], fill=dark, width=3)
    return np.asarray(picture.resize((PX, PX), Image.Resampling.BOX))


def smile_of(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much higher the corners of the mouth lie than its middle [N], in pixels: by where it is red."""
    part = faces[:, MOUTH].astype(np.float32)
    red = (part[..., 0] - part[..., 1] - 45).clip(0)
    rows = np.arange(red.shape[1], dtype=np.float32)[None, :, None]

    def height(columns: list[int]) -> NDArray[np.float32]:
        there = red[:, :, columns]
        middle = np.full_like(there, 1e-2)  # without any red, its height is that of the part
        return np.asarray(((there + middle) * rows).sum((1, 2)) / (there + middle).sum((1, 2)), np.float32)

    return np.asarray(height([14, 15, 16, 17]) - height([10, 11, 20, 21]), np.float32)


def age_of(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much darker the lines of the forehead are than what lies round them [N], as a share."""
    grey = faces.astype(np.float32).mean(3)[:, :, 11:21]
    lines, skin = grey[:, LINES].min(1).mean(1), grey[:, 12:14].mean((1, 2))
    return np.asarray(1 - lines / np.maximum(skin, 1), np.float32)


def write_faces(folder: Path, n: int, seed: int, header: str = "file,smile,age") -> None:
    """The folder that a merchant would have."""
    folder.mkdir(parents=True, exist_ok=True)
    faces, values = draw_faces(n, seed)
    lines = [header]
    for place, (face, (smile, age)) in enumerate(zip(faces, values, strict=True)):
        Image.fromarray(face).save(folder / f"{place}.png")
        lines.append(f"{place}.png,{smile:.3f},{20 + 60 * age:.1f}")
    (folder / "attributes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
