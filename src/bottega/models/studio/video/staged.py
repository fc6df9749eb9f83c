"""A merchant's own product video staged anew: another ground, another colour, a crop that follows, all held steady.

Idea     What is product is told frame by frame, and told a little differently each time, so its edge flickers. Each
         frame's mask is therefore the vote of its neighbours in time, each moved to where the product is now; how far
         it moved is measured between frames. Colours are moved by one distance for the whole video, and the crop
         follows the product along a path that was smoothed, at one size.
Source   Distance between frames: phase correlation, Kuglin & Hines 1975; finer than a pixel: Guizar-Sicairos et al.
         2008, https://doi.org/10.1364/OL.33.000156, as scikit-image has it. Edges: models/blocks/cutout.py.
Differs  The product moves as a whole; a turning one is voted on where its outline hardly changes within two frames.
Shapes   T frames, H, W sides; masks bool and opacities 0..1 [T, H, W].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.color import lab2rgb, rgb2lab
from skimage.registration import phase_cross_correlation

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.cutout import alpha_of
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent

__all__ = ["CROPS", "Staged", "Staging", "flicker", "masks_of", "motion", "stage", "steady"]

CROPS = {"square": (1, 1), "portrait": (4, 5), "story": (9, 16)}
"""Width to height."""
_WEIGHTS = (0.6, 1.0, 1.4, 1.0, 0.6)
_MOTION_PX = 96
"""Longer side at which motion is measured."""
_LEAST_SHARE, _MOST_SHARE = 0.002, 0.97
"""Of a frame that a product covers: beyond these it was not told from its background."""
_FILL, _PATH_S = 0.85, 0.6
"""Share of the crop that the product's largest extent fills; seconds over which the crop's path is smoothed."""


@dataclass(frozen=True, slots=True)
class Staging:
    """What becomes otherwise; None leaves it."""

    background: tuple[int, int, int] | None = None
    """sRGB of the new ground."""
    colour: tuple[float, float, float] | None = None
    """CIE Lab that the product's mean shall have."""
    crop: str | None = None
    """One of `CROPS`."""
    steady: bool = True
    """Whether masks are voted on over time."""


@dataclass(frozen=True, slots=True)
class Staged:
    """The frames anew, and how much of the product's edge flickered before and after the vote (`flicker`)."""

    frames: tuple[Photo, ...]
    flicker: tuple[float, float]


def stage(
    frames: Sequence[Photo],
    fps: float,
    staging: Staging,
    mask_of: Callable[[Photo], BoolArray],
    *,
    progress: Progress = silent,
) -> Staged | None:
    """The video anew; None where in no frame a product is told from its background."""
    masks = masks_of(frames, mask_of, progress=progress)
    if masks is None:
        return None
    moves = motion(frames, masks)
    voted = steady(masks, moves) > 0.5 if staging.steady else masks
    boxes = _path(voted, fps, CROPS[staging.crop]) if staging.crop else None
    shift = _shift(frames, voted, staging.colour)
    drawn = []
    for place, frame in enumerate(frames):
        drawn.append(_anew(frame, voted[place], staging, shift, None if boxes is None else boxes[place]))
        progress("staging it anew", place + 1, len(frames))
    return Staged(tuple(drawn), (flicker(masks, moves), flicker(voted, moves)))


def masks_of(
    frames: Sequence[Photo], mask_of: Callable[[Photo], BoolArray], *, progress: Progress = silent
) -> BoolArray | None:
    """What is product in each frame [T, H, W]; one in which nothing is told from its background takes the mask of the
    nearest one that has some. None where none has."""
    found = []
    for place, frame in enumerate(frames):
        found.append(mask_of(frame))
        progress("finding the product", place + 1, len(frames))
    masks = np.stack(found)
    shares = masks.mean((1, 2))
    told = np.flatnonzero((shares > _LEAST_SHARE) & (shares < _MOST_SHARE))
    if not len(told):
        return None
    nearest = told[np.abs(np.arange(len(masks))[:, None] - told).argmin(1)]
    return np.asarray(masks[nearest], bool)


def motion(frames: Sequence[Photo], masks: BoolArray) -> FloatArray:
    """Rows and columns that the product moved by from the first frame to each [T, 2], in pixels."""
    height, width = masks.shape[1:]
    scale = min(1.0, _MOTION_PX / max(height, width))
    size = max(16, round(width * scale)), max(16, round(height * scale))
    looks = [_look(frame, mask, size) for frame, mask in zip(frames, masks, strict=True)]
    found = np.zeros((len(frames), 2), np.float32)
    for place in range(1, len(frames)):
        moved, _, _ = phase_cross_correlation(  # type: ignore[no-untyped-call]
            looks[place], looks[place - 1], upsample_factor=10, normalization=None
        )
        found[place] = found[place - 1] + np.array(moved) * (height / size[1], width / size[0])
    return found


