"""What a photo may show, of what the shop has, and the sentence where that is nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bottega.actions.search.like import kind_in_words
from bottega.models.vision.slots import MISFIT, PART_SLOT, misfit
from bottega.names import FloatArray
from bottega.shop.photo_floors import Judged
from bottega.shop.search_index import SearchIndex

__all__ = ["judged", "refusal"]


def judged(
    index: SearchIndex, part: str, vector: FloatArray, named: str, alike: Mapping[int, float], size: int
) -> Judged:
    """Which products [size] what a photo shows may be; `alike`: the products most like its vector [E].

    A garment on a person is judged by the place that it is worn at: street photos lie far from those of a catalogue.
    """
    if part in PART_SLOT:
        fitting = np.zeros(size, dtype=np.bool_)
        slots = index.slots[:size]
        fitting[: len(slots)] = misfit(part, slots) < MISFIT
        return Judged(fitting, 2.0)
    found = index.floors.judge(index, vector, size, named=named)
    for row, likeness in alike.items():
        if likeness >= found.sure and row < size:
            found.rows[row] = True
    return found


def refusal(found: Judged, named: str) -> str:
    """Says that nothing looks like it, and what comes closest."""
    what = f"this: the eye takes it for {named}" if named else "this"
    closest = ", ".join(kind_in_words(kind) for kind in found.closest)
    return f"Nothing here looks like {what}." + (f" Closest kinds: {closest}." if closest else "")
