"""Lower legs and forearms that come to light: where they are, from feet and knees, elbows and wrists.

Idea     A leg runs from its knee to its foot, a forearm from elbow to wrist; how wide they are there follows from how
         tall the person is.
Source   Widths as shares of height: Drillis & Contini 1966, "Body segment parameters", after Winter 2009, table 4.1;
         from the front calf and ankle are about 0.062 and 0.038 wide, elbow and wrist 0.046 and 0.032.
Shapes   H, W height and width of the photo.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from bottega.models.studio.try_on.refusals import refused
from bottega.models.studio.try_on.wearer import Wearer
from bottega.names import BoolArray

__all__ = ["along_limb", "limbs_of"]

_WIDTHS = ((0.0, 0.062), (0.3, 0.064), (0.75, 0.044), (1.0, 0.038))
"""Share of the way from knee to ankle, and width there in heights."""
_ARM_WIDTHS = ((0.0, 0.046), (0.3, 0.046), (1.0, 0.032))
_KNEES_APART = 0.1
"""Between the middles of the knees, in heights, where no key points are there."""


def limbs_of(wearer: Wearer, bare: BoolArray) -> BoolArray:
    """Lower legs and forearms within what is `bare` [H, W]. Raises `PhotoRefused` where feet are not seen."""
    found = np.zeros_like(bare)
    if wearer.joints is not None:
        for side in ("left", "right"):
            elbow, wrist = wearer.joint(f"{side}_elbow"), wearer.joint(f"{side}_wrist")
            found |= _limb(bare.shape, elbow, wrist, _ARM_WIDTHS, wearer.tall)
    if (bare & ~found)[round(wearer.knees) :].any():
        for knee, ankle in _lower_legs(wearer, bare):
            found |= _limb(bare.shape, knee, ankle, _WIDTHS, wearer.tall)
    return found & bare


def along_limb(shape: tuple[int, ...], begin: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far along the way from one joint to the next each pixel is [H, W], as a share, and how far beside it."""
    rows, columns = np.indices(shape[:2])
    way = end - begin
    length = max(float(np.hypot(*way)), 1.0)
    along = ((columns - begin[0]) * way[0] + (rows - begin[1]) * way[1]) / length**2
    beside = np.abs((columns - begin[0]) * way[1] - (rows - begin[1]) * way[0]) / length
    return along, beside


def _limb(
    shape: tuple[int, ...], begin: np.ndarray, end: np.ndarray, widths: tuple[tuple[float, float], ...], tall: int
) -> BoolArray:
    along, beside = along_limb(shape, begin, end)
    wide = np.interp(along, [at for at, _ in widths], [width for _, width in widths]) * tall
    return np.asarray((beside <= wide / 2) & (along > -0.3) & (along < 1.15), bool)


def _lower_legs(wearer: Wearer, bare: BoolArray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Knee and ankle, x and y, of each leg."""
    if wearer.joints is not None:
        return [(wearer.joint(f"{side}_knee"), wearer.joint(f"{side}_ankle")) for side in ("left", "right")]
    feet = wearer.part("shoes")
    feet[: round(wearer.knees)] = False
    if not feet.any():
        raise refused("No feet are seen below what would be bared.", "Send a photo from head to foot.")
    pieces, _ = ndimage.label(ndimage.binary_closing(feet, iterations=2))
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    kept = [k for k in np.argsort(-areas)[:2].tolist() if areas[k] > 0.25 * areas.max()]
    ankles = []
    for k in kept:
        there = np.argwhere(pieces == k)
        upper = there[there[:, 0] <= there[:, 0].min() + 0.02 * wearer.tall]
        ankles.append(np.array([upper[:, 1].mean(), float(there[:, 0].min())]))
    if len(ankles) == 1:
        wide = np.ptp(np.flatnonzero((pieces == kept[0]).any(0)))
        ankles = [ankles[0] - [wide / 4, 0], ankles[0] + [wide / 4, 0]]
    middle = float(np.mean([ankle[0] for ankle in ankles]))
    upper_bare = np.flatnonzero(bare.any(1))
    if len(upper_bare):
        first = np.flatnonzero(bare[upper_bare[0] : upper_bare[0] + 4].any(0))
        middle = float((first[0] + first[-1]) / 2)
    ankles.sort(key=lambda one: one[0])
    half = _KNEES_APART * wearer.tall / 2
    knees = [np.array([middle - half, wearer.knees]), np.array([middle + half, wearer.knees])]
    return list(zip(knees, ankles, strict=True))
