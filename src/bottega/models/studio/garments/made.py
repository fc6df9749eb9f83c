"""Made to measure: from a photo of a piece and its mask to cloth on a body.

Idea     Landmarks of the cut-out (outlines.py) say how it lies; the body takes that pose (fitting.py); two sheets with
         the photo on them are laid round it (sewing.py, hanging.py) and brought to the body's rest.
Costs    benchmarks/garments.md.
Shapes   H, W height and width of the photo.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.body import body
from bottega.models.studio.bodies.skinning import Posed
from bottega.models.studio.garments.assembled import assembled, resting
from bottega.models.studio.garments.cloth import CUTS, LAYERS, Cloth
from bottega.models.studio.garments.cut_outs import is_long_sleeved
from bottega.models.studio.garments.fitting import fitted_legs, fitted_tube, fitted_upper, is_sleeved
from bottega.models.studio.garments.hanging import hung, weights_of
from bottega.models.studio.garments.hidden import behind_neck, trunk_holes, under_limbs
from bottega.models.studio.garments.outlines import UpperOutline, legs_outline, upper_outline
from bottega.models.studio.garments.pictures import Neckline
from bottega.models.studio.garments.postures import refuse_posture
from bottega.models.studio.garments.sewing import sheet_of
from bottega.models.studio.garments.shod import shod
from bottega.models.studio.garments.things import bag, belt, glasses, hat, scarf
from bottega.names import BoolArray, FloatArray

__all__ = ["Tailored", "made", "tailored"]

_EASE_M = {1: 0.002, 2: 0.005, 3: 0.009, 4: 0.013, 5: 0.017, 6: 0.02, 7: 0.0, 8: 0.0}
"""How far cloth of a layer lies off the skin."""
_LEAST_PX = 400
"""A cut-out has so many pixels at least."""
_FIT = 0.7
"""Intersection over union of a cut's pattern and a cut-out, below which the photo shows something else."""
_PIECE = 0.05
"""Pieces of a mask smaller than this share of the largest are specks."""
_HOLE = 0.003
"""Holes of a mask smaller than this share of it are slips."""
_AIR_PX = 4
_BUTTONED = ("shirt", "jacket")
_RARE = 0.06
"""A pattern with hanging sleeves may cover so much less of a shirt than one without."""
_THINGS = {"shoes": shod, "hat": hat, "scarf": scarf, "belt": belt, "glasses": glasses}


@dataclass(frozen=True, slots=True, eq=False)
class Tailored:
    """Cloth, and the pose in which it lies as in the photo."""

    cloth: Cloth
    fitting: Posed
    mask: BoolArray
    """[H, W], the cut-out as it was used."""
    fit: float
    """How well the cut's pattern covers the cut-out, as intersection over union."""


def made(
    photo: Photo,
    mask: BoolArray,
    cut: str,
    body_name: str,
    *,
    labels: LabelMap | None = None,
    key_points: FloatArray | None = None,
    kind: str = "",
) -> Cloth:
    """The piece of a photo [H, W, 3] that covers `mask` [H, W], made to a body.

    Of a piece that somebody wears: `labels` [H, W], the parser's codes of `PARTS`; `key_points` [16, 3], x, y and how
    sure each is. Raises `RequestInvalid` where the photo cannot carry it.
    """
    return tailored(photo, mask, cut, body_name, labels=labels, key_points=key_points, kind=kind).cloth


