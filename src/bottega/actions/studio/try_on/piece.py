"""What of a product's photo is the piece: all that is no background, or on somebody what a parser calls so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import foreground, is_plain
from bottega.names import BoolArray

__all__ = ["piece_mask"]

_PARTS_OF = {
    "top": ("upper", "outer", "one_piece"), "shirt": ("upper", "outer", "one_piece"), "jacket": ("outer", "upper"),
    "trousers": ("lower",), "skirt": ("lower", "one_piece"), "dress": ("one_piece", "upper", "outer", "lower"),
    "shoes": ("shoes",),
}  # fmt: skip
"""Cut -> the parser's parts that it is seen as: which of tops it is, makes no outline."""
_SOMEBODY = 0.03
"""Share of what is no background that is skin and hair where somebody wears it."""
_FEET = 0.15
"""The same for shoes: brown leather has the colour of skin."""
_LEAST, _WHOLE, _PIECE = 0.02, 0.82, 0.06
"""Of the photo that the piece takes, of it that lies in its largest piece, of it that a piece is that counts."""
_BELOW, _BESIDE, _OVER = 0.8, 0.25, 0.1
"""How much is added to a photo that shows half of somebody, in heights and widths of it."""


def piece_mask(photo: Photo, cut: str, parse: Callable[[Photo], LabelMap]) -> BoolArray:
    """Where a piece of a cut is on a product's photo [H, W].

    Raises `PhotoRefused` where it is not told from its background, or seen in scraps alone.
    """
    plain = is_plain(photo)
    outline = foreground(photo) if plain else np.ones(photo.shape[:2], bool)
    labels = _labels(photo, outline, parse) if plain else parse(photo)
    if not plain or outline.all():
        outline = labels != PARTS.index("background")
    own = np.isin(labels, [PARTS.index(name) for name in _PARTS_OF[cut]]) & outline
    body = np.isin(labels, [PARTS.index("skin"), PARTS.index("hair")]) & outline
    worn = body.sum() > (_FEET if cut == "shoes" else _SOMEBODY) * outline.sum()
    if not worn and plain:
        mask = outline
    else:
        reach = max(1, round(0.01 * max(own.shape)))
        closed = ndimage.binary_closing(np.pad(own, reach), iterations=reach)[reach:-reach, reach:-reach]
        things = labels == PARTS.index("bag")  # prints look like things to a parser
        mask = own | ((closed | ndimage.binary_fill_holes(own)) & outline & ~body) | (_between(own) & things & outline)
    pieces, _ = ndimage.label(mask)
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    if not areas.any() or areas.sum() < _LEAST * mask.size:
        raise _refused(f"The product's photo shows too little of it ({areas.sum() / mask.size:.1%} of the photo).")
    if cut != "shoes" and areas.max() < _WHOLE * areas.sum():
        raise _refused("The product's photo shows it in scraps: hair, arms or a bag lie across it.")
    return np.asarray(np.isin(pieces, np.flatnonzero(areas >= _PIECE * areas.max())) & (pieces > 0), bool)


def _labels(photo: Photo, outline: BoolArray, parse: Callable[[Photo], LabelMap]) -> LabelMap:
    """Labels [H, W]; who is cut off below is shown to the parser as if they went on: it knows whole people."""
    if not outline[-1].any():
        return parse(photo)
    height, width = photo.shape[:2]
    over, below, beside = round(_OVER * height), round(_BELOW * height), round(_BESIDE * width)
    whole = np.pad(photo, ((over, below), (beside, beside), (0, 0)), mode="edge")
    return parse(whole)[over : over + height, beside : beside + width]


def _between(mask: BoolArray) -> BoolArray:
    """Where a mask is on both sides."""
    left = np.maximum.accumulate(mask, 1)
    right = np.flip(np.maximum.accumulate(np.flip(mask, 1), 1), 1)
    return np.asarray(left & right, bool)


def _refused(seen: str) -> PhotoRefused:
    return PhotoRefused(
        seen,
        allowed="A piece is tried on from a photo where it lies before a plain ground, or is worn and seen whole.",
        next_step="Try another product on, or give this one such a photo first.",
    )
