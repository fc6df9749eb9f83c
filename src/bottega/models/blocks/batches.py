"""Sequences grouped by length into batches of about as many tokens, so that hardly a position is padding.

Shapes   S sequences, B sequences of a batch, T its longest.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bottega.names import IntArray, LongArray

__all__ = ["bucketed", "pieces"]


def pieces(offsets: LongArray, longest: int) -> LongArray:
    """Start and end [S, 2] of stretches of at most `longest` that cover every position of ragged rows once.

    A long row is cut from its end, so that its newest events keep the longest context. Empty rows give no piece.
    """
    lengths = np.diff(offsets)
    counts = -(-lengths // longest)
    row = np.repeat(np.arange(len(lengths)), counts)
    first = np.concatenate([[0], np.cumsum(counts)])[:-1]
    back = counts[row] - 1 - (np.arange(len(row)) - first[row])
    ends = offsets[row + 1] - back * longest
    starts = np.maximum(ends - longest, offsets[row])
    return np.stack([starts, ends], axis=1).astype(np.int64)


def bucketed(lengths: LongArray, tokens: int, rng: np.random.Generator) -> Iterator[IntArray]:
    """Indices of the sequences of each batch, in random order; every sequence appears once.

    Sequences of like length stand together: a batch of B sequences, the longest T, has B * T <= `tokens` unless one
    sequence alone is longer.
    """
    shuffled = rng.permutation(len(lengths))
    order = shuffled[np.argsort(lengths[shuffled], kind="stable")]
    batches: list[IntArray] = []
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end + 1 - start) * lengths[order[end]] <= tokens:
            end += 1
        batches.append(order[start:end].astype(np.int32))
        start = end
    for index in rng.permutation(len(batches)):
        yield batches[index]
