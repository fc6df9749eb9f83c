"""Diversity: trade a little relevance for a list that is not ten times the same thing.

Idea     Take the next item that is relevant and unlike those already taken (maximal marginal relevance).
Source   Carbonell & Goldstein 1998, https://dl.acm.org/doi/10.1145/290941.291025, section 2.
Differs  Relevance is rescaled over the candidates, so one dial means the same for every model.
Costs    One product of the candidates' feature rows with themselves: 100 candidates, about a millisecond.
Shapes   C candidates, K places, I items, A attributes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from bottega.names import FloatArray

__all__ = ["CANDIDATES", "diversify", "similarities", "unit_rows"]

CANDIDATES = 100
"""Only this many of the best items compete; nothing from further down is pulled up."""


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows [I, A] weighted by how rare each attribute is (idf), then scaled to length 1; empty rows stay empty."""
    present = np.bincount(matrix.indices, minlength=matrix.shape[1])
    idf = np.log1p(matrix.shape[0] / np.maximum(present, 1)).astype(np.float32)
    weighted = sparse.csr_matrix(matrix, dtype=np.float32, copy=True)
    weighted.data *= idf[weighted.indices]
    squares = np.add.reduceat(np.append(weighted.data**2, 0.0), weighted.indptr[:-1]) * (np.diff(weighted.indptr) > 0)
    length = np.sqrt(np.maximum(squares, 1e-12))
    weighted.data /= np.repeat(length, np.diff(weighted.indptr)).astype(np.float32)
    return weighted


def similarities(rows: sparse.csr_matrix, items: Sequence[int]) -> FloatArray:
    """Cosine [C, C] of the candidates' rows of `rows` [I, A] (length 1, as `unit_rows` makes them)."""
    chosen = rows[np.asarray(items, dtype=np.int64)]
    return np.asarray((chosen @ chosen.T).toarray(), dtype=np.float32)


def diversify(relevance: FloatArray, similarity: FloatArray, *, dial: float, count: int) -> list[int]:
    """Positions of the `count` chosen candidates, in order.

    `relevance` [C] is best first; `similarity` [C, C] between 0 and 1. `dial` 0 keeps the order, 1 looks at likeness
    alone. The best candidate always comes first.
    """
    size = len(relevance)
    count = min(count, size)
    if dial <= 0 or count < 2:
        return list(range(count))
    low, high = float(relevance[-1]), float(relevance[0])
    wanted = (relevance - low) / (high - low) if high > low else np.ones(size, dtype=np.float32)
    gain = (1.0 - dial) * wanted.astype(np.float64)
    nearest = np.zeros(size)
    free = np.ones(size, dtype=np.bool_)
    order = [0]
    for _ in range(count - 1):
        last = order[-1]
        free[last] = False
        np.maximum(nearest, similarity[last], out=nearest)
        value = np.where(free, gain - dial * nearest, -np.inf)
        order.append(int(value.argmax()))
    return order
