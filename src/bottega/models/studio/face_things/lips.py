"""Lipstick: the lips of a face in another colour, with their own light and shade.

Idea     The outline of the lips and that of the open mouth say where colour goes, with a soft edge. Lightness is moved
         as a whole and keeps its differences, so that folds and gloss stay; the colour is the asked one, weaker in
         gloss.
Differs  No layer of flat paint: skin that is not lips keeps its pixels to the bit.
Shapes   H, W of the photo.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from skimage.color import lab2rgb, rgb2lab

from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.studio.face_things.points import INNER_LIPS, OUTER_LIPS, Face
from bottega.names import FloatArray

__all__ = ["colour_lips", "lips_of"]

_FINE = 4
"""Points of a pixel's side at which the outline is drawn."""
_LEAST_PX = 6.0
"""Width of a mouth, in pixels, that can be coloured."""
_OPEN = 0.06
"""Height of an open mouth, in widths of the lips."""
_LIGHT = 0.75
"""How far the lightness of the lips goes to that of the colour."""


def lips_of(shape: tuple[int, int], face: Face) -> FloatArray:
    """How much of each pixel [H, W] is lips, 0 to 1. Raises `PhotoRefused` where the mouth is too small."""
    outer, inner = face.points[OUTER_LIPS], face.points[INNER_LIPS]
    wide = float(np.hypot(*(outer[6] - outer[0])))
    if wide < _LEAST_PX:
        raise PhotoRefused(
            f"The mouth on the photo is {wide:.0f} pixels wide.",
            allowed=f"Lips of {_LEAST_PX:.0f} pixels and more.",
            next_step="Take a photo from nearer, or send it in full size.",
        )
    air = 3 + round(0.2 * wide)
    left, top = np.maximum(np.floor(outer.min(0)).astype(int) - air, 0)
    right, bottom = np.minimum(np.ceil(outer.max(0)).astype(int) + air, (shape[1], shape[0]))
    mask = np.zeros(shape, np.float32)
    if right <= left or bottom <= top:
        return mask
    picture = Image.new("L", ((right - left) * _FINE, (bottom - top) * _FINE))
    draw = ImageDraw.Draw(picture)
    draw.polygon([tuple(point) for point in ((outer - (left, top)) * _FINE).tolist()], fill=255)
    if inner[:, 1].max() - inner[:, 1].min() > _OPEN * wide:
        draw.polygon([tuple(point) for point in ((inner - (left, top)) * _FINE).tolist()], fill=0)
    fine = np.asarray(picture.resize((right - left, bottom - top), Image.Resampling.BOX), np.float32) / 255
    mask[top:bottom, left:right] = ndimage.gaussian_filter(fine, max(0.4, 0.018 * wide))
    mask[mask < 0.01] = 0
    return mask


def colour_lips(photo: Photo, face: Face, lab: tuple[float, float, float], *, strength: float = 0.75) -> Photo:
    """The photo [H, W, 3] with lips of a colour (CIE Lab), so strong from 0 (none) to 1 (paint)."""
    mask = lips_of(photo.shape[:2], face)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return photo.copy()
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    share = mask[box]
    before = np.asarray(rgb2lab(photo[box]), np.float32)
    sure = share >= min(0.8, float(share.max()))
    usual = float(np.median(before[..., 0][sure]))
    light = before[..., 0] + _LIGHT * (lab[0] - usual)
    gloss = np.clip((before[..., 0] - usual) / 40, 0, 1)[..., None]
    colour = np.asarray(lab[1:], np.float32) * (1 - 0.5 * gloss) + 0.25 * (
        before[..., 1:] - np.median(before[..., 1:][sure], axis=0)
    )
    new = np.concatenate([np.clip(light, 1, 99)[..., None], colour], 2)
    weight = (share * strength)[..., None]
    mixed = lab2rgb(before * (1 - weight) + new * weight)
    found = photo.copy()
    found[box] = np.where(share[..., None] > 0, np.rint(mixed.clip(0, 1) * 255), photo[box]).astype(np.uint8)
    return found
