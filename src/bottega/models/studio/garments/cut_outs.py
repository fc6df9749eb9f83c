"""Cut-outs: which pixels of a photo are the piece that is meant, and whether somebody wears it.

Idea     On a plain background without anybody all that is not background is the piece. On any other ground colours say,
         from where the parser's labels have it. On somebody the labels say; what they call by several names though it
         is one cloth, as their colour shows, is taken together, and so are gaps in it and prints, which look like
         things to a parser. It knows whole people: who is cut off below is shown to it as if they went on.
Shapes   H, W height and width of a photo; labels are codes of `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.heads import hide_labelled_head, skin
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import foreground, is_plain, seen_through, to_lab
from bottega.models.studio.garments.by_colour import told_by_colour
from bottega.models.studio.garments.cloth import CUTS
from bottega.names import BoolArray, FloatArray

__all__ = ["CutOut", "cut_out", "is_long_sleeved", "labels_of"]

Parse = Callable[[Photo], LabelMap]

_CALLED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "top": (("upper", "one_piece"), ("outer", "bag")),
    "shirt": (("upper", "one_piece"), ("outer", "bag")),
    "jacket": (("outer",), ("upper", "one_piece", "bag")),
    "dress": (("one_piece",), ("upper", "lower", "outer")),
    "skirt": (("lower",), ("one_piece",)),
    "trousers": (("lower",), ("one_piece",)),
    "shoes": (("shoes",), ()),
    "bag": (("bag",), ()),
    "hat": (("bag",), ()),
    "scarf": (("bag", "upper", "outer"), ()),
    "belt": (("bag",), ()),
    "glasses": (("bag",), ()),
}
"""Of each cut, what the parser calls it, and what else where its colour is the same."""
_SOMEBODY, _EACH, _FEET = 0.075, 0.02, 0.15
"""Share of skin and hair of what is not background that makes somebody, together or of each; of skin beside shoes."""
_OTHERS, _BARE, _TONE = 0.1, 0.01, 0.4
"""With such a share of the piece and of other garments so little skin does, if so much of it has a colour of skin."""
_SAME = 13.0
"""Cloth nearer than this in colour (Lab, lightness counted half) is the same cloth."""
_LEAST, _LEAST_SMALL = 0.012, 0.002
"""Share of the photo that a piece takes at least, and a thing."""
_PIECE, _WHOLE = 0.06, 0.82
"""Of the largest part of a piece, what another has at least; of all of it, what the largest has where it is whole."""
_LOST = 0.2
"""Of what the parser sees, where a background's colour takes more away, cloth has that colour."""
_FACE = 0.3
"""Of the hair of a head, that is skin where the parser sees the face."""
_REACH = 0.01
"""So wide a gap, of the longer side, is closed."""
_LOOK_PX = 640
"""Longer side at which the parser looks."""
_BELOW, _BESIDE, _OVER = 0.8, 0.25, 0.1
"""How much is added to a photo that shows half of somebody, in heights and widths of it."""
_BODY = [PARTS.index(part) for part in ("skin", "hair")]
_THING = PARTS.index("bag")
_THINGS = CUTS[6:]
"""Cuts that are no cloth of trunk or legs."""
_SLEEVED = ("top", "shirt", "jacket")
_NECK, _HANDS = 0.3, 0.05
"""Under this share of its height a piece has no neck beside it; hands are no more of it than this."""


@dataclass(frozen=True, slots=True, eq=False)
class CutOut:
    """A piece in its photo."""

    mask: BoolArray
    """[H, W]"""
    worn: bool
    """Whether somebody wears it."""
    labels: LabelMap
    """[H, W], what the parser sees."""


