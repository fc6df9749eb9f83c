"""Pictures: what a piece is painted with, its front as the photo shows it and its back as one may guess it.

Idea     The front is the photo itself, pixel by pixel. The back is the front as one would see it through the piece,
         without what only a front has: a print in the middle of plain cloth is filled from around it, a placket by what
         lies beside it, a neckline by what lies under it.
Shapes   H, W height and width of a cut-out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import to_lab
from bottega.names import BoolArray, FloatArray

__all__ = ["Neckline", "filled", "painted"]

_FRINGE = 1 / 256
"""So wide at the outline, of the longer side, a photo's pixels are mixed with its background."""
_BLED, _APART, _SEEN, _GONE = 2, 60.0, 24.0, 0.6
"""So many times as wide again is looked at for colours of the ground; how far apart, of 441, the two have to be, and
how far on the way a pixel; the share of the ground with which nothing is left of the cloth."""
_PLAIN, _PLAIN_SHARE = 16.0, 0.34
"""Cloth is plain where so much of it is as near to one colour (Lab, lightness counted half)."""
_RIM = 0.05
"""What is nearer to the outline than this share of the width is trim and stays."""
_PRINT_SHARE = 0.5
"""A print covers so much of a piece at most."""
_PLACKET = 0.05
"""Half the width of what is buttoned, as a share of the cut-out's."""


@dataclass(frozen=True, slots=True)
class Neckline:
    """Where a front is open at the neck, in pixels."""

    middle: float
    top: float
    half: float
    buttoned: bool
    """Whether it is closed by buttons or a zip under it."""


def painted(photo: Photo, known: BoolArray, neckline: Neckline | None = None) -> NDArray[np.uint8]:
    """Front and back side by side [H, 2 * W, 4] of a piece of which the photo shows `known` [H, W].

    Everything else is filled from what is next to it.
    """
    front = filled(photo, known)
    back = _back(front, known, neckline)
    shown = np.concatenate([front, back], 1)
    return np.dstack([shown, np.full(shown.shape[:2], 255, np.uint8)])


def filled(photo: Photo, known: BoolArray) -> Photo:
    """The photo with everything that is not known as the known next to it, evened out the farther away."""
    fringe = max(1, round(_FRINGE * max(known.shape)))
    core = ndimage.binary_erosion(known, iterations=fringe)
    photo, lost = _unmixed(photo, known, core, fringe)
    core = core & ~lost
    core = core if core.any() else known
    away, nearest = ndimage.distance_transform_edt(~core, return_indices=True)
    out = photo[tuple(nearest)]
    weight = np.clip(away / 12, 0, 1)[..., None]
    mixed = np.where(core[..., None], photo, (1 - weight) * out + weight * _membrane(photo, core))
    return np.asarray(np.rint(mixed), np.uint8)


def _unmixed(photo: Photo, known: BoolArray, core: BoolArray, fringe: int) -> tuple[Photo, BoolArray]:
    """A photo whose rim has given back what compression and small sizes mixed into it of the ground beside it, and
    where next to nothing was left [H, W].

    Of a pixel is asked how far it lies on the way from the cloth further in to the ground further out.
    """
    inner = ndimage.binary_erosion(core, iterations=_BLED * fringe)
    outer = ~ndimage.binary_dilation(known, iterations=2 * fringe)
    lost = np.zeros_like(known)
    if not inner.any() or not outer.any():
        return photo, lost
    rim = core & ~inner
    within, beyond = (
        photo[tuple(ndimage.distance_transform_edt(~field, return_distances=False, return_indices=True)[:, rim])]
        for field in (inner, outer)
    )
    cloth, way = within.astype(np.float32), beyond.astype(np.float32) - within
    long = np.linalg.norm(way, axis=-1)
    share = ((photo[rim] - cloth) * way).sum(-1) / np.maximum(long, 1) ** 2
    # Away from the line between the two is a colour of its own, as a trim has.
    off = np.linalg.norm(photo[rim] - cloth - share[:, None] * way, axis=-1)
    mixed = (long > _APART) & (share * long > _SEEN) & (off < 0.35 * share * long + 8)
    out = photo.copy()
    back = np.where(mixed, np.minimum(share, 1), 0)[:, None] * way
    out[rim] = np.rint(np.clip(photo[rim] - back, 0, 255)).astype(np.uint8)
    lost[rim] = mixed & (share > _GONE)
    return out, lost


def _back(front: Photo, known: BoolArray, neckline: Neckline | None) -> Photo:
    back = front
    marks = _print(front, known)
    if marks.any():
        smooth = _membrane(front, known & ~marks)
        soft = ndimage.gaussian_filter(marks.astype(np.float32), 1.0)[..., None]
        soft = np.maximum(soft, marks[..., None])
        back = np.asarray(np.rint((1 - soft) * back + soft * smooth), np.uint8)
    if neckline is not None:
        back = back.copy()
        if neckline.buttoned:
            _without_placket(back, neckline)
        _without_neckline(back, neckline)
    return back


