"""Shop photos as lessons for the parser: their outline is free, and their type or the parser itself says the part.

Idea     On a plain background the free mask (colours.py) says where something is. Shoes, bags and accessories are shown
         alone, so their type says what all of it is. Of clothes nobody knows whether a person wears them: at first they
         are "something". A parser that has learnt so far then says what each pixel is; it is believed where its outline
         agrees with the free one and it is sure. Where it sees neither skin nor hair, and mostly what the type says,
         the type speaks for all of it.
Source   Self-training as in Xie et al. 2020, "Noisy Student", https://arxiv.org/abs/1911.04252, section 2.
Shapes   N photos, P pixels a side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo, square
from bottega.models.blocks.colours import foreground, is_plain
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.views import ANY_PART, PartsMaterial
from bottega.models.vision.slots import PART_SLOT, slot_of
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent

__all__ = ["agreed", "part_of", "shop_material"]

_PART_OF_SLOT = {slot: PARTS.index(part) for part, slot in PART_SLOT.items()} | {"accessory": PARTS.index("bag")}
_ALONE = {PARTS.index("shoes"), PARTS.index("bag")}
"""Parts whose products are shown without a person."""
_PERSON = [PARTS.index("skin"), PARTS.index("hair")]
_BODY_SHARE, _SURE, _AGREES, _ALIKE = 0.04, 0.7, 0.9, 0.6
"""Share of skin and hair that shows a person; chance and outline IoU from which the parser is believed; share of a
thing that it must call by the type's part for the type to speak for all, as a person whose skin it misses is none."""


def part_of(names: Sequence[str]) -> int | None:
    """Code of the part that a product's type and category names say, the most telling first."""
    slot = slot_of(names)
    return None if slot is None else _PART_OF_SLOT[slot]


def shop_material(photos: Sequence[Photo], parts: Sequence[int | None], px: int) -> tuple[PartsMaterial, BoolArray]:
    """Lessons of P = `px` out of those photos that have a plain background; which photos they are [N]."""
    plain = np.array([is_plain(photo) for photo in photos], bool)
    pictures, codes = np.zeros((plain.sum(), px, px, 3), np.uint8), np.zeros((plain.sum(), px, px), np.uint8)
    for row, place in enumerate(np.flatnonzero(plain).tolist()):
        pictures[row] = square(photos[place], px)
        part = parts[place]
        codes[row][foreground(pictures[row])] = part if part is not None and part in _ALONE else ANY_PART
    return PartsMaterial(pictures, codes), plain


def agreed(
    parser: Parts, material: PartsMaterial, parts: Sequence[int | None], *, progress: Progress = silent
) -> PartsMaterial:
    """The same lessons, with parts in the place of "something" wherever parser, free mask and type agree."""
    codes = material.codes.copy()
    unknown = np.flatnonzero((codes == ANY_PART).any((1, 2))).tolist()
    for done, row in enumerate(unknown, start=1):
        chances = parser.parse([material.pictures[row]])[0]
        codes[row] = _told(chances, codes[row] != 0, parts[row])
        progress("parsing shop photos", done, len(unknown))
    return PartsMaterial(material.pictures, codes)


def _told(chances: FloatArray, inside: BoolArray, part: int | None) -> LabelMap:
    something = np.where(inside, ANY_PART, 0).astype(np.uint8)
    seen: NDArray[np.intp] = chances[..., 1:].argmax(2) + 1
    found = chances[..., 0] < 0.5
    if (found & inside).sum() < _AGREES * (found | inside).sum():
        return something
    if np.isin(seen[inside], _PERSON).mean() < _BODY_SHARE:
        if part is None or (seen[inside] == part).mean() < _ALIKE:
            return something
        return np.where(inside, part, 0).astype(np.uint8)
    sure = inside & (chances.max(2) >= _SURE) & found
    return np.where(sure, seen, something).astype(np.uint8)
