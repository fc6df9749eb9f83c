"""Diversity with one dial, which says where the list's spread shall land."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from bottega.models.recommend.last_mile.diversity import (
    METHODS,
    Method,
    diversify,
    own_spread,
    similarities,
    spread,
    unit_rows,
)


def shop(seed: int = 0, size: int = 100, kinds: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Candidates best first whose best come from few kinds, and their likeness."""
    rng = np.random.default_rng(seed)
    kind = np.sort(rng.integers(0, kinds, size))
    vectors = 1.5 * np.eye(kinds)[kind] + rng.random((size, kinds)) ** 3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.linspace(1, 0, size, dtype=np.float32), (vectors @ vectors.T).astype(np.float32)


def spread_of(order: list[int], similarity: np.ndarray) -> float:
    return spread(similarity[np.ix_(order, order)])


@pytest.mark.parametrize("method", METHODS)
def test_the_ends_and_the_middle_of_the_dial(method: Method) -> None:
    relevance, similarity = shop()
    plain = spread_of(list(range(10)), similarity)

    def at(dial: float, own: float | None = None) -> float:
        return spread_of(diversify(relevance, similarity, dial=dial, count=10, own=own, method=method), similarity)

    widest = at(1.0)
    assert at(0.0) == plain and widest > plain + 0.3
    for own in (0.3, 0.5, 0.6):
        assert at(0.5, own) == pytest.approx(own, abs=0.12)
    assert at(0.5) == pytest.approx((plain + widest) / 2, abs=0.08)
    assert at(1.0, own=0.3) == widest


@pytest.mark.parametrize("method", METHODS)
def test_a_narrow_shopper_gets_a_narrow_list(method: Method) -> None:
    relevance, similarity = shop()
    shuffled = np.random.default_rng(1).permutation(100)
    similarity = similarity[np.ix_(shuffled, shuffled)]  # now the model's own list is wide
    plain = spread_of(list(range(10)), similarity)
    narrow = diversify(relevance, similarity, dial=0.5, count=10, own=0.2, method=method)
    assert spread_of(narrow, similarity) < plain - 0.1


@pytest.mark.parametrize("method", METHODS)
def test_a_dial_means_the_same_for_every_model(method: Method) -> None:
    relevance, similarity = shop()
    for dial in (0.25, 0.5, 0.75):
        spreads = [
            spread_of(diversify(scale, similarity, dial=dial, count=10, own=0.5, method=method), similarity)
            for scale in (relevance, 40 * relevance - 7, relevance**6, np.log(relevance + 0.01))
        ]
        assert max(spreads) - min(spreads) < 0.15


def test_greedy_dpp_finds_the_determinants_of_its_definition() -> None:
    relevance, similarity = shop(size=12, kinds=4)
    order = diversify(relevance, similarity, dial=1.0, count=5, method="dpp")
    kernel = 0.95 * similarity.astype(np.float64) + 0.05 * np.eye(12)
    for place in range(1, 5):  # dial 1 without a shopper: the widest list, each step the largest determinant
        taken = order[:place]
        rest = [item for item in range(12) if item not in taken]
        dets = [np.linalg.det(kernel[np.ix_([*taken, item], [*taken, item])]) for item in rest]
        chosen = rest.index(order[place])
        gains = np.array(dets) / np.linalg.det(kernel[np.ix_(taken, taken)])
        # Some mix of relevance and log determinant chose it: nothing both more relevant and farther off was left out.
        better = [i for i, item in enumerate(rest) if item < order[place] and gains[i] > gains[chosen] + 1e-9]
        assert not better


@given(st.integers(0, 10_000), st.sampled_from(METHODS), st.floats(0, 1), st.floats(0, 1) | st.none())
def test_nothing_is_taken_twice_and_the_best_comes_first(
    seed: int, method: Method, dial: float, own: float | None
) -> None:
    relevance, similarity = shop(seed, size=20, kinds=3)
    unknown = np.random.default_rng(seed).random(20) < 0.2
    similarity[unknown] = 0.0
    similarity[:, unknown] = 0.0
    order = diversify(relevance, similarity, dial=dial, count=20, own=own, method=method)
    assert order[0] == 0 and sorted(order) == list(range(20))


def test_products_of_which_nothing_is_known_are_not_thought_different() -> None:
    relevance, similarity = shop()
    similarity[50:] = 0.0
    similarity[:, 50:] = 0.0
    order = diversify(relevance, similarity, dial=0.6, count=10)
    assert sum(place >= 50 for place in order) <= 3
    nothing = np.zeros((6, 6), dtype=np.float32)
    assert diversify(relevance[:6], nothing, dial=1.0, count=4) == [0, 1, 2, 3]


def test_short_and_equal_lists() -> None:
    one = np.ones(1, dtype=np.float32)
    assert diversify(one, np.ones((1, 1), dtype=np.float32), dial=0.7, count=5) == [0]
    relevance, similarity = shop()
    long = diversify(relevance, similarity, dial=0.7, count=80)
    assert len(long) == len(set(long)) == 80 and long[50:] == sorted(long[50:])
    assert len(diversify(np.ones(3, dtype=np.float32), np.eye(3, dtype=np.float32), dial=0.7, count=2)) == 2


def test_a_shoppers_own_spread_leans_on_the_usual_one_while_short() -> None:
    rows = unit_rows(sparse.csr_matrix(np.array([[1, 0], [0, 1], [1, 0], [0, 0]], dtype=np.float32)))
    history = np.array([0, 1, 0], dtype=np.int32)
    assert own_spread(rows, history, usual=None) == pytest.approx(1.0)
    assert own_spread(rows, history, usual=0.4) == pytest.approx((1 * 1.0 + 2 * 0.4) / 3)
    assert own_spread(rows, np.array([0, 3], dtype=np.int32), usual=0.4) == 0.4  # a product unknown tells nothing
    assert own_spread(rows, np.array([], dtype=np.int32), usual=None) is None
    assert own_spread(rows, np.array([0, 2], dtype=np.int32), usual=None) == pytest.approx(0.0, abs=1e-6)


def test_rows_get_length_one_and_rare_attributes_weigh_more() -> None:
    matrix = sparse.csr_matrix(np.array([[1, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 0]], dtype=np.float32))
    rows = unit_rows(matrix).toarray()
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 1, 1, 0], atol=1e-6)
    common, rare = np.log1p(4 / 3), np.log1p(4 / 1)
    np.testing.assert_allclose(rows[0], np.array([common, rare, 0]) / np.hypot(common, rare), rtol=1e-5)
    likeness = similarities(unit_rows(matrix), [0, 1, 3])
    np.testing.assert_allclose(np.diag(likeness), [1, 1, 0], atol=1e-6)
    np.testing.assert_allclose(likeness[0, 1], common**2 / (common**2 + rare**2), rtol=1e-5)
    assert spread(likeness) == pytest.approx(1 - likeness[0, 1])