def tailored(
    photo: Photo,
    mask: BoolArray,
    cut: str,
    body_name: str,
    *,
    labels: LabelMap | None = None,
    key_points: FloatArray | None = None,
    kind: str = "",
) -> Tailored:
    """As `made`, with how it was fitted."""
    if cut not in CUTS:
        raise RequestInvalid(
            f"No cut is called {cut[:80]!r}.", allowed=f"Cuts: {', '.join(CUTS)}.", next_step="Name one of them."
        )
    if key_points is not None and cut not in ("bag", *_THINGS):
        refuse_posture(key_points, cut)
    person = body(body_name)
    long_sleeved = labels is not None and is_long_sleeved(mask, labels, cut)
    window, mask = _cropped(mask, whole=cut == "skirt")
    photo = photo[window]
    if cut == "bag" or cut in _THINGS:
        cloth = bag(photo, mask, person, kind) if cut == "bag" else _THINGS[cut](photo, mask, person)
        return Tailored(cloth, resting(person), mask, 1.0)
    known, neckline, behind, pit = mask, None, np.zeros_like(mask), 0.0
    if cut == "trousers":
        legs = legs_outline(mask)
        share = _checked(legs.fit, cut)
        fit = fitted_legs(legs, person)
    elif cut == "skirt":
        share = 1.0
        fit = fitted_tube(mask, person)
    else:
        upper, long_sleeved = _upper(mask, cut, long_sleeved, kind)
        share = _checked(upper.fit, cut)
        fit = fitted_upper(upper, person, cut, long_sleeved=long_sleeved)
        if labels is not None:
            mask = mask | under_limbs(mask, labels[window], upper)
        behind = behind_neck(mask, upper)
        pit = max(sleeve.armpit[1] for sleeve in upper.sleeves)
        neckline = Neckline(
            upper.middle,
            (upper.necks[0][1] + upper.necks[1][1]) / 2,
            (upper.necks[1][0] - upper.necks[0][0]) / 2,
            cut in _BUTTONED,
        )
    closed, holes = trunk_holes(mask | behind, fit.region_of, pit)
    mask = mask | closed
    sheet = sheet_of(mask | behind, fit.region_of, fit.is_shared)
    everything = np.ones(len(sheet.triangles), np.bool_)
    piece = hung(
        sheet,
        fit.warp(sheet.points, sheet.regions),
        sheet.border & ~fit.is_open(sheet) & ~_at(holes, sheet.points, reach=2),
        fit.shapes,
        ease_m=_EASE_M[LAYERS[cut]],
        roundness=fit.roundness,
        front_faces=~_at(behind, sheet.points[sheet.triangles].mean(1)),
        back_faces=everything,
    )
    bones, weights = weights_of(piece, sheet, fit.person, fit.shapes, smoothed=fit.smoothed)
    cloth = assembled(cut, piece, sheet, photo, mask, known, bones, weights, fit.person, neckline)
    seen = _at(
        known, np.stack([cloth.places[:, 0] * 2 * mask.shape[1], cloth.places[:, 1] * mask.shape[0]], 1), reach=2
    )
    guessed = np.where(cloth.guessed > 0, 1.0, np.where(seen, 0.0, 1.0)).astype(np.float32)
    return Tailored(replace(cloth, guessed=guessed), fit.person, known, share)


def _upper(mask: BoolArray, cut: str, long_sleeved: bool, kind: str) -> tuple[UpperOutline, bool]:
    """The landmarks of what covers the chest, and whether its sleeves are long, seen or not."""
    found = upper_outline(mask, dress=cut == "dress", long_sleeved=long_sleeved)
    if long_sleeved or cut not in _BUTTONED or kind == "kind.vest" or any(is_sleeved(one) for one in found.sleeves):
        return found, long_sleeved
    # Sleeves that hang before the trunk show no edge: a shirt without any is rare.
    hanging = upper_outline(mask, long_sleeved=True)
    return (hanging, True) if hanging.fit > found.fit - _RARE else (found, False)


def _checked(share: float, cut: str) -> float:
    if share < _FIT:
        raise RequestInvalid(
            f"What the photo shows of the {cut} has not the shape of one: its pattern covers {share:.0%} of it.",
            allowed=f"A photo from the front, of one {cut} that nothing covers; {_FIT:.0%} are needed.",
            next_step="Send a photo of the piece alone, spread out or on a dummy, before one colour.",
        )
    return share


def _at(field: BoolArray, points: NDArray[np.float64], *, reach: int = 0) -> BoolArray:
    """What a field [H, W] says at points [N, 2], or within a reach of them."""
    wide = ndimage.binary_dilation(field, iterations=reach) if reach else field
    rows = np.clip(np.floor(points[:, 1]).astype(int), 0, field.shape[0] - 1)
    columns = np.clip(np.floor(points[:, 0]).astype(int), 0, field.shape[1] - 1)
    return np.asarray(wide[rows, columns], np.bool_)


def _cropped(mask: BoolArray, *, whole: bool) -> tuple[tuple[slice, slice], BoolArray]:
    """A window round a mask, and the mask in it without specks and small holes; `whole`: its largest piece alone."""
    pieces, count = ndimage.label(mask)
    if count:
        areas = np.bincount(pieces.ravel())
        areas[0] = 0
        mask = (
            pieces == areas.argmax()
            if whole
            else np.isin(pieces, np.flatnonzero(areas >= _PIECE * areas.max())) & (pieces > 0)
        )
    if mask.sum() < _LEAST_PX:
        raise RequestInvalid(
            f"The piece covers {int(mask.sum())} pixels of the photo.",
            allowed=f"At least {_LEAST_PX}.",
            next_step="Send a larger photo, or one that shows the piece nearer.",
        )
    holes, _ = ndimage.label(~mask)
    areas = np.bincount(holes.ravel())
    mask = mask | (np.isin(holes, np.flatnonzero(areas < _HOLE * mask.sum())) & (holes > 0))
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    top, bottom = max(rows[0] - _AIR_PX, 0), min(rows[-1] + 1 + _AIR_PX, height)
    left, right = max(columns[0] - _AIR_PX, 0), min(columns[-1] + 1 + _AIR_PX, width)
    window = np.s_[top:bottom, left:right]
    return window, np.asarray(mask[window], np.bool_)
