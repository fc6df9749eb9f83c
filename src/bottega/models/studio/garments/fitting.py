"""Fitting: in which pose a body stands as a piece lies in its photo, and where in the plane of it the piece lies.

Idea     The landmarks of the cut-out (outlines.py) are brought to those of the body: shoulder to shoulder, cuff to the
         arm, crotch to the crotch; the rest bends along smoothly. The arms of the body are raised as far as the
         sleeves are, its legs spread as far as the legs of the trousers.
Source   Thin plate splines: Bookstein 1989, https://doi.org/10.1109/34.24792.
Shapes   N points; pixels of the photo on one side, x and z in metres on the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.poses import ArmPose, LegPose, Pose
from bottega.models.studio.bodies.skinning import Posed, posed
from bottega.models.studio.garments.outlines import LegsOutline, Sleeve, UpperOutline
from bottega.models.studio.garments.sewing import ClothSheet
from bottega.models.studio.garments.shapes import FrontShape, shape_of
from bottega.names import BoolArray, FloatArray

__all__ = ["Fitting", "fitted_legs", "fitted_tube", "fitted_upper", "is_sleeved"]

Points = NDArray[np.float64]

_LOOSE = {"top": 1.06, "shirt": 1.1, "jacket": 1.17, "dress": 1.06}
"""How much wider than the chest a piece is, seen from the front."""
_SLEEVELESS, _SLEEVE_SHARE = 0.35, 0.02
"""Sleeves shorter than this share of the depth of the armpit are none, nor are those that cover as little."""
_TRUNK = ("chest", "waist", "hips", "left_cap", "right_cap")
_THIGHS = ("left_thigh", "right_thigh")
_SHINS = ("left_shin", "right_shin")
_FLOOR_M = 0.03
_SHORTEST_M = 0.08
"""A dress or a skirt ends so far under the crotch at least, however it lies in its photo."""
_CROTCH_M = 0.018
"""So far under the body's own the crotch of trousers is."""
_LONG = 1.95
_KNEE, _BENT = 1.3, 12.0
"""Legs shorter than so many times their rise end above the knee; degrees that a shin turns aside at most."""
_COAT = 2.0
"""What is longer than so many widths of its shoulders goes on under the hips; a shirt that is less ends there."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """A posed body, and how a cut-out comes to lie on it."""

    person: Posed
    shapes: tuple[FrontShape, ...]
    """Of the trunk, and of the limbs to the left and right in the picture."""
    warp: Callable[[Points, NDArray[np.int8]], Points]
    """Pixels [N, 2] of regions [N] to x and z [N, 2]."""
    region_of: Callable[[Points], NDArray[np.int8]]
    is_shared: Callable[[Points, float], BoolArray]
    is_open: Callable[[ClothSheet], BoolArray]
    """Border points [N] where the piece is not sewn together."""
    roundness: tuple[float, ...]
    smoothed: int
    """Times that weights are evened out."""


def fitted_upper(outline: UpperOutline, body: BodyMesh, cut: str, *, long_sleeved: bool = False) -> Fitting:
    """Of a top, shirt, jacket or dress."""
    sleeved = [long_sleeved or is_sleeved(one) for one in outline.sleeves]
    angles = [30.0, 30.0]
    for side in (0, 1):
        if sleeved[side]:
            angles[side] = float(np.clip(outline.sleeves[side].angle, 10, 85))
    arms = [ArmPose(upper=(angle, 0.0), fore=(angle, 0.0)) for angle in angles]
    person = posed(body, Pose("fitting", "standing", "", left_arm=arms[1], right_arm=arms[0]))
    trunk = shape_of(person, (*_TRUNK, *_THIGHS, *_SHINS) if cut == "dress" else (*_TRUNK, *_THIGHS))
    limbs = [shape_of(person, (f"{side}_upper_arm", f"{side}_forearm", f"{side}_cap")) for side in ("right", "left")]
    chest = shape_of(person, ("chest",))
    pit, shoulder = _armpit_height(person), _joint(person, "upperarm01.L")
    bust = trunk.half_width(pit - 0.02)
    half_chest = float(np.mean([abs(one.armpit[0] - outline.middle) for one in outline.sleeves]))
    half_shoulders = float(np.mean([abs(one.tip[0] - outline.middle) for one in outline.sleeves]))
    scale = bust * _LOOSE[cut] / half_chest
    if any(sleeved):
        by_shoulders = 1.06 * abs(shoulder[0]) / half_shoulders
        scale = float(np.clip((scale + by_shoulders) / 2, 0.85 * scale, 1.25 * scale))
    marks = _Marks()
    tip_z = 0.0
    for sign, neck, sleeve, has in zip((-1.0, 1.0), outline.necks, outline.sleeves, sleeved, strict=True):
        reach = (0.95, 1.25) if has else (0.45, 1.1)
        tip_x = scale * abs(sleeve.tip[0] - outline.middle)
        tip_x = float(np.clip(tip_x, *(share * abs(shoulder[0]) for share in reach)))
        neck_x = float(np.clip(scale * abs(neck[0] - outline.middle), 0.32 * abs(shoulder[0]), 0.85 * tip_x))
        tip = np.array([sign * tip_x, min(trunk.top_at(sign * tip_x), chest.top_at(sign * neck_x)) + 0.004])
        collar = np.array([sign * neck_x, chest.top_at(sign * neck_x) + 0.006])
        deep = tip[1] - pit
        armpit_z = tip[1] - float(np.clip(scale * (sleeve.armpit[1] - sleeve.tip[1]), 0.9 * deep, 1.5 * deep))
        armpit = np.array([sign * max(scale * abs(sleeve.armpit[0] - outline.middle), bust + 0.008), armpit_z])
        limb = 1 if sign < 0 else 2
        marks.put((0,), neck, collar)
        for share in (0.0, 0.5, 1.0):
            seam = (1 - share) * np.asarray(sleeve.tip) + share * np.asarray(sleeve.armpit)
            marks.put((0, limb), seam, (1 - share) * tip + share * armpit)
        tip_z += tip[1] / 2
        if has:
            for pixel, place in _cuff(person, limbs[limb - 1], sleeve, sign, scale, long_sleeved):
                marks.put((limb,), pixel, place)
    tip_y = float(np.mean([one.tip[1] for one in outline.sleeves]))
    hem_z = max(tip_z - scale * (outline.hem[0] - tip_y), _FLOOR_M)
    if cut != "dress" and outline.hem[0] - tip_y < _COAT * 2 * half_shoulders:
        hem_z = max(hem_z, _crotch_height(person) - 0.02)
    if cut == "dress":
        hem_z = min(hem_z, _crotch_height(person) - _SHORTEST_M)
    stretch = (tip_z - hem_z) / (outline.hem[0] - tip_y)
    pit_y = float(np.mean([one.armpit[1] for one in outline.sleeves]))
    for share in (0.25, 0.5, 0.75, 1.0):
        y = pit_y + share * (outline.hem[0] - pit_y)
        half = float(np.interp(share, (0, 0.5, 1), (half_chest, outline.waist[1], outline.hem[1])))
        z = tip_z - stretch * (y - tip_y)
        for sign in (-1.0, 1.0):
            place = np.array([sign * max(half * scale, trunk.half_width(z) + 0.006), z])
            marks.put((0,), (outline.middle + sign * half, y), place)
    return Fitting(
        person,
        (trunk, limbs[0], limbs[1]),
        marks.warp(),
        lambda points: _upper_regions(outline, sleeved, points),
        lambda points, cell: _on_armhole(outline, points, cell),
        lambda sheet: _upper_open(outline, sleeved, sheet),
        (0.55, 0.95, 0.95),
        18 if cut == "dress" else 8,
    )


def fitted_legs(outline: LegsOutline, body: BodyMesh) -> Fitting:
    """Of trousers or shorts."""
    person, yoke, scale = _measured(outline, body, (1.0, 1.0))
    # Where legs are drawn longer than in the photo, they go aside no farther.
    pixels = [max(outline.legs[side][1] - outline.crotch, 1.0) for side in (0, 1)]
    longer = [_leg_length(outline, person, scale, side) / (scale * pixels[side]) for side in (0, 1)]
    person, yoke, scale = _measured(outline, body, longer)
    limbs = [shape_of(person, (f"{side}_thigh", f"{side}_shin")) for side in ("right", "left")]
    crotch_z, waist_z = _crotch_height(person), _waist_height(person)
    hips = yoke.half_width(crotch_z + 0.02)
    most = waist_z - crotch_z
    rise = float(np.clip(scale * (outline.crotch - outline.waist[0]), 0.62 * most, 1.02 * most))
    low = crotch_z - _CROTCH_M
    top = low + rise + _CROTCH_M
    waist = max(scale * outline.waist[1], yoke.half_width(top) + 0.005)
    waist = min(waist, 1.12 * yoke.half_width(top) + 0.01)
    marks = _Marks()
    marks.put((0, 1, 2), (outline.middle, outline.crotch), np.array([0.0, low]))
    marks.put((0,), (outline.middle, outline.waist[0]), np.array([0.0, top]))
    for sign, letter, (x, y, half) in zip((-1.0, 1.0), ("R", "L"), outline.legs, strict=True):
        hip, knee, ankle = (_joint(person, f"{bone}.{letter}") for bone in ("upperleg01", "lowerleg01", "foot"))
        long = _leg_length(outline, person, scale, 0 if sign < 0 else 1)
        of = 1 if sign < 0 else 2
        limb = limbs[of - 1]
        outer = sign * max(scale * outline.hips_half, hips + 0.006)
        marks.put((0,), (outline.middle + sign * outline.waist[1], outline.waist[0]), np.array([sign * waist, top]))
        for share in (0.5, 1.0):
            hip_side = (outline.middle + share * sign * outline.hips_half, outline.crotch)
            marks.put((0, of), hip_side, np.array([share * outer, low]))
        for share in (0.3, 0.65, 1.0):
            pixel_y = outline.crotch + share * (y - outline.crotch)
            pixel_x = outline.middle + sign * outline.hips_half / 2
            pixel_x += share * (x - pixel_x) + (1 - abs(2 * share - 1)) * outline.knees[0 if sign < 0 else 1]
            pixel_half = outline.hips_half / 2 + share * (half - outline.hips_half / 2)
            height = low - share * long
            centre = float(np.interp(-height, (-hip[1], -knee[1], -ankle[1]), (hip[0], knee[0], ankle[0])))
            wide = max(scale * pixel_half, limb.half_width(height) + 0.006)
            for side in (-1.0, 1.0):
                marks.put((of,), (pixel_x + side * pixel_half, pixel_y), np.array([centre + side * wide, height]))
    return Fitting(
        person,
        (yoke, limbs[0], limbs[1]),
        marks.warp(),
        lambda points: _leg_regions(outline, points),
        lambda points, cell: points[:, 1] <= outline.crotch + 1.2 * cell,
        lambda sheet: _legs_open(outline, sheet),
        (0.6, 0.9, 0.9),
        8,
    )


def fitted_tube(mask: BoolArray, body: BodyMesh) -> Fitting:
    """Of a skirt, from its mask [H, W]."""
    arm = ArmPose(upper=(40.0, 0.0), fore=(40.0, 0.0))
    leg = LegPose(thigh=(5.0, 0.0), shin=(5.0, 0.0))
    person = posed(body, Pose("fitting", "standing", "", left_arm=arm, right_arm=arm, left_leg=leg, right_leg=leg))
    shape = shape_of(person, ("waist", "hips", *_THIGHS, *_SHINS))
    rows = np.flatnonzero(mask.any(1))
    top, bottom = int(rows[0]), int(rows[-1])
    shares = (0.03, 0.25, 0.5, 0.75, 0.98)
    edges = []
    for share in shares:
        y = top + share * (bottom - top)
        columns = np.flatnonzero(mask[max(round(y) - 1, 0) : round(y) + 2].any(0))
        edges.append((y, float(columns[0]), float(columns[-1]) + 1))
    waist_z = _waist_height(person) - 0.02
    waist_half = (edges[0][2] - edges[0][1]) / 2
    scale = 1.04 * shape.half_width(waist_z) / waist_half
    # A waistband that is drawn together must not make the rest a tent: the hips have their say.
    hips_z = _crotch_height(person) + 0.04
    down = (waist_z - hips_z) / max(scale, 1e-9) / max(bottom - top, 1)
    at_hips = float(np.interp(min(down, 0.9), shares, [(right - left) / 2 for _, left, right in edges]))
    scale = float(np.clip(scale, 0.9 * shape.half_width(hips_z) / at_hips, 1.5 * shape.half_width(hips_z) / at_hips))
    hem = max(waist_z - scale * (bottom - top), _FLOOR_M)
    hem = min(hem, _crotch_height(person) - _SHORTEST_M)
    middle = float(np.median([(left + right) / 2 for _, left, right in edges]))
    marks = _Marks()
    for (y, left, right), share in zip(edges, shares, strict=True):
        z = waist_z - share * (waist_z - hem)
        half = scale * (right - left) / 2
        if share == shares[0]:
            half = float(np.clip(half, shape.half_width(z) + 0.004, 1.1 * shape.half_width(z) + 0.01))
        centre = scale * ((left + right) / 2 - middle)
        marks.put((0,), (left, y), np.array([centre - half, z]))
        marks.put((0,), (right, y), np.array([centre + half, z]))

    def is_open(sheet: ClothSheet) -> BoolArray:
        y = sheet.points[:, 1]
        above = (sheet.outward[:, 1] < -0.6) & (y < top + 0.3 * (bottom - top))
        below = (sheet.outward[:, 1] > 0.6) & (y > top + 0.7 * (bottom - top))
        return np.asarray(sheet.border & (above | below), np.bool_)

    return Fitting(
        person, (shape,), marks.warp(), lambda points: np.zeros(len(points), np.int8),
        lambda points, _: np.ones(len(points), np.bool_), is_open, (0.7,), 40,
    )  # fmt: skip


class _Marks:
    """Landmarks of the trunk and of each limb: a place of the photo, and where it comes to lie.

    Each region bends by its own, as a sleeve that hangs before the trunk goes elsewhere; where they hang together they
    have marks in common.
    """

    def __init__(self) -> None:
        self.pairs: tuple[list[tuple[Points, Points]], ...] = ([], [], [])

    def put(self, regions: Sequence[int], pixel: Sequence[float] | Points, place: Points) -> None:
        for region in regions:
            self.pairs[region].append((np.asarray(pixel, np.float64), place))

    def warp(self) -> Callable[[Points, NDArray[np.int8]], Points]:
        splines: list[Any] = []
        for pairs in self.pairs:
            if len(pairs) > 3:
                source, target = (np.stack([pair[at] for pair in pairs]) for at in (0, 1))
                splines.append(RBFInterpolator(source, target, kernel="thin_plate_spline", smoothing=1.0))
            else:
                splines.append(None)

        def bent(points: Points, regions: NDArray[np.int8]) -> Points:
            out = np.empty_like(points)
            for region, spline in enumerate(splines):
                of = regions == region
                if spline is not None and of.any():
                    out[of] = spline(points[of])
            return out

        return bent


# Uppers.


def is_sleeved(sleeve: Sleeve) -> bool:
    """Whether it is more than the edge of an armhole."""
    deep = sleeve.armpit[1] - sleeve.tip[1]
    return bool(sleeve.length > _SLEEVELESS * deep and sleeve.share > _SLEEVE_SHARE)


def _root(outline: UpperOutline, side: int) -> tuple[Points, Points, Points, Points, float]:
    """Of a sleeve: where it begins, tip, armpit, its direction and which way is out."""
    sleeve = outline.sleeves[side]
    tip, armpit = np.asarray(sleeve.tip), np.asarray(sleeve.armpit)
    root = 0.55 * tip + 0.45 * armpit
    sign = -1.0 if side == 0 else 1.0
    angle = np.radians(sleeve.angle)
    return root, tip, armpit, np.array([sign * np.sin(angle), np.cos(angle)]), sign


def _cuff(
    person: Posed, limb: FrontShape, sleeve: Sleeve, sign: float, scale: float, long_sleeved: bool
) -> list[tuple[tuple[float, float], NDArray[np.float64]]]:
    """The two corners of a sleeve's end: in the photo and on the arm."""
    letter = "L" if sign > 0 else "R"
    shoulder, wrist = _joint(person, f"upperarm01.{letter}"), _joint(person, f"wrist.{letter}")
    arm = wrist - shoulder
    whole = float(np.linalg.norm(arm))
    along = arm / whole
    across = np.array([-along[1], along[0]])
    long = scale * float(sleeve.length)
    long = whole + 0.01 if long_sleeved or long > 0.84 * whole else long
    half = scale * float(sleeve.cuff_half)
    angle = np.radians(sleeve.angle)
    towards = np.array([sign * np.sin(angle), np.cos(angle)])
    side = np.array([-towards[1], towards[0]])
    cuff = np.asarray(sleeve.cuff)
    found = []
    root = 0.55 * np.asarray(sleeve.tip) + 0.45 * np.asarray(sleeve.armpit)
    wide = float(np.linalg.norm(np.asarray(sleeve.tip) - np.asarray(sleeve.armpit))) / 2
    for share in (0.5, 1.0) if long > 0.5 * whole else (1.0,):
        at = shoulder + along * long * share
        thick = max(_thick(limb, at, across) + 0.006, half if share == 1.0 else (half + scale * wide) / 2)
        centre = root + share * (cuff - root)
        pixels = sleeve.cuff_half if share == 1.0 else (sleeve.cuff_half + wide) / 2
        for which in (-1.0, 1.0):
            pixel = centre + which * side * pixels
            found.append(((float(pixel[0]), float(pixel[1])), at - which * across * thick))
    return found


