"""Content as it answers: the profile of the latest products against the candidates' vectors.

Idea     What is most like a profile is what is most like its products: a table names the nearest of each. Where little
         of that may be shown, and for products newer than the table, the profile's own columns are asked
         (blocks/nearest_rows.py).
Shapes   I items, F columns, A of them attributes, T events, C candidates, K items of a list.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features
from bottega.datasets.growing import GrowingRows
from bottega.models.blocks.jit import kernel
from bottega.models.blocks.nearest_rows import BUDGET, Rows, through_columns
from bottega.models.blocks.row_kernels import add_rows, shared
from bottega.models.recommend.answering.member import Asked, Desk, Finds, Sheet
from bottega.models.recommend.base import Evidence, Packed
from bottega.models.recommend.counted.content_vectors import ContentSpace
from bottega.names import KIND_WEIGHT, FloatArray, IntArray, KindCode, LongArray

__all__ = ["PackedContent"]

ENOUGH = 3
"""Of so many that are asked for, one at least must come from the table."""
EXPLAINED = 3
"""Most events named as evidence."""
COLUMNS = 64
"""Most attributes named that an item shares with an event."""


@kernel
def _profile(
    indptr: LongArray,
    indices: IntArray,
    data: FloatArray,
    items: IntArray,
    weights: FloatArray,
    total: FloatArray,
    touched: IntArray,
) -> int:
    """Sum of the items' rows times their weights, of length 1; how many columns it has."""
    n = 0
    for t in range(len(items)):
        for p in range(indptr[items[t]], indptr[items[t] + 1]):
            column = np.uint32(indices[p])
            if total[column] == 0.0:
                touched[n] = column
                n += 1
            total[column] += weights[t] * data[p]
            if total[column] == 0.0:
                total[column] = 1e-30
    square = np.float32(0.0)
    for i in range(n):
        square += total[np.uint32(touched[i])] ** 2
    if square > 0.0:
        scale = np.float32(1.0 / math.sqrt(square))
        for i in range(n):
            total[np.uint32(touched[i])] *= scale
    return n


@kernel
def _match(
    indptr: LongArray,
    indices: IntArray,
    data: FloatArray,
    known: int,
    profile: FloatArray,
    items: IntArray,
    into: FloatArray,
) -> None:
    """Products of the profile with the items' rows [C]; -inf where they share nothing."""
    for c in range(len(items)):
        item = items[c]
        total = np.float32(0.0)
        if item < known:
            for p in range(np.uint64(indptr[item]), np.uint64(indptr[item + 1])):
                total += data[p] * profile[np.uint32(indices[p])]
        into[c] = total if total != 0.0 else -np.inf


@kernel
def _newer(
    indptr: LongArray,
    indices: IntArray,
    data: FloatArray,
    first: int,
    known: int,
    profile: FloatArray,
    total: FloatArray,
    touched: IntArray,
    n: int,
) -> int:
    """The same of items that came after the columns were listed, by their rows."""
    for item in range(first, known):
        value = np.float32(0.0)
        for p in range(indptr[item], indptr[item + 1]):
            value += data[p] * profile[np.uint32(indices[p])]
        if value != 0.0:
            touched[n] = item
            n += 1
            total[item] = value
    return n


@kernel
def _alike(
    indptr: LongArray,
    indices: IntArray,
    data: FloatArray,
    known: int,
    history: IntArray,
    weights: FloatArray,
    items: IntArray,
    attributes: int,
    positions: IntArray,
    given: FloatArray,
    columns: IntArray,
    lengths: IntArray,
) -> None:
    """For each item [K] the events that it shares most with [K, E], strongest first (-1: none), how much, and which
    attribute columns [K, E, COLUMNS] they share, the heaviest first."""
    events = positions.shape[1]
    heavy = np.empty(columns.shape[2], np.float32)
    for k in range(len(items)):
        item = items[k]
        for e in range(events):
            positions[k, e] = -1
            given[k, e] = 0.0
            lengths[k, e] = 0
        if item >= known:
            continue
        for t in range(len(history)):
            if history[t] >= known:
                continue
            weight = shared(indptr, indices, data, item, history[t]) * weights[t]
            if weight <= 0.0:
                continue
            e = events
            while e > 0 and weight > given[k, e - 1]:
                e -= 1
            if e == events:
                continue
            for later in range(events - 1, e, -1):
                positions[k, later] = positions[k, later - 1]
                given[k, later] = given[k, later - 1]
            positions[k, e] = t
            given[k, e] = weight
        for e in range(events):
            if positions[k, e] < 0:
                continue
            other = history[positions[k, e]]
            a, b = indptr[item], indptr[other]
            n = 0
            while a < indptr[item + 1] and b < indptr[other + 1]:
                if indices[a] == indices[b]:
                    if indices[a] < attributes and n < len(heavy):
                        value = data[a] * data[b]
                        place = n
                        while place > 0 and heavy[place - 1] < value:
                            heavy[place] = heavy[place - 1]
                            columns[k, e, place] = columns[k, e, place - 1]
                            place -= 1
                        heavy[place] = value
                        columns[k, e, place] = indices[a]
                        n += 1
                    a += 1
                    b += 1
                elif indices[a] < indices[b]:
                    a += 1
                else:
                    b += 1
            lengths[k, e] = n


