"""How well hair is coloured, on street photos whose hair, skin and background somebody labelled by hand.

Judged is what comes out: the median colour of the labelled hair against the colour asked for, how much of its light is
kept, and how much of what is labelled otherwise has changed to the eye.

Shapes   H, W height and width of a photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.color import deltaE_ciede2000, rgb2lab

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.names import FloatArray

__all__ = ["ColouredHair", "flat_paint", "hue_only", "judge_hair", "means"]

SEEN = 5.0
"""Difference (CIEDE2000) from which somebody sees that a pixel has changed."""


@dataclass(frozen=True, slots=True)
class ColouredHair:
    """One photo, coloured once. Shares are of the pixels with that label; `spilt` is told in areas of the hair."""

    asked_gap: float
    """CIEDE2000 between the median of the coloured part of the labelled hair and the colour asked for."""
    light_kept: float
    """Correlation of lightness before and after, there; away from the edge, where pixels are no mixtures."""
    reached: float
    """Share of the labelled hair that changed to the eye."""
    skin: float
    """Share of the labelled skin that did."""
    skin_any: float
    """Share of the labelled skin in which any bit changed."""
    spilt: float
    """Pixels of everything else that did, for each pixel of labelled hair."""


def judge_hair(before: Photo, after: Photo, labels: LabelMap, lab: tuple[float, float, float]) -> ColouredHair:
    """Measures of one photo [H, W, 3] before and after, labels [H, W] in codes of `PARTS`, and the colour asked for."""
    one, other = (np.asarray(rgb2lab(photo), np.float32) for photo in (before, after))
    moved = _apart(one, other) >= SEEN
    differs = (before != after).any(2)
    hair, skin = (labels == PARTS.index(name) for name in ("hair", "skin"))
    coloured = hair & differs
    if coloured.sum() < 10:
        return ColouredHair(float("nan"), float("nan"), 0.0, 0.0, 0.0, 0.0)
    median = np.median(other[coloured], axis=0)
    inner = coloured & ndimage.binary_erosion(hair, iterations=2)
    if inner.sum() < 10:
        inner = coloured
    return ColouredHair(
        asked_gap=float(_apart(median, np.array(lab, np.float32))),
        light_kept=float(np.corrcoef(one[inner][:, 0], other[inner][:, 0])[0, 1]),
        reached=float(moved[hair].mean()),
        skin=float(moved[skin].mean()) if skin.any() else 0.0,
        skin_any=float(differs[skin].mean()) if skin.any() else 0.0,
        spilt=float((moved & ~hair).sum() / hair.sum()),
    )


def means(found: Sequence[ColouredHair]) -> dict[str, float]:
    """Mean of each measure over photos; of gap and light those that have one, and the worst tenth of both."""
    table = {name: np.array([getattr(one, name) for one in found]) for name in ColouredHair.__slots__}
    told = {name: float(np.nanmean(values)) for name, values in table.items()}
    told["asked_gap_p90"] = float(np.nanpercentile(table["asked_gap"], 90))
    told["light_kept_p10"] = float(np.nanpercentile(table["light_kept"], 10))
    return told


def flat_paint(photo: Photo, hair: FloatArray, lab: tuple[float, float, float]) -> Photo:
    """The trivial way: hair that is likelier than not gets the colour at half strength, in RGB, with a hard edge."""
    from skimage.color import lab2rgb

    colour = lab2rgb(np.array(lab, np.float64)[None])[0] * 255
    mixed = np.rint(0.5 * photo + 0.5 * colour).astype(np.uint8)
    return np.asarray(np.where((hair >= 0.5)[..., None], mixed, photo), np.uint8)


def hue_only(photo: Photo, hair: FloatArray, lab: tuple[float, float, float]) -> Photo:
    """The usual quick way: hue and strength of the colour are set within a blurred mask, lightness stays."""
    from skimage.color import lab2rgb

    new = np.asarray(rgb2lab(photo), np.float64)
    ceiling = 199 * (new[..., 0] + 16) / 116
    new[..., 1], new[..., 2] = lab[1], np.minimum(lab[2], ceiling)
    soft = ndimage.gaussian_filter((hair >= 0.5).astype(np.float32), 2.0)[..., None]
    return np.asarray(np.rint(photo + soft * (lab2rgb(new) * 255 - photo)).clip(0, 255), np.uint8)


def _apart(one: FloatArray, other: FloatArray) -> FloatArray:
    """CIEDE2000 between colours [..., 3]."""
    return np.asarray(deltaE_ciede2000(one, other), np.float32)  # type: ignore[no-untyped-call]
