"""Where the product is on a plain background, and which colours it has.

Idea     Shop photos have a background of one colour: what can be reached from the border over pixels of that colour is
         background, the rest is product. Its colours are the means of a few clusters in CIE Lab, where distances are
         near to those that people see, and each takes the name of the nearest named colour.
Source   CIE Lab: CIE 15:2004, section 8. Clusters: Lloyd 1982, https://doi.org/10.1109/TIT.1982.1056489.
Differs  Lightness counts half as much as hue when colours are merged and named: folds and shade change it most.
         Clusters start from the fullest cells of a histogram, not at random, so that a photo always gives the same
         answer.
Serves   Any photo; on a background that is not plain the mask says "everything" and a mask of parts.py is better.
Costs    About 10 ms a photo of 224 x 224. Larger ones are measured at 512 pixels on the longer side.
Shapes   H, W height and width of a photo, P pixels, K clusters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.color import deltaE_ciede2000, lab2rgb, rgb2lab

from bottega.datasets.photos.reading import Photo, border
from bottega.models.blocks.colour_names import NAMES
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["Colour", "ciede2000", "dominant_colours", "foreground", "is_plain", "name_of", "seen_through", "to_lab"]

_MASK_PX, _COLOUR_PX = 512, 96
"""Longer side that masks and colours are measured at."""
_PLAIN_SHARE, _PLAIN_DISTANCE = 0.6, 6.0
"""Share of border pixels that must lie this near to the border's colour (Lab) for a background to be plain."""
_HOLE_SHARE, _HOLE_DISTANCE = 0.002, 1.5
"""A piece of background colour inside the product is a hole when it is larger and purer than this."""
_FRINGE_PX, _FRINGE_DISTANCE = 3, 9.0
"""Compression leaves a fringe this wide around the product, of colours this near to the background."""
_OPEN_EDGE, _OPEN_PURE = 1 / 112, 0.9
"""How wide the edge of an opening is, of the longer side, and which share of what is within it has to be pure."""
_PALE_DISTANCE, _PALE_SHARE = 20.0, 0.4
"""A share of its surroundings this near to the background: a white thing in shade rather than an opening."""
_LEAST_CORE = 20
_SPECK_SHARE = 0.0005
"""Pieces smaller than this share of the photo are dust."""
_WEIGHTS = np.array([0.5, 1.0, 1.0], np.float32)
_CLUSTERS, _ROUNDS, _MERGE_DISTANCE, _LEAST_SHARE = 8, 6, 11.0, 0.04


@dataclass(frozen=True, slots=True)
class Colour:
    """One of a product's colours."""

    lab: tuple[float, float, float]
    rgb: str
    """As in "#1f2a44"."""
    share: float
    """Of the pixels looked at, 0 to 1."""
    name: str
    """The plain English one, as in "navy"."""


def ciede2000(one: FloatArray, other: FloatArray) -> FloatArray:
    """How different Lab colours [..., 3] look; 1 is just seen.

    Source  Sharma, Wu & Dalal 2005, https://doi.org/10.1002/col.20070.
    """
    return np.asarray(deltaE_ciede2000(one, other), np.float32)  # type: ignore[no-untyped-call]


def to_lab(photo: Photo | FloatArray) -> FloatArray:
    """CIE Lab [..., 3] of sRGB values 0 to 255 [..., 3], light D65."""
    return np.asarray(rgb2lab(photo.astype(np.float32) / 255), np.float32)


def is_plain(photo: Photo) -> bool:
    """Whether most of the border has one colour, so that `foreground` can find the product."""
    return _is_plain(_border_distances(_small(photo, _MASK_PX))[1])


def foreground(photo: Photo) -> BoolArray:
    """Mask [H, W] of the product on a plain background; all true where the background is not plain."""
    small = _small(photo, _MASK_PX)
    colour, distances = _border_distances(small)
    if not _is_plain(distances):
        return np.ones(photo.shape[:2], bool)
    away: FloatArray = np.linalg.norm(to_lab(small) - colour, axis=2)
    mask = _reached_or_hole(away, _tolerance(distances))
    return _as_large(mask, photo) if mask.any() else np.ones(photo.shape[:2], bool)


