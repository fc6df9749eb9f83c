"""The person on a photo, as a parser's labels show them: whole, near enough, from the front; else words say why not.

Idea     Labels come in as an array. The largest piece that is no background is the person; what hangs together with it
         is theirs. How tall they are gives every other measure, and key points, where somebody read them, the heights
         of hips and knees; without them those of an upright person stand in.
Serves   One person, standing, seen from the front or half from the side.
Shapes   H, W height and width of the photo; 16 key points x and y in pixels, in the order of `KEY_POINTS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.datasets.photos.masks import PARTS
from bottega.errors import PhotoRefused
from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.names import BoolArray, FloatArray

__all__ = ["Wearer", "wearer_of"]

_LEAST_PX = 150
"""Of a person's height."""
_LEAST_SHARE = 0.02
"""Of the photo, that a person takes."""
_SECOND = 0.45
"""Of the first person's size, from which another piece with a head or clothes is a second person."""
_HEAD = 0.16
"""Of a person's height, in which the head is."""
_FACE = 0.14
"""Of what is skin and hair of a head, that is skin where a face is seen."""
_SPECK, _NEAR = 0.0015, 0.03
"""Clothes smaller than this share of the height squared are specks of what lies so near (in heights)."""
_CROTCH = 0.04
"""How far the crotch lies below the joints of the hips, in heights."""
_HIPS, _KNEES = 0.53, 0.73
"""Heights of the crotch and of the knees, from the top of the head down, as shares of an upright person's height."""


@dataclass(frozen=True, slots=True, eq=False)
class Wearer:
    """One person."""

    labels: NDArray[np.uint8]
    """[H, W], codes of `names`; what belongs to nobody, or to others, is background."""
    names: tuple[str, ...]
    top: int
    """First row of the head."""
    bottom: int
    """Last row of the feet, or of what the photo shows."""
    hips: float
    """Row of the crotch."""
    knees: float
    """Row of the knees."""
    joints: FloatArray | None = None
    """[16, 2], or None."""

    @property
    def tall(self) -> int:
        """Height in pixels."""
        return self.bottom - self.top + 1

    def part(self, *names: str) -> BoolArray:
        """Where any of these labels is [H, W]."""
        return np.asarray(np.isin(self.labels, [self.names.index(name) for name in names]), bool)

    def joint(self, name: str) -> FloatArray:
        """Where one of `KEY_POINTS` is [2], x and y; only of somebody whose joints were read."""
        assert self.joints is not None
        found: FloatArray = self.joints[KEY_POINTS.index(name)]
        return found

    def head(self) -> BoolArray:
        """Face and hair [H, W]: never touched."""
        skin = self.part("skin")
        pieces, _ = ndimage.label(skin)
        high = np.unique(pieces[: self.top + round(_HEAD * self.tall)])
        return np.asarray(self.part("hair") | (np.isin(pieces, high[high > 0])), bool)


def wearer_of(labels: NDArray[np.uint8], *, names: Sequence[str] = PARTS, joints: FloatArray | None = None) -> Wearer:
    """The one person of a photo. Raises `PhotoRefused` for none, two, one from behind, one that is too small."""
    names = tuple(names)
    body = [names.index("skin"), names.index("hair")]
    there = labels != names.index("background")
    near = max(1, round(0.006 * max(labels.shape)))
    pieces, _ = ndimage.label(ndimage.binary_dilation(there, iterations=near))
    areas = np.bincount(pieces[there], minlength=pieces.max() + 1)
    areas[0] = 0
    first = int(areas.argmax())
    own = there & (pieces == first)
    if own.mean() < _LEAST_SHARE or not (np.isin(labels, body) & own).any():
        raise _refused("No person is seen on it.")
    for piece in np.flatnonzero(areas > _SECOND * areas[first]).tolist():
        if piece != first and (np.isin(labels, body) & (pieces == piece)).sum() > 0.02 * areas[piece]:
            raise _refused("It shows two people.", next_step="Cut the photo to the one who tries it on.")
    rows = np.flatnonzero(own.any(1))
    top, bottom = int(rows[0]), int(rows[-1])
    tall = bottom - top + 1
    if tall < _LEAST_PX:
        raise _refused(
            f"The person on it is {tall} pixels tall.",
            next_step=f"Send a larger photo, or one from nearer: {_LEAST_PX} pixels from head to foot at least.",
        )
    labels = np.where(own, labels, names.index("background")).astype(np.uint8)
    labels = _without_specks(labels, names, tall)
    _refuse_behind(labels, names, top, tall)
    hips, knees = top + _HIPS * tall, top + _KNEES * tall
    if joints is not None:
        at = {name: joints[KEY_POINTS.index(name)] for name in KEY_POINTS}
        hips = float(max(at["left_hip"][1], at["right_hip"][1])) + _CROTCH * tall
        knees = float((at["left_knee"][1] + at["right_knee"][1]) / 2)
    return Wearer(labels, names, top, bottom, hips, knees, joints)


def _without_specks(labels: NDArray[np.uint8], names: tuple[str, ...], tall: int) -> NDArray[np.uint8]:
    """Labels [H, W] whose small scraps of clothes within other clothes are of those: a parser's slips."""
    clothes = [names.index(name) for name in ("upper", "outer", "lower", "one_piece")]
    speck = np.zeros(labels.shape, bool)
    for code in clothes:
        pieces, _ = ndimage.label(labels == code)
        areas = np.bincount(pieces.ravel())
        areas[0] = labels.size
        speck |= areas[pieces] < _SPECK * tall**2
    sure = np.isin(labels, clothes) & ~speck
    if not speck.any() or not sure.any():
        return labels
    far, where = ndimage.distance_transform_edt(~sure, return_indices=True)
    return np.where(speck & (far < _NEAR * tall), labels[where[0], where[1]], labels).astype(np.uint8)


def _refuse_behind(labels: NDArray[np.uint8], names: tuple[str, ...], top: int, tall: int) -> None:
    """A head without a face is one that looks away."""
    head = labels[top : top + round(_HEAD * tall)]
    skin, hair = (int((head == names.index(name)).sum()) for name in ("skin", "hair"))
    least = 0.0006 * tall * tall
    if skin + hair < least:
        raise _refused("No head is seen on it.")
    if hair > least and skin < _FACE * (skin + hair):
        raise _refused("The person on it is seen from behind.")


def _refused(seen: str, next_step: str = "Send another photo.") -> PhotoRefused:
    return PhotoRefused(
        seen,
        allowed="Things are tried on one person, seen from the front, from head to foot.",
        next_step=next_step,
    )
