"""What comes to light where a new piece is smaller than the old one: background, and skin of lower legs and forearms.

Idea     Background goes on into the gap: its soft colours from all sides, with the grain of what lies beside it,
         mirrored at the gap's edge. Skin is the person's own: its colour from where it is seen, on a limb drawn round
         its middle line, lighter in the middle than at its edges.
Source   Soft colours by halving and doubling (pull and push): Gortler et al. 1996,
         https://doi.org/10.1145/237170.237200, section 3.3.
Shapes   H, W height and width of the photo.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import to_lab
from bottega.names import BoolArray, FloatArray

__all__ = ["ground_filled", "skin_on", "spread"]

_REACH = 48
"""How far round a gap the background is looked at, in pixels."""
_SEED = 7


def spread(colours: FloatArray, known: BoolArray) -> FloatArray:
    """Colours [H, W, C] where they are `known` [H, W]; elsewhere smooth ones of the known round about."""
    found, weight = np.where(known[..., None], colours, 0).astype(np.float32), known.astype(np.float32)
    layers: list[tuple[FloatArray, FloatArray]] = [(found, weight)]
    while min(layers[-1][1].shape) > 2 and not (layers[-1][1] > 0).all():
        colour, there = layers[-1]
        colour, there = _halved(colour), _halved(there)
        top = (np.minimum(there * 4, 1) / np.maximum(there, 1e-6)).astype(np.float32)
        layers.append((np.asarray(colour * top[..., None], np.float32), np.asarray(there * top, np.float32)))
    colour, there = layers[-1]
    whole = colour / np.maximum(there, 1e-6)[..., None]
    for fine, weight_fine in reversed(layers[:-1]):
        zoomed = np.repeat(np.repeat(whole, 2, 0), 2, 1)[: fine.shape[0], : fine.shape[1]]
        zoomed = ndimage.uniform_filter(zoomed, (3, 3, 0), mode="nearest")
        whole = fine + (1 - weight_fine[..., None]) * zoomed
    return np.asarray(np.where(known[..., None], colours, whole), np.float32)


def ground_filled(photo: Photo, gap: BoolArray, known: BoolArray) -> FloatArray:
    """The photo [H, W, 3] with its `gap` [H, W] filled from `known` pixels alone, those of the background."""
    result = spread(photo.astype(np.float32), known & ~gap)
    if not gap.any() or not (known & ~gap).any():
        return np.where(gap[..., None], result, photo).astype(np.float32)
    rows, columns = np.flatnonzero(gap.any(1)), np.flatnonzero(gap.any(0))
    top, left = (slice(max(0, int(one[0]) - _REACH), int(one[-1]) + _REACH + 1) for one in (rows, columns))
    box = top, left
    inside, sure = gap[box], (known & ~gap)[box]
    seen = photo[box].astype(np.float32)
    share = np.maximum(ndimage.gaussian_filter(sure.astype(np.float32), 2), 1e-3)[..., None]
    soft = np.asarray(ndimage.gaussian_filter(seen * sure[..., None], (2, 2, 0)) / share, np.float32)
    fine = np.asarray(seen - spread(soft, sure), np.float32)
    grain = _nearest_grain(fine, inside, sure)
    result[box] = np.where(inside[..., None], result[box] + grain, result[box])
    return np.where(gap[..., None], result.clip(0, 255), photo).astype(np.float32)


def _nearest_grain(fine: FloatArray, gap: BoolArray, sure: BoolArray) -> FloatArray:
    """Fine differences of the nearest sure pixels, mirrored at the edge of the gap."""
    clean = ndimage.binary_erosion(sure, iterations=2, border_value=1)
    if not clean.any():
        return np.zeros_like(fine)
    where = ndimage.distance_transform_edt(~clean, return_distances=False, return_indices=True)
    rows, columns = np.indices(gap.shape)
    mirrored = [(2 * where[0] - rows).clip(0, gap.shape[0] - 1), (2 * where[1] - columns).clip(0, gap.shape[1] - 1)]
    ok = sure[mirrored[0], mirrored[1]]
    at = [np.where(ok, m, w) for m, w in zip(mirrored, where, strict=True)]
    return np.asarray(fine[at[0], at[1]], np.float32)


def skin_on(photo: Photo, limb: BoolArray, skin: Photo) -> FloatArray:
    """The photo [H, W, 3] with a `limb` [H, W] of the person's own `skin`: pixels [S, 3] that a parser calls so.

    Sunglasses, lips and cuffs among them are left out: what is far from the middle of all, twice over.
    """
    lab = to_lab(skin[None])[0]
    near = np.ones(len(lab), bool)
    for far in (30.0, 16.0):
        near = np.linalg.norm(lab - np.median(lab[near], axis=0), axis=1) < far
    colour = np.median(skin[near].astype(np.float32), axis=0)
    spread_of = float(np.subtract(*np.percentile(lab[near][:, 0], (75, 25))))
    deep = ndimage.distance_transform_edt(limb)
    half = ndimage.maximum_filter(deep, size=max(3, 2 * int(deep.max()) + 1))
    round_ = np.sqrt(np.clip(1 - (1 - deep / np.maximum(half, 1)) ** 2, 0, 1))
    light = 1 + min(0.22, 0.012 * spread_of + 0.06) * (round_ - 0.75)
    rng = np.random.default_rng(_SEED)
    grain = ndimage.gaussian_filter(rng.normal(0, 1, limb.shape), 0.8)[..., None] * 2.2
    made = (colour[None, None] * light[..., None] + grain).clip(0, 255)
    return np.where(limb[..., None], made, photo).astype(np.float32)


def _halved(values: FloatArray) -> FloatArray:
    """The mean of each two by two pixels, the last row and column doubled where they are odd."""
    pad = ((0, values.shape[0] % 2), (0, values.shape[1] % 2), *((0, 0),) * (values.ndim - 2))
    full = np.pad(values, pad)
    return np.asarray((full[::2, ::2] + full[1::2, ::2] + full[::2, 1::2] + full[1::2, 1::2]) / 4, np.float32)