def _thick(limb: FrontShape, at: NDArray[np.float64], across: NDArray[np.float64]) -> float:
    """Half the thickness of a limb across a place of its axis."""
    steps = np.linspace(0, 0.15, 76)
    return max(
        float(steps[limb.at(limb.away, at + sign * steps[:, None] * across) < 0].max(initial=0)) for sign in (-1.0, 1.0)
    )


def _upper_regions(outline: UpperOutline, sleeved: Sequence[bool], points: Points) -> NDArray[np.int8]:
    regions = np.zeros(len(points), np.int8)
    for side in (0, 1):
        if not sleeved[side]:
            continue
        sleeve = outline.sleeves[side]
        root, tip, armpit, along, sign = _root(outline, side)
        inner = np.asarray(sleeve.cuff) - sign * sleeve.cuff_half * np.array([along[1], -along[0]]) * 1.0
        beyond = sign * _turn(armpit - tip, points - tip) < 0
        # A sleeve whose lower edge rises has nothing below the armpit: drawn on, that edge would run across the trunk.
        under = (sign * _turn(inner - armpit, points - armpit) < 0) & (inner[1] > armpit[1])
        below = points[:, 1] > armpit[1]
        down = (points - root) @ along
        limb = np.where(below, under, beyond) & (down < sleeve.length + 0.6 * sleeve.cuff_half)
        regions[limb] = side + 1
    return regions


