"""A product on a scene: the cut-out laid where something could stand or lie, with a shadow that the light there throws.

Idea     Each scene was modelled and lit once (`bake/scenes.py`), without a product. What stands on it hides the ground
         behind it, darkens the line on which it stands, and throws a soft shadow away from the light, which gets softer
         with distance: its outline laid over on the ground, as a thin upright thing's would be. What lies on it throws
         a narrow one all round, more of it away from the light. The product takes a little of the light's colour.
Differs  Its own light is that of its photo; nothing turns it about. So scenes are lit softly, from the upper left.
Serves   Products that are whole in their photo: a scene has no edge to hide what a photo cut off.
Costs    Half a second for 1200 x 1200 pixels.
Shapes   H, W sides of the cut-out (4: red, green, blue, opacity), P of the scene.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.rescue.light import linear, srgb
from bottega.models.studio.rescue.on_white import CutOut, box_of, resized
from bottega.models.studio.rescue.scene_names import SCENES, Scene
from bottega.names import FloatArray

__all__ = ["FOLDER", "SCENES", "backdrop", "on_scene", "scene_px"]

FOLDER = Path(__file__).parent / "scenes"
_BANDS = 5
"""Pieces of a shadow, each softer than the one nearer to the product."""


def on_scene(cut: CutOut, name: str, size: tuple[int, int]) -> Photo:
    """The cut-out on a scene, in this size (width, height) [height, width, 3]."""
    scene = SCENES[name]
    ground = backdrop(name, size)
    height, width = ground.shape[:2]
    top, bottom, left, right = box_of(cut)
    piece = cut[top:bottom, left:right]
    zoom = min(scene.wide * width / piece.shape[1], scene.tall * min(height, width * 1.25) / piece.shape[0])
    piece = resized(piece, (max(1, round(piece.shape[1] * zoom)), max(1, round(piece.shape[0] * zoom))))
    base = _ground_line(scene, size)
    y = base - piece.shape[0] if scene.stands else (height - piece.shape[0]) // 2
    x = (width - piece.shape[1]) // 2
    canvas = np.zeros((height, width, 4), np.float32)
    canvas[y : y + piece.shape[0], x : x + piece.shape[1]] = piece.astype(np.float32) / np.float32(255)
    alpha = canvas[..., 3]
    shade = _thrown(alpha, base, piece.shape[0], scene) if scene.stands else _around(alpha, scene, width)
    lit = linear(ground) * (1 - shade[..., None] * np.asarray(scene.shadow, np.float32))
    product = linear(canvas[..., :3] * 255) * np.asarray(scene.light, np.float32)
    mixed = alpha[..., None] * product + (1 - alpha[..., None]) * lit
    return np.rint(srgb(mixed)).clip(0, 255).astype(np.uint8)


def scene_px(name: str) -> int:
    """The side of a scene as it was baked."""
    return int(_baked(name).shape[0])


@lru_cache(maxsize=3)
def _baked(name: str) -> Photo:
    with Image.open(FOLDER / f"{name}.webp") as picture:
        return np.asarray(picture.convert("RGB"))


def backdrop(name: str, size: tuple[int, int]) -> Photo:
    """The scene cut to the proportions of `size` about its middle, and made as large."""
    whole = Image.fromarray(_baked(name))
    scale = max(size[0] / whole.width, size[1] / whole.height)
    wide, tall = size[0] / scale, size[1] / scale
    left, top = (whole.width - wide) / 2, (whole.height - tall) / 2
    found = whole.resize(size, Image.Resampling.BICUBIC, box=(left, top, left + wide, top + tall))
    return np.asarray(found)


def _ground_line(scene: Scene, size: tuple[int, int]) -> int:
    """The row on which things stand."""
    scale = max(size)
    return round(size[1] / 2 + (scene.ground - 0.5) * scale)


def _thrown(alpha: FloatArray, base: int, tall: int, scene: Scene) -> FloatArray:
    """The shadow of what stands: its outline laid over on the ground, and the dark line where it touches [H, W]."""
    found = np.zeros_like(alpha)
    rows, columns = np.indices(alpha.shape, dtype=np.float32)
    lean, flat = scene.falls
    for band in range(_BANDS):
        low, high = band / _BANDS * tall, (band + 1) / _BANDS * tall
        above = (base - rows) / flat if flat else np.zeros_like(rows)
        inside = (above >= low) & (above < high) & (rows <= base)
        seen = ndimage.map_coordinates(alpha, [base - above, columns - lean * above], order=1, mode="constant")
        soft = ndimage.gaussian_filter(
            seen * inside, (max(1.0, 0.25 * (0.01 * tall + 0.05 * high)), 0.01 * tall + 0.05 * high)
        )
        found = np.maximum(found, soft * (1 - 0.5 * band / _BANDS))
    there = alpha > 0.5
    lowest = np.where(there.any(0), alpha.shape[0] - 1 - there[::-1].argmax(0), -10 * alpha.shape[0])
    near = ndimage.gaussian_filter1d(np.exp(-(((base - lowest) / max(0.14 * tall, 1.0)) ** 2)), max(0.01 * tall, 1.0))
    below = ndimage.shift(alpha, (0.014 * tall, 0.006 * tall), order=1, mode="constant")
    under = ndimage.gaussian_filter(below, max(0.011 * tall, 1.0)) * near[None]
    under *= np.exp(-((np.maximum(base - rows, 0) / (0.16 * tall)) ** 2))  # what is high above touches nothing
    return np.asarray(np.maximum(found * 0.9, 1.15 * under).clip(0, 1), np.float32)


def _around(alpha: FloatArray, scene: Scene, width: int) -> FloatArray:
    """The shadow of what lies: narrow and dark at its edge, wide and faint away from the light [H, W]."""
    near = ndimage.gaussian_filter(alpha, 0.004 * width)
    lean, down = scene.falls
    moved = ndimage.shift(alpha, (down * width, lean * width), order=1, mode="constant")
    return np.asarray(np.maximum(0.6 * near, ndimage.gaussian_filter(moved, 0.009 * width)).clip(0, 1), np.float32)
