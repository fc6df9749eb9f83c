"""Frames of a clip out of photos: the camera goes nearer, along, or round a product, and comes back to where it began.

Idea     A move is a closed path of a window over the photo, so the last frame leads into the first. Several photos
         taken round a product become a turn: from view to view, and where they close no circle, back again.
Differs  No view is made up: each is held, and fades into the next. Drawing both towards each other along the motion
         between them was tried and did not come nearer to the view that lies there (benchmarks/video.md).
Shapes   H, W of a frame; photos uint8 [h, w, 3] of any size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

import numpy as np
from PIL import Image

from bottega.datasets.photos.reading import Photo, border

__all__ = ["MOTIONS", "VIEWS_MIN", "Motion", "between", "frames_of", "jump"]

Motion = Literal["turn", "pan", "zoom"]
MOTIONS: tuple[Motion, ...] = get_args(Motion)
VIEWS_MIN = 3
"""Photos that a turn needs."""
_DEPTH = 1.35
"""How much nearer the camera comes."""
_FADE = 0.6
"""Share of the way between two views in which they fade over."""


def frames_of(
    photos: Sequence[Photo], motion: Motion, count: int, size: tuple[int, int], *, closed: bool = False
) -> Iterator[Photo]:
    """`count` frames [H, W, 3] of `size` (W, H). A turn takes all photos, in the order they lie round the product;
    `closed`: the last stands beside the first. The other moves take one photo after the other, a share of the frames
    each."""
    assert count >= 2 and (motion != "turn" or len(photos) >= VIEWS_MIN)
    if motion == "turn":
        yield from _turn([_laid(photo, size) for photo in photos], count, closed)
        return
    ends = np.linspace(0, count, len(photos) + 1).round().astype(int)
    for photo, start, end in zip(photos, ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        whole = _laid(photo, (2 * size[0], 2 * size[1]))
        for frame in range(start, end):
            yield _seen(whole, motion, (frame - start) / (end - start), size)


def between(one: Photo, other: Photo, share: float) -> Photo:
    """The way from one view (share 0) to another (1): each is held, and in the middle they fade over."""
    faded = min(1.0, max(0.0, (share - 0.5) / _FADE + 0.5))
    if faded in (0, 1):
        return other if faded else one
    return np.rint((1 - faded) * one + faded * other).astype(np.uint8)


def jump(frames: Sequence[Photo]) -> float:
    """How far the step from the last frame to the first is from the others: their mean difference of pixels, as a
    multiple of the largest other step; up to about 1 there is no jump."""
    steps = [_apart(one, other) for one, other in zip(frames, [*frames[1:], frames[0]], strict=True)]
    return steps[-1] / max(max(steps[:-1]), 1e-6)


def _apart(one: Photo, other: Photo) -> float:
    return float(np.abs(one.astype(np.int16) - other).mean())


def _seen(whole: Photo, motion: Motion, phase: float, size: tuple[int, int]) -> Photo:
    """The frame at a phase, 0 to 1, of the path, out of a photo twice as large."""
    height, width = whole.shape[:2]
    if motion == "zoom":
        near = 1 + (_DEPTH - 1) * (1 - math.cos(2 * math.pi * phase)) / 2
        x, y = 0.5, 0.5
    else:
        near, room = _DEPTH, (1 - 1 / _DEPTH) / 2
        x = 0.5 - room * math.cos(2 * math.pi * phase)
        y = 0.5 - 0.3 * room * math.sin(2 * math.pi * phase)
    half_w, half_h = width / near / 2, height / near / 2
    box = (x * width - half_w, y * height - half_h, x * width + half_w, y * height + half_h)
    box = (max(0.0, box[0]), max(0.0, box[1]), min(float(width), box[2]), min(float(height), box[3]))
    return np.asarray(Image.fromarray(whole).resize(size, Image.Resampling.BICUBIC, box=box))


def _laid(photo: Photo, size: tuple[int, int]) -> Photo:
    """The whole photo in a frame (W, H), what is beside it in the colour of its border."""
    height, width = photo.shape[:2]
    scale = min(size[0] / width, size[1] / height)
    inside = max(1, round(width * scale)), max(1, round(height * scale))
    way = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    canvas = np.empty((size[1], size[0], 3), np.uint8)
    canvas[:] = np.median(border(photo), axis=0)
    left, top = (size[0] - inside[0]) // 2, (size[1] - inside[1]) // 2
    canvas[top : top + inside[1], left : left + inside[0]] = np.asarray(Image.fromarray(photo).resize(inside, way))
    return canvas


def _turn(views: list[Photo], count: int, closed: bool) -> Iterator[Photo]:
    """Round all views; where they do not close the circle, back the same way, slower at both ends."""
    phases = np.arange(count) / count
    last = len(views) if closed else len(views) - 1
    places = phases * last if closed else last * (1 - np.cos(2 * np.pi * phases)) / 2
    ring = [*views, views[0]]
    for at in places.tolist():
        place = min(int(at), last - 1)
        yield between(ring[place], ring[place + 1], at - place)
