"""The rows of a sparse matrix nearest to each row, or to a mean of rows, found through the columns they share.

Idea     A column lists its rows. The columns that weigh most in a row are asked first, as long as a budget of entries
         lasts: rare words and brands come first, and what half of all rows have tells nobody apart.
Costs    `BUDGET` entries a row, and the exact products with those found.
Shapes   R rows, F columns, N nearest rows of each.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bottega.models.blocks.jit import kernel
from bottega.models.blocks.row_kernels import best_touched, clear, shared
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["BUDGET", "Rows", "nearest_rows", "through_columns"]

BUDGET = 16_000
"""Most entries of columns that are looked through."""

Rows = tuple[LongArray, IntArray, FloatArray]
"""`indptr`, `indices` and `data`, as scipy's csr_matrix has them."""


@kernel
def through_columns(
    offsets: LongArray,
    items: IntArray,
    values: FloatArray,
    profile: FloatArray,
    columns: IntArray,
    budget: int,
    total: FloatArray,
    touched: IntArray,
) -> int:
    """Add up what some columns of a profile [F], the heaviest first, say of their rows until the budget is used."""
    n = 0
    for i in range(len(columns)):
        column = columns[i]
        start, end = offsets[column], offsets[column + 1]
        if end - start > budget:
            continue
        budget -= end - start
        weight = profile[column]
        for p in range(start, end):
            item = np.uint32(items[p])
            if total[item] == 0.0:
                touched[n] = item
                n += 1
            total[item] += weight * values[p]
            if total[item] == 0.0:
                total[item] = 1e-30
    return n


@kernel
def _nearest(
    indptr: LongArray,
    indices: IntArray,
    data: FloatArray,
    by_column: LongArray,
    column_rows: IntArray,
    column_data: FloatArray,
    budget: int,
    found: IntArray,
    alike: FloatArray,
    sizes: LongArray,
) -> None:
    """The nearest rows of each row [R, N], how much they are alike, and how many there are."""
    n_rows, most = found.shape
    total, touched = np.zeros(n_rows, np.float32), np.empty(n_rows, np.int32)
    profile = np.zeros(len(by_column) - 1, np.float32)
    allowed, mark = np.ones(n_rows, np.bool_), np.zeros(n_rows, np.int32)
    for row in range(n_rows):
        start, end = indptr[row], indptr[row + 1]
        for p in range(start, end):
            profile[indices[p]] = data[p]
        columns = indices[start:end][np.argsort(-data[start:end])]
        n = through_columns(by_column, column_rows, column_data, profile, columns, budget, total, touched)
        stamp = row + 1
        mark[row] = -stamp  # not itself
        sizes[row] = best_touched(total, touched, n, allowed, most, mark, stamp, found[row], 0)
        for place in range(sizes[row]):
            alike[row, place] = shared(indptr, indices, data, row, found[row, place])
        clear(total, touched, n)
        for p in range(start, end):
            profile[indices[p]] = 0.0


def nearest_rows(rows: sparse.csr_matrix, columns: Rows, count: int, *, budget: int = BUDGET) -> Rows:
    """About the `count` rows with the largest products with each row; `rows` are sorted by column, and `columns` the
    same matrix by column."""
    n_rows = rows.shape[0]
    found, alike = np.empty((n_rows, count), np.int32), np.empty((n_rows, count), np.float32)
    sizes = np.zeros(n_rows, np.int64)
    flat = rows.indptr.astype(np.int64), rows.indices.astype(np.int32), rows.data.astype(np.float32)
    _nearest(*flat, *columns, budget, found, alike, sizes)
    kept = np.arange(count) < sizes[:, None]
    return np.append(0, np.cumsum(sizes)), found[kept], alike[kept]
