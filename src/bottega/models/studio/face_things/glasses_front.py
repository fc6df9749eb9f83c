"""The front of a pair of glasses out of its product photo: as it looks from straight ahead, without its temples.

Idea     A shop shows glasses from the side in front: one temple runs away to the side, the other behind the lenses. A
         column of the cut-out that crosses a lens holds a long run of pixels, one that crosses a temple a short one,
         and the bridge is where the run dips between two lenses. The nearer half is seen best: it is straightened by
         the slope of the line through both lenses, widened by how far the glasses are turned (which the length of the
         near temple tells), and mirrored. Lenses are what has the colours of the middle of a lens and hangs together
         with it; how dark they are on white says how little they let through.
Serves   Glasses and sunglasses on a plain background, from the front or turned by up to about 50 degrees.
Differs  No depth: a curved front is taken for a flat one.
Shapes   H, W of the photo; h, w of the front.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.cutout import alpha_of
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["GlassesFront", "front_of_glasses"]

_LIKE_BACKGROUND, _OPENING = 8.0, 0.04
"""Difference from the background (0 to 255), and share of the cut-out, of what is open between front and temples."""
_TALL = 0.42
"""A column crosses a lens where its longest run is this share of the longest of all."""
_DIP = 0.86
"""Share of the lower of two lenses to which the run falls at a bridge."""
_LEAST_HALF = 0.3
"""Width that the farther half has at least, in widths of the nearer."""
_TEMPLE_LONG = 1.0
"""Length of a temple in widths of the front."""
_STRAIGHT = 0.1
"""A temple shorter than this share of the front: seen from straight ahead, both halves are taken as they are."""
_LEAST_PX = 24
"""Least width of a front."""
_SHAPES = (1.3, 7.0)
"""How much wider than high a front is."""
_LENS_FAR = 20.0
"""Colours farther than this (0 to 255) from what the middle of the lens says for this height are frame."""
_EYE_ROW = 0.42
"""Height at which one looks through a lens, from its upper edge."""


@dataclass(frozen=True, slots=True, eq=False)
class GlassesFront:
    """A front, its bridge in the middle of its width."""

    colours: FloatArray
    """[h, w, 3], 0 to 255."""
    alpha: FloatArray
    """[h, w], opacity of its outline, lenses and all, 0 to 1."""
    lens: FloatArray
    """[h, w], how much of a pixel is lens, 0 to 1."""
    eye_row: float
    """The row that comes to lie on the eye line."""
    hinge: tuple[float, float]
    """Row at which the temples begin, and how thick they are, in pixels."""
    temple: FloatArray
    """Colour of the temples [3], 0 to 255."""
    turned: float
    """Degrees by which the glasses were turned on the photo."""

    @property
    def clear(self) -> float:
        """How light the lenses are, 0 to 1."""
        weight = self.lens.sum()
        return float((self.colours.mean(2) * self.lens).sum() / weight / 255) if weight else 0.0


def front_of_glasses(photo: Photo, mask: BoolArray) -> GlassesFront:
    """The front of the one pair of glasses that `mask` [H, W] shows on a photo [H, W, 3].

    Raises `PhotoRefused` where two lenses and a bridge cannot be told.
    """
    alpha, colours = alpha_of(photo, _largest(mask))
    filled = _open_between(photo, _largest(mask))
    top, run = _runs(filled)
    try:
        near, bridge, far = _halves(run)
    except PhotoRefused:  # clear lenses were taken for background
        filled = ndimage.binary_fill_holes(_largest(mask))
        top, run = _runs(filled)
        near, bridge, far = _halves(run)
    if near[0] > far[0]:  # the farther half is on the left: look at it in a mirror
        filled = filled[:, ::-1]
        alpha, colours = alpha[:, ::-1], colours[:, ::-1]
        top, run = _runs(filled)
        last = filled.shape[1] - 1
        near, bridge, far = (last - near[1], last - near[0]), last - bridge, (last - far[1], last - far[0])
    hinge = near[0]
    wide = far[1] - hinge
    columns = np.flatnonzero(filled.any(0))
    temple = max(0, hinge - int(columns[0]))
    turned = float(np.degrees(np.arctan(temple / wide / _TEMPLE_LONG)))
    slope = _slope(top, run, near, far)
    rows = top + run / 2 - slope * (np.arange(len(run)) - bridge)
    inside = slice(near[0], near[1] + 1)
    tall = run[inside] > 0.6 * run[inside].max()
    upper = float(np.percentile((rows - run / 2)[inside][tall], 5))
    lower = float(np.percentile((rows + run / 2)[inside][tall], 95))
    height, half = lower - upper, bridge - hinge
    straight = temple < _STRAIGHT * wide
    if half < _LEAST_PX / 2 or not _SHAPES[0] < 2 * half / np.cos(np.radians(turned)) / height < _SHAPES[1]:
        raise _unseen("Their front does not have the shape of glasses.")
    air = max(2, round(0.12 * height))
    front = _straightened(
        colours, alpha, filled, top, run,
        bridge=bridge, half=half if not straight else max(half, far[1] - bridge), slope=slope,
        rows=(upper - air, lower + air), air=air, stretch=1 / float(np.cos(np.radians(turned))), mirrored=not straight,
    )  # fmt: skip
    seen, opacity = front[0], _without_islands(front[1])
    lens = _lenses(seen, opacity, air)
    before = slice(max(0, hinge - 6), max(1, hinge - 1))
    thick = float(np.median(run[before])) if temple >= 4 else 0.12 * height
    at = (
        float(np.median((top + run / 2)[before])) - slope * (hinge - bridge) - (upper - air)
        if temple >= 4
        else air + 0.2 * height
    )
    side = filled[:, before] & (alpha[:, before] > 0.8)
    colour = np.median(colours[:, before][side], axis=0) if side.any() else np.array([40.0, 40.0, 40.0])
    return GlassesFront(
        colours=seen,
        alpha=opacity,
        lens=lens,
        eye_row=air + _EYE_ROW * height,
        hinge=(min(at, air + 0.6 * height), min(thick, 0.35 * height)),
        temple=np.asarray(colour, np.float32),
        turned=0.0 if straight else turned,
    )


def _largest(mask: BoolArray) -> BoolArray:
    """The largest piece of a mask, and those that are no specks beside it: thin temples break."""
    pieces, count = cast("tuple[IntArray, int]", ndimage.label(mask, np.ones((3, 3))))
    if not count:
        raise _unseen("Nothing is told from the background.")
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    return np.asarray((areas >= 0.03 * areas.max())[pieces])


def _open_between(photo: Photo, mask: BoolArray) -> BoolArray:
    """The mask without what lies between front and temples: large pieces of the background's colour."""
    edge = np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]]).astype(np.float32)
    away = np.abs(photo.astype(np.float32) - np.median(edge, axis=0)).max(2)
    pieces, _ = cast("tuple[IntArray, int]", ndimage.label(mask & (away < _LIKE_BACKGROUND)))
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    return np.asarray(mask & ~(areas >= _OPENING * mask.sum())[pieces])


