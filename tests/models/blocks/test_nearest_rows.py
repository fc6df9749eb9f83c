"""The nearest rows by shared columns, against all products."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from bottega.models.blocks.nearest_rows import nearest_rows


def table(rows: int = 80, columns: int = 40) -> sparse.csr_matrix:
    rng = np.random.default_rng(3)
    made = sparse.random(rows, columns, density=0.15, format="csr", dtype=np.float32, random_state=rng)
    made.sort_indices()
    return made


def by_column(rows: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    rows = sparse.csr_matrix(sparse.vstack([table(), sparse.csr_matrix((1, 40), dtype=np.float32)]))
    rows.sort_indices()
    indptr, _, _ = nearest_rows(rows, by_column(rows), 10)
    assert indptr[-1] == indptr[-2]
    few = nearest_rows(rows, by_column(rows), 10, budget=12)[0][-1]
    assert 0 < few < indptr[-1]
