"""Main colour: which pixels of a product have the colour that it is called by, and which are prints, buckles and soles.

Idea     The product's pixels fall into a few clusters of Lab; the largest is the main colour. Another one is the same
         colour in other light where its hue says so: shade and light change the chroma of a cloth in step with its
         lightness. Where hue does not tell, as with black on white, the edge does: light changes over many pixels, a
         print within two. Each pixel then is of the main colour by as much as it lies nearer to its clusters than to
         the others', so that a blurred edge is both.
Source   Light on cloth scales all three of XYZ, and so L + 16, a and b alike: CIE 15:2004, section 8. Clusters: Lloyd
         1982, https://doi.org/10.1109/TIT.1982.1056489.
Serves   Products of one main colour. Where no colour has a third of the product, `share` says so.
Shapes   H, W height and width, K clusters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from bottega.names import BoolArray, FloatArray, LongArray

__all__ = ["MainColour", "chroma_gap", "inside", "main_colour_of", "mean_of"]

_WEIGHTS = np.array([0.5, 1.0, 1.0], np.float32)
_CELL = np.array([10.0, 8.0, 8.0], np.float32)
_CLUSTERS, _ROUNDS, _MERGE = 8, 6, 9.0
_MOST_PIXELS = 40_000
"""Pixels that clusters are looked for in."""
_LEAST_SHARE = 0.01
"""A cluster smaller than this is the main colour's, unless its colour says otherwise."""
_HUE, _HUE_OF_CHROMA = 8.0, 0.25
"""How far in chroma a cluster may lie from the main colour under its light: so much, and this share of its chroma."""
_STEP, _SHARP = 30.0, 0.6
"""A step of lightness as large as this, most of which happens within two pixels, is a print's edge."""
_FAR, _FAR_OF_CHROMA = 14.0, 0.35
"""Pixels farther off than this in chroma (and a share of the main colour's) are of it less and less."""
_RIM_PX, _LEAST_PX = 2, 200
"""Pixels along the outline are mixed with the background, and left out where enough others are there."""


@dataclass(frozen=True, slots=True)
class MainColour:
    """The colour of a product, and where it is."""

    lab: tuple[float, float, float]
    """Mean of its pixels, each counting by its weight."""
    weight: FloatArray
    """By how much each pixel is of it [H, W], 0 to 1; it holds for the product alone."""
    share: float
    """Of the product, what is of it."""


