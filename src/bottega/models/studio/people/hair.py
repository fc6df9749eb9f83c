"""Hair in another colour: its light, its strands and its edge stay, and nothing else of the photo moves.

Idea     A parser's chances (handed in as arrays) say where hair surely is, where it surely is not, and where both may
         be; there each pixel is a mixture of hair and of what lies behind it, told from the sure colours round about.
         Only the hair's share of a pixel takes the new colour. Its lightness moves to the asked one by a rising curve
         that is steeper where dark hair becomes light, and never leaves what can be shown; its colour keeps its hue,
         is weaker in shade and in gloss, and still varies a little from strand to strand.
Source   Mixture: blocks/cutout.py. A curve of light and a shift of colour in a space where both are apart: Reinhard et
         al. 2001, "Color Transfer between Images", https://doi.org/10.1109/38.946629.
Differs  One colour is asked for, no second picture; the medians are brought together, not means.
Serves   One person on the photo. Several, or hair that is not sure, are refused.
Costs    benchmarks/hair.md.
Shapes   H, W height and width of the photo; K pixels of hair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy import ndimage
from skimage.color import lab2rgb, rgb2lab

from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.cutout import alpha_between
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["Hair", "find_hair", "recolour_hair"]

_LIKELY, _SURE, _MAYBE, _SKIN = 0.5, 0.8, 0.2, 0.5
"""Chances of hair at which a pixel is taken for it, surely is it, may be it; and of skin, at which it is skin."""
_LEAST, _LEAST_SURE = 0.002, 0.35
"""Share of the photo that hair covers at least, and share of it that is sure."""
_ANOTHER = 0.25
"""A second head of hair is one from this share of the first."""
_GAP = 0.02
"""Pieces nearer to each other than twice this share of the photo are of one head."""
_BAND = 0.035
"""Half the width of the soft edge, as a share of the square root of what the hair covers."""
_APART = 20.0
"""Skin and hair that are nearer to each other than this (CIE Lab) are not told apart by colour."""
_SKIN_RAMP, _VEIL = 0.3, 0.04
"""How far below `_SKIN` a chance of skin begins to count against hair; the least opacity."""
_FULL = 0.9
"""Opacity from which a pixel is all hair."""
_GAIN = (0.35, 2.0)
"""How much flatter or steeper the light of hair may become."""
_FINE_GAIN = 1.25
"""The same for what changes from pixel to pixel: noise grows with it."""
_DARKEST, _LIGHTEST = 2.0, 98.0
_OWN = 0.4
"""Of the hair's own differences of colour, what stays."""
_ROUNDS = 2
_LOOK_PX, _AIR = 512, 8
"""Longer side at which heads are told apart and colours brought together; soft edges round hair that are looked at."""


@dataclass(frozen=True, slots=True)
class Hair:
    """Opacity [H, W] of the hair in 0..1, its own colours [H, W, 3] (0 to 255), and its median CIE Lab."""

    alpha: FloatArray
    colours: FloatArray
    lab: tuple[float, float, float]


