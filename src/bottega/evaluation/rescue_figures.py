"""How near rescued photos come to the sharp ones they were: luminance, structure, and what a judge sees.

PSNR and SSIM are of luminance as ITU-R BT.601 has it, four pixels at the edges left out, as papers on enlargement do.

Shapes   H, W sides of the photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from skimage.metrics import structural_similarity

from bottega.datasets.photos.degraded import Harm, degraded, drawn_harm
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import foreground
from bottega.models.studio.rescue.rescue import Rescue
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent

__all__ = ["PhotoFigures", "Rescued", "cropped", "enlarge_all", "gain_after", "luminance", "psnr", "ssim"]

_EDGE_PX = 4
_BEST = 100.0
"""PSNR of two photos that are the same."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """One photo made worse, and enlarged in three ways, each [H, W, 3]."""

    truth: Photo
    bicubic: Photo
    mean: Photo
    likely: Photo


@dataclass(frozen=True, slots=True)
class PhotoFigures:
    """PSNR and SSIM of the three ways for each photo [N]."""

    psnr: dict[str, FloatArray]
    ssim: dict[str, FloatArray]

    @classmethod
    def of(cls, found: Sequence[Rescued], masks: Sequence[BoolArray] | None = None) -> PhotoFigures:
        """Of all; with `masks` PSNR is of what they cover."""
        ways = ("bicubic", "mean", "likely")
        marks = {way: np.zeros(len(found), np.float32) for way in ways}
        likeness = {way: np.zeros(len(found), np.float32) for way in ways}
        for row, one in enumerate(found):
            for way in ways:
                ours: Photo = getattr(one, way)
                marks[way][row] = psnr(ours, one.truth, None if masks is None else masks[row])
                likeness[way][row] = ssim(ours, one.truth)
        return cls(marks, likeness)


def enlarge_all(
    photos: Sequence[Photo],
    rescue: Rescue,
    factor: int,
    *,
    realistic: bool,
    rng: np.random.Generator,
    progress: Progress = silent,
) -> list[Rescued]:
    """Photos made `factor` times smaller, by bicubic interpolation alone or as real ones are, and enlarged again."""
    found = []
    for done, whole in enumerate(photos, start=1):
        truth = cropped(whole, factor)
        small = degraded(truth, factor, drawn_harm(rng, factor) if realistic else Harm(), rng)
        size = truth.shape[1], truth.shape[0]
        bicubic = np.array(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC))
        mean = rescue.enlarged(small, factor, way="mean")
        likely = mean if rescue.likely is None else rescue.enlarged(small, factor)
        found.append(Rescued(truth, bicubic, mean, likely))
        progress("rescuing photos", done, len(photos))
    return found


def gain_after(photos: Sequence[Photo], rescue: Rescue, harm: Harm, *, inside: bool, seed: int) -> FloatArray:
    """Decibels that the mean answer gains over bicubic interpolation on each photo [N], made half as large so.

    `inside`: of what is product alone.
    """
    rng, found = np.random.default_rng(seed), []
    for whole in photos:
        truth = cropped(whole, 2)
        small = degraded(truth, 2, harm, rng)
        bicubic = np.array(Image.fromarray(small).resize((truth.shape[1], truth.shape[0]), Image.Resampling.BICUBIC))
        mask = foreground(truth) if inside else None
        found.append(psnr(rescue.enlarged(small, 2, way="mean"), truth, mask) - psnr(bicubic, truth, mask))
    return np.array(found, np.float32)


def cropped(photo: Photo, factor: int) -> Photo:
    """The photo with sides that are multiples of the factor."""
    height, width = (side // factor * factor for side in photo.shape[:2])
    return photo[:height, :width]


def luminance(photo: Photo) -> FloatArray:
    """Y' of BT.601, 16 to 235 [H, W].

    >>> luminance(np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)).round(1).tolist()
    [[16.0, 235.0]]
    """
    weights = np.array([65.481, 128.553, 24.966], np.float32) / np.float32(255)
    found: FloatArray = (photo.astype(np.float32) @ weights + np.float32(16)).astype(np.float32)
    return found


def psnr(one: Photo, other: Photo, mask: BoolArray | None = None) -> float:
    """10 log10(255^2 / mean squared difference of luminance), in decibels; 100 where there is none.

    >>> grey = np.full((20, 20, 3), 100, np.uint8)
    >>> psnr(grey, grey), round(psnr(grey, grey + np.uint8(10)), 2)
    (100.0, 29.45)
    """
    apart = np.square(luminance(one) - luminance(other))
    inner = (slice(_EDGE_PX, -_EDGE_PX), slice(_EDGE_PX, -_EDGE_PX))
    seen = apart[inner] if mask is None or not mask[inner].any() else apart[inner][mask[inner]]
    mean = float(seen.mean(dtype=np.float64))
    return min(_BEST, float(10 * np.log10(255**2 / mean))) if mean > 0 else _BEST


def ssim(one: Photo, other: Photo) -> float:
    """Structural similarity of luminance, 1 for the same.

    Source   Wang et al. 2004, https://doi.org/10.1109/TIP.2003.819861: a Gaussian window of 1.5 pixels.
    """
    ours, theirs = (luminance(photo)[_EDGE_PX:-_EDGE_PX, _EDGE_PX:-_EDGE_PX] for photo in (one, other))
    found = structural_similarity(  # type: ignore[no-untyped-call]
        ours, theirs, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    return float(found)