def seen_through(photo: Photo) -> BoolArray:
    """Mask [H, W] of a plain background where it shows through the product, as through the handle of a bag.

    `foreground` opens only what is pure to its edge, lest white prints be lost; compression seldom leaves that so. Here
    the edge is not asked, but what lies beyond it must not be pale. None where the background is not plain.
    """
    small = _small(photo, _MASK_PX)
    colour, distances = _border_distances(small)
    found = np.zeros(small.shape[:2], bool)
    if not _is_plain(distances):
        return np.zeros(photo.shape[:2], bool)
    away: FloatArray = np.linalg.norm(to_lab(small) - colour, axis=2)
    edge = max(2, round(_OPEN_EDGE * max(found.shape)))
    near = away < _tolerance(distances)
    core = ndimage.binary_erosion(near, iterations=edge)
    labels, _ = cast("tuple[IntArray, int]", ndimage.label(near))
    sizes = np.bincount(labels.ravel())
    for piece, place in enumerate(ndimage.find_objects(labels), start=1):
        if sizes[piece] <= _HOLE_SHARE * away.size or _at_the_border(place, found.shape):
            continue
        wide = tuple(slice(max(0, side.start - 2 * edge), side.stop + 2 * edge) for side in place)
        one, apart = labels[wide] == piece, away[wide]
        within = one & core[wide]
        rim = ndimage.binary_dilation(one, iterations=edge)
        beyond = ndimage.binary_dilation(rim, iterations=edge) & ~rim
        pale = float((apart[beyond] < _PALE_DISTANCE).mean())
        if within.sum() >= _LEAST_CORE and (apart[within] < _HOLE_DISTANCE).mean() > _OPEN_PURE and pale < _PALE_SHARE:
            found[wide] |= ndimage.binary_dilation(one, iterations=edge, mask=one | (apart < _FRINGE_DISTANCE))
    return _as_large(found, photo)


def dominant_colours(photo: Photo, mask: BoolArray | None = None, *, count: int = 3) -> list[Colour]:
    """Up to `count` colours of what `mask` [H, W] covers (by default the foreground), largest share first."""
    if mask is None:
        mask = foreground(photo)
    if not mask.any():
        return []
    small = _small(photo, _COLOUR_PX)
    if small.shape != photo.shape:
        size = small.shape[1], small.shape[0]
        covered = np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX))
        mask = covered >= min(250, int(covered.max()))  # pixels on the edge are mixed with the background
    pixels_P3 = to_lab(small[mask])
    centres_K3, shares_K = _clusters(pixels_P3)
    order = np.argsort(-shares_K, kind="stable")
    kept = [k for k in order if shares_K[k] >= _LEAST_SHARE][:count]
    return [_colour(centres_K3[k], float(shares_K[k])) for k in kept]


def name_of(lab: FloatArray) -> str:
    """Name of the named colour nearest to `lab` [3]."""
    return _ANCHOR_NAMES[int(np.argmin(_distances(lab[None], _ANCHORS)[0]))]


def _tolerance(distances: FloatArray) -> float:
    """How far from its colour a plain background strays, from how far each border pixel is."""
    return float(np.clip(4 * distances[distances < _PLAIN_DISTANCE].mean() + 2.5, 3.0, 9.0))


def _as_large(mask: BoolArray, photo: Photo) -> BoolArray:
    """A mask of the photo made small, at the photo's size."""
    if mask.shape == photo.shape[:2]:
        return mask
    size = photo.shape[1], photo.shape[0]
    return np.asarray(Image.fromarray(mask).resize(size, Image.Resampling.NEAREST))


def _at_the_border(place: tuple[slice, ...], shape: tuple[int, ...]) -> bool:
    return any(side.start == 0 or side.stop == length for side, length in zip(place, shape, strict=True))


