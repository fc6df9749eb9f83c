"""Sparse times dense equals dense times dense, forward and backward."""

from __future__ import annotations

import numpy as np
import torch
from scipy import sparse

from bottega.models.blocks.sparse_product import SparseRows


def matrix() -> sparse.csr_matrix:
    rng = np.random.default_rng(0)
    dense = rng.random((9, 6)) * (rng.random((9, 6)) < 0.4)
    dense[3] = 0.0
    return sparse.csr_matrix(dense.astype(np.float32))


def test_product_and_gradient_equal_dense() -> None:
    rows = matrix()
    weights = torch.randn(9, 4)
    grads = []
    for left in (SparseRows(rows), torch.from_numpy(rows.toarray())):
        torch.manual_seed(1)
        vectors = torch.randn(6, 4, requires_grad=True)
        ((left @ vectors) * weights).sum().backward()  # type: ignore[no-untyped-call]
        grads.append(vectors.grad)
    torch.testing.assert_close(grads[0], grads[1])


def test_taken_rows_are_those_rows() -> None:
    rows = SparseRows(matrix())
    vectors = torch.randn(6, 4)
    wanted = torch.tensor([8, 3, 0, 8])
    torch.testing.assert_close(rows.take(wanted) @ vectors, (rows @ vectors)[wanted])


def test_a_matrix_without_columns_gives_zeros() -> None:
    rows = SparseRows(matrix()[:5, :0])
    torch.testing.assert_close(rows @ torch.randn(1, 4), torch.zeros(5, 4))