def _turn(way: Points, points: Points) -> NDArray[np.float64]:
    return np.asarray(way[0] * points[:, 1] - way[1] * points[:, 0], np.float64)


def _on_armhole(outline: UpperOutline, points: Points, cell: float) -> BoolArray:
    side = (points[:, 0] > outline.middle).astype(int)
    lowest = np.array([one.armpit[1] for one in outline.sleeves])[side]
    return np.asarray(points[:, 1] <= lowest + 0.6 * cell, np.bool_)


def _upper_open(outline: UpperOutline, sleeved: Sequence[bool], sheet: ClothSheet) -> BoolArray:
    points, outward = sheet.points, sheet.outward
    x, y = points[:, 0], points[:, 1]
    pit = float(np.mean([one.armpit[1] for one in outline.sleeves]))
    hem = (sheet.regions == 0) & (outward[:, 1] > 0.6) & (y > outline.hem[0] - 0.3 * (outline.hem[0] - pit))
    neck = (x > outline.necks[0][0] - 0.5 * sheet.cell) & (x < outline.necks[1][0] + 0.5 * sheet.cell)
    neck &= (y < pit) & (sheet.regions == 0) & (outward[:, 1] < 0.35)
    opened = hem | neck
    for side in (0, 1):
        sleeve = outline.sleeves[side]
        root, tip, armpit, along, sign = _root(outline, side)
        if sleeved[side]:
            end = (points - root) @ along > sleeve.length - max(2.5 * sheet.cell, 0.35 * sleeve.cuff_half)
            opened |= (sheet.regions == side + 1) & end & (outward @ along > 0.55)
        else:
            outer = sign * (x - outline.middle) > 0.6 * sign * (tip[0] - outline.middle)
            opened |= (
                outer & (y < armpit[1]) & (y > tip[1] + 0.12 * (armpit[1] - tip[1])) & (sign * outward[:, 0] > 0.3)
            )
    return np.asarray(sheet.border & opened, np.bool_)


