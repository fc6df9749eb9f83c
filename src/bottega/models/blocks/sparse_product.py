"""A fixed sparse matrix times learnt dense vectors, cheap in both directions.

Idea     The gradient of M @ V with respect to V is M transposed times the gradient: the same product with the same
         kernel, so the transpose is kept instead of sorting columns anew in every step.
Shapes   M rows, A columns, D width, Z stored entries.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from scipy import sparse
from torch import Tensor
from torch.nn import functional

__all__ = ["SparseRows"]


class SparseRows:
    """`matrix` [M, A] ready for `rows @ vectors_AD`; differentiable in the vectors, constant in itself."""

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        rows = matrix.tocsr()
        self.n_columns = int(rows.shape[1])
        self.offsets = torch.from_numpy(rows.indptr.astype(np.int64))
        self.columns = torch.from_numpy(rows.indices.astype(np.int64))
        self.values = torch.from_numpy(rows.data.astype(np.float32))
        self._transposed: SparseRows | None = None

    @property
    def n_rows(self) -> int:
        return len(self.offsets) - 1

    @property
    def transposed(self) -> SparseRows:
        """[A, M], made at the first use and kept."""
        if self._transposed is None:
            shape = (self.n_rows, self.n_columns)
            matrix = sparse.csr_matrix((self.values.numpy(), self.columns.numpy(), self.offsets.numpy()), shape=shape)
            self._transposed = SparseRows(matrix.T.tocsr())
        return self._transposed

    def take(self, rows_M: Tensor) -> Self:
        """Only these rows, in this order."""
        lengths_M = (self.offsets[1:] - self.offsets[:-1])[rows_M]
        offsets = torch.cat([torch.zeros(1, dtype=torch.int64), torch.cumsum(lengths_M, 0)])
        where_Z = torch.repeat_interleave(self.offsets[rows_M] - offsets[:-1], lengths_M) + torch.arange(
            int(offsets[-1])
        )
        taken = object.__new__(type(self))
        taken.n_columns, taken.offsets = self.n_columns, offsets
        taken.columns, taken.values, taken._transposed = self.columns[where_Z], self.values[where_Z], None
        return taken

    def product(self, vectors_AD: Tensor) -> Tensor:
        """[M, D], outside of autograd."""
        return functional.embedding_bag(
            self.columns, vectors_AD, self.offsets, mode="sum", per_sample_weights=self.values, include_last_offset=True
        )

    def __matmul__(self, vectors_AD: Tensor) -> Tensor:
        product: Tensor = _Product.apply(vectors_AD, self)  # type: ignore[no-untyped-call]
        return product


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, vectors_AD: Tensor, rows: SparseRows) -> Tensor:
        ctx.rows = rows
        return rows.product(vectors_AD)

    @staticmethod
    def backward(ctx: Any, grad_MD: Tensor) -> tuple[Tensor, None]:
        return ctx.rows.transposed.product(grad_MD.contiguous()), None
