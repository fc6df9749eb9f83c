"""Glasses on a face: their front laid on the eye line, as wide as the head, turned with it; lenses let light through.

Idea     The bridge of the glasses lies where the bridge of the nose crosses the eye line, and each half reaches as far
         as the temple of its side: a head that is turned a little shows one side longer, and so do the glasses. From
         the hinges the temples run back to the ears, as far as the head shows them. Light that falls through a lens
         takes its colour; the rest is what the lens sends back.
Shapes   H, W of the photo.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.face_things.glasses_front import GlassesFront
from bottega.models.studio.face_things.lens import through_lens
from bottega.models.studio.face_things.points import POINTS, Face
from bottega.names import FloatArray

__all__ = ["EyeLine", "eye_line", "wear_glasses"]

_WIDE = 0.98
"""Width of the front in widths of the head."""
_EVEN = 0.5
"""How much of the difference between the sides of a turned head the glasses follow."""
_HALF_BETWEEN = (0.92, 1.3)
"""Half a front's width, in distances between the eyes: what else was read from the photo is a slip."""
_SHADOW = 0.22
"""How much darker skin is under the frame."""

EyeLine = tuple[FloatArray, FloatArray, float, float]
"""Where the bridge lies (x, y), the direction of the line, and how far the halves reach to the left and the right."""


def eye_line(face: Face) -> EyeLine:
    """The line that glasses are laid on, in pixels of the photo."""
    left, right = face.eyes
    along = (right - left) / max(1e-6, face.between_eyes)
    bridge = face.points[POINTS.index("nose_bridge")]
    middle = (left + right) / 2
    straight = float((bridge - middle) @ along)
    centre = middle + np.clip(straight, -0.25 * face.between_eyes, 0.25 * face.between_eyes) * along
    reach = [abs(float((face.points[POINTS.index(name)] - centre) @ along)) for name in ("left_temple", "right_temple")]
    mean = sum(reach) / 2
    low, high = (share * face.between_eyes for share in _HALF_BETWEEN)
    mean = float(np.clip(mean, low, high)) * _WIDE
    tilt = np.clip((reach[1] - reach[0]) / max(1e-6, sum(reach)), -0.4, 0.4) * _EVEN
    return centre.astype(np.float32), along.astype(np.float32), mean * (1 - tilt), mean * (1 + tilt)


def wear_glasses(photo: Photo, face: Face, front: GlassesFront, *, hair: FloatArray | None = None) -> Photo:
    """The photo [H, W, 3] with glasses on a face. `hair` [H, W], chances of hair, lies over their temples.

    What is farther from them than a few pixels stays as it is, to the bit.
    """
    centre, along, left, right = eye_line(face)
    height, wide = front.alpha.shape
    half = wide / 2
    scale = (left + right) / wide
    reach = int(max(left, right) * 1.6 + height * scale) + 4
    rows, columns = photo.shape[:2]
    top, bottom = max(0, int(centre[1]) - reach), min(rows, int(centre[1]) + reach + 1)
    first, last = max(0, int(centre[0]) - reach), min(columns, int(centre[0]) + reach + 1)
    y, x = np.mgrid[top:bottom, first:last].astype(np.float32) + 0.5
    u = (x - centre[0]) * along[0] + (y - centre[1]) * along[1]
    v = -(x - centre[0]) * along[1] + (y - centre[1]) * along[0]
    there = half + u * np.where(u < 0, half / left, half / right)
    down = front.eye_row + v / scale
    soft = max(0.0, 0.42 / scale - 0.3)
    planes = np.dstack([front.colours * front.alpha[..., None], front.alpha, front.lens])
    if soft > 0.3:
        planes = ndimage.gaussian_filter(planes, (soft, soft, 0))
    seen = [
        ndimage.map_coordinates(planes[..., c], (down - 0.5, there - 0.5), order=1, mode="constant") for c in range(5)
    ]
    alpha, lens = np.clip(seen[3], 0, 1), np.clip(seen[4], 0, 1)
    colour = np.stack(seen[:3], 2) / np.maximum(alpha, 1e-3)[..., None]
    before = photo[top:bottom, first:last].astype(np.float32)
    temples = _temples(u, v, left, right, scale, front, face)
    if hair is not None:
        temples = temples * (1 - np.clip(hair[top:bottom, first:last], 0, 1))
    temples = (temples * (1 - alpha))[..., None]
    shade = ndimage.gaussian_filter(
        np.roll(np.maximum(alpha - 0.6 * lens, 0), max(1, round(2 * scale)), 0), 1 + 2 * scale
    )
    after = before * (1 - _SHADOW * (shade * (1 - alpha))[..., None])
    after = after * (1 - temples) + front.temple * temples
    held, tint = through_lens(colour)
    through = (1 - held[..., None]) * after * tint + held[..., None] * colour
    worn = colour * (1 - lens[..., None]) + through * lens[..., None]
    after = after * (1 - alpha[..., None]) + worn * alpha[..., None]
    changed = (alpha > 0.004) | (temples[..., 0] > 0.004) | (shade > 0.01)
    found = photo.copy()
    found[top:bottom, first:last] = np.where(
        changed[..., None], np.rint(after).clip(0, 255).astype(np.uint8), photo[top:bottom, first:last]
    )
    return found


def _temples(
    u: FloatArray, v: FloatArray, left: float, right: float, scale: float, front: GlassesFront, face: Face
) -> FloatArray:
    """How much of each pixel the temples cover: from the hinges to the ears, thinner the farther back."""
    at = (front.hinge[0] - front.eye_row) * scale
    thick = max(0.8, front.hinge[1] * scale)
    centre, along = eye_line(face)[:2]
    covered = np.zeros_like(u)
    for side, name, reach in ((-1, "left_ear", left), (1, "right_ear", right)):
        ear = face.points[POINTS.index(name)] - centre
        end = side * float(ear @ along)
        if end <= reach + 0.5:
            continue
        drop = float(np.clip(-ear[0] * along[1] + ear[1] * along[0], -0.3 * end, 0.3 * end)) * 0.5
        far = side * u
        share = np.clip((far - reach) / (end - reach), 0, 1)
        middle = at + share * (drop - at)
        half = thick * (1 - 0.4 * share) / 2
        inside = (
            np.clip(half + 0.5 - np.abs(v - middle), 0, 1)
            * np.clip(far - reach + 1.5, 0, 1)
            * np.clip(end - far + 0.5, 0, 1)
        )
        covered = np.maximum(covered, inside)
    return np.asarray(covered, np.float32)
