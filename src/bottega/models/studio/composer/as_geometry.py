"""Photos of people as geometry would have drawn them: what the composer learns to undo.

Idea     Cloth loses its folds and is lit like a smooth body instead: of each piece the slow changes of lightness are
         taken out where its colour stays the same, and those of an inflated shape in one light put in. Edges lose the
         shadow of one piece on the next and move by a pixel or two; hair on cloth ends as a cut.
Source   Intrinsic images from chromaticity: Tappen, Freeman & Adelson 2005, https://doi.org/10.1109/TPAMI.2005.185.
Differs  No network separates light from colour; where colours change, lightness is left.
Shapes   H, W height and width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion, gaussian_filter

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.composer.unsure import FIRST_PIECE, HAIR
from bottega.names import BoolArray, FloatArray

__all__ = ["as_geometry_leaves_it"]

_AIR = 12
_SAME_COLOUR = 0.05
"""Change of chromaticity by which a change of lightness is taken for a print."""


def as_geometry_leaves_it(
    photo: Photo, layers: NDArray[np.uint8], edge: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """A photo [H, W, 3] with flat cloth and cut edges, 0 to 1; as it is outside of cloth and `edge`."""
    picture: FloatArray = photo.astype(np.float32) / np.float32(255)
    light = rng.uniform(0, 2 * np.pi)
    towards = np.array([np.cos(light) * 0.6, -0.45, 0.9], np.float32)
    towards /= np.linalg.norm(towards)
    strength, fine, kept = rng.uniform(0.2, 0.9), rng.uniform(2.0, 5.0), rng.uniform(0.0, 0.25)
    for code in np.unique(layers[layers >= FIRST_PIECE]).tolist():
        mask = layers == code
        box = _box(mask)
        part = picture[box]
        inside = mask[box]
        slow = _slow(part, inside, fine)
        lit = _inflated(inside, towards) * strength
        factor = np.exp((lit - (1 - kept) * slow) / 2.2)[..., None]
        picture[box] = np.where(inside[..., None], np.clip(part * factor, 0, 1), part)
    return _edges_cut(picture, layers, edge, rng)


def _box(mask: BoolArray) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return (
        slice(max(0, int(rows[0]) - _AIR), int(rows[-1]) + 1 + _AIR),
        slice(max(0, int(columns[0]) - _AIR), int(columns[-1]) + 1 + _AIR),
    )


def _within(values: FloatArray, weight: FloatArray, spread: float) -> FloatArray:
    """Values [H, W] blurred by what has weight alone."""
    total = gaussian_filter(weight, spread, mode="constant")
    return np.asarray(gaussian_filter(values * weight, spread, mode="constant") / np.maximum(total, 1e-4), np.float32)


def _slow(part: FloatArray, inside: BoolArray, fine: float) -> FloatArray:
    """Slow changes of lightness [H, W] as logarithms of linear light, about 0 on the whole, where colour stays."""
    sums = part.sum(2) + 0.06
    chroma = (part[..., :2] + 0.02) / sums[..., None]
    usual = np.median(chroma[inside], axis=0)
    same = np.exp(-np.square((chroma - usual) / _SAME_COLOUR).sum(2)) * inside
    light = 2.2 * np.log(sums / 3)
    middle = float(np.median(light[inside]))
    near = np.exp(-np.square((light - middle) / 1.6)) * same + 1e-3 * inside
    slow = _within(light - middle, near.astype(np.float32), fine)
    trust = gaussian_filter(near.astype(np.float32), fine, mode="constant")
    trust /= np.maximum(gaussian_filter(inside.astype(np.float32), fine, mode="constant"), 1e-3)
    return np.asarray(np.clip(slow, -1.2, 1.2) * np.clip(trust, 0, 1), np.float32)


def _inflated(inside: BoolArray, towards: FloatArray) -> FloatArray:
    """Light on a mask blown up like a cushion [H, W], as a logarithm about 0."""
    height = sum(gaussian_filter(inside.astype(np.float32), spread, mode="constant") * spread for spread in (4, 8))
    down, across = np.gradient(np.asarray(height, np.float32))
    size = np.sqrt(1 + down**2 + across**2)
    facing = (-across * towards[0] - down * towards[1] + towards[2]) / size
    found = np.log(0.35 + 0.65 * np.clip((facing + 0.3) / 1.3, 0, 1))
    return np.asarray(found - found[inside].mean(), np.float32)


def _edges_cut(
    picture: FloatArray, layers: NDArray[np.uint8], edge: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """The picture with each layer's own colour up to an edge that is moved a little."""
    if not (edge > 0).any():
        return picture
    moved = _moved(layers, rng)
    own = picture.copy()
    reach = 2 if rng.random() < 0.7 else 1
    for code in np.unique(layers[edge > 0]).tolist():
        mask = layers == code
        box = _box(mask)
        inside = mask[box]
        deep = binary_erosion(inside, iterations=3 if code == HAIR else reach)
        weight = np.where(deep, 1.0, 1e-3 * inside).astype(np.float32)
        fill = (moved[box] == code) & (edge[box] > 0)
        for channel in range(3):
            blurred = _within(picture[box][..., channel], weight, 1.6)
            own[box][..., channel][fill] = blurred[fill]
    share = np.minimum(1, 2 * edge)[..., None]
    share = share * (moved > 0)[..., None]
    return np.asarray(picture * (1 - share) + own * share, np.float32)


def _moved(layers: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    height, width = layers.shape
    size = rng.uniform(0.0, 2.0)
    shift = []
    for _ in range(2):
        rough = rng.normal(0, 1, (height // 8 + 2, width // 8 + 2)).astype(np.float32)
        field = gaussian_filter(np.kron(rough, np.ones((8, 8), np.float32))[:height, :width], 5)
        shift.append(np.rint(field / max(float(field.std()), 1e-6) * size).astype(np.int64))
    rows = np.clip(np.arange(height)[:, None] + shift[0], 0, height - 1)
    columns = np.clip(np.arange(width)[None] + shift[1], 0, width - 1)
    found: NDArray[np.uint8] = layers[rows, columns]
    return found
