"""What the eye has against photos: they lie on their side or stand on their head, or show another thing than is listed.

Idea     Both are claimed only where they can be known. What is upright is told of clothes, shoes and bags before a
         plain background, as their category says: at home they lie as they fall. Of another thing a photo is where the
         chance of all that the category may mean is small, and smaller still where the background is not plain.
Source   The limits are set on one half of photos kept aside so that about one in a hundred is named for nothing, and
         measured on the other (benchmarks/rescue.md).
Costs    Two looks of the eye a photo.
Shapes   N photos.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.upright import Upright
from bottega.names import BoolArray, FloatArray
from bottega.shop.listings.told_by_eye import chance_of_category, is_named

__all__ = ["WRONG", "WRONG_ANYWHERE", "EyeFaults", "eye_faults"]

WRONG = 0.003
"""Chance of a category below which a photo before a plain background shows something else."""
WRONG_ANYWHERE = 0.001
"""The same of other photos."""
_WORN = "type"
"""The head that was taught things that are worn."""


class EyeFaults(NamedTuple):
    """What is wrong with each photo [N]."""

    turned: BoolArray
    another: BoolArray
    """It shows another thing than its category says."""


def eye_faults(
    squares: NDArray[np.uint8],
    plain: Sequence[bool],
    categories: Sequence[Sequence[str]],
    eye: Eye,
    upright: Upright | None,
) -> EyeFaults:
    """Look at photos (uint8 [N, P, P, 3], the eye's size), of which it is known whether their background is `plain`.

    Of a category that the eye has no name for, and by an eye that `upright` was not fitted with, nothing is said.
    """
    nothing = np.zeros(len(squares), np.bool_)
    if not len(squares):
        return EyeFaults(nothing, nothing)
    looks, flat = eye.look_at_squares(squares), np.asarray(plain, np.bool_)
    limits: FloatArray = np.where(flat, WRONG, WRONG_ANYWHERE).astype(np.float32)
    chances: FloatArray = np.ones(len(squares), np.float32)
    if _WORN in eye.heads:
        chances = chance_of_category(looks, categories, eye.heads[_WORN])
    another = np.where(np.isnan(chances), False, chances < limits)
    if upright is None or upright.config.eye != eye.version:
        return EyeFaults(nothing, another)
    worn = np.array([is_named(path, eye.heads.get(_WORN, ())) for path in categories], np.bool_)
    turned = flat & worn & upright.is_turned(eye.features(squares))
    return EyeFaults(np.asarray(turned, np.bool_), np.asarray(another & ~turned, np.bool_))