def steady(masks: BoolArray, moves: FloatArray) -> FloatArray:
    """For each pixel of each frame [T, H, W] the share of the neighbours' votes that it is product, 0 to 1.

    `moves` [T, 2]: rows and columns that the product moved by from the first frame on.
    """
    votes, weights = np.zeros(masks.shape, np.float32), np.zeros((len(masks), 1, 1), np.float32)
    for step, weight in enumerate(_WEIGHTS, start=-(len(_WEIGHTS) // 2)):
        for place in range(len(masks)):
            other = place + step
            if 0 <= other < len(masks):
                votes[place] += np.float32(weight) * _shifted(masks[other], moves[place] - moves[other])
                weights[place] += np.float32(weight)
    return votes / weights


def flicker(masks: BoolArray, moves: FloatArray) -> float:
    """Share of the product's area by which a mask differs from the one before, moved to where the product is now."""
    if len(masks) < 2:
        return 0.0
    changed = [
        np.abs(masks[place] - _shifted(masks[place - 1], moves[place] - moves[place - 1])).sum()
        for place in range(1, len(masks))
    ]
    return float(np.sum(changed) / max(1.0, float(masks[1:].sum())))


def _shifted(mask: BoolArray, move: FloatArray) -> FloatArray:
    return np.asarray(ndimage.shift(mask.astype(np.float32), move, order=1, mode="nearest"), np.float32)


def _look(frame: Photo, mask: BoolArray, size: tuple[int, int]) -> FloatArray:
    """What motion is measured by: the product's lightness against its mean, and its outline; nothing beyond it."""
    grey = np.asarray(Image.fromarray(frame).convert("L").resize(size, Image.Resampling.BOX), np.float32) / 255
    share = Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)
    inside = ndimage.gaussian_filter(np.asarray(share, np.float32) / np.float32(255), 1.0)
    mean = float((grey * inside).sum() / max(1e-6, float(inside.sum())))
    return np.asarray(inside * (0.5 + grey - mean), np.float32)


def _path(masks: BoolArray, fps: float, ratio: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """A window (left, top, width, height) for each frame, of one size, along a smooth path."""
    edges = []
    for mask in masks:
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        ends = (
            (rows[0], rows[-1] + 1, columns[0], columns[-1] + 1)
            if len(rows)
            else (0, *mask.shape[:1], 0, mask.shape[1])
        )
        edges.append(ends)
    top, bottom, left, right = np.array(edges, np.float32).T
    tall, wide = float((bottom - top).max()), float((right - left).max())
    height = max(tall, wide * ratio[1] / ratio[0]) / _FILL
    width = height * ratio[0] / ratio[1]
    middles = np.stack([(top + bottom) / 2, (left + right) / 2])
    smooth = ndimage.gaussian_filter1d(middles, max(0.5, _PATH_S * fps), axis=1, mode="nearest")
    return [
        (round(float(x - width / 2)), round(float(y - height / 2)), round(width), round(height)) for y, x in smooth.T
    ]


def _shift(frames: Sequence[Photo], masks: BoolArray, colour: tuple[float, float, float] | None) -> FloatArray | None:
    """How far the product's colours move in Lab, the same in every frame; None where they stay."""
    if colour is None:
        return None
    every = max(1, len(frames) // 8)
    pixels = np.concatenate([frames[k][masks[k]][::7] for k in range(0, len(frames), every)])
    return np.asarray(np.array(colour) - rgb2lab(pixels[None] / 255.0)[0].mean(0), np.float32)


def _anew(
    frame: Photo,
    mask: BoolArray,
    staging: Staging,
    shift: FloatArray | None,
    box: tuple[int, int, int, int] | None,
) -> Photo:
    alpha, product = alpha_of(frame, mask)
    opaque = alpha[..., None]
    ground = frame.astype(np.float32)
    if staging.background is not None:
        ground = np.broadcast_to(np.array(staging.background, np.float32), frame.shape)
    if shift is not None:
        product = (lab2rgb(rgb2lab(product.clip(0, 255) / 255.0) + shift) * 255).astype(np.float32)
    drawn = frame if staging.background is None and shift is None else opaque * product + (1 - opaque) * ground
    found = np.rint(drawn).clip(0, 255).astype(np.uint8)
    return found if box is None else _cropped(found, box, staging.background)


def _cropped(frame: Photo, box: tuple[int, int, int, int], background: tuple[int, int, int] | None) -> Photo:
    """The window of a frame; beyond the frame there is the new ground, or its own edge drawn out."""
    left, top, width, height = box
    rows, columns = np.arange(top, top + height), np.arange(left, left + width)
    found: Photo = frame[rows.clip(0, frame.shape[0] - 1)[:, None], columns.clip(0, frame.shape[1] - 1)[None]]
    if background is not None:
        beyond = ((rows < 0) | (rows >= frame.shape[0]))[:, None] | ((columns < 0) | (columns >= frame.shape[1]))[None]
        found[beyond] = background
    return found
