"""How far a photo is tilted, as two things tell: straight edges that should lie level, and a product's own symmetry.

Idea     A room, a shelf or a piece of furniture has long edges near to level and upright: where the directions of the
         strong edges heap up close to one of them, that is the tilt. A product on a plain background often is the same
         on its left and right: turned by the right angle, its picture and its mirror image agree best. Where
         neither is sure the photo stays as it is.
Source   Directions by the gradient of a smoothed photo: Canny 1986. Symmetry of an object by mirror correlation:
         Marola 1989, https://doi.org/10.1109/34.23109.
Serves   Tilts up to `MOST_DEGREES`; a tilt of a quarter turn is another question (which way up).
Costs    Some 60 ms: symmetry is looked for at 96 pixels (benchmarks/rescue.md).
Shapes   H, W sides of the photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.reading import Photo, border, square
from bottega.models.blocks.colours import foreground, is_plain
from bottega.names import FloatArray

__all__ = ["MOST_DEGREES", "Tilt", "levelled", "tilt_of"]

MOST_DEGREES = 12.0
"""Tilts beyond this are not looked for: they are poses."""
_BINS = 4
"""Directions a degree."""
_LEAST_DEGREES = 0.4
"""Less is not seen, and not worth the blur of turning."""
_SURE = 0.5
"""Below this nothing is claimed."""
_SYMMETRY_PX = 96


@dataclass(frozen=True, slots=True)
class Tilt:
    """`degrees` that a photo is turned clockwise against level, and how sure that is (0 to 1)."""

    degrees: float
    sure: float
    by: str
    """What told: "edges", "symmetry", or "" where nothing did."""

    @property
    def is_known(self) -> bool:
        return bool(self.by)


def tilt_of(photo: Photo) -> Tilt:
    """Measure a photo's tilt. A product's symmetry counts before its edges, of which any may be meant to slant."""
    found = [_by_symmetry(photo), _by_edges(photo)] if is_plain(photo) else [_by_edges(photo)]
    known = next((one for one in found if one.sure >= _SURE), None)
    return known or Tilt(0.0, max(one.sure for one in found), "")


def levelled(photo: Photo, tilt: Tilt) -> Photo:
    """The photo [H', W', 3] turned back. A plain background goes on into the corners; else these are cut off."""
    if not tilt.is_known or abs(tilt.degrees) < _LEAST_DEGREES:
        return photo
    around = tuple(int(value) for value in np.median(border(photo), axis=0))
    picture = Image.fromarray(photo)
    if is_plain(photo):
        return np.array(picture.rotate(tilt.degrees, Image.Resampling.BICUBIC, fillcolor=around))
    turned = picture.rotate(tilt.degrees, Image.Resampling.BICUBIC)
    across, down = _inside(photo.shape[1], photo.shape[0], np.radians(abs(tilt.degrees)))
    left, top = (photo.shape[1] - across) // 2, (photo.shape[0] - down) // 2
    return np.array(turned.crop((left, top, left + across, top + down)))


def _inside(width: int, height: int, angle: float) -> tuple[int, int]:
    """Sides of the largest rectangle of the same proportions inside one that was turned."""
    sine, cosine = float(np.sin(angle)), float(np.cos(angle))
    scale = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    return max(1, int(width * scale) - 2), max(1, int(height * scale) - 2)


def _by_edges(photo: Photo) -> Tilt:
    """From directions of strong gradients, modulo a quarter turn."""
    grey = photo.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    margin = 4
    across, down = (
        ndimage.gaussian_filter(grey, 1.6, order=order)[margin:-margin, margin:-margin] for order in ((0, 1), (1, 0))
    )
    strength = np.hypot(across, down)
    strong = strength > max(4.0, float(np.percentile(strength, 85)))
    if strong.sum() < 200:
        return Tilt(0.0, 0.0, "")
    angle = np.degrees(np.arctan2(down[strong], across[strong])) % 90
    weight = np.minimum(strength[strong], 40.0)
    counts, _ = np.histogram(angle, bins=90 * _BINS, range=(0, 90), weights=weight)
    smooth = ndimage.gaussian_filter1d(counts, 0.4 * _BINS, mode="wrap")
    wanted = np.arange(-int(MOST_DEGREES * _BINS), int(MOST_DEGREES * _BINS) + 1)
    near = smooth[wanted % len(smooth)]
    place = int(near.argmax())
    typical = float(np.median(smooth))
    share = float(near[place] / max(smooth.sum(), 1e-6)) * _BINS
    if place in (0, len(wanted) - 1):
        return Tilt(0.0, 0.0, "")
    degrees = float(wanted[place] + 0.5 + _peak(near[place - 1], near[place], near[place + 1])) / _BINS
    sure = float(np.clip((share - 0.05) / 0.1, 0, 1)) * float(np.clip(near[place] / max(typical, 1e-6) / 8, 0, 1))
    return Tilt(degrees, sure, "edges")


def _peak(before: float, at: float, after: float) -> float:
    """Where between its neighbours a maximum lies, of the parabola through three marks; -0.5 to 0.5."""
    bend = before - 2 * at + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _by_symmetry(photo: Photo) -> Tilt:
    """From the angle at which a product on a plain background agrees best with its mirror image."""
    small = square(photo, _SYMMETRY_PX)
    mask = foreground(small)
    if mask.all() or mask.sum() < 0.02 * mask.size or mask[[0, -1]].any() or mask[:, [0, -1]].any():
        return Tilt(0.0, 0.0, "")
    colour = np.median(border(small), axis=0)
    away = np.abs(small.astype(np.float32) - colour).mean(2) * mask
    shape = ndimage.gaussian_filter(mask.astype(np.float32) * 60 + away, 0.8)
    centre = np.array(ndimage.center_of_mass(mask))
    shape = ndimage.shift(shape, (np.array(shape.shape) - 1) / 2 - centre, order=1)
    angles = np.arange(-MOST_DEGREES - 3, MOST_DEGREES + 3.1, 1.0)
    marks = np.array([_mirrored(shape, angle) for angle in angles])
    place = int(marks.argmax())
    if place in (0, len(angles) - 1) or abs(angles[place]) > MOST_DEGREES:
        return Tilt(0.0, 0.0, "")
    fine = angles[place] + np.arange(-1.25, 1.26, 0.25)
    close = np.array([_mirrored(shape, angle) for angle in fine])
    best = int(close.argmax())
    if best in (0, len(fine) - 1):
        return Tilt(0.0, 0.0, "")
    degrees = float(fine[best]) + 0.25 * _peak(close[best - 1], close[best], close[best + 1])
    beside = float(np.mean([_mirrored(shape, degrees + apart) for apart in (-6, 6)]))
    high = float(np.clip((close[best] - 0.94) / 0.04, 0, 1))
    steep = float(np.clip((close[best] - beside) / 0.08, 0, 1))
    return Tilt(degrees, high * steep, "symmetry")


def _mirrored(shape: FloatArray, degrees: float) -> float:
    """Correlation of a picture turned back by so many degrees with its mirror image, at the best of a few shifts."""
    turned = ndimage.rotate(shape, degrees, reshape=False, order=1)
    flipped = turned[:, ::-1]
    found = -1.0
    for shift in range(-4, 5):
        one = turned[:, max(0, shift) : turned.shape[1] + min(0, shift)]
        other = flipped[:, max(0, -shift) : turned.shape[1] + min(0, -shift)]
        length = float(np.sqrt((one * one).sum() * (other * other).sum()))
        found = max(found, float((one * other).sum()) / max(length, 1e-6))
    return found
