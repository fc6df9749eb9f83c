"""Cut-outs: which pixels of a photo are the piece that is meant, and whether somebody wears it.

Idea     On a plain background without anybody all that is not background is the piece. On any other ground
         colours say, from where the parser's labels have it. On somebody the labels say; what they call by several
         names though it is one cloth, as their colour shows, is taken together.
Shapes   H, W height and width of a photo; labels are codes of `PARTS`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from bottega.datasets.photos.heads import hide_labelled_head, skin
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.errors import RequestInvalid
from bottega.models.blocks.colours import foreground, is_plain, seen_through, to_lab
from bottega.models.studio.garments.by_colour import told_by_colour
from bottega.models.studio.garments.cloth import CUTS
from bottega.names import BoolArray, FloatArray

__all__ = ["CutOut", "cut_out", "is_long_sleeved"]

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
_SOMEBODY, _EACH = 0.075, 0.02
"""Share of skin and hair of what is not background, together or of each, that makes somebody."""
_SAME = 13.0
"""Cloth nearer than this in colour (Lab, lightness counted half) is the same cloth."""
_LEAST = 0.012
"""Share of the photo that a piece takes at least."""
_LEAST_SMALL = 0.002
_PIECE = 0.06
_HEAD = [PARTS.index(part) for part in ("skin", "hair", "bag")]
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


def cut_out(photo: Photo, labels: LabelMap, cut: str) -> CutOut:
    """The piece of a cut in a photo [H, W, 3] whose pixels a parser labelled [H, W]. Raises `RequestInvalid`."""
    plain = is_plain(photo)
    outline = foreground(photo) & ~seen_through(photo) if plain else np.ones(photo.shape[:2], np.bool_)
    if plain and (outline.all() or not outline.any()):
        raise _unseen("The piece cannot be told from its background.", cut)
    if not _somebody(labels, outline, sure=cut in _THINGS):
        if not plain:
            outline = labels != 0 if cut in _THINGS else told_by_colour(photo, labels != 0)
        if outline.mean() < (_LEAST_SMALL if cut in _THINGS else _LEAST):
            raise _unseen(f"The piece covers {outline.mean():.1%} of the photo.", cut)
        return CutOut(np.asarray(outline, np.bool_), False)
    return CutOut(_worn(photo, labels, outline, cut), True)


def _somebody(labels: LabelMap, outline: BoolArray, *, sure: bool = False) -> bool:
    bare, hair = (float((labels[outline] == PARTS.index(part)).mean()) for part in ("skin", "hair"))
    if sure:  # brown leather is no skin: somebody has hair as well
        return bare > _EACH and hair > _EACH and bare + hair > _SOMEBODY
    return bare + hair > _SOMEBODY or (bare > _EACH and hair > _EACH)


def _worn(photo: Photo, labels: LabelMap, outline: BoolArray, cut: str) -> BoolArray:
    hidden = hide_labelled_head(photo, labels)
    if hidden is not None and cut in _SLEEVED:  # a face that the parser takes for cloth
        face = (hidden != photo).any(2) & (skin(photo[None])[0] | np.isin(labels, _HEAD))
        outline = outline & ~face
    first, more = _CALLED[cut]
    named = {part: (labels == PARTS.index(part)) & outline for part in (*first, *more)}
    main = max(first, key=lambda part: int(named[part].sum()))
    if more and named[main].sum() < 0.4 * max(int(named[part].sum()) for part in more):
        main = max(more, key=lambda part: int(named[part].sum()))
    mask = named[main]
    if mask.any():
        lab = to_lab(photo) * np.array([0.5, 1, 1], np.float32)
        colour = np.median(lab[mask], axis=0)
        for part, where in named.items():
            if part != main and where.any() and float(np.linalg.norm(np.median(lab[where], axis=0) - colour)) < _SAME:
                mask = mask | where
        if cut in _SLEEVED:
            mask = _above_legs(mask, (labels == PARTS.index("lower")) & outline)
        if cut in ("skirt", "trousers") and main == "one_piece":
            mask = _lower_half(np.asarray(lab, np.float32), mask)
    if mask.mean() < (_LEAST_SMALL if cut in _THINGS else _LEAST):
        seen = [part for part in PARTS[3:] if (labels == PARTS.index(part)).mean() > _LEAST]
        raise _unseen(
            f"Somebody is on the photo, and no {cut} is found; it shows {', '.join(seen) or 'no garment'}.", cut
        )
    reach = max(1, round(0.006 * max(mask.shape)))
    closed = ndimage.binary_closing(np.pad(mask, reach), iterations=reach)[reach:-reach, reach:-reach]
    mask = (closed | mask) & outline & ~np.isin(labels, [PARTS.index("skin"), PARTS.index("hair")])
    mask = ndimage.binary_opening(mask, iterations=1)
    pieces, _ = ndimage.label(mask)
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    return np.asarray(np.isin(pieces, np.flatnonzero(areas >= _PIECE * max(areas.max(), 1))) & (pieces > 0), np.bool_)


def _above_legs(mask: BoolArray, legs: BoolArray) -> BoolArray:
    """An upper without what lies among the legs of whoever wears it."""
    if legs.mean() < _LEAST:
        return mask
    rows, columns = np.nonzero(legs)
    top, (left, right) = np.quantile(rows, 0.12), np.quantile(columns, (0.04, 0.96))
    out = mask.copy()
    out[round(top) :, round(left) : round(right) + 1] = False
    return out


def _lower_half(lab: FloatArray, mask: BoolArray) -> BoolArray:
    """Of what was taken for one piece, the part under the row where its colour changes most."""
    rows = np.flatnonzero(mask.any(1))
    means = np.stack([lab[row][mask[row]].mean(0) for row in rows])
    best, at = 0.0, 0
    for place in range(len(rows) // 8, len(rows) * 7 // 8):
        change = float(np.linalg.norm(means[:place].mean(0) - means[place:].mean(0)))
        if change > best:
            best, at = change, place
    out = mask.copy()
    out[: rows[at] if best > _SAME else rows[len(rows) * 2 // 5]] = False
    return out


def is_long_sleeved(mask: BoolArray, labels: LabelMap, cut: str) -> bool:
    """Whether a piece [H, W] of a cut covers the arms of who wears it: hardly any skin is beside it."""
    if cut not in _SLEEVED or not _somebody(labels, labels != 0):
        return False
    rows = np.flatnonzero(mask.any(1))
    begin, end = rows[0] + int(_NECK * (rows[-1] - rows[0])), rows[-1] + 1
    return bool((labels[begin:end] == PARTS.index("skin")).sum() < _HANDS * mask.sum())


def _unseen(seen: str, cut: str) -> RequestInvalid:
    return RequestInvalid(
        seen,
        allowed=f"A photo that shows the {cut} whole, before a plain background or on one person.",
        next_step="Send a photo of the piece alone before one colour.",
    )
