"""Kernels over sparse rows: sums of rows, the best of what they touched, entries found again.

A table is three arrays, `indptr` [R + 1], `indices` and `data`, as scipy's csr_matrix has them. `total` [I] is all zero
between answers: who adds to it lists what was touched first, and `clear` takes that back.
Shapes   I items, R rows, T events, C candidates, K items of a list.
"""

from __future__ import annotations

import numpy as np

from bottega.models.blocks.jit import kernel
from bottega.names import BoolArray, FloatArray, IntArray, LongArray

__all__ = ["add_listed", "add_rows", "best_touched", "clear", "count_rows", "cut", "entries", "shared", "taken"]

BUCKETS = 1 << 14
"""Positive float32 in order of size by their first bits: what shares a bucket differs by 1.6 % at most."""
SHIFT = 17
TINY = np.float32(1e-30)
"""Stands for a sum that came out as zero, which would read as untouched."""


@kernel
def add_rows(
    indptr: LongArray,
    indices: IntArray,
    data: FloatArray,
    rows: IntArray,
    weights: FloatArray,
    total: FloatArray,
    touched: IntArray,
    n: int,
) -> int:
    """Add each known row times its weight to `total`; columns touched first are listed in `touched` from n on."""
    known = len(indptr) - 1
    for t in range(len(rows)):
        row = rows[t]
        if row < 0 or row >= known:
            continue
        weight = weights[t]
        for p in range(indptr[row], indptr[row + 1]):
            column = np.uint32(indices[p])
            before = total[column]
            if before == 0.0:
                touched[n] = column
                n += 1
            now = before + weight * data[p]
            total[column] = now if now != 0.0 else TINY
    return n


@kernel
def count_rows(
    indptr: LongArray, indices: IntArray, rows: IntArray, weights: FloatArray, total: FloatArray, touched: IntArray
) -> int:
    """The same with every entry 1, from nothing on."""
    n = 0
    for t in range(len(rows)):
        row = rows[t]
        for p in range(indptr[row], indptr[row + 1]):
            column = np.uint32(indices[p])
            if total[column] == 0.0:
                touched[n] = column
                n += 1
            total[column] += weights[t]
    return n


@kernel
def clear(total: FloatArray, touched: IntArray, n: int) -> None:
    """Make `total` zero again."""
    for i in range(n):
        total[np.uint32(touched[i])] = 0.0


@kernel
def cut(counts: IntArray, last: int, size: int, most: int) -> tuple[int, int]:
    """The lowest bucket of those that come in, and how many of it do, so that `most` of `size` come in from the top.

    `counts`: how many lie in each bucket; `last` is the highest that holds any.
    """
    if size <= most:
        return 0, size
    left = most
    edge = last
    while counts[edge] < left:
        left -= counts[edge]
        edge -= 1
    return edge, left


@kernel
def best_touched(
    total: FloatArray,
    touched: IntArray,
    n: int,
    allowed: BoolArray,
    most: int,
    mark: IntArray,
    stamp: int,
    out: IntArray,
    m: int,
) -> int:
    """Put about the `most` largest positive totals behind out[:m]; the new m.

    `mark` [I] is `stamp` where an item is in `out`, -stamp where it must not come in. Among totals that differ by less
    than a bucket the first come in.
    """
    counts = np.zeros(BUCKETS, np.int32)
    bits = total.view(np.int32)
    last = 0
    size = 0
    for i in range(n):
        item = np.uint32(touched[i])
        if total[item] > 0.0 and allowed[item] and mark[item] != -stamp:
            bucket = bits[item] >> SHIFT
            counts[bucket] += 1
            last = max(last, bucket)
            size += 1
    edge, room = cut(counts, last, size, most)
    for i in range(n):
        item = np.uint32(touched[i])
        if total[item] > 0.0 and allowed[item] and mark[item] != -stamp:
            bucket = bits[item] >> SHIFT
            if bucket < edge:
                continue
            if bucket == edge:
                if room <= 0:
                    continue
                room -= 1
            if mark[item] != stamp:
                mark[item] = stamp
                out[m] = item
                m += 1
    return m


@kernel
def add_listed(
    items: IntArray, allowed: BoolArray, most: int, mark: IntArray, stamp: int, out: IntArray, m: int
) -> int:
    """Put the first `most` items that may come in behind out[:m]; the new m."""
    got = 0
    for i in range(len(items)):
        item = items[i]
        if got >= most:
            break
        if item >= 0 and allowed[item] and mark[item] != -stamp:
            got += 1
            if mark[item] != stamp:
                mark[item] = stamp
                out[m] = item
                m += 1
    return m


@kernel
def taken(total: FloatArray, items: IntArray, found: FloatArray) -> None:
    """Totals of some items [C], -inf where nothing was added."""
    for c in range(len(items)):
        value = total[np.uint32(items[c])]
        found[c] = value if value != 0.0 else -np.inf


@kernel
def entries(
    indptr: LongArray,
    indices: IntArray,
    data: FloatArray,
    rows: IntArray,
    weights: FloatArray,
    items: IntArray,
    found: FloatArray,
) -> None:
    """Entry [K, T] of each item in each row, times the row's weight; rows are sorted by column."""
    known = len(indptr) - 1
    for k in range(len(items)):
        item = items[k]
        for t in range(len(rows)):
            found[k, t] = 0.0
            row = rows[t]
            if row < 0 or row >= known:
                continue
            low = indptr[row]
            high = indptr[row + 1]
            while low < high:
                middle = (low + high) >> 1
                if indices[middle] < item:
                    low = middle + 1
                else:
                    high = middle
            if low < indptr[row + 1] and indices[low] == item:
                found[k, t] = data[low] * weights[t]


@kernel
def shared(indptr: LongArray, indices: IntArray, data: FloatArray, one: int, other: int) -> np.float32:
    """The product of two sorted rows."""
    a, b = indptr[one], indptr[other]
    a_end, b_end = indptr[one + 1], indptr[other + 1]
    total = np.float32(0.0)
    while a < a_end and b < b_end:
        if indices[a] == indices[b]:
            total += data[a] * data[b]
            a += 1
            b += 1
        elif indices[a] < indices[b]:
            a += 1
        else:
            b += 1
    return total
