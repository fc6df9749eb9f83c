"""Outlines: where shoulders, armpits, cuffs, crotch and hem of a piece are, from the shape of its cut-out.

Idea     A cut has a few polygons, as a pattern has: a trunk and two sleeves, or a yoke and two legs. They are moved
         until they cover what the cut-out covers; their corners are then the landmarks, also where a sleeve hangs
         before the trunk and no edge shows where one ends.
Source   Downhill simplex: Nelder and Mead 1965, https://doi.org/10.1093/comjnl/7.4.308.
Costs    About 0.2 s a cut-out.
Shapes   H, W height and width of the mask; points are pixels, x from the left and y from the top.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.optimize import minimize

from bottega.names import BoolArray

__all__ = ["LegsOutline", "Sleeve", "UpperOutline", "legs_outline", "upper_outline"]

_LOOK_PX = 88
"""Longer side of what is matched."""
_AIR_PX = 8
_TURNS = 320
"""Most steps of one descent."""
_RISE = 0.9
"""From the waist to the crotch in widths of the hips, at most."""
_DOUBLE = 0.25
"""What a pixel costs that both a limb and the trunk cover."""

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sleeve:
    """One sleeve, of the side that it has in the picture."""

    angle: float
    """Degrees from hanging straight down, outwards."""
    length: float
    """From the shoulder to the end, in pixels; near 0 there is none."""
    tip: tuple[float, float]
    """Where it begins on the shoulder."""
    armpit: tuple[float, float]
    cuff: tuple[float, float]
    """Middle of its end."""
    cuff_half: float
    """Half the width of its end."""
    share: float
    """Of the cut-out, what only this sleeve covers."""


@dataclass(frozen=True, slots=True)
class UpperOutline:
    """Landmarks of a top, shirt, jacket or dress."""

    middle: float
    """x of its axis."""
    necks: tuple[tuple[float, float], tuple[float, float]]
    """Where the shoulder seams meet the neck: left and right in the picture."""
    sleeves: tuple[Sleeve, Sleeve]
    waist: tuple[float, float]
    """y, and half the width there."""
    hem: tuple[float, float]
    """y, and half the width there."""
    fit: float
    """Intersection over union of polygons and cut-out."""


@dataclass(frozen=True, slots=True)
class LegsOutline:
    """Landmarks of trousers or shorts."""

    middle: float
    waist: tuple[float, float]
    """y, and half the width there."""
    crotch: float
    """y"""
    hips_half: float
    """Half the width at the crotch."""
    legs: tuple[tuple[float, float, float], tuple[float, float, float]]
    """x and y of the middle of each end, and half its width: left and right in the picture."""
    knees: tuple[float, float]
    """How far the middle of each leg, half way down, lies right of the straight line from hip to end."""
    fit: float


def upper_outline(mask: BoolArray, *, dress: bool = False, long_sleeved: bool = False) -> UpperOutline:
    """The landmarks of what covers the chest, from its mask [H, W].

    `dress`: it may widen as it likes. `long_sleeved`: it is known to have long sleeves, seen or not.
    """
    small, back = _small(mask)
    box = _box(small)
    left, top, right, bottom = box
    height = bottom - top
    narrow = _typical_half(small, 0.55, 0.95)
    best: tuple[float, Vector] | None = None
    usual = (dress, long_sleeved)
    for length in (0.62, 0.8) if long_sleeved else (0.1, 0.32, 0.72):
        for angle in (10.0, 24.0, 45.0) if long_sleeved else (12.0, 38.0, 68.0) if length > 0.2 else (40.0,):
            start = np.array(
                [
                    (left + right) / 2,
                    top + 0.03 * height,
                    0.35 * narrow,
                    0.95 * narrow,
                    0.06 * height,
                    0.2 * height,
                    *3 * (0.78 * narrow if long_sleeved else narrow,),
                    bottom,
                    angle,
                    length * height,
                    0.3 * narrow,
                ]
            )
            found = _descended(small, _upper_polygons, start, box, usual=usual)
            if best is None or found[0] < best[0]:
                best = found
    assert best is not None
    both = np.concatenate([best[1], best[1][10:13]])
    _, p = _descended(small, _upper_polygons, both, box, usual=usual)
    sides = []
    polygons = _upper_polygons(p)
    for sign, at in ((-1.0, 10), (1.0, 13)):
        tip, armpit = _tip(p, sign), _armpit(p, sign)
        cuff, _ = _cuff(p, sign, at)
        alone = _drawn(small, [polygons[1 if sign < 0 else 2]]) & ~_drawn(small, polygons[:1]) & small
        sides.append(
            Sleeve(float(p[at]), float(max(p[at + 1], 0) * back[0]), _back(tip, back), _back(armpit, back),
                   _back(cuff, back), float(abs(p[at + 2]) * back[0]), float(alone.sum() / small.sum()))
        )  # fmt: skip
    waist_y = (_armpit(p, 1.0)[1] + p[9]) / 2
    return UpperOutline(
        middle=float((p[0] - back[1]) * back[0]),
        necks=(_back((p[0] - p[2], p[1]), back), _back((p[0] + p[2], p[1]), back)),
        sleeves=(sides[0], sides[1]),
        waist=(_back((0, waist_y), back)[1], float(p[7] * back[0])),
        hem=(_back((0, p[9]), back)[1], float(p[8] * back[0])),
        fit=_overlap(small, polygons),
    )


def legs_outline(mask: BoolArray) -> LegsOutline:
    """The landmarks of trousers, from their mask [H, W]."""
    small, back = _small(mask)
    box = _box(small)
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    best: tuple[float, Vector] | None = None
    for crotch in (0.28, 0.45, 0.68):
        for spread in (0.12, 0.3):
            start = np.array(
                [
                    (left + right) / 2, top, 0.4 * width, top + crotch * height, 0.47 * width, bottom,
                    spread * width, 0.17 * width, bottom, spread * width, 0.17 * width, 0.0, 0.0,
                ]
            )  # fmt: skip
            found = _descended(small, _legs_polygons, start, box)
            if best is None or found[0] < best[0]:
                best = found
    assert best is not None
    p = best[1]
    ends = []
    for sign, at in ((-1.0, 5), (1.0, 8)):
        x, y = _back((p[0] + sign * p[at + 1], p[at]), back)
        ends.append((x, y, float(abs(p[at + 2]) * back[0])))
    return LegsOutline(
        middle=float((p[0] - back[1]) * back[0]),
        waist=(_back((0, p[1]), back)[1], float(p[2] * back[0])),
        crotch=_back((0, p[3]), back)[1],
        hips_half=float(p[4] * back[0]),
        legs=(ends[0], ends[1]),
        knees=(float(p[11] * back[0]), float(p[12] * back[0])),
        fit=_overlap(small, _legs_polygons(p)),
    )


# Polygons. Of an upper: 0 middle, 1 y of the neck, 2 half the neck, 3 half the shoulders, 4 their drop, 5 depth of the
# armpit under the tip, 6 half the chest, 7 half the waist, 8 half the hem, 9 y of the hem, and of each sleeve its
# angle, length and half its end.


def _tip(p: Vector, sign: float) -> tuple[float, float]:
    return p[0] + sign * p[3], p[1] + p[4]


def _armpit(p: Vector, sign: float) -> tuple[float, float]:
    return p[0] + sign * p[6], p[1] + p[4] + p[5]


def _cuff(p: Vector, sign: float, at: int) -> tuple[tuple[float, float], tuple[float, float]]:
    angle, length = np.radians(p[at]), p[at + 1]
    along = sign * np.sin(angle), np.cos(angle)
    tip, armpit = _tip(p, sign), _armpit(p, sign)
    # The arm runs nearer to the tip than to the armpit.
    root = 0.55 * tip[0] + 0.45 * armpit[0], 0.55 * tip[1] + 0.45 * armpit[1]
    return (root[0] + along[0] * length, root[1] + along[1] * length), along


def _upper_polygons(p: Vector) -> list[list[tuple[float, float]]]:
    trunk: list[tuple[float, float]] = []
    for sign in (-1.0, 1.0):
        armpit = _armpit(p, sign)
        side = [
            (p[0] + sign * p[2], p[1]),
            _tip(p, sign),
            armpit,
            (p[0] + sign * p[7], (armpit[1] + p[9]) / 2),
            (p[0] + sign * p[8], p[9]),
        ]
        trunk += side if sign < 0 else side[::-1]
    found = [trunk]
    for sign, at in ((-1.0, 10), (1.0, 13 if len(p) > 13 else 10)):
        cuff, along = _cuff(p, sign, at)
        across = -sign * along[1] * p[at + 2], sign * along[0] * p[at + 2]
        found.append(
            [_tip(p, sign), (cuff[0] - across[0], cuff[1] - across[1]), (cuff[0] + across[0], cuff[1] + across[1]),
             _armpit(p, sign)]
        )  # fmt: skip
    return found


def _legs_polygons(p: Vector) -> list[list[tuple[float, float]]]:
    yoke = [(p[0] - p[2], p[1]), (p[0] + p[2], p[1]), (p[0] + p[4], p[3]), (p[0] - p[4], p[3])]
    found = [yoke]
    for sign, at, bend in ((-1.0, 5, p[11]), (1.0, 8, p[12])):
        x, y, half = p[0] + sign * p[at + 1], p[at], p[at + 2]
        outer, inner = p[0] + sign * p[4], p[0]
        level = (p[3] + y) / 2
        found.append([
            (outer, p[3]), ((outer + x + sign * half) / 2 + bend, level), (x + sign * half, y),
            (x - sign * half, y), ((inner + x - sign * half) / 2 + bend, level), (inner, p[3]),
        ])  # fmt: skip
    return found


def _descended(
    small: BoolArray,
    polygons: Callable[[Vector], list[list[tuple[float, float]]]],
    start: Vector,
    box: tuple[int, int, int, int],
    *,
    usual: tuple[bool, bool] = (False, False),
) -> tuple[float, Vector]:
    left, top, right, bottom = box
    size = max(right - left, bottom - top)

    def loss(p: Vector) -> float:
        missed = _miss(small, polygons(p))
        out = sum(max(0.0, -value) for value in p[2:9])
        if polygons is _legs_polygons:
            rise = (p[3] - p[1]) / max(2 * p[4], 1.0)
            missed += 0.5 * (max(0.0, 0.45 - rise) + max(0.0, rise - _RISE))
            out += 0.1 * sum(max(0.0, abs(bend) - 0.04 * size) for bend in p[11:13])
        if polygons is _upper_polygons:
            for at in range(10, len(p), 3):
                out += max(0.0, abs(p[at] - 45) - 50) * 0.1 + max(0.0, -p[at + 1]) + max(0.0, p[at + 2] - 0.8 * p[6])
                out += max(0.0, 0.06 * size - p[at + 2])
            out += max(0.0, p[2] - 0.85 * p[3]) + max(0.0, p[4] - 0.5 * p[5]) + max(0.0, 0.05 * size - p[3])
            missed += _unusual(p, *usual)
        return float(missed + 0.02 * out)

    step = np.full(len(start), 0.06 * size)
    if polygons is _upper_polygons:
        step[10::3] = 9.0
    simplex = np.concatenate([start[None], start + np.diag(step)])
    found = minimize(
        loss, start, method="Nelder-Mead",
        options={"initial_simplex": simplex, "maxfev": _TURNS + 20 * len(start), "xatol": 0.05, "fatol": 2e-4},
    )  # fmt: skip
    return float(found.fun), np.asarray(found.x, np.float64)


def _unusual(p: Vector, dress: bool, long_sleeved: bool) -> float:
    """What a pattern costs that no tailor cuts."""
    shoulders, chest = max(p[3], 1.0), max(p[6], 1.0)

    def beyond(value: float, least: float, most: float) -> float:
        return max(0.0, least - value) + max(0.0, value - most)

    widest = 0.86 if long_sleeved else 1.3 if dress else 1.08
    found = 0.5 * beyond(chest / shoulders, 0.7 if long_sleeved else 0.85, widest) + 0.3 * beyond(
        p[5] / shoulders, 0.55, 1.15
    )
    if not dress:
        wide = 1.1 if long_sleeved else 1.2
        found += 0.3 * beyond(p[7] / chest, 0.72, wide) + 0.3 * beyond(p[8] / chest, 0.8, wide)
    if long_sleeved:
        found += 0.2 * beyond(min(p[10 + 1], p[-2]) / shoulders, 1.7, 9.0)
    return float(found)


def _miss(small: BoolArray, polygons: Sequence[Sequence[tuple[float, float]]]) -> float:
    """One less the intersection over union, and a part of what limbs and trunk both cover."""
    one, other = _drawn(small, polygons[:1]), _drawn(small, polygons[1:])
    covered = one | other
    either = max(int(np.count_nonzero(covered | small)), 1)
    return float(1 - (np.count_nonzero(covered & small) - _DOUBLE * np.count_nonzero(one & other)) / either)


def _overlap(small: BoolArray, polygons: Sequence[Sequence[tuple[float, float]]]) -> float:
    covered = _drawn(small, polygons)
    return float(np.count_nonzero(covered & small) / max(int(np.count_nonzero(covered | small)), 1))


def _drawn(small: BoolArray, polygons: Sequence[Sequence[tuple[float, float]]]) -> BoolArray:
    image = Image.new("1", (small.shape[1], small.shape[0]))
    draw = ImageDraw.Draw(image)
    for polygon in polygons:
        draw.polygon([(round(x), round(y)) for x, y in polygon], fill=1)
    return np.asarray(image)


def _small(mask: BoolArray) -> tuple[BoolArray, tuple[float, float]]:
    scale = (_LOOK_PX - 2 * _AIR_PX) / max(mask.shape)
    size = max(2, round(mask.shape[1] * scale)), max(2, round(mask.shape[0] * scale))
    small = np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)) > 127
    return np.pad(small, _AIR_PX), (1 / scale, float(_AIR_PX))


def _back(point: tuple[float, float], back: tuple[float, float]) -> tuple[float, float]:
    return float((point[0] - back[1] + 0.5) * back[0]), float((point[1] - back[1] + 0.5) * back[0])


def _box(mask: BoolArray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _typical_half(mask: BoolArray, begin: float, end: float) -> float:
    """Half the usual width of the middle run of rows between two shares of the height."""
    left, top, right, bottom = _box(mask)
    rows = mask[top + int(begin * (bottom - top)) : top + max(int(end * (bottom - top)), 1)]
    middle = (left + right) // 2
    found = []
    for row in rows:
        outside = np.flatnonzero(~row)
        before, after = outside[outside < middle], outside[outside > middle]
        if row[middle] and len(before) and len(after):
            found.append((after[0] - before[-1] - 1) / 2)
    return float(np.median(found)) if found else (right - left) / 4