# Legs.


def _measured(outline: LegsOutline, body: BodyMesh, longer: Sequence[float]) -> tuple[Posed, FrontShape, float]:
    """A body whose legs stand as the piece lies, what a yoke goes round, and metres a pixel."""
    legs = [_stance(outline, side, longer[side]) for side in (0, 1)]
    arm = ArmPose(upper=(40.0, 0.0), fore=(40.0, 0.0))
    pose = Pose("fitting", "standing", "", left_arm=arm, right_arm=arm, left_leg=legs[1], right_leg=legs[0])
    person = posed(body, pose)
    yoke = shape_of(person, ("chest", "waist", "hips", *_THIGHS))
    return person, yoke, 1.05 * yoke.half_width(_crotch_height(person) + 0.02) / outline.hips_half


def _leg_length(outline: LegsOutline, person: Posed, scale: float, side: int) -> float:
    """From under the crotch to the end of a leg, in metres."""
    _, y, _ = outline.legs[side]
    long = scale * (y - outline.crotch)
    whole = _crotch_height(person) - _CROTCH_M - float(_joint(person, f"foot.{'RL'[side]}")[1])
    # Legs are long on everybody: trousers end at the ankle whose legs are so much longer than their rise.
    ratio = (y - outline.crotch) / max(outline.crotch - outline.waist[0], 1.0)
    return whole + 0.01 if ratio > _LONG or long > 0.86 * whole else long