def _small(photo: Photo, px: int) -> Photo:
    """The photo with at most `px` pixels on its longer side, each the mean of an area."""
    height, width = photo.shape[:2]
    if max(height, width) <= px:
        return photo
    scale = px / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BOX))


def _border_distances(photo: Photo) -> tuple[FloatArray, FloatArray]:
    """Median colour of the border in Lab [3], and how far each border pixel is from it."""
    lab = to_lab(border(photo)[None])[0]
    colour = np.median(lab, axis=0).astype(np.float32)
    return colour, np.linalg.norm(lab - colour, axis=1).astype(np.float32)


def _is_plain(distances: FloatArray) -> bool:
    return bool((distances < _PLAIN_DISTANCE).mean() >= _PLAIN_SHARE)


def _reached_or_hole(away: FloatArray, tolerance: float) -> BoolArray:
    """Mask [H, W] of what is not background: neither reached from the border within `tolerance`, nor a hole."""
    labels, _ = cast("tuple[IntArray, int]", ndimage.label(away < tolerance))
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    sizes = np.bincount(labels.ravel())
    pure = np.bincount(labels.ravel(), away.ravel() < _HOLE_DISTANCE) / np.maximum(sizes, 1)
    empty = (sizes > _HOLE_SHARE * away.size) & (pure > 0.9)
    empty[edge] = True
    empty[0] = False
    fringe = away < _FRINGE_DISTANCE
    mask = ~ndimage.binary_dilation(empty[labels], iterations=_FRINGE_PX, mask=fringe | empty[labels])
    pieces, _ = cast("tuple[IntArray, int]", ndimage.label(mask))
    large = np.bincount(pieces.ravel()) >= _SPECK_SHARE * away.size
    large[0] = False
    return large[pieces]


def _distances(one_A3: FloatArray, other_B3: FloatArray) -> FloatArray:
    """Distances [A, B] in Lab, lightness weighted."""
    return np.asarray(np.linalg.norm((one_A3[:, None] - other_B3[None]) * _WEIGHTS, axis=2), np.float32)


def _clusters(pixels_P3: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Medians [K, 3] of the clusters of pixels, near ones merged, and the share [K] of each."""
    _, inverse, counts = np.unique(
        np.floor(pixels_P3 / (10, 10, 10)).astype(np.int32), axis=0, return_inverse=True, return_counts=True
    )
    fullest = np.argsort(-counts, kind="stable")[:_CLUSTERS]
    centres = np.stack([pixels_P3[inverse.ravel() == cell].mean(axis=0) for cell in fullest])
    for _ in range(_ROUNDS):
        nearest = _distances(pixels_P3, centres).argmin(axis=1)
        centres = np.stack([pixels_P3[nearest == k].mean(axis=0) for k in np.unique(nearest)])
    nearest = _distances(pixels_P3, centres).argmin(axis=1)
    while len(centres) > 1:
        apart = _distances(centres, centres) + np.diag(np.full(len(centres), np.inf, np.float32))
        one, other = sorted(np.unravel_index(int(apart.argmin()), apart.shape))
        if apart[one, other] > _MERGE_DISTANCE:
            break
        nearest[nearest == other] = one
        nearest[nearest > other] -= 1
        centres = np.stack([pixels_P3[nearest == k].mean(axis=0) for k in range(len(centres) - 1)])
    groups = [pixels_P3[nearest == k] for k in range(len(centres))]
    shares = np.array([len(group) / len(pixels_P3) for group in groups], np.float32)
    return np.stack([np.median(group, axis=0) for group in groups]).astype(np.float32), shares


def _colour(lab: FloatArray, share: float) -> Colour:
    red, green, blue = (lab2rgb(lab[None].astype(np.float64))[0] * 255).round().astype(int)
    values = cast("tuple[float, float, float]", tuple(round(float(value), 2) for value in lab))
    return Colour(values, f"#{red:02x}{green:02x}{blue:02x}", round(share, 4), name_of(lab))


_ANCHORS = np.array([lab for _, lab in NAMES], np.float32)
_ANCHOR_NAMES = tuple(name for name, _ in NAMES)
