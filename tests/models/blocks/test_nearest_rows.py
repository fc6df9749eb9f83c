"""The nearest rows by shared columns, against all products."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from bottega.models.blocks.nearest_rows import Rows, nearest_rows


def table(rows: int = 80, columns: int = 40) -> sparse.csr_matrix:
    rng = np.random.default_rng(3)
    entries = rng.random((rows, columns)) * (rng.random((rows, columns)) < 0.15)
    return sparse.csr_matrix(entries.astype(np.float32))


def by_column(rows: sparse.csr_matrix) -> Rows:
    turned = rows.T.tocsr()
    return turned.indptr.astype(np.int64), turned.indices.astype(np.int32), turned.data.astype(np.float32)


@pytest.mark.parametrize("count", [1, 5, 200])
def test_they_are_those_with_the_largest_products(count: int) -> None:
    rows = table()
    indptr, indices, data = nearest_rows(rows, by_column(rows), count)
    every = (rows @ rows.T).toarray()
    np.fill_diagonal(every, 0.0)
    for row in range(rows.shape[0]):
        found, alike = indices[indptr[row] : indptr[row + 1]], data[indptr[row] : indptr[row + 1]]
        np.testing.assert_allclose(alike, every[row, found], rtol=1e-5)
        best = np.sort(every[row][every[row] > 0])[::-1][:count]
        assert len(found) == len(best) and row not in found
        np.testing.assert_allclose(np.sort(alike)[::-1], best, rtol=0.02)  # what shares a bucket may change places


def test_a_row_without_columns_has_none_and_a_small_budget_finds_fewer() -> None:
    rows = sparse.csr_matrix(np.vstack([table().toarray(), np.zeros((1, 40), np.float32)]))
    indptr, _, _ = nearest_rows(rows, by_column(rows), 10)
    assert indptr[-1] == indptr[-2]
    few = nearest_rows(rows, by_column(rows), 10, budget=12)[0][-1]
    assert 0 < few < indptr[-1]
