"""Photos made worse, as phones, old shops and messengers make them: what a network that rescues photos learns from.

Idea     A sharp photo is blurred, made smaller, given noise and compressed. The pair of both
         is a lesson, and a measure on photos kept aside.
Source   The order of the steps: Wang et al. 2021, "Real-ESRGAN", https://arxiv.org/abs/2107.10833, section 3.1.
Differs  Compression is the real encoder, not a differentiable copy of it; there is one round, not two, since catalogue
         photos are seldom sent on.
Shapes   H, W height and width of the sharp photo; H/F, W/F those of the worse one, F the factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageFilter

from bottega.datasets.photos.reading import Photo
from bottega.names import FloatArray

__all__ = ["Harm", "degraded", "drawn_harm", "recompressed", "shrunk"]

_WAYS = (Image.Resampling.BICUBIC, Image.Resampling.BILINEAR, Image.Resampling.BOX, Image.Resampling.LANCZOS)


@dataclass(frozen=True, slots=True)
class Harm:
    """What is done to a photo."""

    blur_px: tuple[float, float] = (0.0, 0.0)
    """Standard deviations of the blur, across and down, in pixels of the sharp photo."""
    way: Image.Resampling = Image.Resampling.BICUBIC
    """How it is made smaller."""
    noise: float = 0.0
    """Standard deviation of the noise, of 255."""
    grey_noise: bool = False
    """Whether the three colours share their noise."""
    quality: int | None = None
    """Of the JPEG; None leaves it uncompressed."""
    whole_colours: bool = False
    """Whether the JPEG keeps its colours at full size."""


def drawn_harm(rng: np.random.Generator, factor: int) -> Harm:
    """A harm as real photos have it; stronger blur where the photo is made much smaller."""
    across, down = 0.0, 0.0
    if rng.random() < 0.75:
        across = float(rng.uniform(0.1, 0.75 * factor))
        down = across if rng.random() < 0.7 else float(rng.uniform(0.1, 0.75 * factor))
    return Harm(
        blur_px=(across, down),
        way=_WAYS[int(rng.integers(len(_WAYS)))],
        noise=float(12 * rng.random() ** 2),
        grey_noise=bool(rng.random() < 0.4),
        quality=int(rng.integers(30, 96)) if rng.random() < 0.9 else None,
        whole_colours=bool(rng.random() < 0.2),
    )


def degraded(photo: Photo, factor: int, harm: Harm, rng: np.random.Generator) -> Photo:
    """The photo [H/F, W/F, 3] after this harm; H and W are multiples of the factor."""
    height, width = photo.shape[:2]
    picture = Image.fromarray(photo)
    if max(harm.blur_px) > 0:
        picture = picture.filter(ImageFilter.GaussianBlur(harm.blur_px))
    if factor > 1:
        picture = picture.resize((width // factor, height // factor), harm.way)
    small = np.asarray(picture)
    if harm.noise > 0:
        shape = (*small.shape[:2], 1 if harm.grey_noise else 3)
        noise: FloatArray = rng.standard_normal(shape, dtype=np.float32) * np.float32(harm.noise)
        small = np.rint(small + noise).clip(0, 255).astype(np.uint8)
    if harm.quality is None:
        return np.array(small)
    return recompressed(small, harm.quality, whole_colours=harm.whole_colours)


def shrunk(photo: Photo, factor: int) -> Photo:
    """The photo [H/F, W/F, 3] made smaller by bicubic interpolation, and nothing else."""
    return degraded(photo, factor, Harm(), np.random.default_rng(0))


def recompressed(photo: Photo, quality: int, *, whole_colours: bool = False) -> Photo:
    """What JPEG of this quality leaves of a photo."""
    file = BytesIO()
    Image.fromarray(photo).save(file, "JPEG", quality=quality, subsampling=0 if whole_colours else 2)
    return np.array(Image.open(file))
