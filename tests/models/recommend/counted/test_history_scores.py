"""Tables with one sparse row an item."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from bottega.datasets.arrays import Histories
from bottega.models.blocks.sparse_tables import dense_product, keep_largest, unit_rows
from bottega.models.recommend.counted.history_scores import ages, history_scores


def test_age_is_the_number_of_later_events_of_the_same_shopper() -> None:
    assert ages(Histories.from_lists([[4, 4, 1], [], [2]], n_items=5)).tolist() == [2, 1, 0, 0]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 6))
def test_keep_largest_is_what_sorting_each_row_keeps(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    dense = rng.integers(0, 4, size=(5, 7)).astype(np.float32)
    found = keep_largest(sparse.csr_matrix(dense), count).toarray()
    for row, kept in zip(dense, found, strict=True):
        best = [column for column in np.argsort(-row, kind="stable")[:count] if row[column] > 0]
        expected = np.zeros_like(row)
        expected[best] = row[best]
        assert kept.tolist() == expected.tolist()


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(st.integers(0, 6), max_size=5), max_size=4))
def test_sums_of_rows_equal_dense_algebra_in_batches_of_any_size(rows: list[list[int]]) -> None:
    dense = np.random.default_rng(3).random((5, 5)).astype(np.float32) * (np.eye(5) == 0)
    histories = Histories.from_lists(rows, n_items=7)  # items 5 and 6 came after the table
    values = np.linspace(0.5, 1.5, histories.n_events).astype(np.float32)
    expected = np.zeros((len(rows), 7), dtype=np.float32)
    for shopper, item, value in zip(histories.shoppers, histories.items, values, strict=True):
        if item < 5:
            expected[shopper, :5] += value * dense[item].astype(np.float32)
    found = history_scores(sparse.csr_matrix(dense.astype(np.float32)), histories, values)
    np.testing.assert_allclose(np.where(np.isneginf(found), 0, found), expected, rtol=1e-5)


def test_a_product_is_minus_infinity_where_nothing_meets() -> None:
    left, right = sparse.csr_matrix([[1.0, 0.0], [0.0, 0.0]]), sparse.csr_matrix([[0.0, 2.0], [1.0, 0.0]])
    assert dense_product(left, right, 3).tolist() == [[-np.inf, 2.0, -np.inf], [-np.inf] * 3]


def test_unit_rows_leave_empty_rows_empty() -> None:
    found = unit_rows(sparse.csr_matrix([[3.0, 4.0], [0.0, 0.0]])).toarray()
    np.testing.assert_allclose(found, np.array([[0.6, 0.8], [0.0, 0.0]]), rtol=1e-6)
