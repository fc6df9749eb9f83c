"""An item table as it answers: rows of what one item says for another, added up over the history.

Shapes   I items, T events, C candidates, K items of a list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.datasets.arrays import Features
from bottega.models.blocks.row_kernels import add_rows, entries, taken
from bottega.models.recommend.answering.member import Asked, Desk, Finds, Sheet
from bottega.models.recommend.base import Evidence, Packed
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["PackedTable", "strongest"]

LEAST = 1e-6
"""Events that count less, beside the one that counts most, are not heard."""


@dataclass(frozen=True, slots=True, eq=False)
class PackedTable:
    """`weights_`: the table's rows, sorted by column; `fade` [T]: what an event counts, oldest first."""

    serves: frozenset[str]
    logits: bool
    indptr: LongArray
    indices: IntArray
    data: FloatArray
    fade: FloatArray

    @classmethod
    def of(cls, packed: Packed) -> PackedTable:
        """From its arrays; the table's `fade` is given by age."""
        fade = packed.arrays["fade"]
        heard = int((np.abs(fade) > LEAST * np.abs(fade).max(initial=0.0)).sum())
        return cls(
            packed.serves,
            packed.logits,
            packed.arrays["weights.indptr"],
            packed.arrays["weights.indices"],
            packed.arrays["weights.data"],
            np.ascontiguousarray(fade[:heard][::-1]),
        )

    def hear(self, asked: Asked) -> tuple[IntArray, FloatArray]:
        """The events that are heard and what each counts."""
        items = asked.items[max(len(asked) - len(self.fade), 0) :]
        return np.ascontiguousarray(items), np.ascontiguousarray(self.fade[len(self.fade) - len(items) :])

    def speak(self, asked: Asked, heard: tuple[IntArray, FloatArray], desk: Desk) -> _Speaks:
        """Add the rows up."""
        sheet = desk.sheet()
        sheet.used = add_rows(self.indptr, self.indices, self.data, *heard, sheet.total, sheet.touched, 0)
        return _Speaks(self, heard, sheet, len(asked) - len(heard[0]))

    def extended(self, features: Features) -> PackedTable:
        """It knows nothing of what came after it learnt."""
        return self


@dataclass(slots=True)
class _Speaks:
    table: PackedTable
    heard: tuple[IntArray, FloatArray]
    sheet: Sheet
    older: int

    def find(self, found: Finds) -> None:
        found.best_of(self.sheet)

    def scores(self, items: IntArray, into: FloatArray) -> None:
        taken(self.sheet.total, items, into)

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        table = self.table
        given = np.empty((len(items), len(self.heard[0])), np.float32)
        entries(table.indptr, table.indices, table.data, *self.heard, items, given)
        return strongest(given, self.older)

    def close(self, desk: Desk) -> None:
        desk.back(self.sheet)


def strongest(given: FloatArray, older: int, count: int = 3) -> list[list[Evidence]]:
    """The positions that gave each item [K] the most of `given` [K, T], `older` events standing before them."""
    order = np.argsort(-given, axis=1, kind="stable")[:, :count]
    return [
        [Evidence(position + older, row[position]) for position in places if row[position] > 0]
        for places, row in zip(order.tolist(), given.tolist(), strict=True)
    ]
