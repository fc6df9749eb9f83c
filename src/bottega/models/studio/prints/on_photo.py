"""On a photo: a picture printed on the garment of a shop's own photo, with its folds kept.

Idea     The garment's mask (of the parser, handed in as an array) says where the chest is: below the neck, between the
         sides of the torso. The picture lies there and takes the light of the cloth under it: on pale cloth each pixel
         of the photo is multiplied by the picture, as ink does it; on dark cloth the picture covers it, and how much
         darker or brighter than the cloth's own light a pixel is goes on. Folds bend the picture a little, towards
         the light.
Differs  Nothing is learnt, and cloth that is patterned shows its pattern through the print.
Shapes   H, W height and width of the photo; 3 red, green and blue.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates

from bottega.models.studio.prints.print_on import Placement, laid_out
from bottega.models.studio.prints.printed import Printed
from bottega.names import BoolArray, FloatArray

__all__ = ["chest", "on_photo"]

_LEAST_PX = 30
"""A torso narrower than this shows no print."""
_COVERED = 0.9
"""Of the chest, which the garment must cover; where hair, arms or a poor mask leave less, nothing is shown."""
_OF_TORSO = 0.56
"""Width of a print of 300 mm on a torso of 535 mm."""
_PALE = 0.30
"""Linear luminance of cloth in the light, above which ink is laid on it, and below which it is covered."""
_COVER = 0.72
"""How bright white ink is on dark cloth."""

Bytes = NDArray[np.uint8]


def chest(mask: BoolArray, printed: Printed) -> tuple[int, int, int, int] | None:
    """left, top, right, bottom of the print on a garment; None where too little of it is seen."""
    rows = np.flatnonzero(mask.any(1))
    if len(rows) < _LEAST_PX:
        return None
    first, last = int(rows[0]), int(rows[-1])
    tall = last - first
    torso = mask[first + int(0.45 * tall) : first + int(0.85 * tall)]
    widths = torso.sum(1)
    wide = float(np.median(widths[widths > 0])) if (widths > 0).any() else 0.0
    if wide < _LEAST_PX:
        return None
    columns = np.arange(mask.shape[1])
    middle = float(np.median([columns[row].mean() for row in torso if row.any()]))
    near = mask[:, max(0, round(middle - 0.06 * wide)) : round(middle + 0.06 * wide) + 1].mean(1) > 0.8
    neck = int(np.flatnonzero(near)[0]) if near.any() else first
    width = _OF_TORSO * wide
    height = width * printed.height_mm / printed.width_mm
    top = neck + 0.09 * (last - neck)
    most = last - 0.06 * (last - neck) - top
    if height > most:
        width, height = width * most / height, most
    place = round(middle - width / 2), round(top), round(middle + width / 2), round(top + height)
    covered = mask[max(place[1], 0) : place[3], max(place[0], 0) : place[2]]
    return place if covered.size and covered.mean() >= _COVERED else None


def on_photo(
    photo: Bytes, mask: BoolArray, picture: Image.Image, printed: Printed, placement: Placement
) -> Bytes | None:
    """The photo [H, W, 3] with the picture on the garment under `mask` [H, W]; None where no chest is seen."""
    place = chest(mask, printed)
    if place is None:
        return None
    left, top, right, _ = place
    laid = laid_out(picture, printed, placement, (right - left) / printed.width_mm, bleed=False)
    art = np.asarray(laid.convert("RGBa"), np.float32) / 255
    light = _linear(np.asarray(photo / np.float32(255), np.float32))
    cloth = light @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    whole = np.zeros((*mask.shape, 4), np.float32)
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + art.shape[0], mask.shape[0]), min(left + art.shape[1], mask.shape[1])
    whole[y0:y1, x0:x1] = art[y0 - top : y1 - top, x0 - left : x1 - left]
    whole = _bent(whole, cloth, mask, 0.012 * (right - left))
    whole *= np.clip(gaussian_filter(mask.astype(np.float32), 0.8) * 2 - 0.6, 0, 1)[..., None] * mask[..., None]
    under = whole[..., 3] > 0
    lit = float(np.percentile(cloth[under], 85)) if under.any() else 1.0
    cover = whole[..., 3:]
    ink = _linear(np.where(cover > 0, whole[..., :3] / np.maximum(cover, 1e-4), 0).clip(0, 1))
    shade = cloth / max(lit, 1e-3)
    covering = _COVER * np.clip(shade, 0, 1.6)[..., None]
    printed_on = ink * (light if lit >= _PALE else covering)
    told = np.asarray(light * (1 - cover) + printed_on * cover, np.float32)
    return np.where(cover > 0, _told(told), photo).astype(np.uint8)


def _bent(art: FloatArray, cloth: FloatArray, mask: BoolArray, far: float) -> FloatArray:
    """The print moved along the slope of the cloth's light, by `far` pixels where that is steepest."""
    inside = np.maximum(gaussian_filter(mask.astype(np.float32), far + 1), 1e-3)
    soft = gaussian_filter(np.where(mask, cloth, 0), far + 1) / inside
    down, across = np.gradient(np.log(soft + 0.02))
    steepest = max(float(np.percentile(np.hypot(down, across)[mask], 98)), 1e-6)
    rows, columns = np.indices(mask.shape, dtype=np.float32)
    at = [rows + far * np.clip(down / steepest, -1, 1), columns + far * np.clip(across / steepest, -1, 1)]
    return np.stack([map_coordinates(art[..., c], at, order=1) for c in range(4)], 2)


def _linear(code: FloatArray) -> FloatArray:
    return np.asarray(np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4), np.float32)


def _told(light: FloatArray) -> FloatArray:
    light = np.clip(light, 0, 1)
    told = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * told), np.float32)
