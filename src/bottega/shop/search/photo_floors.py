"""Where the finds of a photo end: which of a shop's kinds a photo may be of, learnt from the shop's own photos.

A head of the eye may also name a kind that the shop has nothing of: then nothing looks like it, however near the
nearest product is.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bottega.models.search.kinds import Kind
from bottega.models.vision.kind_floors import PRIOR, KindFloors
from bottega.names import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from bottega.shop.search.index import SearchIndex

__all__ = ["TYPE", "PhotoFloors", "PhotoVerdict"]

PHOTOS_MOST = 20_000
"""Most photos that floors are learnt from."""
GROWN = 1.1
"""Floors are learnt anew when there are so many times the photos."""
NEVER = 2.0
"""A cosine that nothing reaches."""
TYPE = "type"
"""The head of the eye that names what a thing is."""
SURELY = 0.9
"""A gate's chance from which it is believed."""
TOLD = 3
"""Kinds named as the closest."""


@dataclass(frozen=True, slots=True)
class PhotoVerdict:
    """What a photo may be of. `rows` [V]: products of those kinds; `closest`: kinds, where it is of none."""

    rows: BoolArray
    sure: float
    """A product whose photo is so like it is found, whatever its kind."""
    closest: list[Kind] = field(default_factory=list)


class PhotoFloors:
    """The floors of one index, learnt when first asked for and again when photos came. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._learnt: tuple[int, KindFloors | None, list[Kind]] | None = None
        self._had: tuple[object, BoolArray | None] | None = None

    def judge(
        self,
        index: SearchIndex,
        vector: FloatArray,
        size: int,
        *,
        named: str = "",
        worn: float | None = None,
        by_distance: bool = True,
    ) -> PhotoVerdict:
        """Which of the rows [size] a photo's vector [E] may be of. `named`: what the eye surely calls it; `worn`: the
        chance that it is a thing to wear; `by_distance`: whether the photo is one as a catalogue has them."""
        floors, kinds = self._of(index)
        order = floors.within(vector)[1][:TOLD].tolist() if floors is not None else []
        closest = [kinds[number] for number in order]
        if self._lacks(index, named) or (worn is not None and not _has_worn(index, worn)):
            return PhotoVerdict(np.zeros(size, np.bool_), NEVER, closest)
        if not by_distance:
            return PhotoVerdict(np.ones(size, np.bool_), NEVER)
        if floors is None:
            return PhotoVerdict(np.zeros(size, np.bool_), PRIOR)
        mine = [kinds[number] for number in np.flatnonzero(floors.within(vector)[0]).tolist()]
        return PhotoVerdict(index.kinds.among(mine, size), floors.sure, [] if mine else closest)

    def _lacks(self, index: SearchIndex, named: str) -> bool:
        """Whether the shop has nothing of what the eye surely takes a thing for."""
        classes = index.eye.heads.get(TYPE, ())
        with self._lock:
            if self._had is None or self._had[0] is not index.kinds:
                self._had = index.kinds, index.kinds.classes(classes, index.languages)
            had = self._had[1]
        return had is not None and named in classes and not had[classes.index(named)]

    def _of(self, index: SearchIndex) -> tuple[KindFloors | None, list[Kind]]:
        with self._lock:
            seen = len(index.photos)
            if self._learnt is None or not self._learnt[0] <= seen <= GROWN * self._learnt[0]:
                vectors, rows = index.photo_sample(PHOTOS_MOST)
                numbers, kinds = _numbered([index.kinds.of(row) for row in rows.tolist()])
                told = numbers >= 0
                floors = KindFloors.fit(
                    vectors[told], numbers[told], index.items_of(rows[told]), rng=np.random.default_rng(0)
                )
                self._learnt = seen, floors, kinds
            return self._learnt[1], self._learnt[2]


def _has_worn(index: SearchIndex, worn: float) -> bool:
    """Whether the shop has what a photo surely shows, things to wear or others; so where it cannot be asked."""
    share = index.kinds.worn(index.languages)
    if share is None:
        return True
    return (share < 1.0 or worn > 1 - SURELY) and (share > 0.0 or worn < SURELY)


def _numbered(kinds: list[Kind]) -> tuple[IntArray, list[Kind]]:
    """A number for each photo's kind, -1 where nobody knows it, and the kinds by number."""
    number: dict[Kind, int] = {}
    found = [number.setdefault(kind, len(number)) if kind else -1 for kind in kinds]
    return np.array(found, dtype=np.int32), list(number)