def find_hair(photo: Photo, hair: FloatArray, skin: FloatArray) -> Hair:
    """The hair of the one person on a photo [H, W, 3], by the chances of hair and of skin [H, W].

    Raises `PhotoRefused` where no hair is sure, or several people have some.
    """
    step = max(1, max(hair.shape) // _LOOK_PX)
    few = slice(None, None, step), slice(None, None, step)
    likely = (hair[few] >= _LIKELY) & (hair[few] >= skin[few])
    heads, count = cast(
        "tuple[IntArray, int]",
        ndimage.label(ndimage.binary_dilation(likely, iterations=max(1, round(_GAP * max(likely.shape))))),
    )
    areas = np.bincount(heads[likely], minlength=count + 1)
    areas[0] = 0
    first = int(areas.argmax())
    kept = likely & (heads == first)
    if kept.mean() < _LEAST or (hair[few][kept] >= _SURE).mean() < _LEAST_SURE:
        raise PhotoRefused(
            f"No hair is sure on the photo ({kept.mean():.1%} of it may be some).",
            allowed="Hair that is seen well, of one person, without a hat.",
            next_step="Take a photo from nearer, in even light.",
        )
    others = [place for place in np.flatnonzero(areas >= _ANOTHER * areas[first]) if place != first]
    if others:
        raise PhotoRefused(
            f"{len(others) + 1} people seem to be on the photo.",
            allowed="Hair is coloured on photos of one person.",
            next_step="Cut the photo to one of them.",
        )
    band = max(2, round(_BAND * float(np.sqrt(kept.sum())) * step))
    unlike = _medians(photo[few], hair[few], skin[few], kept)
    whole = np.repeat(np.repeat(kept, step, 0), step, 1)[: hair.shape[0], : hair.shape[1]]
    box = _box(whole, _AIR * band)
    part = whole[box] & (hair[box] >= _LIKELY) & (hair[box] >= skin[box])
    alpha, colours = np.zeros(hair.shape, np.float32), photo.astype(np.float32)
    alpha[box], colours[box] = _mixed(photo[box], hair[box], skin[box], part, band, unlike)
    full = alpha >= _FULL
    if not full.any():
        raise PhotoRefused(
            "The hair on the photo is too small to be told from what is round it.",
            allowed="Hair that is seen well.",
            next_step="Take a photo from nearer.",
        )
    median = np.median(_lab(colours[full]), axis=0)
    return Hair(alpha, colours, (float(median[0]), float(median[1]), float(median[2])))


def recolour_hair(photo: Photo, hair: Hair, lab: tuple[float, float, float]) -> Photo:
    """The photo [H, W, 3] with its hair of a median colour `lab`; pixels without hair are the same to the bit."""
    box = _box(hair.alpha > 0, 0)
    alpha, colours = hair.alpha[box], hair.colours[box]
    before = _lab(colours)
    full = alpha >= _FULL
    asked, aim = np.array(lab, np.float32), np.array(lab, np.float32)
    step = max(1, max(alpha.shape) // _LOOK_PX)
    if not full[::step, ::step].any():
        step = 1
    few = slice(None, None, step), slice(None, None, step)
    for _ in range(_ROUNDS):
        tried = _told(_coloured(before[few], alpha[few], full[few], aim))
        aim = aim + 0.9 * (asked - np.median(_lab(tried[full[few]]), axis=0)).astype(np.float32)
    new = _told(_coloured(before, alpha, full, aim))
    changed = photo[box].astype(np.float32) + alpha[..., None] * (new - colours)
    found = photo.copy()
    found[box] = np.where((alpha > 0)[..., None], np.rint(changed).clip(0, 255), photo[box]).astype(np.uint8)
    return found


def _mixed(
    photo: Photo, hair: FloatArray, skin: FloatArray, kept: BoolArray, band: int, unlike: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Opacity [H, W] of hair and its colours [H, W, 3]: soft where it may be hair, and within a band of its edge.

    `unlike` [2, 3]: what skin and hair look like, where they are told apart by it.
    """
    inside = ndimage.binary_erosion(kept, iterations=max(1, band // 2), border_value=1)
    if unlike is not None:
        lab = _lab(photo.astype(np.float32))
        of_skin, of_hair = (np.linalg.norm(lab - colour, axis=2) for colour in unlike)
        inside &= of_skin >= 0.6 * of_hair
    reached = ndimage.binary_dilation(kept, iterations=band)
    outside = ~(reached & (hair >= _MAYBE)) | (skin >= _SKIN)
    alpha, colours = alpha_between(photo, inside, outside, np.where(reached, hair, 0).astype(np.float32), band)
    alpha *= (hair / _LIKELY).clip(0, 1)  # what is less likely hair than not may only be a veil of it
    alpha = alpha * ((_SKIN - skin) / _SKIN_RAMP).clip(0, 1)
    alpha[(alpha < _VEIL) | outside] = 0
    sure = _smooth(photo.astype(np.float32), inside.astype(np.float32), sigma=float(band))
    trust = ((alpha - 0.5) / 0.5).clip(0, 1)[..., None]  # a thin share of a pixel says little of its colour
    return np.asarray(alpha, np.float32), np.where(inside.any(), trust * colours + (1 - trust) * sure, colours)


def _medians(photo: Photo, hair: FloatArray, skin: FloatArray, kept: BoolArray) -> FloatArray | None:
    """Median CIE Lab of what is surely skin and surely hair [2, 3]; None where that is alike, or one is missing."""
    bare, sure = skin >= _SURE, kept & (hair >= _SURE)
    if not bare.any() or not sure.any():
        return None
    found = np.stack([np.median(_lab(photo[mask].astype(np.float32)), axis=0) for mask in (bare, sure)])
    return None if np.linalg.norm(found[0] - found[1]) < _APART else np.asarray(found, np.float32)


def _box(mask: BoolArray, air: int) -> tuple[slice, slice]:
    """The rows and columns that a mask reaches, and so many more."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    spans = ((rows[0], rows[-1]), (columns[0], columns[-1]))
    top, left = (slice(max(0, int(begin) - air), int(end) + air + 1) for begin, end in spans)
    return top, left


def _coloured(before: FloatArray, alpha: FloatArray, full: BoolArray, aim: FloatArray) -> FloatArray:
    """CIE Lab [h, w, 3] of hair brought to a median `aim`."""
    median = np.median(before[full], axis=0)
    soft = _smooth(before - median, alpha, sigma=1.0)
    light, fine = soft[..., 0], before[..., 0] - median[0] - soft[..., 0]
    low, high = np.percentile(light[full], (16, 84))
    spread = max(float(high - low) / 2, 1.0)
    gain = float(np.clip((5 + 0.12 * aim[0]) / spread, *_GAIN))
    lightness = aim[0] + _bent(gain * light, float(aim[0])) + min(gain, _FINE_GAIN) * fine
    lightness = lightness.clip(_DARKEST, _LIGHTEST)
    shade = (lightness / max(float(aim[0]), 5.0)).clip(0, 1) ** 0.6
    gloss = 1 - 0.5 * ((lightness - aim[0]) / max(100 - float(aim[0]), 1.0)).clip(0, 1)
    colour = (shade * gloss)[..., None] * aim[1:] + _OWN * soft[..., 1:]
    return np.concatenate([lightness[..., None], colour], axis=2).astype(np.float32)


def _bent(light: FloatArray, at: float) -> FloatArray:
    """Differences of light, less and less of them the nearer they come to black and to white."""
    up, down = max(_LIGHTEST - at, 4.0), max(at - _DARKEST, 4.0)
    return np.asarray(np.where(light > 0, up * np.tanh(light / up), down * np.tanh(light / down)), np.float32)


def _smooth(values: FloatArray, weight: FloatArray, *, sigma: float) -> FloatArray:
    """Weighted mean [h, w, C] of the neighbourhood of each pixel."""
    sums = ndimage.gaussian_filter(values * weight[..., None], (sigma, sigma, 0))
    return np.asarray(sums / np.maximum(ndimage.gaussian_filter(weight, sigma), 1e-3)[..., None], np.float32)


def _lab(colours: FloatArray) -> FloatArray:
    return np.asarray(rgb2lab(np.asarray(colours, np.float32) / 255), np.float32)


def _told(lab: FloatArray) -> FloatArray:
    """Colours 0 to 255 of CIE Lab; what no screen shows becomes one near by."""
    possible = lab.copy()
    possible[..., 2] = np.minimum(lab[..., 2], 199 * (lab[..., 0] + 16) / 116)  # beyond, there is no light at all
    return np.asarray(lab2rgb(possible).clip(0, 1) * 255, np.float32)
