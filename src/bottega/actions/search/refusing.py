"""What a photo may show, of what the shop has, and the sentence where that is nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bottega.actions.search.like import kind_in_words
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import is_plain
from bottega.models.vision.eye.looks import Looks, without_outline
from bottega.models.vision.slots import MISFIT, PART_SLOT, misfit
from bottega.models.vision.tags import Knows, read_tags
from bottega.names import FloatArray
from bottega.shop.search.index import SearchIndex
from bottega.shop.search.photo_floors import TYPE, PhotoVerdict

__all__ = ["Sight", "judged", "refusal", "seen_in"]


@dataclass(frozen=True, slots=True)
class Sight:
    """What the eye says of one thing in a photo."""

    vector: FloatArray
    """To search with."""
    named: str
    """What it surely calls it; empty where it is not sure."""
    worn: float | None
    """The chance that it is a thing to wear; None where the eye has no gate."""
    plain: bool
    """Whether it lies on a plain background, as in a catalogue."""


def seen_in(eye: Knows, photos: Sequence[Photo], looks: Looks, *, outlined: bool = False) -> list[Sight]:
    """What an eye said of some photos. `outlined`: whether half of its vectors holds the outline, guessed where the
    background is not plain."""
    named = [""] * len(photos)
    if TYPE in looks.probabilities:
        tagged = read_tags(eye, looks)
        named = [next((tag.value for tag in one.tags if tag.head == TYPE), "") for one in tagged]
    worn = looks.taught[TYPE].tolist() if TYPE in looks.taught else [None] * len(photos)
    plain = [is_plain(photo) for photo in photos]
    vectors = looks.vectors
    if outlined and photos:
        vectors = np.where(np.array(plain)[:, None], vectors, without_outline(vectors))
    return [Sight(*one) for one in zip(vectors, named, worn, plain, strict=True)]


def judged(index: SearchIndex, part: str, sight: Sight, alike: Mapping[int, float], size: int) -> PhotoVerdict:
    """Which products [size] what a photo shows may be; `alike`: the products most like it.

    A garment on a person is judged by the place that it is worn at, and a thing before some other background by what
    the eye calls it: such photos lie far from those of a catalogue, whatever they show.
    """
    if part in PART_SLOT:
        fitting = np.zeros(size, dtype=np.bool_)
        slots = index.slots[:size]
        fitting[: len(slots)] = misfit(part, slots) < MISFIT
        return PhotoVerdict(fitting, 2.0)
    found = index.floors.judge(index, sight.vector, size, named=sight.named, worn=sight.worn, by_distance=sight.plain)
    for row, likeness in alike.items():
        if likeness >= found.sure and row < size:
            found.rows[row] = True
    return found


def refusal(found: PhotoVerdict, sight: Sight) -> str:
    """Says that nothing looks like it, and what comes closest."""
    what = f"this: the eye takes it for {sight.named}" if sight.named else "this"
    closest = ", ".join(kind_in_words(kind) for kind in found.closest)
    return f"Nothing here looks like {what}." + (f" Closest kinds: {closest}." if closest else "")
