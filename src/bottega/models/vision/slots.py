"""Slots: the places of an outfit, which of them a garment fills, and how well it fits a part of a parsed photo.

A category or type name says it by its words ("Casual Shoes", "Women > Dresses"); where no word is known, the eye's
guess of the type does, read by the same table. A part of a parsed photo fills the slot of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from bottega.names import FloatArray, IntArray

__all__ = [
    "COMPLETED_BY",
    "MISFIT",
    "PART_SLOT",
    "SLOTS",
    "UNSAID",
    "WORDS",
    "heed_parts",
    "misfit",
    "part_of_type",
    "slot_by_type",
    "slot_code",
    "slot_of",
]

SLOTS = ("top", "bottom", "one-piece", "outer", "shoes", "bag", "accessory")
"""Every slot; a slot's code is its place here."""

_TABLE = {
    "outer": "jacket coat blazer parka anorak trench windcheater raincoat overcoat cardigan cape poncho waistcoat vest "
    "gilet shrug outerwear bomber",
    "one-piece": "dress gown jumpsuit romper playsuit dungaree overall saree sari tracksuit suit onesie",
    "bottom": "jean trouser pant chino short skirt legging jegging capri churidar salwar patiala bottomwear bottom "
    "jogger slack culotte sweatpant",
    "shoes": "shoe sneaker trainer boot heel pump flat sandal loafer footwear wedge clog slipper moccasin espadrille "
    "oxford brogue flip",
    "bag": "bag handbag backpack rucksack clutch purse tote satchel duffel pouch luggage",
    "accessory": "watch belt scarf scarve tie hat cap sunglass muffler stole glove necklace bracelet earring bangle "
    "ring wallet cufflink jewellery jewelry headband beanie eyewear dupatta umbrella pendant",
    "top": "shirt tshirt tee top topwear blouse sweater sweatshirt hoodie jumper pullover polo kurta kurti tunic "
    "camisole knitwear tank turtleneck henley",
}
WORDS = {word: slot for slot, words in _TABLE.items() for word in words.split()}
"""Words of category names, singular -> slot. A word that is not here says nothing."""
_UNDER = frozenset(
    [
        "innerwear",
        "underwear",
        "lingerie",
        "brief",
        "boxer",
        "trunk",
        "bra",
        "panty",
        "nightwear",
        "sock",
        "stocking",
        "loungewear",
    ]
)
"""What is worn out of sight, or as nothing else: it fills no slot."""
PART_SLOT = {
    "upper": "top", "outer": "outer", "lower": "bottom", "one_piece": "one-piece", "shoes": "shoes", "bag": "bag",
}  # fmt: skip
"""Part of a parsed photo -> slot."""
_TAKEN_FOR = {"upper": ("outer",), "outer": ("top",), "one_piece": ("top",), "bag": ("accessory",)}
"""Slots whose garments a parser takes for this part, too: a closed jacket for a shirt, a long shirt for a dress."""
MISFIT, UNSAID = 0.5, 0.25
"""What a product of another slot, and one that says no slot, loses of its likeness to a part of a photo, a cosine."""
COMPLETED_BY: dict[str, tuple[str, ...]] = {
    "top": ("bottom", "shoes", "outer", "bag", "accessory"),
    "bottom": ("top", "shoes", "outer", "bag", "accessory"),
    "one-piece": ("shoes", "outer", "bag", "accessory"),
    "outer": ("top", "bottom", "shoes", "bag", "accessory"),
    "shoes": ("top", "bottom", "one-piece", "outer", "bag", "accessory"),
    "bag": ("top", "bottom", "one-piece", "outer", "shoes", "accessory"),
    "accessory": ("top", "bottom", "one-piece", "outer", "shoes", "bag"),
}
"""What completes an outfit that a garment of this slot begins. A dress needs neither top nor trousers."""
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")


def part_of_type(name: str) -> str | None:
    """The part of a photo that a thing of a type is seen as; None for what is no garment, shoe or bag."""
    slot = slot_of([name])
    return next((part for part, filled in PART_SLOT.items() if filled == slot), None)


def slot_of(names: Iterable[str]) -> str | None:
    """The slot that category or type names say, the most telling name first; None where none of their words is known.

    Within a name the last known word decides, because it is the noun: "shirt dress" is a dress, "dress shirt" a shirt.
    """
    code = slot_code(names)
    return SLOTS[code] if code >= 0 else None


def slot_code(names: Iterable[str], *, otherwise: int = -1) -> int:
    """The same as a place in `SLOTS`: -2 where they name what fills no slot, `otherwise` where no word is known."""
    for name in names:
        slot, under = _told(name)
        if slot or under:
            return SLOTS.index(slot) if slot else -2
    return otherwise


def slot_by_type(probabilities: FloatArray, types: Sequence[str], *, least: float = 0.5) -> list[str | None]:
    """The slot of each product by the eye's type probabilities [N, C]; None where no slot gathers `least` of them."""
    slot_of_type = [slot_of([name]) for name in types]
    mass = np.stack([probabilities[:, [found == slot for found in slot_of_type]].sum(axis=1) for slot in SLOTS], axis=1)
    best = mass.argmax(axis=1)
    return [
        SLOTS[place] if share >= least else None for place, share in zip(best, mass.max(axis=1, initial=0), strict=True)
    ]


def misfit(part: str, slots: IntArray) -> FloatArray:
    """What products lose as finds for a part of a photo [N], by their `slot_code`s [N].

    A part that is no garment (the whole photo, a product on a plain background) fits all.
    """
    if part not in PART_SLOT:
        return np.zeros(len(slots), dtype=np.float32)
    fitting = [SLOTS.index(slot) for slot in (PART_SLOT[part], *_TAKEN_FOR.get(part, ()))]
    losses = np.where(np.isin(slots, fitting), 0.0, np.where(slots == -1, UNSAID, MISFIT))
    return losses.astype(np.float32)


def heed_parts(chances: FloatArray, types: Sequence[str], parts: Sequence[str]) -> FloatArray:
    """Chances of the types [N, C] of what these parts [N] of a photo show: a hundredth of those that do not fit."""
    codes = np.array([slot_code([name]) for name in types], dtype=np.int32)
    fitting = chances * 100 ** -(np.stack([misfit(part, codes) for part in parts]) / MISFIT)
    return np.asarray(fitting / fitting.sum(axis=1, keepdims=True), dtype=np.float32)


@lru_cache(10_000)
def _told(name: str) -> tuple[str | None, bool]:
    """The slot that one name says, and whether it names what fills none."""
    words = [_singular(word.replace("-", "")) for word in _WORD.findall(name.lower())]
    under = bool(_UNDER.intersection(words))
    known = [WORDS[word] for word in words if word in WORDS]
    return (known[-1] if known and not under else None), under


def _singular(word: str) -> str:
    for ending, kept in (("sses", "ss"), ("ches", "ch"), ("shes", "sh")):
        if word.endswith(ending):
            return word.removesuffix(ending) + kept
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