def _print(front: Photo, known: BoolArray) -> BoolArray:
    """What stands out of plain cloth away from its edges; nothing where cloth is not plain."""
    lab = to_lab(front) * np.array([0.5, 1, 1], np.float32)
    inner = ndimage.binary_erosion(known, iterations=2)
    if not inner.any():
        return np.zeros_like(known)
    pixels = lab[inner]
    colour = np.median(pixels, axis=0)
    for _ in range(4):  # the colour that most pixels have
        near = np.linalg.norm(pixels - colour, axis=1) < _PLAIN
        if not near.any():
            return np.zeros_like(known)
        colour = pixels[near].mean(0)
    apart = np.linalg.norm(lab - colour, axis=2) >= _PLAIN
    if (~apart & inner).sum() < _PLAIN_SHARE * inner.sum():
        return np.zeros_like(known)
    columns = np.flatnonzero(known.any(0))
    rim = ndimage.distance_transform_edt(np.pad(known, 1))[1:-1, 1:-1] < _RIM * (columns[-1] - columns[0])
    marks = ndimage.binary_closing(apart & known, iterations=2) & known
    pieces, count = ndimage.label(marks)
    if not count:
        return np.zeros_like(known)
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)
    at_rim = np.bincount(pieces.ravel(), weights=rim.ravel(), minlength=count + 1)
    kept = (at_rim < 0.25 * sizes) & (sizes > 3)
    kept[0] = False
    found = ndimage.binary_dilation(kept[pieces], iterations=2) & known
    return np.asarray(found if found.sum() < _PRINT_SHARE * known.sum() else np.zeros_like(known), np.bool_)


def _without_placket(back: Photo, neckline: Neckline) -> None:
    """The strip in the middle as the mirror image of what lies beside it, in place."""
    half = max(2, round(_PLACKET * back.shape[1]))
    middle = round(neckline.middle)
    if middle - 3 * half < 0 or middle + 3 * half >= back.shape[1]:
        return
    steps = np.arange(half)
    back[:, middle - half + steps] = back[:, middle - half - 1 - steps]
    back[:, middle + half - steps] = back[:, middle + half + 1 + steps]


def _without_neckline(back: Photo, neckline: Neckline) -> None:
    """What is open in front, and the inside that shows there, as the cloth under it, in place."""
    height, width = back.shape[:2]
    half = 1.02 * neckline.half
    columns = np.arange(max(0, int(neckline.middle - half)), min(width, int(neckline.middle + half) + 1))
    deep = 1.5 * half * np.sqrt(np.maximum(1 - ((columns - neckline.middle) / half) ** 2, 0))
    for column, depth in zip(columns, deep, strict=True):
        low = round(neckline.top + depth) + 1
        high = max(0, round(neckline.top - 0.1 * half))
        if low >= height:
            continue
        rows = np.arange(high, low)
        back[rows, column] = back[np.minimum(2 * low - rows, height - 1), column]


def _membrane(photo: Photo, known: BoolArray) -> FloatArray:
    """The photo [H, W, 3] with what is unknown as smooth as it can be: coarser pictures fill finer ones' holes."""
    weight = known.astype(np.float32)
    values = photo.astype(np.float32) * weight[..., None]
    levels = [(values, weight)]
    while min(levels[-1][1].shape) > 1 and not (levels[-1][1] > 0).all():
        last, share = levels[-1]
        size = (share.shape[1] + 1) // 2, (share.shape[0] + 1) // 2
        small = np.stack([_resized(last[..., channel], size, Image.Resampling.BOX) for channel in range(3)], -1)
        levels.append((small, _resized(share, size, Image.Resampling.BOX)))
    values, weight = levels[-1]
    full = values / np.maximum(weight, 1e-6)[..., None]
    for values, weight in reversed(levels[:-1]):
        size = weight.shape[1], weight.shape[0]
        up = np.stack([_resized(full[..., channel], size, Image.Resampling.BILINEAR) for channel in range(3)], -1)
        sure = np.minimum(weight * 2, 1)[..., None]
        full = sure * values / np.maximum(weight, 1e-6)[..., None] + (1 - sure) * up
    return np.asarray(np.clip(full, 0, 255), np.float32)


def _resized(channel: NDArray[np.floating], size: tuple[int, int], way: Image.Resampling) -> FloatArray:
    return np.asarray(Image.fromarray(np.asarray(channel, np.float32)).resize(size, way), np.float32)
