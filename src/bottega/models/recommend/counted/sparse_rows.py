"""What the sparse models share: weights of events, tables with one sparse row an item, and sums of their rows.

Shapes   B shoppers, N their events, I items of the histories, J items the table knows (J <= I).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Histories
from bottega.models.recommend.base import Evidence
from bottega.names import FloatArray, IntArray, LongArray

__all__ = [
    "ages",
    "dense_product",
    "event_weights",
    "history_scores",
    "keep_largest",
    "scale_rows",
    "strongest_positions",
    "unit_rows",
]

_CHUNK_ENTRIES = 4_000_000


def ages(histories: Histories) -> LongArray:
    """How many events of the same shopper came after each event [N]: 0 for the newest."""
    return np.repeat(histories.offsets[1:], histories.lengths) - 1 - np.arange(histories.n_events)


def event_weights(histories: Histories, *, use_kinds: bool) -> FloatArray:
    """Weight of each event [N], 1 on average: by kind (`names.KIND_WEIGHT`), or 1 for all."""
    weights = histories.weights() if use_kinds else np.ones(histories.n_events, dtype=np.float32)
    mean = float(weights.mean()) if len(weights) else 0.0
    return (weights / mean).astype(np.float32) if mean > 0 else weights


def keep_largest(table: sparse.csr_matrix, count: int) -> sparse.csr_matrix:
    """Only the `count` largest values of each row; of equal ones those of the lowest column."""
    lengths = np.diff(table.indptr)
    if not len(lengths) or lengths.max() <= count:
        return table
    keep = np.ones(table.nnz, dtype=np.bool_)
    long_rows = np.flatnonzero(lengths > count)
    for rows in np.array_split(long_rows, int(lengths[long_rows].sum()) // _CHUNK_ENTRIES + 1):
        size = lengths[rows]
        starts = np.concatenate([[0], np.cumsum(size)])
        where = np.repeat(table.indptr[rows] - starts[:-1], size) + np.arange(starts[-1])
        order = np.lexsort((table.indices[where], -table.data[where], np.repeat(np.arange(len(rows)), size)))
        rank = np.arange(starts[-1]) - np.repeat(starts[:-1], size)
        keep[where[order[rank >= count]]] = False
    indptr = np.concatenate([[0], np.cumsum(np.minimum(lengths, count))])
    return sparse.csr_matrix((table.data[keep], table.indices[keep], indptr), shape=table.shape)


def history_scores(table: sparse.csr_matrix, histories: Histories, values: FloatArray) -> FloatArray:
    """For each history the sum of its items' rows of `table` [J, J], each times its value [N]: [B, I], -inf for none.

    Events of items that the table does not know are passed over. Needs what `dense_product` needs.
    """
    known, width = table.shape[0], histories.n_items
    assert known <= width, "a model cannot score a smaller catalogue than it learnt"
    if len(histories) != 1:
        asked = histories.keep(histories.items < known)
        values = values[histories.items < known]
        matrix = sparse.csr_matrix((values, asked.items, asked.offsets), shape=(len(asked), known))
        return dense_product(matrix, table, width)
    scores = np.zeros((1, width), dtype=np.float32)  # one shopper, the serving path: only the rows that are needed
    row, indptr = scores[0], table.indptr
    for item, value in zip(histories.items.tolist(), values, strict=True):
        if item < known:
            part = slice(indptr[item], indptr[item + 1])
            row[table.indices[part]] += value * table.data[part]
    scores[scores == 0] = -np.inf
    return scores


def dense_product(left: sparse.csr_matrix, right: sparse.csr_matrix, width: int) -> FloatArray:
    """The product [B, J] of sparse matrices as a dense one [B, width], -inf where it is zero or behind J.

    Needs 4*B*width bytes for the answer and, because it is made in chunks of rows, some 100 MB besides.
    """
    scores = np.full((left.shape[0], width), -np.inf, dtype=np.float32)
    step = max(1, _CHUNK_ENTRIES // max(1, width))
    for first in range(0, left.shape[0], step):
        part = (left[first : first + step] @ right).toarray()
        part[part == 0] = -np.inf
        scores[first : first + step, : right.shape[1]] = part
    return scores


def scale_rows(matrix: sparse.csr_matrix, scale: FloatArray) -> sparse.csr_matrix:
    """Each row times its number [rows]."""
    data = matrix.data * np.repeat(scale, np.diff(matrix.indptr))
    return sparse.csr_matrix((data.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows of length 1, empty ones left empty."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return scale_rows(matrix, (1.0 / np.where(length > 0, length, 1.0)).astype(np.float32))


def strongest_positions(
    table: sparse.csr_matrix, history: IntArray, values: FloatArray, item: int, count: int
) -> list[Evidence]:
    """The positions of `history` [T] whose rows give `item` the most, strongest first; only positive ones."""
    if item >= table.shape[0]:
        return []
    given = np.zeros(len(history), dtype=np.float32)
    for position, seen in enumerate(history.tolist()):
        if seen < table.shape[0]:
            part = slice(table.indptr[seen], table.indptr[seen + 1])
            given[position] = values[position] * table.data[part][table.indices[part] == item].sum()
    order = np.argsort(-given, kind="stable")[:count]
    return [Evidence(int(position), float(given[position])) for position in order if given[position] > 0]
