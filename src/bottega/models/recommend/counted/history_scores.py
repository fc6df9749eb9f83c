"""Weights of events, and what a table with one sparse row an item says to a history: sums of rows, strongest events.

Shapes   B shoppers, N their events, I items of the histories, J items the table knows (J <= I).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Histories
from bottega.models.blocks.sparse_tables import dense_product
from bottega.models.recommend.base import Evidence
from bottega.names import FloatArray, IntArray, LongArray

__all__ = [
    "ages",
    "by_newest",
    "event_weights",
    "history_scores",
    "strongest_positions",
]


def ages(histories: Histories) -> LongArray:
    """How many events of the same shopper came after each event [N]: 0 for the newest."""
    return np.repeat(histories.offsets[1:], histories.lengths) - 1 - np.arange(histories.n_events)


def by_newest(histories: Histories, sizes: LongArray) -> LongArray:
    """The shoppers with two products or more (`sizes` [S]), by their newest event: others have nothing to say."""
    able = np.flatnonzero(sizes >= 2)
    newest = histories.times[histories.offsets[1:][able] - 1]
    return able[np.argsort(newest, kind="stable")]


def event_weights(histories: Histories, *, use_kinds: bool) -> FloatArray:
    """Weight of each event [N], 1 on average: by kind (`names.KIND_WEIGHT`), or 1 for all."""
    weights = histories.weights() if use_kinds else np.ones(histories.n_events, dtype=np.float32)
    mean = float(weights.mean()) if len(weights) else 0.0
    return (weights / mean).astype(np.float32) if mean > 0 else weights


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
