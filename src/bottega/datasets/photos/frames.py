"""The frames of a short moving picture that are worth looking at: sharp, and not the same again.

Idea     Of frames at even distances the sharpest is taken, then the next sharpest that differs from those taken. A
         frame is as sharp as its edges are strong (the spread of the Laplacian); a pan or a shake blurs them.
Source   Pech-Pacheco et al. 2000, https://doi.org/10.1109/ICPR.2000.903548 (variance of the Laplacian).
Serves   Animated GIF, WebP, PNG and AVIF, whatever Pillow reads; a still picture is its one frame. Video files are not
         read.
Costs    Decoding `LOOKED_AT` frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.files import open_picture
from bottega.datasets.photos.reading import Photo, photo_of
from bottega.errors import PhotoRefused
from bottega.names import FloatArray

__all__ = ["Frame", "best_frames"]

LOOKED_AT = 24
"""Frames that are compared."""
FRAMES_MOST = 600
"""Later frames of a long picture are not looked at."""
SMALL_PX, TINY_PX = 160, 8
"""Sides of the squares in which frames are sharp, and in which they differ."""
APART = 12.0
"""Frames whose tiny pictures differ by so much, of 255, are different ones."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, by its place from 0 on."""

    number: int
    photo: Photo


def best_frames(content: bytes, *, name: str = "", most: int = 3) -> list[Frame]:
    """Up to `most` frames of a picture, the sharpest first. Raises `PhotoRefused`, as `read_photo` does."""
    with open_picture(content, name) as picture:
        count = min(getattr(picture, "n_frames", 1), FRAMES_MOST)
        if count == 1 or picture.format == "MPO":  # several pictures of one moment: the first is the photo
            return [Frame(0, photo_of(picture, name))]
        places = np.unique(np.linspace(0, count - 1, min(count, LOOKED_AT)).astype(int)).tolist()
        frames = _decoded(picture, places, name)
    sharp = sorted(frames, key=lambda frame: (-_sharpness(frame.photo), frame.number))
    chosen: list[tuple[Frame, FloatArray]] = []
    for frame in sharp:
        tiny = _small(frame.photo, TINY_PX)
        if all(float(np.abs(tiny - other).mean()) >= APART for _, other in chosen):
            chosen.append((frame, tiny))
        if len(chosen) == most:
            break
    return [frame for frame, _ in chosen]


def _decoded(picture: Image.Image, places: list[int], name: str) -> list[Frame]:
    """The frames at some places; a file that is cut short ends with its last whole one."""
    frames: list[Frame] = []
    for place in places:
        try:
            picture.seek(place)
            frames.append(Frame(place, photo_of(picture, name)))
        except (PhotoRefused, EOFError, OSError, ValueError, SyntaxError):
            if not frames:
                picture.seek(0)
                return [Frame(0, photo_of(picture, name))]
            break
    return frames


def _small(photo: Photo, px: int) -> FloatArray:
    return np.asarray(Image.fromarray(photo).resize((px, px), Image.Resampling.BOX), np.float32)


def _sharpness(photo: Photo) -> float:
    return float(ndimage.laplace(_small(photo, SMALL_PX).mean(axis=2)).var())