def _runs(mask: BoolArray) -> tuple[IntArray, IntArray]:
    """First row and length of the longest run of each column: [W], [W]."""
    height, width = mask.shape
    top, best = np.zeros(width, np.int32), np.zeros(width, np.int32)
    length = np.zeros(width, np.int32)
    for row in range(height):
        length = np.where(mask[row], length + 1, 0)
        longer = length > best
        best = np.where(longer, length, best)
        top = np.where(longer, row - length + 1, top)
    return top, best


def _halves(run: IntArray) -> tuple[tuple[int, int], int, tuple[int, int]]:
    """First and last column of the nearer half, the bridge's column, first and last column of the farther half."""
    smooth = ndimage.uniform_filter1d(run.astype(np.float32), 3)
    tall = smooth >= _TALL * smooth.max()
    pieces, count = cast("tuple[IntArray, int]", ndimage.label(tall))
    spans = [(int(where[0].start), int(where[0].stop) - 1) for where in ndimage.find_objects(pieces)]
    spans = [span for span in spans if span[1] - span[0] >= 0.08 * tall.sum()]
    if not spans or not count:
        raise _unseen("No lens is seen.")
    spans = sorted(sorted(spans, key=lambda span: span[0] - span[1])[:2])
    if len(spans) == 2:
        left, right = spans
        bridge = (left[1] + right[0]) // 2
    else:
        begin, end = spans[0]
        wide = end - begin
        inner = np.arange(begin + round(0.28 * wide), end - round(0.2 * wide))
        if not len(inner):
            raise _unseen("No bridge is seen between two lenses.")
        deep = [
            smooth[place] / max(1.0, min(smooth[begin:place].max(), smooth[place + 1 : end + 1].max()))
            for place in inner
        ]
        bridge = int(inner[int(np.argmin(deep))])
        if min(deep) > _DIP:
            raise _unseen("No bridge is seen between two lenses.")
        left, right = (begin, bridge - 1), (bridge + 1, end)
    halves = (left[0], bridge), (bridge, right[1])
    wide_left, wide_right = bridge - left[0], right[1] - bridge
    if min(wide_left, wide_right) < _LEAST_HALF * max(wide_left, wide_right):
        raise _unseen("One of the lenses is hardly seen.")
    columns = np.flatnonzero(run > 0)
    left_over, right_over = left[0] - columns[0], columns[-1] - right[1]
    near_left = (
        left_over > right_over if max(left_over, right_over) > 0.1 * (right[1] - left[0]) else wide_left >= wide_right
    )
    return (*((halves[0], bridge, halves[1]) if near_left else (halves[1], bridge, halves[0])),)


