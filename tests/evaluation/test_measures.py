"""The measures against hand-worked examples and against slow, plain definitions."""

from __future__ import annotations

import doctest
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from bottega.datasets.arrays import Histories
from bottega.evaluation import measures
from bottega.evaluation.measures import concentration, coverage, diversity, holders, novelty, popularity
from bottega.models.recommend import accuracy
from bottega.models.recommend.accuracy import ndcg, recall, target_ranks
from bottega.models.recommend.base import Ranking, top


def test_every_measure_has_an_example_and_the_examples_run() -> None:
    finder = doctest.DocTestFinder()
    attempted = 0
    for module in (accuracy, measures):
        with_example = {test.name.split(".")[-1] for test in finder.find(module) if test.examples}
        assert {name for name in module.__all__ if callable(getattr(module, name))} - {"Values"} <= with_example
        outcome = doctest.testmod(module)
        assert outcome.failed == 0
        attempted += outcome.attempted
    assert attempted >= 9


def test_recall_and_ndcg_by_hand() -> None:
    # Four shoppers: target first, second, fifth, absent.
    ranks = np.array([1, 2, 5, 0], dtype=np.int32)
    assert recall(ranks, 2).mean() == pytest.approx(2 / 4)
    assert recall(ranks, 5).mean() == pytest.approx(3 / 4)
    # 1/log2(2) = 1, 1/log2(3) = 0.6309, 1/log2(6) = 0.3869
    assert ndcg(ranks, 5) == pytest.approx([1.0, 0.63093, 0.38685, 0.0], abs=1e-5)
    assert ndcg(ranks, 2) == pytest.approx([1.0, 0.63093, 0.0, 0.0], abs=1e-5)


@given(
    arrays(np.float32, (3, 7), elements=st.sampled_from([-np.inf, 0.0, 0.25, 0.5, 1.0])),
    arrays(np.int32, 3, elements=st.integers(0, 6)),
)
def test_ranks_from_scores_equal_ranks_from_the_ranked_list(scores: np.ndarray, targets: np.ndarray) -> None:
    ranks = target_ranks(scores, targets)
    for count in range(1, 8):
        within = np.where(ranks <= count, ranks, 0)
        assert within.tolist() == target_ranks(top(scores, count), targets).tolist()


def test_a_target_beyond_the_list_has_rank_0() -> None:
    ranking = Ranking(np.array([[4, 2, -1]], dtype=np.int32), np.zeros((1, 3), dtype=np.float32))
    assert target_ranks(ranking, np.array([2], dtype=np.int32)).tolist() == [2]
    assert target_ranks(ranking, np.array([3], dtype=np.int32)).tolist() == [0]


def test_a_model_that_scores_all_alike_gains_nothing_from_ties() -> None:
    scores = np.zeros((1000, 50), dtype=np.float32)
    targets = np.random.default_rng(0).integers(0, 50, 1000).astype(np.int32)
    assert recall(target_ranks(scores, targets), 10).mean() == pytest.approx(0.2, abs=0.04)


def test_holders_count_a_shopper_once() -> None:
    assert holders(Histories.from_lists([[1, 1, 2], [1], []], n_items=4)).tolist() == [0, 2, 1, 0]


def test_coverage_by_hand() -> None:
    lists = np.array([[0, 1, 2], [0, 3, -1]], dtype=np.int32)
    assert coverage(lists, 1, 8) == 1 / 8
    assert coverage(lists, 3, 8) == 4 / 8
    assert coverage(np.full((2, 3), -1, dtype=np.int32), 3, 8) == 0.0


def test_novelty_by_hand() -> None:
    # Held by 8, 2 and 0 of 16 shoppers: 1, 3 and (as one shopper) 4 bits.
    held = np.array([8, 2, 0])
    lists = np.array([[0, 1, 2], [0, -1, -1]], dtype=np.int32)
    assert novelty(lists, 3, held, 16) == pytest.approx([(1 + 3 + 4) / 3, 1.0])
    assert novelty(lists, 1, held, 16) == pytest.approx([1.0, 1.0])


def test_popularity_percentile_by_hand() -> None:
    held = np.array([100, 3, 3, 0, 7])  # percentiles 1, 0.375, 0.375, 0, 0.75
    lists = np.array([[0, 4], [1, 2], [3, -1]], dtype=np.int32)
    assert popularity(lists, 2, held) == pytest.approx([0.875, 0.375, 0.0])
    assert popularity(np.arange(5, dtype=np.int32)[None], 5, held) == pytest.approx([0.5])


def test_concentration_by_hand() -> None:
    # Shown 3, 1, 0, 0 times: (-3*0 - 1*0 + 1*1 + 3*3) / (4 * 4) = 0.625
    assert concentration(np.array([[0], [0], [0], [1]], dtype=np.int32), 1, 4) == pytest.approx(0.625)
    assert np.isnan(concentration(np.full((2, 1), -1, dtype=np.int32), 1, 4))


@given(arrays(np.int8, (6, 3), elements=st.integers(0, 2)), arrays(np.int32, (4, 5), elements=st.integers(-1, 5)))
def test_diversity_equals_the_plain_definition(rows: np.ndarray, lists: np.ndarray) -> None:
    got = diversity(lists, 5, sparse.csr_matrix(rows.astype(np.float32)))
    for shopper, shown in enumerate(lists):
        vectors = [rows[item].astype(float) for item in shown if item >= 0 and rows[item].any()]
        cosines = [a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in combinations(vectors, 2)]
        if cosines:
            assert got[shopper] == pytest.approx(1 - np.mean(cosines), abs=1e-5)
        else:
            assert np.isnan(got[shopper])
