"""Which pixels of a photo are the product, surely: all that is no background, or one garment of somebody.

Idea     Who asks gives the product another colour, a print or another side, and may not paint on skin: what could be
         skin is left off, and where too much could be, the photo is refused. Nobody has said what the product is, so
         the name of what is seen is answered, too.
Differs  Two others ask what of a photo is the piece, and neither answer serves here, nor this one there. `cut_out`
         (models/studio/garments/cut_outs.py) knows the cut, makes cloth of the piece, and so takes more: gaps, prints
         and other names of the same cloth, as far as their colour goes with it; of a mug or a lamp it knows nothing.
         `product_mask` (models/vision/parts/product_mask.py) keeps whoever wears the piece, and refuses nothing.
Shapes   H, W height and width of the photo; labels are codes of `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.heads import skin
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import foreground, is_plain, to_lab
from bottega.models.studio.recolour.main_colour import chroma_gap
from bottega.models.vision.parts.regions import GARMENTS, PRODUCT
from bottega.names import BoolArray, FloatArray

__all__ = ["product_seen"]

_SOMEBODY = 0.003
"""Share of skin and hair of a photo with somebody on it."""
_SKIN = PARTS.index("skin")
_BODY = [_SKIN, PARTS.index("hair")]
_LEAST = 0.002
"""Share of a photo that a product takes."""
_PIECE = 0.05
"""Pieces of a garment smaller than this share of its largest one are slips of the parser."""


_SKIN_SHARE = 0.15
"""Of a worn garment, what may have the colour of the wearer's skin, or of anybody's where theirs is not seen."""
_SKIN_PX = 40
"""Pixels of skin from which its colour is known."""
_SKIN_CHROMA, _SKIN_LIGHT = 14.0, 35.0
"""How near to it, in chroma under as much light and in lightness, a pixel is taken for skin.

It has to hang together with skin or hair that the parser sees."""
_SKIN_EDGE_PX = 10
"""So far round skin that the parser sees, a pixel is whose colour it is nearer to: skin's or the garment's."""
_LIGHT_WEIGHT = 0.5
_LEFT = 0.65
"""Of a garment, what is left without skin at least: of less, the new colour would lie in patches."""


def product_seen(photo: Photo, parse: Callable[[Photo], LabelMap], part: str | None = None) -> tuple[str, BoolArray]:
    """Name of what is seen, `product` or a part's, and where it is [H, W].

    `part`: the garment that is meant where several are worn; the largest where None. Raises `PhotoRefused` where no
    product is told from the background, or this garment is not there.
    """
    plain = is_plain(photo)
    labels = _labels(photo, parse)
    somebody = np.isin(labels, _BODY).mean() >= _SOMEBODY
    if plain and not somebody:
        mask = foreground(photo)
        if mask.all() or mask.mean() < _LEAST:
            raise _nothing("No product can be told from its background.")
        return PRODUCT, mask
    outline = foreground(photo) if plain else np.ones(photo.shape[:2], bool)
    garments = {name: (labels == PARTS.index(name)) & outline for name in GARMENTS}
    found = {name: mask for name, mask in garments.items() if mask.mean() >= GARMENTS[name]}
    if not found or (part is not None and part not in found):
        seen = ", ".join(sorted(found)) or "no garment"
        raise _nothing(f"It shows {seen}{f', and none of the part {part}' if part else ''}.")
    name = part or max(found, key=lambda one: found[one].sum())
    whole = _whole(found[name]) & outline & ~np.isin(labels, _BODY)
    return name, _without_skin(photo, whole, labels)


def _without_skin(photo: Photo, mask: BoolArray, labels: LabelMap) -> BoolArray:
    """A garment's mask without what has the colour of the wearer's skin, whatever the parser says of it.

    A red shirt has the colour of somebody's skin, as lists have it, and not of the wearer's: their own tone tells where
    the parser sees enough of it. Raises `PhotoRefused` where too much of the garment could be skin.
    """
    sure = ndimage.binary_erosion(labels == _SKIN, iterations=2)
    if sure.sum() < _SKIN_PX:  # a face that the parser takes for cloth: any colour of skin counts
        if (skin(photo[None])[0] & mask).sum() > _SKIN_SHARE * mask.sum():
            raise _like_skin()
        return mask
    lab = to_lab(photo)
    tone = np.median(lab[sure], axis=0).astype(np.float32)
    like = (chroma_gap(lab, tone) < _SKIN_CHROMA) & (np.abs(lab[..., 0] - tone[0]) < _SKIN_LIGHT)
    body = np.isin(labels, _BODY)
    pieces, _ = ndimage.label(ndimage.binary_dilation(like | body))
    bare = np.isin(pieces, np.unique(pieces[body])) & (pieces > 0)
    cloth = mask & ~bare
    if cloth.any():
        colour = np.median(lab[cloth], axis=0).astype(np.float32)
        around = ndimage.binary_dilation(labels == _SKIN, iterations=_SKIN_EDGE_PX)
        bare |= around & (_apart(lab, tone) < _apart(lab, colour))
    kept = mask & ~bare
    if kept.sum() < _LEFT * mask.sum() or (like & kept).sum() > _SKIN_SHARE * kept.sum():
        raise _like_skin()
    return _pieces(kept)


def _apart(lab: FloatArray, colour: FloatArray) -> FloatArray:
    """How far pixels are from a colour [3] in other light."""
    return np.asarray(np.hypot(chroma_gap(lab, colour), _LIGHT_WEIGHT * (lab[..., 0] - colour[0])), np.float32)


def _like_skin() -> PhotoRefused:
    return _nothing("The garment cannot be told from skin: their colours are too near each other.")


def _labels(photo: Photo, parse: Callable[[Photo], LabelMap]) -> LabelMap:
    labels = np.asarray(parse(photo), np.uint8)
    if labels.shape == photo.shape[:2]:
        return labels
    size = photo.shape[1], photo.shape[0]
    return np.asarray(Image.fromarray(labels).resize(size, Image.Resampling.NEAREST))


def _whole(mask: BoolArray) -> BoolArray:
    """Without specks, and with the holes filled that a parser leaves."""
    reach = max(1, round(0.006 * max(mask.shape)))
    closed = ndimage.binary_closing(np.pad(mask, reach), iterations=reach)[reach:-reach, reach:-reach] | mask
    return _pieces(ndimage.binary_fill_holes(closed))


def _pieces(mask: BoolArray) -> BoolArray:
    """A mask's larger pieces."""
    pieces, _ = ndimage.label(mask)
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    return np.asarray(np.isin(pieces, np.flatnonzero(areas >= _PIECE * areas.max())) & (pieces > 0), bool)


def _nothing(seen: str) -> PhotoRefused:
    return PhotoRefused(
        seen,
        allowed="A photo shows a product before a plain background, or a garment on somebody.",
        next_step="Send a photo that shows the whole product before one colour, or name another part.",
    )
