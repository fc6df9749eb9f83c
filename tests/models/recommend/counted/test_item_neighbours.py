"""Item neighbours against the formulas."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.counted.item_neighbours import ItemNeighbours, ItemNeighboursConfig, bm25


def fitted(rows: list[list[int]], n_items: int, config: ItemNeighboursConfig) -> ItemNeighbours:
    histories = Histories.from_lists(rows, n_items=n_items)
    return ItemNeighbours(config).fit(histories, Features.empty(n_items), rng=np.random.default_rng(0))


def test_bm25_is_the_formula() -> None:
    counts = sparse.csr_matrix(np.array([[2, 0], [1, 1], [0, 0], [0, 0]], dtype=np.float32))
    found = bm25(counts, k1=1.2, b=0.5).toarray()
    # I = 4; shopper 0 has two items, shopper 1 one. Both chosen items have total 2, the mean total is 1: length 1.5.
    length = 0.5 + 0.5 * 2 / 1
    assert found[0, 0] == pytest.approx(log(4 / 3) * 2 * 2.2 / (2 + 1.2 * length), rel=1e-6)
    assert found[1, 0] == pytest.approx(log(4 / 3) * 1 * 2.2 / (1 + 1.2 * length), rel=1e-6)
    assert found[1, 1] == pytest.approx(log(4 / 2) * 1 * 2.2 / (1 + 1.2 * length), rel=1e-6)
    assert found[0, 1] == found[2, 0] == 0


def test_cosine_of_sets_of_shoppers() -> None:
    model = fitted([[0, 1], [0, 1], [0, 2]], 4, ItemNeighboursConfig(similarity="cosine", history_decay=1.0))
    table = model.weights_.toarray()
    assert table[0] == pytest.approx([0, 2 / sqrt(3 * 2), 1 / sqrt(3 * 1), 0])
    assert table[1] == pytest.approx([2 / sqrt(6), 0, 0, 0])
    both = model.score(Histories.from_lists([[1, 2]], n_items=4))[0]
    assert both == pytest.approx([2 / sqrt(6) + 1 / sqrt(3), -np.inf, -np.inf, -np.inf])


def test_chunks_of_rows_give_the_same_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(0).integers(0, 12, size=(60, 5)).tolist()
    config = ItemNeighboursConfig(neighbours=4)
    whole = fitted(rows, 12, config).weights_
    monkeypatch.setitem(ItemNeighbours._nearest.__globals__, "_CHUNK_PRODUCTS", 50)
    parts = fitted(rows, 12, config).weights_
    np.testing.assert_array_equal(parts.toarray(), whole.toarray())
    assert np.diff(whole.indptr).max() == 4


def test_a_long_history_is_cut_before_counting() -> None:
    model = fitted([[0, 1, 2]], 4, ItemNeighboursConfig(max_history=2))
    assert model.weights_[1, 2] > 0 and model.weights_[0].nnz == 0
