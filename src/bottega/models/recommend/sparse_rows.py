"""What the item-to-item models share: tables of weights between items, one sparse row an item.

Shapes   B shoppers, N their events, I items of the histories, J items the table knows (J <= I).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Histories
from bottega.models.recommend.base import Evidence
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["ages", "event_weights", "history_scores", "keep_largest", "strongest_positions"]

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

    Events of items that the table does not know are passed over. Needs 4*B*I bytes for the answer and as much again
    while it is made; callers ask for 256 to 1,024 histories at a time.
    """
    known, width = table.shape[0], histories.n_items
    assert known <= width, "a model cannot score a smaller catalogue than it learnt"
    if len(histories) == 1:
        scores = np.zeros((1, width), dtype=np.float32)
        row, indptr = scores[0], table.indptr
        for item, value in zip(histories.items.tolist(), values, strict=True):
            if item < known:
                part = slice(indptr[item], indptr[item + 1])
                row[table.indices[part]] += value * table.data[part]
    else:
        scores = np.zeros((len(histories), width), dtype=np.float32)
        values = np.where(histories.items < known, values, np.float32(0))
        items = np.minimum(histories.items, known - 1) if known else histories.items
        if known and len(histories):
            asked = sparse.csr_matrix((values, items, histories.offsets), shape=(len(histories), known))
            scores[:, :known] = (asked @ table).toarray()
    scores[scores == 0] = -np.inf
    return scores


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