def cut_out(photo: Photo, cut: str, parse: Parse, *, whole: bool = False) -> CutOut:
    """The piece of a cut in a photo [H, W, 3]; `parse` labels the pixels of a photo [h, w].

    Raises `PhotoRefused` where it is not told from its background or is not there; with `whole`, also where hair, arms
    or a bag cut it into scraps.
    """
    plain = is_plain(photo)
    outline = foreground(photo) & ~seen_through(photo) if plain else np.ones(photo.shape[:2], np.bool_)
    told = plain and bool(outline.any()) and not outline.all()
    labels = _whole_labels(photo, outline, parse) if told else labels_of(photo, parse)
    if not told:
        outline = np.asarray(labels != 0, np.bool_)
        if not outline.any():
            raise _unseen("The piece cannot be told from its background.", cut)
    worn = _somebody(photo, labels, outline, cut)
    if not worn and not plain and cut not in _THINGS:
        outline = told_by_colour(photo, outline)
    mask = _worn(photo, labels, outline, cut) if worn else outline
    if mask.mean() < (_LEAST_SMALL if cut in _THINGS else _LEAST):
        seen = ", ".join(part for part in PARTS[3:] if (labels == PARTS.index(part)).mean() > _LEAST)
        raise _unseen(
            f"Somebody is on the photo, and no {cut} is found; it shows {seen or 'no garment'}."
            if worn
            else f"The piece covers {mask.mean():.1%} of the photo.",
            cut,
        )
    pieces, _ = ndimage.label(mask)
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    if whole and cut != "shoes" and areas.max() < _WHOLE * areas.sum():
        raise _unseen("The photo shows the piece in scraps: hair, arms or a bag lie across it.", cut)
    kept = np.isin(pieces, np.flatnonzero(areas >= _PIECE * areas.max())) & (pieces > 0)
    return CutOut(np.asarray(kept if worn or whole else mask, np.bool_), worn, labels)


def labels_of(photo: Photo, parse: Parse) -> LabelMap:
    """What each pixel of a photo of any size is [H, W]; the parser looks at it no larger than it needs."""
    size = photo.shape[1], photo.shape[0]
    scale = min(1.0, _LOOK_PX / max(size))
    small = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
    seen = photo if small == size else np.array(Image.fromarray(photo).resize(small, Image.Resampling.BOX))
    labels = np.asarray(parse(seen), np.uint8)
    if labels.shape == photo.shape[:2]:
        return labels
    return np.asarray(Image.fromarray(labels).resize(size, Image.Resampling.NEAREST))


def _whole_labels(photo: Photo, outline: BoolArray, parse: Parse) -> LabelMap:
    if not outline[-1].any():
        return labels_of(photo, parse)
    height, width = photo.shape[:2]
    over, below, beside = round(_OVER * height), round(_BELOW * height), round(_BESIDE * width)
    longer = np.pad(photo, ((over, below), (beside, beside), (0, 0)), mode="edge")
    return labels_of(longer, parse)[over : over + height, beside : beside + width]


def _somebody(photo: Photo, labels: LabelMap, outline: BoolArray, cut: str) -> bool:
    bare, hair = (float((labels[outline] == part).mean()) for part in _BODY)
    each = bare > _EACH and hair > _EACH
    if cut in _THINGS:  # brown leather has the colour of skin: somebody has hair as well, or legs
        return (each and bare + hair > _SOMEBODY) or (cut == "shoes" and bare + hair > _FEET)
    if each or bare + hair > _SOMEBODY:
        return True
    own = [PARTS.index(part) for part in (*_CALLED[cut][0], *_CALLED[cut][1]) if part != "bag"]
    others = [code for code in range(PARTS.index("upper"), _THING) if code not in own]
    seen = labels[outline]
    if bare < _BARE or min(float(np.isin(seen, codes).mean()) for codes in (own, others)) < _OTHERS:
        return False
    return float(skin(photo[None])[0][outline & (labels == _BODY[0])].mean()) > _TONE


