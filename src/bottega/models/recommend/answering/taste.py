"""`variational` as it answers: recency-weighted means of the history, a small network, a direction to look in.

Idea     What lies in that direction is directions.py's matter.
Shapes   I items, D width, L channels, H hidden units, T events, R histories at once, C candidates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from bottega.datasets.arrays import Features
from bottega.datasets.growing import GrowingColumn
from bottega.models.blocks.jit import kernel
from bottega.models.recommend.answering.directions import best_in_clusters, products, products_of_rows
from bottega.models.recommend.answering.left_out import Heard, left_out
from bottega.models.recommend.answering.member import Asked, Desk, Finds
from bottega.models.recommend.base import Evidence, Packed
from bottega.models.recommend.sequence.eight_bits import in_eight_bits
from bottega.models.recommend.sequence.item_properties import ItemProperties
from bottega.names import BoolArray, FloatArray, Int8Array, IntArray, LongArray

__all__ = ["PackedTaste"]

NOBODY = np.zeros(0, np.int32)
TasteHeard = Heard[FloatArray | None, tuple[FloatArray, BoolArray]]
"""The query [D], None for nobody; and those without each of the newest products [P + 1, D], with which of them speak.
"""


@kernel
def _rows(
    items: IntArray,
    kinds: Int8Array,
    left_out: IntArray,
    known: int,
    longest: int,
    items_N: IntArray,
    kinds_N: Int8Array,
    offsets: LongArray,
) -> None:
    """A history [T] and the same without each item of `left_out` [R - 1], as rows: of runs on one item the last event,
    of these the `longest` newest."""
    n = 0
    offsets[0] = 0
    for r in range(len(left_out) + 1):
        start = n
        for t in range(len(items)):
            item = items[t]
            if item >= known or (r > 0 and item == left_out[r - 1]):
                continue
            if n > start and items_N[n - 1] == item:
                n -= 1
            items_N[n] = item
            kinds_N[n] = kinds[t]
            n += 1
        beyond = n - start - longest
        if beyond > 0:
            for place in range(start, start + longest):
                items_N[place] = items_N[place + beyond]
                kinds_N[place] = kinds_N[place + beyond]
            n = start + longest
        offsets[r + 1] = n


@kernel
def _means(
    vectors: FloatArray,
    kinds: FloatArray,
    items_N: IntArray,
    kinds_N: Int8Array,
    offsets: LongArray,
    by_age: FloatArray,
    scale: float,
    means: FloatArray,
) -> None:
    """Each channel's mean of each history [R, L * D]."""
    channels, oldest = by_age.shape
    width = vectors.shape[1]
    for r in range(len(offsets) - 1):
        start, end = offsets[r], offsets[r + 1]
        for c in range(channels):
            total = np.float32(0.0)
            for t in range(start, end):
                total += by_age[c, min(end - 1 - t, oldest - 1)]
            for d in range(width):
                means[r, c * width + d] = 0.0
            for t in range(start, end):
                weight = np.float32(by_age[c, min(end - 1 - t, oldest - 1)] / total * scale)
                item, kind = items_N[t], kinds_N[t]
                for d in range(width):
                    means[r, c * width + d] += weight * (vectors[item, d] + kinds[kind, d])


@kernel
def _normed(row: FloatArray, weight: FloatArray, bias: FloatArray, into: FloatArray) -> None:
    """Layer norm of one row."""
    n = len(row)
    mean = np.float32(0.0)
    for i in range(n):
        mean += row[i]
    mean /= n
    spread = np.float32(0.0)
    for i in range(n):
        spread += (row[i] - mean) ** 2
    inverse = np.float32(1.0 / math.sqrt(spread / n + 1e-5))
    for i in range(n):
        into[i] = (row[i] - mean) * inverse * weight[i] + bias[i]


@kernel
def _queries(
    means: FloatArray,
    scale: float,
    queries: FloatArray,
    shares: FloatArray,
    norm_weight: FloatArray,
    norm_bias: FloatArray,
    first: FloatArray,
    first_bias: FloatArray,
    second: FloatArray,
    second_bias: FloatArray,
    last_weight: FloatArray,
    last_bias: FloatArray,
) -> None:
    """Queries [R, D] from channels [R, L * D]; every row of weights is read once for all histories."""
    rows, size = means.shape
    hidden = first.shape[1]
    width = queries.shape[1]
    normed = np.empty((rows, size), np.float32)
    for r in range(rows):
        _normed(means[r], norm_weight, norm_bias, normed[r])
    inner = np.empty((rows, hidden), np.float32)
    for r in range(rows):
        for h in range(hidden):
            inner[r, h] = first_bias[h]
    for i in range(0, size - 3, 4):
        for r in range(rows):
            for h in range(hidden):
                inner[r, h] += (
                    normed[r, i] * first[i, h]
                    + normed[r, i + 1] * first[i + 1, h]
                    + normed[r, i + 2] * first[i + 2, h]
                    + normed[r, i + 3] * first[i + 3, h]
                )
    for i in range(size - size % 4, size):
        for r in range(rows):
            for h in range(hidden):
                inner[r, h] += normed[r, i] * first[i, h]
    tastes = np.empty((rows, width), np.float32)
    for r in range(rows):
        for d in range(width):
            total = second_bias[d]
            for c in range(len(shares)):
                total += shares[c] * means[r, c * width + d]
            tastes[r, d] = total
    for h in range(hidden):
        for r in range(rows):
            value = np.float32(0.5) * inner[r, h] * np.float32(1.0 + math.erf(inner[r, h] * 0.7071067811865476))
            for d in range(width):
                tastes[r, d] += value * second[h, d]
    for r in range(rows):
        _normed(tastes[r], last_weight, last_bias, queries[r])
        length = np.float32(0.0)
        for d in range(width):
            length += queries[r, d] ** 2
        stretch = np.float32(scale / max(math.sqrt(length), 1e-12))
        for d in range(width):
            queries[r, d] *= stretch