@dataclass(frozen=True, slots=True, eq=False)
class PackedContent:
    """`rows`: the items' vectors, sorted by column; `columns`: the items of each column and `nearest`: those most like
    each item, both as of packing."""

    serves: frozenset[str]
    logits: bool
    space: ContentSpace
    rows: GrowingRows
    columns: Rows
    nearest: Rows
    listed: int
    """Items that these two know."""
    fade: FloatArray
    """What an event counts, oldest first [T]."""
    kinds: FloatArray
    """What an event counts by its kind."""

    @classmethod
    def of(cls, packed: Packed) -> PackedContent:
        """From its arrays."""
        arrays = packed.arrays
        indptr = arrays["vectors.indptr"]
        attributes, text, photo = arrays["part_weights"].tolist()
        return cls(
            packed.serves,
            packed.logits,
            ContentSpace(arrays["rarity"], arrays["centre"], (float(attributes), float(text), float(photo))),
            packed.rows("vectors"),
            (arrays["columns.indptr"], arrays["columns.indices"], arrays["columns.data"]),
            (arrays["nearest.indptr"], arrays["nearest.indices"], arrays["nearest.data"]),
            len(indptr) - 1,
            np.ascontiguousarray(arrays["fade"][::-1]),
            _weights_of(arrays["kinds"]),
        )

    @property
    def known(self) -> int:
        """Items it has vectors of."""
        return len(self.rows)

    @property
    def arrays(self) -> tuple[LongArray, IntArray, FloatArray]:
        """The rows as a kernel reads them, no further than `known`."""
        indices, data = self.rows.columns
        return self.rows.offsets.array, indices.array, data.array

    def hear(self, asked: Asked) -> tuple[IntArray, FloatArray]:
        """The products of the profile and what each counts."""
        recent = asked.last(len(self.fade))
        weights = self.kinds[recent.kinds] * self.fade[len(self.fade) - len(recent) :]
        inside = recent.items < self.known
        if not inside.all():
            return np.ascontiguousarray(recent.items[inside]), np.ascontiguousarray(weights[inside])
        return np.ascontiguousarray(recent.items), weights

    def speak(self, asked: Asked, heard: tuple[IntArray, FloatArray], desk: Desk) -> _Speaks:
        """Make the profile."""
        sheet = desk.sheet(len(self.columns[0]) - 1)
        sheet.used = _profile(*self.arrays, *heard, sheet.total, sheet.touched)
        return _Speaks(self, asked, heard, desk, sheet)

    def extended(self, features: Features) -> PackedContent:
        """New items get vectors by the same columns and weights."""
        if features.n_items <= self.known:
            return self
        more: sparse.csr_matrix = self.space.vectors(features, first=self.known)
        more.sort_indices()
        return replace(self, rows=self.rows.grown(np.diff(more.indptr), more.indices, more.data))


@dataclass(slots=True)
class _Speaks:
    member: PackedContent
    asked: Asked
    heard: tuple[IntArray, FloatArray]
    desk: Desk
    sheet: Sheet

    def find(self, found: Finds) -> None:
        member, profile, seen = self.member, self.sheet, self.desk.sheet()
        n = add_rows(*member.nearest, *self.heard, seen.total, seen.touched, 0)
        unlisted = len(self.heard[0]) and self.heard[0].max() >= member.listed
        if unlisted or ENOUGH * found.allowed[seen.touched[:n]].sum() < found.most:
            seen.used = n
            seen.wipe()
            columns = profile.touched[: profile.used]
            heaviest = columns[np.argsort(-profile.total[columns])]
            n = through_columns(*member.columns, profile.total, heaviest, BUDGET, seen.total, seen.touched)
        seen.used = _newer(*member.arrays, member.listed, member.known, profile.total, seen.total, seen.touched, n)
        found.best_of(seen)
        self.desk.back(seen)

    def scores(self, items: IntArray, into: FloatArray) -> None:
        _match(*self.member.arrays, self.member.known, self.sheet.total, items, into)

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        member = self.member
        recent = self.asked.last(len(member.fade))
        weights = np.ascontiguousarray(member.fade[len(member.fade) - len(recent) :])
        shape = (len(items), EXPLAINED)
        positions, given, lengths = np.empty(shape, np.int32), np.empty(shape, np.float32), np.empty(shape, np.int32)
        columns = np.empty((*shape, COLUMNS), np.int32)
        attributes = len(member.space.rarity)
        history = np.ascontiguousarray(recent.items)
        _alike(*member.arrays, member.known, history, weights, items, attributes, positions, given, columns, lengths)
        older = len(self.asked) - len(recent)
        return [
            [
                Evidence(position + older, weight, tuple(columns[k, e, :length].tolist()))
                for e, (position, weight, length) in enumerate(zip(*row, strict=True))
                if position >= 0
            ]
            for k, row in enumerate(zip(positions.tolist(), given.tolist(), lengths.tolist(), strict=True))
        ]

    def close(self, desk: Desk) -> None:
        desk.back(self.sheet)


def _weights_of(kinds: FloatArray) -> FloatArray:
    """What events count by their kind; what was packed before there was a kind of event gets its weight."""
    plain = bool((kinds == 1).all())
    later = [1.0 if plain else KIND_WEIGHT.get(KindCode(code), 0.0) for code in range(len(kinds), len(KindCode))]
    return np.append(kinds, later).astype(np.float32)
