"""Diversity with one dial."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from bottega.models.recommend.rerank import diversify, similarities, unit_rows

RELEVANCE = np.array([1.0, 0.95, 0.9, 0.3, 0.0], dtype=np.float32)
TWINS = np.array(
    [[1, 1, 1, 0, 0], [1, 1, 1, 0, 0], [1, 1, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]], dtype=np.float32
)


@pytest.mark.parametrize(
    ("dial", "order"),
    [(0.0, [0, 1, 2]), (0.2, [0, 1, 2]), (0.5, [0, 3, 4]), (1.0, [0, 3, 4])],
)
def test_the_dial_trades_relevance_for_unlikeness(dial: float, order: list[int]) -> None:
    # Worked by hand: after 0, item 1 is worth (1 - d) * 0.95 - d and item 3 (1 - d) * 0.3; they meet at d = 0.394.
    assert diversify(RELEVANCE, TWINS, dial=dial, count=3) == order


def test_nothing_is_taken_twice_and_the_best_comes_first() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.random((30, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    relevance = np.sort(rng.random(30))[::-1].astype(np.float32)
    for dial in (0.1, 0.5, 0.9, 1.0):
        order = diversify(relevance, (vectors @ vectors.T).astype(np.float32), dial=dial, count=30)
        assert order[0] == 0 and sorted(order) == list(range(30))


def test_a_higher_dial_never_gives_more_alike_pairs() -> None:
    kinds = np.arange(60) // 12
    likeness = (kinds[:, None] == kinds[None, :]).astype(np.float32)
    relevance = np.linspace(1, 0, 60, dtype=np.float32)

    def alike(dial: float) -> float:
        chosen = diversify(relevance, likeness, dial=dial, count=10)
        return float(likeness[np.ix_(chosen, chosen)].sum())

    values = [alike(dial) for dial in (0.0, 0.25, 0.5, 1.0)]
    assert values == sorted(values, reverse=True) and values[-1] < values[0]


def test_short_and_equal_lists() -> None:
    one = np.ones(1, dtype=np.float32)
    assert diversify(one, np.ones((1, 1), dtype=np.float32), dial=0.7, count=5) == [0]
    assert len(diversify(np.ones(3, dtype=np.float32), np.eye(3, dtype=np.float32), dial=0.7, count=2)) == 2


def test_rows_get_length_one_and_rare_attributes_weigh_more() -> None:
    matrix = sparse.csr_matrix(np.array([[1, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 0]], dtype=np.float32))
    rows = unit_rows(matrix).toarray()
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 1, 1, 0], atol=1e-6)
    common, rare = np.log1p(4 / 3), np.log1p(4 / 1)
    np.testing.assert_allclose(rows[0], np.array([common, rare, 0]) / np.hypot(common, rare), rtol=1e-5)
    likeness = similarities(unit_rows(matrix), [0, 1, 3])
    np.testing.assert_allclose(np.diag(likeness), [1, 1, 0], atol=1e-6)
    np.testing.assert_allclose(likeness[0, 1], common**2 / (common**2 + rare**2), rtol=1e-5)
