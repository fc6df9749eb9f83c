"""A fixed sparse matrix times learnt dense vectors, cheap in both directions.

Idea     The gradient of M @ V with respect to V is M transposed times the gradient: the same product with the same
         kernel, so the transpose is kept instead of sorting columns anew in every step.
Shapes   M rows, A columns, D width, Z stored entries.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["SparseRows"]


class SparseRows(nn.Module):
    """`matrix` [M, A] ready for `rows @ vectors_AD`; differentiable in the vectors, constant in itself.

    As a module it moves to a device with the network that holds it, and stays out of what is saved.
    """

    offsets: Tensor
    columns: Tensor
    values: Tensor

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        rows = matrix.tocsr()
        offsets, columns = (torch.from_numpy(part.astype(np.int64)) for part in (rows.indptr, rows.indices))
        self._keep(int(rows.shape[1]), offsets, columns, torch.from_numpy(rows.data.astype(np.float32)))

    def _keep(self, n_columns: int, offsets: Tensor, columns: Tensor, values: Tensor) -> None:
        super().__init__()
        self.n_columns = n_columns
        for name, tensor in {"offsets": offsets, "columns": columns, "values": values}.items():
            self.register_buffer(name, tensor, persistent=False)
        self._transposed: SparseRows | None = None

    @property
    def n_rows(self) -> int:
        return len(self.offsets) - 1

    @property
    def transposed(self) -> SparseRows:
        """[A, M], made at the first use and kept."""
        if self._transposed is None:
            parts = (part.cpu().numpy() for part in (self.values, self.columns, self.offsets))
            matrix = sparse.csr_matrix(tuple(parts), shape=(self.n_rows, self.n_columns))
            self._transposed = SparseRows(matrix.T.tocsr()).to(self.values.device)
        return self._transposed

    def take(self, rows_M: Tensor) -> SparseRows:
        """Only these rows, in this order."""
        lengths_M = (self.offsets[1:] - self.offsets[:-1])[rows_M]
        offsets = torch.cat([lengths_M.new_zeros(1), torch.cumsum(lengths_M, 0)])
        where_Z = torch.repeat_interleave(self.offsets[rows_M] - offsets[:-1], lengths_M)
        where_Z = where_Z + torch.arange(len(where_Z), device=where_Z.device)
        taken = object.__new__(SparseRows)
        taken._keep(self.n_columns, offsets, self.columns[where_Z], self.values[where_Z])
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