@dataclass(frozen=True, slots=True, eq=False)
class PackedTaste:
    """`vectors` and `directions` [I, D] of items as heard and as looked for; `small`: directions in eight bits, in
    the order of `slots` [I], which is that of their clusters as of packing; newer items stand behind."""

    serves: frozenset[str]
    logits: bool
    vectors: GrowingColumn
    directions: GrowingColumn
    slots: GrowingColumn
    small: GrowingColumn
    clusters: tuple[FloatArray, LongArray]
    """Centres [G, D], and where each cluster starts among the slots [G + 1]."""
    scored: GrowingColumn
    kinds: FloatArray
    by_age: FloatArray
    weights: tuple[FloatArray, ...]
    of_properties: tuple[FloatArray, FloatArray]
    """Vectors of attributes and words [A, D], and the map of given vectors [E, D]: what a new item's vector is of."""
    input_scale: float
    scale: float
    max_length: int
    reads: tuple[bool, bool, bool]
    """Whether items are their attributes, their words, their given vectors."""

    @classmethod
    def of(cls, packed: Packed) -> PackedTaste:
        """From its arrays."""
        arrays, settings = packed.arrays, packed.settings
        names = ("shares", "norm.weight", "norm.bias", "first", "first.bias", "second", "second.bias")
        attributes, text, vectors = settings["reads"]
        return cls(
            packed.serves,
            packed.logits,
            packed.column("vectors"),
            packed.column("directions"),
            packed.column("slots"),
            packed.column("small"),
            (arrays["centres"], arrays["starts"]),
            packed.column("scored"),
            arrays["kinds"],
            arrays["by_age"],
            tuple(arrays[name] for name in (*names, "last.weight", "last.bias")),
            (arrays["attribute_vectors"], arrays["project"]),
            float(settings["input_scale"]),
            float(settings["scale"]),
            int(settings["max_length"]),
            (bool(attributes), bool(text), bool(vectors)),
        )

    def hear(self, asked: Asked) -> TasteHeard:
        """The query [D]; None for nobody."""
        queries, speaks = self.tastes(asked, NOBODY)
        return Heard(queries[0] if speaks[0] else None)

    def speak(self, asked: Asked, heard: TasteHeard, desk: Desk) -> _Speaks:
        """Look in the query's direction."""
        return _Speaks(self, asked, heard)

    def extended(self, features: Features) -> PackedTaste:
        """New items are their properties."""
        known = len(self.vectors)
        if features.n_items <= known:
            return self
        attributes, text, vectors = self.reads
        more = ItemProperties.of(features, attributes=attributes, text=text, vectors=vectors).take(slice(known, None))
        by_name, project = self.of_properties
        made = np.zeros((len(more), by_name.shape[1]), np.float32)
        if more.weights.shape[1]:
            made += np.asarray(more.weights @ by_name[: more.weights.shape[1]], dtype=np.float32)
        if project.size:
            made += more.vectors @ project
        length = np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12).astype(np.float32)
        return replace(
            self,
            vectors=self.vectors.grown(made),
            directions=self.directions.grown(made / length),
            slots=self.slots.grown(np.arange(known, features.n_items, dtype=np.int32)),
            small=self.small.grown(in_eight_bits(made / length)),
            scored=self.scored.grown(more.known),
        )

    def tastes(self, asked: Asked, left_out: IntArray) -> tuple[FloatArray, BoolArray]:
        """Queries [R, D] of a history and of the same without each of some items [R - 1], and whose row has events."""
        n_rows, width = len(left_out) + 1, self.kinds.shape[1]
        items = np.empty(n_rows * len(asked), np.int32)
        kinds = np.empty(n_rows * len(asked), np.int8)
        offsets = np.empty(n_rows + 1, np.int64)
        known, longest = len(self.vectors), self.max_length
        _rows(asked.items, asked.learnt, left_out, known, longest, items, kinds, offsets)
        means = np.empty((n_rows, self.by_age.shape[0] * width), np.float32)
        _means(self.vectors.array, self.kinds, items, kinds, offsets, self.by_age, self.input_scale, means)
        queries = np.empty((n_rows, width), np.float32)
        _queries(means, self.scale, queries, *self.weights)
        return queries, offsets[1:] > offsets[:-1]


@dataclass(slots=True)
class _Speaks:
    member: PackedTaste
    asked: Asked
    heard: TasteHeard

    def find(self, found: Finds) -> None:
        if (query := self.heard.whole) is not None:
            member = self.member
            by = *member.clusters, member.slots.array, member.small.array, member.scored.array
            found.scanned(best_in_clusters, query, *by, len(member.scored))

    def scores(self, items: IntArray, into: FloatArray) -> None:
        if (query := self.heard.whole) is None:
            into[:] = -np.inf
        else:
            products(query, self.member.directions.array, self.member.scored.values, items, into)

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        member = self.member

        def scores(asked: Asked, at: IntArray) -> FloatArray:
            queries, speaks = self.heard.without(lambda: member.tastes(asked, asked.items[at]))
            found = np.empty((len(queries), len(items)), np.float32)
            products_of_rows(queries, speaks, member.directions.array, member.scored.values, items, found)
            return found

        return left_out(self.asked, items, scores)

    def close(self, desk: Desk) -> None:
        pass