def _stance(outline: LegsOutline, side: int, longer: float) -> LegPose:
    """How a leg stands, seen from the front: its thigh and, where the piece reaches there, its shin."""
    sign = -1.0 if side == 0 else 1.0
    x, y, _ = outline.legs[side]
    hip = np.array([outline.middle + sign * outline.hips_half / 2, outline.crotch])
    end = np.array([x, y])
    knee = (hip + end) / 2 + [outline.knees[side], 0]

    def angle(begin: Points, to: Points) -> float:
        return float(np.degrees(np.arctan2(sign * (to[0] - begin[0]), longer * max(to[1] - begin[1], 1.0))))

    if (y - outline.crotch) < _KNEE * (outline.crotch - outline.waist[0]):
        thigh = shin = angle(hip, end)
    else:
        thigh, shin = angle(hip, knee), angle(knee, end)
    thigh = float(np.clip(thigh, 2.5, 25))
    shin = float(np.clip(shin, max(thigh - _BENT, -4), thigh + _BENT))
    return LegPose(thigh=(thigh, 0.0), shin=(shin, 0.0), turn=6.0)


def _leg_regions(outline: LegsOutline, points: Points) -> NDArray[np.int8]:
    (left_x, left_y, left_half), (right_x, right_y, right_half) = outline.legs
    between_x, between_y = (left_x + left_half + right_x - right_half) / 2, (left_y + right_y) / 2
    way = np.array([between_x - outline.middle, between_y - outline.crotch])
    side = _turn(way, points - [outline.middle, outline.crotch]) < 0
    return np.where(points[:, 1] <= outline.crotch, 0, np.where(side, 2, 1)).astype(np.int8)


