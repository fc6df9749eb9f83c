"""Lower legs that come to light below a hem: where they are, from shoes and skin below and the knees above.

Idea     A leg runs from its knee to its foot; how wide it is there follows from how tall the person is.
Source   Widths as shares of height: Drillis & Contini 1966, "Body segment parameters", after Winter 2009, table 4.1;
         from the front calf and ankle are about 0.062 and 0.038 wide.
Shapes   H, W height and width of the photo.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.models.studio.try_on.place import refused
from bottega.models.studio.try_on.wearer import Wearer
from bottega.names import BoolArray

__all__ = ["limbs_of"]

_WIDTHS = ((0.0, 0.062), (0.3, 0.064), (0.75, 0.044), (1.0, 0.038))
"""Share of the way from knee to ankle, and width there in heights."""
_KNEES_APART = 0.1
"""Between the middles of the knees, in heights, where no key points are there."""


def limbs_of(wearer: Wearer, bare: BoolArray) -> BoolArray:
    """Lower legs within what is `bare` [H, W]. Raises `PhotoRefused` where feet are not seen."""
    rows, columns = np.indices(bare.shape)
    found = np.zeros_like(bare)
    for knee, ankle in _lower_legs(wearer, bare):
        way = ankle - knee
        length = max(float(np.hypot(*way)), 1.0)
        along = ((columns - knee[0]) * way[0] + (rows - knee[1]) * way[1]) / length**2
        off = np.abs((columns - knee[0]) * way[1] - (rows - knee[1]) * way[0]) / length
        wide = np.interp(along, [at for at, _ in _WIDTHS], [width for _, width in _WIDTHS]) * wearer.tall
        found |= (off <= wide / 2) & (along > -0.3) & (along < 1.15)
    return found & bare


def _lower_legs(wearer: Wearer, bare: BoolArray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Knee and ankle, x and y, of each leg."""
    if wearer.joints is not None:
        at = {name: np.asarray(wearer.joints[KEY_POINTS.index(name)], float) for name in KEY_POINTS}
        return [(at[f"{side}_knee"], at[f"{side}_ankle"]) for side in ("left", "right")]
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