def main_colour_of(lab: FloatArray, mask: BoolArray) -> MainColour:
    """The main colour of what `mask` [H, W] covers in `lab` [H, W, 3]; the mask may not be empty."""
    inner = inside(mask)
    pixels = lab[inner]
    step = -(-len(pixels) // _MOST_PIXELS)
    centres = _centres(pixels[::step])
    cluster = _nearest(pixels, centres)
    shares = np.asarray(np.bincount(cluster, minlength=len(centres)) / len(cluster), np.float32)
    lead = int(shares.argmax())
    main = np.median(pixels[cluster == lead], axis=0).astype(np.float32)
    where = np.full(mask.shape, -1, np.int64)
    where[inner] = cluster
    own, other = _sides(lab, where, pixels, cluster, shares, lead, main)
    weight = _weight(lab, centres[own], centres[other], main)
    return MainColour(mean_of(lab[inner], weight[inner]), weight, float(weight[inner].mean()))


def mean_of(pixels: FloatArray, weight: FloatArray) -> tuple[float, float, float]:
    """Mean of pixels [P, 3] by their weights [P]; of all alike where none weighs anything."""
    by = weight if weight.sum() > 0 else np.ones_like(weight)
    mean = (pixels * by[:, None]).sum(0) / by.sum()
    return float(mean[0]), float(mean[1]), float(mean[2])


def inside(mask: BoolArray) -> BoolArray:
    """The mask [H, W] without its rim, unless hardly anything were left."""
    inner = np.asarray(ndimage.binary_erosion(mask, iterations=_RIM_PX), bool)
    return inner if inner.sum() >= _LEAST_PX else mask


def chroma_gap(lab: FloatArray, main: FloatArray) -> FloatArray:
    """How far the chroma of `lab` [..., 3] is from that of `main` [3] under as much light."""
    light = np.clip((lab[..., 0] + 16) / (main[0] + 16), 0.25, 2.0)
    return np.asarray(np.linalg.norm(lab[..., 1:] - main[1:] * light[..., None], axis=-1), np.float32)


def _sides(
    lab: FloatArray,
    where: LongArray,
    pixels: FloatArray,
    cluster: LongArray,
    shares: FloatArray,
    lead: int,
    main: FloatArray,
) -> tuple[list[int], list[int]]:
    """Numbers of the clusters that are of the main colour, and of those that are not."""
    light = ndimage.gaussian_filter(lab[..., 0], 0.6)
    contrast = ndimage.maximum_filter(light, 5) - ndimage.minimum_filter(light, 5)
    own, other = [lead], []
    for number in np.argsort(-shares, kind="stable").tolist():
        if number == lead or shares[number] < _LEAST_SHARE:
            continue
        middle = np.median(pixels[cluster == number], axis=0).astype(np.float32)
        step = abs(float(middle[0] - main[0]))
        near = _HUE + _HUE_OF_CHROMA * float(np.hypot(main[1], main[2]))
        if chroma_gap(middle, main) > near:
            other.append(number)
            continue
        edge = ndimage.binary_dilation(where == number, iterations=2) & np.isin(where, own)
        sharp = float(np.median(contrast[edge])) / max(step, 1.0) if edge.any() else 0.0
        (other if step > _STEP and sharp > _SHARP else own).append(number)
    return own, other


def _weight(lab: FloatArray, own: FloatArray, other: FloatArray, main: FloatArray) -> FloatArray:
    soft = np.asarray(ndimage.gaussian_filter(lab, (0.5, 0.5, 0)), np.float32)
    hue = chroma_gap(soft, main)
    near = np.minimum(_least(soft, own), np.hypot(hue, 0.25 * np.abs(soft[..., 0] - main[0])))
    weight = np.ones(lab.shape[:2], np.float32)
    if len(other):
        away = _least(soft, other)
        weight = np.clip((away - near) / (away + near + 1e-3) * 1.5 + 0.5, 0, 1)
    far = _FAR + _FAR_OF_CHROMA * float(np.hypot(main[1], main[2]))
    return np.asarray(weight * np.clip(2 - hue / far, 0, 1), np.float32)


def _centres(pixels: FloatArray) -> FloatArray:
    """Middles [K, 3] of the clusters of pixels, near ones merged."""
    _, cell, counts = np.unique(
        np.floor(pixels / _CELL).astype(np.int32), axis=0, return_inverse=True, return_counts=True
    )
    fullest = np.argsort(-counts, kind="stable")[:_CLUSTERS]
    centres = np.stack([pixels[cell.ravel() == one].mean(0) for one in fullest])
    for _ in range(_ROUNDS):
        nearest = _nearest(pixels, centres)
        centres = np.stack([pixels[nearest == k].mean(0) for k in np.unique(nearest)])
    nearest = _nearest(pixels, centres)
    while len(centres) > 1:
        apart = _distances(centres, centres) + np.diag(np.full(len(centres), np.inf, np.float32))
        one, two = sorted(np.unravel_index(int(apart.argmin()), apart.shape))
        if apart[one, two] > _MERGE:
            break
        nearest[nearest == two] = one
        nearest[nearest > two] -= 1
        centres = np.stack([pixels[nearest == k].mean(0) for k in range(len(centres) - 1)])
    return np.asarray(centres, np.float32)


def _nearest(pixels: FloatArray, centres: FloatArray) -> LongArray:
    return np.asarray(_distances(pixels, centres).argmin(1), np.int64)


def _least(lab: FloatArray, centres: FloatArray) -> FloatArray:
    """Distance of each pixel [H, W] to the nearest of the centres [K, 3]."""
    found = np.full(lab.shape[:2], np.inf, np.float32)
    for centre in centres:
        found = np.minimum(found, np.linalg.norm((lab - centre) * _WEIGHTS, axis=2))
    return found


def _distances(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm((one[:, None] - other[None]) * _WEIGHTS, axis=2), np.float32)