def _slope(top: IntArray, run: IntArray, near: tuple[int, int], far: tuple[int, int]) -> float:
    """Of the line through the middles of both lenses."""
    middles = []
    for begin, end in (near, far):
        of = slice(begin, end + 1)
        weight = np.where(run[of] > 0.6 * run[of].max(), run[of], 0).astype(np.float64)
        rows, columns = top[of] + run[of] / 2, np.arange(begin, end + 1)
        middles.append((float((columns * weight).sum() / weight.sum()), float((rows * weight).sum() / weight.sum())))
    (x0, y0), (x1, y1) = middles
    return float(np.clip((y1 - y0) / (x1 - x0), -0.5, 0.5))


def _straightened(
    colours: FloatArray,
    alpha: FloatArray,
    filled: BoolArray,
    top: IntArray,
    run: IntArray,
    *,
    bridge: int,
    half: int,
    slope: float,
    rows: tuple[float, float],
    air: int,
    stretch: float,
    mirrored: bool,
) -> tuple[FloatArray, FloatArray]:
    """Colours [h, w, 3] and opacity [h, w] of the front, upright and as wide as it is from straight ahead."""
    wide = round(half * stretch)
    across = (np.arange(wide) + 0.5) / stretch
    left = bridge + 0.5 - across[::-1]
    columns = np.concatenate([left, left[::-1] if mirrored else bridge + 0.5 + across])
    down = np.arange(rows[0], rows[1])
    x = np.repeat((columns - 0.5)[None], len(down), 0)
    y = down[:, None] + slope * (columns - bridge)[None]
    # What hangs in a column with a lens is lens and frame; a temple behind passes over or under, with air between.
    kept = ndimage.binary_dilation(filled)
    for column in np.flatnonzero(run >= 0.5 * run.max()):
        kept[: max(0, top[column] - 1), column] = kept[top[column] + run[column] + 1 :, column] = False
    for column in np.flatnonzero(run < 0.5 * run.max()):
        kept[: max(0, round(rows[0] + air - 1 + slope * (column - bridge))), column] = False
    # Clear lenses were taken for background, and are closed in on all sides by frame.
    opacity = np.maximum(alpha, (filled & (alpha < 0.5)).astype(np.float32)) * kept
    seen = np.stack([ndimage.map_coordinates(colours[..., c], (y, x), order=1, mode="nearest") for c in range(3)], 2)
    return (
        np.asarray(seen, np.float32),
        np.asarray(ndimage.map_coordinates(opacity, (y, x), order=1, mode="constant"), np.float32),
    )


def _without_islands(alpha: FloatArray) -> FloatArray:
    """Opacity without scraps of a temple that the front does not hang together with."""
    pieces, _ = cast("tuple[IntArray, int]", ndimage.label(alpha > 0.25, np.ones((3, 3))))
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    large = ndimage.binary_dilation((areas >= 0.3 * areas.max())[pieces])
    return np.asarray(alpha * large, np.float32)


def _lenses(colours: FloatArray, alpha: FloatArray, air: int) -> FloatArray:
    """How much of each pixel is lens [h, w]."""
    height, width = alpha.shape
    found = np.zeros((height, width), bool)
    body = alpha > 0.6
    for begin, end in ((0, width // 2), (width // 2, width)):
        part, colour = body[:, begin:end], ndimage.gaussian_filter(colours[:, begin:end], (0.7, 0.7, 0))
        tall = part.sum(0)
        columns = np.flatnonzero(tall > 0.6 * tall.max())
        if not len(columns):
            continue
        middle = int(columns.mean())
        rows = np.flatnonzero(part[:, middle])
        if len(rows) < 6:
            continue
        core = slice(int(np.percentile(rows, 22)), int(np.percentile(rows, 78)) + 1)
        aside = max(1, (columns[-1] - columns[0]) // 5)
        inner = colour[core, max(0, middle - aside) : middle + aside + 1]
        row = np.arange(core.start, core.stop)
        fit = np.polyfit(row, np.median(inner, axis=1), 1)
        said = fit[0][None] * np.clip(np.arange(height), core.start - air, core.stop + air)[:, None] + fit[1][None]
        like = part & (np.abs(colour - said[:, None]).max(2) < _LENS_FAR)
        like = ndimage.binary_opening(like, iterations=1)
        pieces, _ = cast("tuple[IntArray, int]", ndimage.label(like))
        at = pieces[core, max(0, middle - aside) : middle + aside + 1]
        if not at.any():
            continue
        lens = ndimage.binary_fill_holes(
            ndimage.binary_closing(pieces == np.bincount(at[at > 0]).argmax(), iterations=2)
        )
        found[:, begin:end] = lens & part
    soft = ndimage.gaussian_filter(ndimage.binary_erosion(found).astype(np.float32), 0.7)
    return np.asarray(np.minimum(soft, alpha), np.float32)


def _unseen(why: str) -> PhotoRefused:
    return PhotoRefused(
        f"The front of the glasses is not seen on the product photo. {why}",
        allowed="One pair of glasses before a plain background, from the front or from the side in front.",
        next_step="Choose another photo of the product.",
    )
