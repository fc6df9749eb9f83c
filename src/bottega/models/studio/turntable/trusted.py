"""Trust: how far a product may be turned before what is shown is too far from what is.

Idea     The error of a drawn view is the mean difference of its colours from the true ones over all that either of them
         shows, on white; so a wrong outline counts as much as a wrong colour. How large it is beside the most allowed
         is expected from what the networks doubt, from how much of the view the photo did not show and from the thing's
         outline and colour, by a line found on made-up things, with a margin below which nine of ten true errors lay of
         those expected to be about as large as allowed. A product is turned until the expected error passes the most
         allowed. Shapes by a rule have the same line and a margin of their own.
Shapes   P pixels a side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bottega.models.studio.turntable.network import MendedView
from bottega.models.studio.turntable.relief import Relief
from bottega.models.studio.turntable.turntable import TurnTrust
from bottega.names import BoolArray, FloatArray

__all__ = [
    "ANGLES",
    "DOUBTS",
    "MOST_ANGLE",
    "MOST_ERROR",
    "ThingSeen",
    "doubts_of",
    "expected_error",
    "trusted_angle",
    "view_error",
]

MOST_ERROR = 0.15
"""The largest error of a view that may be shown, of a thing that is dark or coloured enough. Up to it one sees the same
thing from another side; from 0.2 on, limbs and handles are gone."""
PALE = 0.5
"""And never more than this share of how far the thing is from white: a white mug that fades away is no mug."""
MOST_ANGLE = 60.0
"""The networks learnt nothing beyond."""
RULE_OF_THUMB = np.array([-1.3, 0, 1.0, 0, 0.9, 0.3], np.float32)
"""For shapes by a rule where no networks are: about 0.15 at 20 degrees where a tenth of the view is hidden."""
ANGLES = tuple(float(angle) for angle in range(5, int(MOST_ANGLE) + 1, 5))
"""Where trust is asked for."""
DOUBTS = ("expected", "hidden", "depths", "angle", "contrast", "round", "thick", "outline")
"""What the expected error is made of, besides 1."""


@dataclass(frozen=True, slots=True, eq=False)
class ThingSeen:
    """What of a thing's photo counts for every view of it."""

    inside: BoolArray
    """[P, P]"""
    depths: float
    """Mean doubt of its depths, in shares of the frame."""
    white: float
    """How far it is from white, 0 to 1."""
    contrast: float
    """The same, and how far its colours are from one another."""
    round_: float
    """How surely it is round about its upright."""
    thick: float
    """How thick it is in the mean, in shares of the frame."""

    @classmethod
    def of(cls, picture: FloatArray, relief: Relief, depths: float, round_: float) -> ThingSeen:
        """Of a frame [P, P, 3] and what was told of its shape."""
        inside = relief.inside
        shown = picture[inside]
        if not len(shown):
            return cls(inside, depths, 1.0, 1.0, round_, 0.0)
        white, thick = float((1 - shown).mean()), float((relief.back - relief.front)[inside].mean())
        return cls(inside, depths, white, white + float(shown.std(0).mean()), round_, thick)

    @property
    def most_error(self) -> float:
        """The largest error of a view of it that may be shown."""
        return min(MOST_ERROR, PALE * self.white)


def view_error(drawn: FloatArray, alpha: FloatArray, true: FloatArray, true_alpha: FloatArray) -> float:
    """Mean difference of colours [P, P, 3], 0 to 1, on white over all that either shows; 0 where neither does."""
    either = (alpha > 0.5) | (true_alpha > 0.5)
    ours = drawn * alpha[..., None] + 1 - alpha[..., None]
    theirs = true * true_alpha[..., None] + 1 - true_alpha[..., None]
    return float(np.abs(ours - theirs)[either].mean()) if either.any() else 0.0


def doubts_of(mended: MendedView | None, planes: FloatArray, thing: ThingSeen, around: float) -> FloatArray:
    """1 and the `DOUBTS` of a view; `planes` [6, P, P] from `turned_planes`."""
    cover = planes[2] > 0.5
    hidden = 1 - float(planes[3][cover].mean()) if cover.any() else 1.0
    expected, shown = 0.1, cover
    if mended is not None:
        there = 1 / (1 + np.exp(-mended.alpha[0, 0].numpy()))
        unsure = there * (1 - there) * 2 * thing.contrast
        off = there * np.exp(mended.doubt[0, 0].numpy()) + unsure
        shown = there > 0.5
        expected = float(off.sum() / max(1.0, shown.sum()))
    outline = float((shown ^ thing.inside).sum() / max(1, thing.inside.sum()))
    told = [1, np.log(expected + 0.005), hidden, np.log(thing.depths + 1e-3), np.log(abs(around) + 5) - 3]
    told += [np.log(thing.contrast + 0.03), thing.round_, thing.thick, np.log(outline + 0.02)]
    return np.array(told, np.float32)


def expected_error(trust: TurnTrust | None, kind: str, doubts: FloatArray, most: float) -> float:
    """The error below which nine of ten such views lie; without networks, by a rule of thumb."""
    if trust is None:
        return float(np.exp(doubts[: len(RULE_OF_THUMB)] @ RULE_OF_THUMB))
    return most * float(np.exp(doubts @ np.array(trust.numbers, np.float32) + trust.margins.get(kind, 0.0)))


def trusted_angle(error_at: Callable[[float], float], most: float = MOST_ERROR) -> float:
    """The largest of `ANGLES` up to which both sides' errors stay small; 0 where not even the first does."""
    trusted = 0.0
    for angle in ANGLES:
        if max(error_at(angle), error_at(-angle)) > most:
            break
        trusted = angle
    return trusted