def _legs_open(outline: LegsOutline, sheet: ClothSheet) -> BoolArray:
    y = sheet.points[:, 1]
    waist = (sheet.outward[:, 1] < -0.5) & (y < outline.waist[0] + 0.4 * (outline.crotch - outline.waist[0]))
    ends = np.array([0.0, outline.legs[0][1], outline.legs[1][1]])[sheet.regions]
    hem = (sheet.regions > 0) & (sheet.outward[:, 1] > 0.55) & (y > ends - 0.3 * (ends - outline.crotch))
    return np.asarray(sheet.border & (waist | hem), np.bool_)


# The body.


def _joint(person: Posed, bone: str) -> NDArray[np.float64]:
    return np.asarray(person.stance.heads[person.body.bones.index(bone)][[0, 2]], np.float64)


def _seam(body: BodyMesh, one: str, other: str) -> NDArray[np.int64]:
    """Vertices where two parts meet."""
    first, second = (body.faces[body.face_parts == PARTS.index(part)] for part in (one, other))
    return np.asarray(np.intersect1d(first, second), np.int64)


def _armpit_height(person: Posed) -> float:
    seams = [_seam(person.body, "chest", f"{side}_upper_arm") for side in ("left", "right")]
    return float(np.mean([person.vertices[seam, 2].min() for seam in seams]))


def _crotch_height(person: Posed) -> float:
    vertices: FloatArray = person.vertices[person.body.vertex_parts == PARTS.index("hips")]
    return float(vertices[np.abs(vertices[:, 0]) < 0.02, 2].min())


def _waist_height(person: Posed) -> float:
    """Where trousers end that sit at the waist."""
    vertices = person.vertices[person.body.vertex_parts == PARTS.index("waist"), 2]
    return float(0.5 * (vertices.min() + vertices.max()))
