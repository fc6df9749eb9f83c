"""Arrays that grow behind: a newer snapshot shares the array with an older one and sees more of it.

What is in use never changes, so a reader needs no lock: it looks at its own first `n` rows, whatever a writer adds
behind them. Where the spare rows are used up the next snapshot gets an array twice as large, as a vector grows.
Shapes   n rows in use, R rows of ragged values, N values in all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

__all__ = ["GrowingColumn", "GrowingRows"]

_LEAST_ROOM = 1024
"""Rows that an array which grows has at least."""


@dataclass
class _Shared:
    """An array that several snapshots see, and how much of it the newest one uses."""

    array: NDArray[Any]
    used: int
    lock: threading.Lock


class GrowingColumn:
    """The first `n` rows of an array that may have spare rows behind them."""

    __slots__ = ("_shared", "n")

    def __init__(self, array: NDArray[Any], n: int | None = None) -> None:
        """`array` [n or more]: the rows behind the first `n` are spare; none are where `n` is left out."""
        self.n = len(array) if n is None else n
        assert self.n <= len(array)
        self._shared = _Shared(array, self.n, threading.Lock())

    def __len__(self) -> int:
        return self.n

    @property
    def values(self) -> NDArray[Any]:
        """The rows in use [n], shared: not to be written to."""
        return self._shared.array[: self.n]

    @property
    def array(self) -> NDArray[Any]:
        """The whole array, spare rows included: what a kernel reads, no further than `n`."""
        return self._shared.array

    def changed(self, rows: ArrayLike, values: ArrayLike) -> GrowingColumn:
        """A newer snapshot with other values in these rows: an array of its own, because what is in use is shared."""
        array = self._shared.array[: max(2 * self.n, _LEAST_ROOM)].copy()
        array[np.asarray(rows, dtype=np.int64)] = values
        return GrowingColumn(array, self.n)

    def grown(self, more: ArrayLike) -> GrowingColumn:
        """A newer snapshot with these rows behind; this one stays as it is."""
        rows = np.asarray(more, dtype=self._shared.array.dtype)
        end = self.n + len(rows)
        new = GrowingColumn.__new__(GrowingColumn)
        new.n, new._shared = end, self._shared
        with self._shared.lock:
            if self._shared.used == self.n and end <= len(self._shared.array):
                self._shared.array[self.n : end] = rows
                self._shared.used = end
                return new
        # No room, or another snapshot has put its own rows there.
        old = self._shared.array
        array = np.zeros((max(2 * end, _LEAST_ROOM), *old.shape[1:]), dtype=old.dtype)
        array[: self.n] = old[: self.n]
        array[self.n : end] = rows
        new._shared = _Shared(array, end, threading.Lock())
        return new


class GrowingRows:
    """Ragged rows: `offsets` [R + 1] and one or more columns of values [N], all of which grow together."""

    __slots__ = ("columns", "offsets")

    def __init__(self, offsets: GrowingColumn, columns: Sequence[GrowingColumn]) -> None:
        assert len(offsets) and all(len(column) == int(offsets.values[-1]) for column in columns)
        self.offsets = offsets
        self.columns = tuple(columns)

    @classmethod
    def of(cls, offsets: NDArray[Any], *columns: NDArray[Any]) -> GrowingRows:
        """Rows of plain arrays, all of them in use."""
        return cls(GrowingColumn(offsets), [GrowingColumn(column) for column in columns])

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def row(self, number: int) -> tuple[NDArray[Any], ...]:
        """The values of one row, of each column."""
        offsets = self.offsets.array
        start, end = int(offsets[number]), int(offsets[number + 1])
        return tuple(column.array[start:end] for column in self.columns)

    def grown(self, lengths: ArrayLike, *values: ArrayLike) -> GrowingRows:
        """A newer snapshot with more rows behind: how long each is, and the values of all of them, of each column."""
        assert len(values) == len(self.columns)
        offsets = self.offsets.values[-1] + np.cumsum(np.asarray(lengths, dtype=np.int64))
        columns = [column.grown(more) for column, more in zip(self.columns, values, strict=True)]
        return GrowingRows(self.offsets.grown(offsets), columns)

    def matrix(self, n_columns: int) -> sparse.csr_matrix:
        """The rows as a sparse matrix [R, n_columns] over the same memory: column indices first, then their values."""
        indices, data = self.columns
        matrix = sparse.csr_matrix((len(self), n_columns), dtype=data.array.dtype)
        # Set one by one, because the constructor copies what has much room behind it.
        matrix.indptr = self.offsets.values.astype(indices.array.dtype)
        matrix.indices, matrix.data = indices.values, data.values
        return matrix
