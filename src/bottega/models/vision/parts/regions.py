"""Regions: where in a photo the products are, one box each.

Idea     On a plain background every separate piece of the free mask is a product. Elsewhere a parser says which pixels
         are which garment, and each garment is a product; a pair of shoes is one. Where neither finds anything, the
         whole photo is taken for the product.
Source   Detect, then search each region: Bell et al. 2020, "GrokNet", section 1; Jing et al. 2015, "Visual Search at
         Pinterest", https://arxiv.org/abs/1505.07647, section 4.1.
Serves   Any photo.
Costs    The parser's milliseconds for a street photo (benchmarks/parts.md), a few for a plain one.
Shapes   H, W height and width of the photo.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import foreground, is_plain
from bottega.names import BoolArray, LongArray

__all__ = ["GARMENTS", "WHOLE", "Region", "crop", "region_of_mask", "regions_of"]

WHOLE = "photo"
"""Name of a region that is the whole photo."""
PRODUCT = "product"
"""Name of a region on a plain background."""
GARMENTS: dict[str, float] = {
    "one_piece": 0.01,
    "outer": 0.01,
    "upper": 0.01,
    "lower": 0.01,
    "shoes": 0.002,
    "bag": 0.006,
}
"""Parts that are products, and the least share of the photo that makes one."""
_APART = {"bag"}
"""Parts whose pieces are products of their own: the part of bags takes hats and gloves, too."""
_LOOK_PX = 480
"""Longer side that regions are looked for at."""
_MARGIN = 0.08
"""Air round a region's box, as a share of its longer side."""
_GAP = 0.03
"""Pieces nearer to each other than this share of the photo are one product, as the two shoes of a pair are."""
_PIECE = 0.12
"""Pieces smaller than this share of the largest one are no product of their own."""
_MOST = 8
_WHOLE_SHARE = 0.5
"""A single product on a plain background whose box fills so much is seen as catalogue photos are: whole."""

Parse = Callable[[Photo], LabelMap]
"""A photo [H, W, 3] to codes of `PARTS` [H, W]."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a photo, in pixels of the photo: left and top are inside, right and bottom just outside."""

    name: str
    left: int
    top: int
    right: int
    bottom: int
    share: float
    """How much of the photo the product itself covers."""


def regions_of(photo: Photo, parse: Parse | None = None) -> list[Region]:
    """The products of a photo, the largest first; at least one. Without `parse`, a street photo is one region."""
    scale = min(1.0, _LOOK_PX / max(photo.shape[:2]))
    size = max(1, round(photo.shape[1] * scale)), max(1, round(photo.shape[0] * scale))
    small = np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BOX)) if scale < 1 else photo
    if is_plain(small):
        found = [(PRODUCT, piece) for piece in _pieces(foreground(small))]
    else:
        found = _garments(parse(small)) if parse is not None else []
    whole = Region(WHOLE, 0, 0, photo.shape[1], photo.shape[0], 1.0)
    regions = [region_of_mask(name, mask, photo) for name, mask in found]
    regions.sort(key=lambda region: -region.share)
    alone = len(regions) == 1 and regions[0].name == PRODUCT and _filled(regions[0], whole) >= _WHOLE_SHARE
    return regions[:_MOST] if regions and not alone else [whole]


def crop(photo: Photo, region: Region) -> Photo:
    """What a region shows [h, w, 3]."""
    return photo[region.top : region.bottom, region.left : region.right]


def _pieces(mask: BoolArray) -> list[BoolArray]:
    """Separate pieces of a mask [H, W], those that nearly touch taken together; none where all or nothing is masked."""
    if mask.all() or not mask.any():
        return []
    reach = max(1, round(_GAP * max(mask.shape) / 2))
    near = ndimage.binary_dilation(mask, iterations=reach)
    labels, count = ndimage.label(near)
    labels = np.where(mask, labels, 0)
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    return [labels == place + 1 for place in np.flatnonzero(areas >= _PIECE * areas.max())]


def _garments(labels: LabelMap) -> list[tuple[str, BoolArray]]:
    found: list[tuple[str, BoolArray]] = []
    for name, least in GARMENTS.items():
        mask = labels == PARTS.index(name)
        if mask.mean() < least:
            continue
        pieces, count = ndimage.label(mask)
        areas = np.bincount(pieces.ravel(), minlength=count + 1)
        areas[0] = 0
        kept = np.flatnonzero(areas >= _PIECE * areas.max())
        masks = [pieces == piece for piece in kept] if name in _APART else [np.isin(pieces, kept)]
        found += [(name, mask) for mask in masks if mask.mean() >= least]
    return found


def region_of_mask(name: str, mask: BoolArray, photo: Photo) -> Region:
    """The box of a mask with air round it, in the photo's own pixels."""
    height, width = photo.shape[:2]
    (top, bottom), (left, right) = (_span(np.flatnonzero(mask.any(axis=axis))) for axis in (1, 0))
    down, across = height / mask.shape[0], width / mask.shape[1]
    air = _MARGIN * max((bottom - top) * down, (right - left) * across)
    return Region(
        name,
        left=max(0, int(left * across - air)),
        top=max(0, int(top * down - air)),
        right=min(width, int(np.ceil(right * across + air))),
        bottom=min(height, int(np.ceil(bottom * down + air))),
        share=round(float(mask.mean()), 4),
    )


def _span(places: LongArray) -> tuple[int, int]:
    return int(places[0]), int(places[-1]) + 1


def _filled(region: Region, whole: Region) -> float:
    return (region.right - region.left) * (region.bottom - region.top) / (whole.right * whole.bottom)
