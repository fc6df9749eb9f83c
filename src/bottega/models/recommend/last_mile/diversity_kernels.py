"""Kernels of diversity.py: likeness of candidates, greedy lists with several trade-offs at once, their spread.

Shapes   C candidates, K places, G trade-offs, I items, A attributes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.jit import kernel
from bottega.names import FloatArray, IntArray

__all__ = ["likeness", "mmr_lists", "spreads"]

Double = NDArray[np.floating[Any]]


@kernel
def likeness(
    indptr: IntArray, indices: IntArray, data: FloatArray, columns: int, items: IntArray, found: FloatArray
) -> None:
    """Cosines [C, C] of rows of length 1."""
    row = np.zeros(columns, np.float32)
    for a in range(len(items)):
        one = items[a]
        for p in range(indptr[one], indptr[one + 1]):
            row[np.uint32(indices[p])] = data[p]
        for b in range(a, len(items)):
            other = items[b]
            total = np.float32(0.0)
            for p in range(np.uint64(indptr[other]), np.uint64(indptr[other + 1])):
                total += data[p] * row[np.uint32(indices[p])]
            found[a, b] = total
            found[b, a] = total
        for p in range(indptr[one], indptr[one + 1]):
            row[np.uint32(indices[p])] = 0.0


@kernel
def mmr_lists(relevance: Double, similarity: FloatArray, trade_offs: Double, count: int, orders: IntArray) -> None:
    """Lists [G, K]: each next item has the highest (1 - |t|) relevance - t (likeness to the nearest one taken)."""
    size = len(relevance)
    gain = np.empty(size, np.float64)
    nearest = np.empty(size, np.float64)
    for g in range(len(trade_offs)):
        trade = trade_offs[g]
        for c in range(size):
            gain[c] = (1.0 - abs(trade)) * relevance[c]
            nearest[c] = 0.0
        last = 0
        orders[g, 0] = 0
        for place in range(1, count):
            gain[last] = -np.inf
            highest = -np.inf
            chosen = 0
            for c in range(size):
                nearest[c] = max(nearest[c], similarity[last, c])
                value = gain[c] - trade * nearest[c]
                if value > highest:
                    highest = value
                    chosen = c
            orders[g, place] = chosen
            last = chosen


@kernel
def spreads(orders: IntArray, similarity: FloatArray, known: FloatArray, found: FloatArray) -> None:
    """Mean unlikeness of the pairs of each list [G], unknown items left out; NaN for fewer than two."""
    lists, count = orders.shape
    for g in range(lists):
        total = np.float32(0.0)
        size = np.float32(0.0)
        for a in range(count):
            one = orders[g, a]
            size += known[one]
            for b in range(count):
                if a != b:
                    total += known[one] * similarity[one, orders[g, b]] * known[orders[g, b]]
        pairs = size * (size - 1)
        found[g] = 1.0 - total / pairs if pairs > 0 else np.nan
