"""Does a model see some people's pictures worse? Its figures group by group, with how sure each is.

Skin tone is measured, not labelled: the individual typology angle of the skin's pixels. Indoors and out, with lamps,
flash and make-up, the angle tells of the light as well as of the skin; groups are rough and say nothing of one person.

Shapes   N photos, H, W height and width of one, P pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from skimage.color import rgb2lab

from bottega.evaluation.intervals import Interval, intervals
from bottega.models.recommend.accuracy import Values
from bottega.names import BoolArray

__all__ = ["FEW", "TONES", "Group", "by_group", "gap", "skin_angle", "tone_of"]

TONES: Mapping[str, float] = {
    "very light": 55.0,
    "light": 41.0,
    "intermediate": 28.0,
    "tan": 10.0,
    "brown": -30.0,
    "dark": -np.inf,
}
"""Group -> its angles lie above this many degrees (Chardon et al. 1991; "dark" added by Del Bino & Bernerd 2013)."""

FEW = 30
"""Photos below which a group's figure is shown but says too little to compare."""

_LEAST_PIXELS = 100


@dataclass(frozen=True, slots=True)
class Group:
    """A measure over the photos of one group."""

    photos: int
    """Those that the measure is defined for."""
    figure: Interval

    @property
    def too_few(self) -> bool:
        """Whether there are too few photos to compare it with another group."""
        return self.photos < FEW

    def as_dict(self) -> dict[str, float | int | bool]:
        """For JSON and cards."""
        rounded = {name: round(getattr(self.figure, name), 4) for name in ("mean", "low", "high")}
        return {"photos": self.photos, **rounded, "too_few": self.too_few}


def skin_angle(photo: np.ndarray, skin: BoolArray) -> float:
    """Individual typology angle in degrees of the skin [H, W] of a photo (uint8 [H, W, 3]); NaN with too little skin.

    Formula  arctan((L - 50) / b) * 180 / pi, of the medians of CIE L and b over the skin's pixels; light from D65.
    Source   Chardon, Cretois & Hourseau 1991, https://doi.org/10.1111/j.1467-2494.1991.tb00561.x.
    Edges    Fewer than 100 pixels give NaN. With b at or below 0 (bluish light) the angle goes on to above 90, or below
             -90, instead of jumping to the other end.

    >>> photo = np.full((20, 20, 3), (224, 172, 105), dtype=np.uint8)  # L 74.3, b 42.4
    >>> round(skin_angle(photo, np.ones((20, 20), dtype=bool)), 1), skin_angle(photo, np.zeros((20, 20), dtype=bool))
    (29.8, nan)
    """
    if skin.sum() < _LEAST_PIXELS:
        return float("nan")
    lightness, _, yellow = np.median(rgb2lab(photo[skin].astype(np.float64) / 255), axis=0)
    return float(np.degrees(np.arctan2(lightness - 50, yellow)))


def tone_of(angle: float) -> str:
    """The group of an angle; "" for NaN.

    >>> [tone_of(angle) for angle in (60, 55, 30, 0, -50, float("nan"))]
    ['very light', 'light', 'intermediate', 'brown', 'dark', '']
    """
    return next((name for name, above in TONES.items() if angle > above), "")


def by_group(values: Values, groups: Sequence[str], rng: np.random.Generator) -> dict[str, Group]:
    """The mean of one value a photo [N] in each group, with its interval; the largest group first.

    Edges    NaN values and photos of group "" are left out.

    >>> found = by_group(np.array([1.0, 0.0, 1.0, np.nan]), ["a", "a", "b", "b"], np.random.default_rng(0))
    >>> [(name, group.photos, group.figure.mean, group.too_few) for name, group in found.items()]
    [('a', 2, 0.5, True), ('b', 1, 1.0, True)]
    """
    assert len(values) == len(groups)
    names = np.array(groups)
    rows = {name: values[(names == name) & np.isfinite(values)] for name in dict.fromkeys(groups) if name}
    found = {name: Group(len(inside), intervals({"": inside}, rng)[""]) for name, inside in rows.items() if len(inside)}
    return dict(sorted(found.items(), key=lambda pair: -pair[1].photos))


def gap(found: Mapping[str, Group]) -> float:
    """How far the best and the worst group of enough photos are apart; NaN with fewer than two such groups.

    >>> sure = {name: Group(40, Interval(mean, 0, 1)) for name, mean in (("a", 0.9), ("b", 0.85))}
    >>> round(gap(sure | {"c": Group(5, Interval(0.2, 0, 1))}), 4)
    0.05
    """
    means = [group.figure.mean for group in found.values() if not group.too_few]
    return max(means) - min(means) if len(means) > 1 else float("nan")