def _worn(photo: Photo, labels: LabelMap, outline: BoolArray, cut: str) -> BoolArray:
    body = np.isin(labels, _BODY)
    if (~outline & (labels != 0)).sum() > _LOST * (labels != 0).sum():  # white cloth before white
        outline = outline | (labels != 0)
    if cut in _SLEEVED and (hidden := hide_labelled_head(photo, labels)) is not None:
        head = (hidden != photo).any(2)
        if (head & (labels == _BODY[0])).sum() < _FACE * (labels == _BODY[1]).sum():  # the parser takes it for cloth
            outline = outline & ~(head & (skin(photo[None])[0] | body | (labels == _THING)))
    mask = _called(photo, labels, outline, cut)
    reach = max(1, round(_REACH * max(mask.shape)))
    closed = ndimage.binary_closing(np.pad(mask, reach), iterations=reach)[reach:-reach, reach:-reach]
    things = _between(mask) & (labels == _THING) if cut not in _THINGS else np.zeros_like(mask)
    mask = (mask | closed | ndimage.binary_fill_holes(mask) | things) & outline & ~body
    return np.asarray(ndimage.binary_opening(mask, iterations=1), np.bool_)


def _called(photo: Photo, labels: LabelMap, outline: BoolArray, cut: str) -> BoolArray:
    """What has a name of the cut, or another and the same colour."""
    first, more = _CALLED[cut]
    named = {part: (labels == PARTS.index(part)) & outline for part in (*first, *more)}
    main = max(first, key=lambda part: int(named[part].sum()))
    rival = max((part for part in more if part != "bag"), key=lambda part: int(named[part].sum()), default=main)
    if named[main].sum() < 0.4 * named[rival].sum():
        main = rival
    mask: BoolArray = named[main]
    if cut == "dress" and main in ("upper", "lower"):  # of two colours: neither half is all of it
        mask = mask | named["upper"] | named["lower"] | named["one_piece"]
    if not mask.any():
        return mask
    lab = to_lab(photo) * np.array([0.5, 1, 1], np.float32)
    colour = np.median(lab[mask], axis=0)
    for part, where in named.items():
        if part != main and where.any() and float(np.linalg.norm(np.median(lab[where], axis=0) - colour)) < _SAME:
            mask = mask | where
    if cut in ("skirt", "trousers") and main == "one_piece":
        above = np.isin(labels, [PARTS.index(part) for part in ("upper", "outer")]) & outline
        return _lower_half(np.asarray(lab, np.float32), mask, above)
    return mask


def _between(mask: BoolArray) -> BoolArray:
    """Where a mask is on both sides."""
    left = np.maximum.accumulate(mask, 1)
    right = np.flip(np.maximum.accumulate(np.flip(mask, 1), 1), 1)
    return np.asarray(left & right, np.bool_)


def _lower_half(lab: FloatArray, mask: BoolArray, above: BoolArray) -> BoolArray:
    """Of what was taken for one piece, the part under the row where its colour changes most.

    Where an upper is seen above it, all of it but a seam that was taken with it.
    """
    rows = np.flatnonzero(mask.any(1))
    upper = above.mean() > _LEAST and float(np.median(np.nonzero(above)[0])) < np.quantile(np.nonzero(mask)[0], 0.1)
    means = np.stack([lab[row][mask[row]].mean(0) for row in rows])
    best, at = 0.0, 0
    for place in range(len(rows) // 16, len(rows) // 3) if upper else range(len(rows) // 8, len(rows) * 7 // 8):
        change = float(np.linalg.norm(means[:place].mean(0) - means[place:].mean(0))) if place else 0.0
        if change > best:
            best, at = change, place
    out = mask.copy()
    if best > _SAME or not upper:
        out[: rows[at] if best > _SAME else rows[len(rows) * 2 // 5]] = False
    return out


def is_long_sleeved(mask: BoolArray, labels: LabelMap, cut: str) -> bool:
    """Whether a piece [H, W] of a cut covers the arms of who wears it: hardly any skin is beside it."""
    if cut not in _SLEEVED:
        return False
    rows = np.flatnonzero(mask.any(1))
    begin, end = rows[0] + int(_NECK * (rows[-1] - rows[0])), rows[-1] + 1
    return bool((labels[begin:end] == PARTS.index("skin")).sum() < _HANDS * mask.sum())


def _unseen(seen: str, cut: str) -> PhotoRefused:
    return PhotoRefused(
        seen,
        allowed=f"A photo that shows the {cut} whole, before a plain background or on one person.",
        next_step="Take another product, or a photo of the piece alone before one colour.",
    )
