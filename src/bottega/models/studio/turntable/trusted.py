"""Trust: how far a product may be turned before what is shown is too far from what is.

Idea     The error of a drawn view is the mean difference of its colours from the true ones over all that either of them
         shows, on white; so a wrong outline counts as much as a wrong colour. It is expected from what the networks
         doubt and from how much of the view the photo did not show, by a line found on made-up things, with a margin
         below which nine of ten true errors lay. A product is turned until the expected error passes the most allowed.
Shapes   P pixels a side.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bottega.models.studio.turntable.network import MendedView
from bottega.models.studio.turntable.turntable import TurnTrust
from bottega.names import FloatArray

__all__ = ["ANGLES", "DOUBTS", "MOST_ANGLE", "MOST_ERROR", "doubts_of", "expected_error", "trusted_angle", "view_error"]

MOST_ERROR = 0.10
"""The largest error of a view that may be shown: a tenth of the way from black to white."""
MOST_ANGLE = 60.0
"""The networks learnt nothing beyond."""
RULE_OF_THUMB = np.array([-1.7, 0, 1.0, 0, 0.9, 0.3], np.float32)
"""For shapes by a rule: about 0.1 at 20 degrees where a tenth of the view is hidden."""
ANGLES = tuple(float(angle) for angle in range(5, int(MOST_ANGLE) + 1, 5))
"""Where trust is asked for."""
DOUBTS = ("expected", "hidden", "depths", "angle", "contrast")
"""What the expected error is made of, besides 1."""


def view_error(drawn: FloatArray, alpha: FloatArray, true: FloatArray, true_alpha: FloatArray) -> float:
    """Mean difference of colours [P, P, 3], 0 to 1, on white over all that either shows; 0 where neither does."""
    either = (alpha > 0.5) | (true_alpha > 0.5)
    ours = drawn * alpha[..., None] + 1 - alpha[..., None]
    theirs = true * true_alpha[..., None] + 1 - true_alpha[..., None]
    return float(np.abs(ours - theirs)[either].mean()) if either.any() else 0.0


def doubts_of(
    mended: MendedView | None, planes: FloatArray, depths: float, around: float, contrast: float
) -> FloatArray:
    """1 and the `DOUBTS` of a view; `planes` [6, P, P] from `turned_planes`, `contrast` of the thing to white."""
    cover = planes[2] > 0.5
    hidden = 1 - float(planes[3][cover].mean()) if cover.any() else 1.0
    expected = 0.1
    if mended is not None:
        there = 1 / (1 + np.exp(-mended.alpha[0, 0].numpy()))
        unsure = there * (1 - there) * 2 * contrast
        off = there * np.exp(mended.doubt[0, 0].numpy()) + unsure
        expected = float(off.sum() / max(1.0, (there > 0.5).sum()))
    angle = np.log(abs(around) + 5) - 3
    return np.array(
        [1, np.log(expected + 0.005), hidden, np.log(depths + 1e-3), angle, np.log(contrast + 0.03)], np.float32
    )


def expected_error(trust: TurnTrust | None, doubts: FloatArray) -> float:
    """The error below which nine of ten such views lie; of a shape by a rule, by a rule of thumb."""
    if trust is None:
        return float(np.exp(doubts @ RULE_OF_THUMB))
    return float(np.exp(doubts @ np.array(trust.numbers, np.float32) + trust.margin))


def trusted_angle(error_at: Callable[[float], float]) -> float:
    """The largest of `ANGLES` up to which both sides' errors stay small; 0 where not even the first does."""
    trusted = 0.0
    for angle in ANGLES:
        if max(error_at(angle), error_at(-angle)) > MOST_ERROR:
            break
        trusted = angle
    return trusted
