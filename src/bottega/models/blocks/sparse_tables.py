"""Sparse tables with a row for each of many things: the largest of a row kept, rows scaled, products made dense.

Shapes   B rows asked, J columns the table knows.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bottega.names import FloatArray, IntArray

__all__ = ["dense_product", "keep_largest", "last_of_rows", "membership", "scale_rows", "unit_rows"]

_CHUNK_ENTRIES = 4_000_000


def keep_largest(table: sparse.csr_matrix, count: int) -> sparse.csr_matrix:
    """Only the `count` largest values of each row; of equal ones those of the lowest column."""
    lengths = np.diff(table.indptr)
    if not len(lengths) or lengths.max() <= count:
        return table
    keep = np.ones(table.nnz, dtype=np.bool_)
    for row in np.flatnonzero(lengths > count).tolist():
        here = slice(int(table.indptr[row]), int(table.indptr[row + 1]))
        values = table.data[here]
        least = np.partition(values, -count)[-count]
        kept = values > least
        equal, room = np.flatnonzero(values == least), count - int(np.count_nonzero(kept))
        if len(equal) > room:
            equal = equal[np.argsort(table.indices[here][equal], kind="stable")[:room]]
        kept[equal] = True
        keep[here] = kept
    indptr = np.concatenate([[0], np.cumsum(np.minimum(lengths, count))])
    return sparse.csr_matrix((table.data[keep], table.indices[keep], indptr), shape=table.shape)


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


def last_of_rows(table: sparse.csr_matrix, count: int) -> sparse.csr_matrix:
    """Only the last `count` entries of each row as they are stored."""
    lengths = np.diff(table.indptr)
    if not len(lengths) or lengths.max() <= count:
        return table
    keep = np.repeat(table.indptr[1:], lengths) - np.arange(table.nnz) <= count
    indptr = np.concatenate([[0], np.cumsum(np.minimum(lengths, count))])
    return sparse.csr_matrix((table.data[keep], table.indices[keep], indptr), shape=table.shape)


def scale_rows(matrix: sparse.csr_matrix, scale: FloatArray) -> sparse.csr_matrix:
    """Each row times its number [rows]."""
    data = matrix.data * np.repeat(scale, np.diff(matrix.indptr))
    return sparse.csr_matrix((data.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows of length 1, empty ones left empty."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return scale_rows(matrix, (1.0 / np.where(length > 0, length, 1.0)).astype(np.float32))


def membership(categories: IntArray) -> sparse.csr_matrix:
    """Which category each item has [I, C], of 0 and 1."""
    known = np.flatnonzero(categories >= 0)
    shape = (len(categories), max(int(categories.max(initial=-1)) + 1, 1))
    return sparse.csr_matrix((np.ones(len(known), np.float32), (known, categories[known])), shape=shape)
