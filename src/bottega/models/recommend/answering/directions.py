"""Items in a direction: exact products for some of them, and a search for those with the largest.

Idea     The search reads the clusters that the direction points at (sequence/clusters.py), in eight bits.
Shapes   I items, D width, G clusters, C candidates.
"""

from __future__ import annotations

import numpy as np

from bottega.models.blocks.jit import kernel
from bottega.models.blocks.row_kernels import cut
from bottega.models.recommend.sequence.eight_bits import EIGHT_BITS
from bottega.names import BoolArray, FloatArray, Int8Array, IntArray, LongArray

__all__ = ["best_in_clusters", "products", "products_of_rows"]

BUCKET = 8
"""Bits of a product of eight-bit numbers that do not tell one candidate from another."""
BUCKETS = 1 << 14
READ_FOR_ONE = 12
"""Items that may come in are looked at for one that does; and at least one of `READ_SHARE` items of the catalogue."""
READ_SHARE = 16


@kernel
def products(query: FloatArray, directions: FloatArray, scored: BoolArray, items: IntArray, into: FloatArray) -> None:
    """The query against each item's direction [C]; -inf for items nothing is known of."""
    width = len(query)
    known = len(scored)
    for c in range(len(items)):
        item = np.uint32(items[c])
        if item >= known or not scored[item]:
            into[c] = -np.inf
            continue
        total = np.float32(0.0)
        for d in range(width):
            total += query[d] * directions[item, d]
        into[c] = total


@kernel
def products_of_rows(
    queries: FloatArray,
    speaks: BoolArray,
    directions: FloatArray,
    scored: BoolArray,
    items: IntArray,
    into: FloatArray,
) -> None:
    """`products` of several queries [R, C]; -inf for a row that says nothing."""
    for r in range(len(queries)):
        if speaks[r]:
            products(queries[r], directions, scored, items, into[r])
        else:
            into[r] = -np.inf


@kernel
def best_in_clusters(
    query: FloatArray,
    centres: FloatArray,
    starts: LongArray,
    slots: IntArray,
    small: Int8Array,
    scored: BoolArray,
    known: int,
    allowed: BoolArray,
    most: int,
    mark: IntArray,
    stamp: int,
    out: IntArray,
    m: int,
) -> int:
    """Put about the `most` items with the largest products behind out[:m]; the new m. Less than a bucket is nothing.

    Clusters are read until enough items that may come in were seen, the one first that the query points at most; items
    behind the clusters [starts[-1]:known] always.
    """
    clusters, width = centres.shape
    near = np.empty(clusters, np.float32)
    longest = np.float32(1e-12)
    for d in range(width):
        longest = max(longest, abs(query[d]))
    short = np.empty(width, np.int8)
    for d in range(width):
        short[d] = np.int8(round(query[d] * np.float32(EIGHT_BITS) / longest))
    for g in range(clusters):
        total = np.float32(0.0)
        for d in range(width):
            total += query[d] * centres[g, d]
        near[g] = total
    order = np.argsort(-near)
    found = np.empty(known, np.int32)
    values = np.empty(known, np.int32)
    counts = np.zeros(BUCKETS, np.int32)
    enough = max(READ_FOR_ONE * most, known // READ_SHARE)
    seen = 0
    last = 0
    size = 0
    for i in range(clusters + 1):
        if i == 0:
            start, end = starts[clusters], known
        else:
            if seen >= enough:
                break
            start, end = starts[order[i - 1]], starts[order[i - 1] + 1]
        for slot in range(np.uint64(start), np.uint64(end)):
            item = np.uint32(slots[slot])
            if not (allowed[item] and scored[item]) or mark[item] == -stamp:
                continue
            seen += 1
            product = np.int32(0)
            for d in range(width):
                product += np.int32(short[d]) * np.int32(small[slot, d])
            bucket = int(product >> BUCKET)
            if bucket > 0:
                counts[bucket] += 1
                last = max(last, bucket)
                found[size] = item
                values[size] = bucket
                size += 1
    edge, room = cut(counts, last, size, most)
    for i in range(size):
        bucket = values[i]
        if bucket < edge:
            continue
        if bucket == edge:
            if room <= 0:
                continue
            room -= 1
        item = np.uint32(found[i])
        if mark[item] != stamp:
            mark[item] = stamp
            out[m] = item
            m += 1
    return m
