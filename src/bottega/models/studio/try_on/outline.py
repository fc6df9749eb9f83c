"""Two outlines matched: which point of one garment's edge is which point of another's.

Idea     An edge is walked round at even steps. Each step knows where it is, once both shapes are brought to the same
         place and size, and which way the edge runs there. One walk is then laid along the other so that steps that
         belong together lie together: neither may turn back, and where one is longer, as at a wider sleeve, it waits.
Source   Dynamic time warping: Sakoe & Chiba 1978, https://doi.org/10.1109/TASSP.1978.1163055. Edges at a fraction of a
         pixel: marching squares, as scikit-image has them.
Differs  Walks are closed: several beginnings are tried.
Shapes   N and M points of two outlines; points are x and y in pixels; H, W height and width of a mask.
"""

from __future__ import annotations

from typing import Any, cast

import numba
import numpy as np
from scipy import ndimage
from skimage.measure import find_contours

from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["brought", "matched", "outline_of"]

_BEGINNINGS = 12
_WAIT = 0.02
"""What it costs to wait a step."""
_TURN, _PLACE = 0.35, 12.0
"""What the way an edge runs counts, and where it is (in shares of the shape's size, squared)."""


def outline_of(mask: BoolArray, points: int, *, smooth_px: float = 1.0) -> FloatArray:
    """The outer edge of a mask's largest piece [points, 2], clockwise on the screen, at even steps."""
    soft = ndimage.gaussian_filter(np.pad(mask, 3).astype(np.float32), smooth_px)
    found = cast("list[np.ndarray]", find_contours(soft, 0.5))  # type: ignore[no-untyped-call]
    assert found, "an empty mask has no outline"
    longest = max(found, key=_area)[:, ::-1] - 3
    if _signed(longest) < 0:
        longest = longest[::-1]
    steps = np.r_[0, np.cumsum(np.linalg.norm(np.diff(longest, axis=0), axis=1))]
    at = np.linspace(0, steps[-1], points, endpoint=False)
    return np.stack([np.interp(at, steps, longest[:, axis]) for axis in (0, 1)], 1).astype(np.float32)


def brought(points: FloatArray, onto: FloatArray) -> FloatArray:
    """Points [N, 2] moved and stretched, across and down, to where others [M, 2] are."""
    low, high = points.min(0), points.max(0)
    to_low, to_high = onto.min(0), onto.max(0)
    scale = (to_high - to_low) / np.maximum(high - low, 1e-6)
    return np.asarray((points - low) * scale + to_low, np.float32)


def matched(one: FloatArray, other: FloatArray, *, place: float = _PLACE) -> tuple[IntArray, float]:
    """Pairs [P, 2] of places in two closed outlines [N, 2] and [M, 2] lying over one another; and the mean cost of one.

    Sizes are taken from `other`.
    """
    size = float(np.linalg.norm(np.ptp(other, axis=0)))
    apart = ((one[:, None] - other[None]) ** 2).sum(2) / size**2
    ways_one, ways_other = _ways(one), _ways(other)
    cost = place * apart + _TURN * (1 - ways_one @ ways_other.T) / 2
    cost = np.ascontiguousarray(cost, np.float64)
    best: tuple[float, IntArray] | None = None
    for begin in np.linspace(0, len(one), _BEGINNINGS, endpoint=False).astype(int).tolist():
        to = int(cost[begin].argmin())
        rolled = np.roll(np.roll(cost, -begin, 0), -to, 1)
        total, path = _walked(np.ascontiguousarray(rolled), _WAIT)
        if best is None or total < best[0]:
            best = float(total), (path + np.array([begin, to])) % np.array(cost.shape)
    assert best is not None
    return best[1].astype(np.int32), best[0] / len(best[1])


def _ways(points: FloatArray) -> FloatArray:
    """Which way an outline runs at each point [N, 2], of length 1."""
    reach = max(1, len(points) // 64)
    way = np.roll(points, -reach, 0) - np.roll(points, reach, 0)
    return np.asarray(way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6), np.float32)


def _signed(points: np.ndarray) -> float:
    x, y = points[:, 0], points[:, 1]
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def _area(points: np.ndarray) -> float:
    return abs(_signed(points))


@numba.njit(cache=True)
def _walked(cost: np.ndarray, wait: float) -> tuple[Any, Any]:
    """The cheapest walk [P, 2] through a table of costs [N, M] from its first corner to its last."""
    n, m = cost.shape
    total = np.full((n + 1, m + 1), np.inf)
    total[0, 0] = 0.0
    came = np.zeros((n + 1, m + 1), np.uint8)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            both, down, across = total[i - 1, j - 1], total[i - 1, j] + wait, total[i, j - 1] + wait
            if both <= down and both <= across:
                least, way = both, 0
            elif down <= across:
                least, way = down, 1
            else:
                least, way = across, 2
            total[i, j] = least + cost[i - 1, j - 1]
            came[i, j] = way
    path = np.empty((n + m, 2), np.int64)
    count, i, j = 0, int(n), int(m)
    while i > 0 and j > 0:
        path[count, 0], path[count, 1] = i - 1, j - 1
        count += 1
        way = came[i, j]
        if way != 2:
            i -= 1
        if way != 1:
            j -= 1
    return total[n, m], path[:count][::-1].copy()
