"""What products of each type are usually like: for whom, for what, in which colours, worn or not; and colours by name.

Who asks for a dress says nothing of its colour or of who wears it, and a generator has to be told. Each picture then
takes all that was not said from one product of the catalogue that the generator learnt from, so that what is common
there is common here, and eight pictures are eight different ones.

Shapes   R products remembered, C colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.asked import AskedNames, AskedPictures
from bottega.datasets.photos.small_photos import SmallPhotos
from bottega.models.blocks.colour_words import colour_gap, lab_of_word
from bottega.names import FloatArray, LongArray

__all__ = ["Lab", "Usual", "usual_of"]

Lab = tuple[float, float, float]
"""A colour, CIE Lab."""
OF_A_TYPE = 48
"""Products remembered of each type."""
LEAST_NAMED = 30
"""Photos of a colour's name below which its middle says nothing."""
MOST_SO = 0.25
"""Share of a colour's photos that say where it lies."""
NO_COLOUR = frozenset({"Multi", "Assorted"})
"""Names that are none of one colour."""
NEAR_COLOUR = 0.25
"""Where a colour is asked for, the share of the products that are taken from: those nearest to it."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Products remembered, how many photos there were of each type [T], and where each named colour lies [C, 3]."""

    asked: AskedPictures
    counts: LongArray
    colours: tuple[str, ...]
    labs: FloatArray

    def nearest_name(self, lab: Lab) -> str:
        """What the catalogue calls the colour nearest to this one, of the names that mean one everywhere; else ""."""
        known = [place for place, name in enumerate(self.colours) if lab_of_word(name, ("en",)) is not None]
        if not known:
            return ""
        away = colour_gap(self.labs[known], np.array(lab, np.float32))  # a darker green is no teal
        return self.colours[known[int(np.argmin(away))]]

    def rows(
        self, *, type: int | None, gender: int | None, usage: int | None, worn: bool | None, lab: Lab | None
    ) -> LongArray:
        """Products that are as asked, `None` for anything; what no product is at once is left out, the type last."""
        wanted = (("type", type), ("gender", gender), ("worn", worn), ("usage", usage))
        kept = np.arange(len(self.asked))
        for name, value in wanted:
            if value is not None:
                fits = kept[getattr(self.asked, name)[kept] == int(value)]
                kept = fits if len(fits) else kept
        if lab is not None and len(kept) > 4:
            away = np.square(self.asked.lab[kept] - np.array(lab, np.float32)).sum(1)
            kept = kept[np.argsort(away, kind="stable")[: max(4, int(NEAR_COLOUR * len(kept)))]]
        return np.sort(kept).astype(np.int64)

    def draw(self, rows: LongArray, count: int, rng: np.random.Generator) -> LongArray:
        """`count` of these products, a common type more often than a rare one, none twice while there are others."""
        kinds = self.asked.type[rows]
        each = np.bincount(kinds, minlength=len(self.counts))
        weights = self.counts[kinds] / each[kinds]
        found: list[int] = []
        while len(found) < count:
            part = min(count - len(found), len(rows))
            found += rng.choice(rows, part, replace=False, p=weights / weights.sum()).tolist()
        return np.array(found, dtype=np.int64)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """As flat arrays; `of_arrays` is the way back."""
        codes = {name: getattr(self.asked, name).astype(np.int16) for name in ("type", "gender", "usage", "worn")}
        return codes | {
            "lab": self.asked.lab.astype(np.float16),
            "counts": self.counts.astype(np.int32),
            "labs": self.labs.astype(np.float16),
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], colours: tuple[str, ...]) -> Usual:
        """Raises `KeyError` where one is missing."""
        codes = {name: arrays[name].astype(np.int64) for name in ("type", "gender", "usage", "worn")}
        asked = AskedPictures(**codes, lab=arrays["lab"].astype(np.float32))
        return cls(asked, arrays["counts"].astype(np.int64), colours, arrays["labs"].astype(np.float32))


def usual_of(photos: SmallPhotos, asked: AskedPictures, names: AskedNames, *, rng: np.random.Generator) -> Usual:
    """What the photos that are not held out show, which `asked` says row by row."""
    learnt = np.flatnonzero(~photos.held_out)
    kinds = asked.type[learnt]
    rows = [rng.permutation(learnt[kinds == kind])[:OF_A_TYPE] for kind in range(len(names.types))]
    counts = np.bincount(kinds, minlength=len(names.types)).astype(np.int64)
    colours = np.array(photos.labels["color"])[learnt]
    found = {}
    for colour, count in zip(*np.unique(colours, return_counts=True), strict=True):
        if colour and colour not in NO_COLOUR and count >= min(LEAST_NAMED, len(learnt)):
            found[str(colour)] = _most_so(str(colour), asked.lab[learnt[colours == colour]])
    labs = np.array(list(found.values()), np.float32).reshape(-1, 3)
    return Usual(asked.take(np.sort(np.concatenate(rows))), counts, tuple(found), labs)


def _most_so(colour: str, labs: FloatArray) -> FloatArray:
    """The middle [3] of the quarter of some colours [N, 3] that is nearest to what their name means: photos called blue
    are often of things with little blue in them."""
    meant = lab_of_word(colour, ("en",))
    away = np.linalg.norm(labs - (np.median(labs, axis=0) if meant is None else np.array(meant, np.float32)), axis=1)
    return np.asarray(np.median(labs[away <= np.quantile(away, MOST_SO)], axis=0), np.float32)
