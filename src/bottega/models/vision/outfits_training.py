"""What outfits learn from: the garments of people in photos, and what shoppers bought together.

Idea     A person's garments, cut out by their masks and laid on white like shop photos, were worn together: every two
         of different slots are a pair. Two products of different slots bought within an hour are a pair as well.
Source   Worn together as truth: Yang et al. 2014, "Clothing Co-Parsing by Joint Image Segmentation and Labeling",
         https://arxiv.org/abs/1502.00739 (street photos of whole outfits). Bought together: McAuley et al. 2015,
         https://arxiv.org/abs/1506.04757, section 2.
Shapes   H, W height and width, N garments, P pairs, I items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.models.vision.harmony import Coloured, colour_row
from bottega.models.vision.outfits import Garments
from bottega.models.vision.slots import SLOTS, slot_of
from bottega.names import BoolArray, FloatArray, IntArray, KindCode
from bottega.progress import Progress, silent

__all__ = ["bought_pairs", "cropped", "laid_out", "pairs_within", "slot_masks", "worn_garments"]

LEAST_SHARE = 0.0025
"""A garment that covers less of the photo is left out: nothing of it can be seen."""
TOGETHER_MS = 3_600_000
"""Purchases of one shopper within an hour were chosen side by side; an order (purchases/repeats.py) may last a day, and
what was bought in the morning was not held against what was bought at night."""

_AS_WORN = {"suit": "outer", "vest": "top", "bodysuit": "top", "stockings": None, "socks": None, "wallet": None}
"""What a label means on a street photo, where it differs from the word in a shop: a suit is its jacket, its trousers
are labelled apart."""

Vectors = Callable[[Sequence[Photo]], FloatArray]
"""Photos -> an eye's vectors [N, E]."""
Colours = Callable[[Photo, BoolArray], Sequence[Coloured]]
"""A photo and the mask [H, W] of a garment -> its main colours, largest share first."""


def cropped(photo: Photo, mask: BoolArray) -> tuple[Photo, BoolArray]:
    """Photo and mask [H, W], cropped to what the mask covers. It must cover some."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return photo[box], mask[box]


def laid_out(photo: Photo, mask: BoolArray) -> Photo:
    """What the mask [H, W] covers, on white, as a shop would show it."""
    return np.where(mask[..., None], photo, np.uint8(255))


def slot_masks(mask: LabelMap, labels: Sequence[str]) -> list[tuple[str, BoolArray]]:
    """The garments of one person: slot and mask [H, W], one a slot, but each accessory by itself."""
    codes: dict[str, list[int]] = {}
    for code in np.unique(mask).tolist():
        name = labels[code]
        slot = _AS_WORN[name] if name in _AS_WORN else slot_of([name])
        if slot is not None:
            codes.setdefault(name if slot == "accessory" else slot, []).append(code)
    return [(key if key in SLOTS else "accessory", np.isin(mask, found)) for key, found in codes.items()]


def worn_garments(
    people: Iterable[tuple[Photo, Sequence[tuple[str, BoolArray]]]],
    vectors: Vectors,
    colours: Colours,
    *,
    progress: Progress = silent,
) -> tuple[Garments, IntArray]:
    """The garments of people, each a photo with slots and masks [H, W], and the person of each garment [N]."""
    crops, rows, slots, groups = [], [], [], []
    for person, (photo, masks) in enumerate(people):
        for slot, mask in masks:
            if mask.mean() >= LEAST_SHARE:
                crop = cropped(photo, mask)
                crops.append(laid_out(*crop))
                rows.append(colour_row(colours(*crop)))
                slots.append(SLOTS.index(slot))
                groups.append(person)
        progress("cutting garments out", person + 1)
    garments = Garments(vectors(crops), np.stack(rows), np.array(slots, dtype=np.int32))
    return garments, np.array(groups, dtype=np.int32)


def pairs_within(groups: IntArray, slots: IntArray) -> IntArray:
    """Every two rows [P, 2] of one group that are of different slots, the smaller slot first."""
    order = np.argsort(groups, kind="stable")
    pairs = [
        (one, other)
        for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)
        for one in rows.tolist()
        for other in rows.tolist()
        if slots[one] < slots[other]
    ]
    return np.array(pairs, dtype=np.int32).reshape(-1, 2)


def bought_pairs(histories: Histories, slots: IntArray) -> IntArray:
    """Every two items [P, 2] of different slots bought together, once each time. `slots` [I]: below 0 for none."""
    bought = histories.keep((histories.kinds == KindCode.PURCHASE) & (slots[histories.items] >= 0))
    if not bought.n_events:
        return np.zeros((0, 2), dtype=np.int32)
    new = np.ones(bought.n_events, dtype=np.bool_)
    new[1:] = (np.diff(bought.shoppers) != 0) | (np.diff(bought.times) > TOGETHER_MS)
    rows = np.unique(np.stack([np.cumsum(new), bought.items], axis=1), axis=0).astype(np.int32)
    return rows[:, 1][pairs_within(rows[:, 0], slots[rows[:, 1]])]
