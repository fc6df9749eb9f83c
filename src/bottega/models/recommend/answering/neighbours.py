"""Shopper neighbours as they answer: who is most like this shopper, and what they have.

Shapes   S shoppers learnt from, I items, N neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.datasets.arrays import Features
from bottega.models.blocks.row_kernels import add_rows, count_rows, taken
from bottega.models.recommend.answering.left_out import left_out, scores_without
from bottega.models.recommend.answering.member import Asked, Desk, Finds, Sheet
from bottega.models.recommend.base import Evidence, Packed
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["PackedNeighbours"]


@dataclass(frozen=True, slots=True, eq=False)
class PackedNeighbours:
    """`profiles`: the shoppers learnt from, rows of length 1; `by_item`: the same by column."""

    serves: frozenset[str]
    logits: bool
    profiles: tuple[LongArray, IntArray, FloatArray]
    by_item: tuple[LongArray, IntArray, FloatArray]
    rarity: FloatArray
    fade: FloatArray
    neighbours: int

    @classmethod
    def of(cls, packed: Packed) -> PackedNeighbours:
        """From its arrays."""
        profiles, by_item = (
            tuple(packed.arrays[f"{name}.{part}"] for part in ("indptr", "indices", "data"))
            for name in ("profiles", "by_item")
        )
        return cls(
            packed.serves,
            packed.logits,
            profiles,  # type: ignore[arg-type]
            by_item,  # type: ignore[arg-type]
            packed.arrays["rarity"],
            packed.arrays["fade"],
            int(packed.settings["neighbours"]),
        )

    def hear(self, asked: Asked) -> tuple[IntArray, FloatArray]:
        """The nearest shoppers and their cosines."""
        known = asked.below(len(self.rarity)).last(len(self.fade))
        n_shoppers = len(self.profiles[0]) - 1
        items, where = np.unique(known.items, return_inverse=True)
        weights = np.bincount(where, weights=self.fade[: len(known)][::-1]).astype(np.float32) * self.rarity[items]
        length = float(np.sqrt(float(weights @ weights)))
        if length <= 0:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        near, touched = np.zeros(n_shoppers, np.float32), np.empty(n_shoppers, np.int32)
        n = add_rows(*self.by_item, items, weights / np.float32(length), near, touched, 0)
        found = touched[:n]
        if n > 4 * self.neighbours:
            found = found[near[found] >= np.partition(near[found], n - self.neighbours)[n - self.neighbours]]
        order = np.lexsort((found, -near[found]))[: self.neighbours]
        return np.ascontiguousarray(found[order]), np.ascontiguousarray(near[found[order]])

    def speak(self, asked: Asked, heard: tuple[IntArray, FloatArray], desk: Desk) -> _Speaks:
        """Add up what they have."""
        sheet = desk.sheet()
        sheet.used = count_rows(*self.profiles[:2], *heard, sheet.total, sheet.touched)
        return _Speaks(self, asked, desk, sheet)

    def extended(self, features: Features) -> PackedNeighbours:
        """Nobody has what has just come."""
        return self


@dataclass(slots=True)
class _Speaks:
    member: PackedNeighbours
    asked: Asked
    desk: Desk
    sheet: Sheet

    def find(self, found: Finds) -> None:
        found.best_of(self.sheet)

    def scores(self, items: IntArray, into: FloatArray) -> None:
        taken(self.sheet.total, items, into)

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        member, desk = self.member, self.desk
        return left_out(self.asked, items, lambda asked, at: scores_without(member, asked, at, items, desk))

    def close(self, desk: Desk) -> None:
        desk.back(self.sheet)
