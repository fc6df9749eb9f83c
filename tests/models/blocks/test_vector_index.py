"""The index against plain sorting, by size, through changes and filters, exact and by its graph."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.models.blocks.vector_index import IndexConfig, VectorIndex
from bottega.names import BoolArray, FloatArray, LongArray

WIDTH = 16
EXACT = IndexConfig(width=WIDTH)
GRAPH = IndexConfig(width=WIDTH, exact_up_to=150)


def unit(count: int, seed: int = 0, width: int = WIDTH) -> FloatArray:
    """Vectors in twelve clumps, as products are."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((12, width))
    drawn = centres[rng.integers(0, 12, count)] + 0.5 * rng.standard_normal((count, width))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def expected(queries: FloatArray, vectors: FloatArray, count: int, allowed: BoolArray | None = None) -> LongArray:
    """Ids by sorting everything."""
    scores = queries @ vectors.T
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    return np.argsort(-scores, axis=1, kind="stable")[:, :count]


def filled(config: IndexConfig, vectors: FloatArray) -> VectorIndex:
    index = VectorIndex(config)
    for start in range(0, len(vectors), 90):
        index.add(np.arange(start, min(start + 90, len(vectors))), vectors[start : start + 90])
    return index


def test_an_exact_search_is_sorting_with_ties_by_id() -> None:
    vectors = unit(300)
    vectors[50:60] = vectors[7]
    index = filled(EXACT, vectors)
    ids, scores = index.search(vectors[5:9], 25)
    assert index.exact and len(index) == 300
    np.testing.assert_array_equal(ids[2][:11], [7, *range(50, 60)])
    np.testing.assert_array_equal(ids[3], expected(vectors[8:9], vectors, 25)[0])
    np.testing.assert_allclose(scores[:, 0], 1.0, atol=1e-5)
    assert (np.diff(scores, axis=1) <= 0).all()


def test_a_batch_answers_like_its_queries_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bottega.models.blocks.vector_index._BLOCK", 700)  # so that blocks are cut
    index = filled(EXACT, unit(200))
    queries = unit(9, seed=1)
    together = index.search(queries, 5)[0]
    np.testing.assert_array_equal(together, np.concatenate([index.search(one, 5)[0] for one in queries]))


def test_above_the_limit_the_graph_finds_nearly_all() -> None:
    vectors, queries = unit(600), unit(40, seed=2)
    index = filled(GRAPH, vectors)
    assert not index.exact
    ids, scores = index.search(queries, 10)
    found = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(ids, expected(queries, vectors, 10), strict=True)])
    assert found >= 0.97
    np.testing.assert_allclose(scores[:, 0], (queries @ vectors.T).max(axis=1), atol=2e-3)


@pytest.mark.parametrize("config", [EXACT, GRAPH, replace(GRAPH, precision="i8")])
@pytest.mark.parametrize("share", [0.02, 0.5])
def test_a_filter_is_kept_whatever_it_leaves(config: IndexConfig, share: float) -> None:
    vectors, queries = unit(500), unit(20, seed=3)
    allowed = np.random.default_rng(4).random(500) < share
    index = filled(config, vectors)
    ids, scores = index.search(queries, 8, allowed=allowed)
    wanted = expected(queries, vectors, 8, allowed)
    assert allowed[ids].all() and np.isfinite(scores).all()
    assert np.mean([len(set(a) & set(b)) / 8 for a, b in zip(ids, wanted, strict=True)]) >= 0.95
    nobody = index.search(queries, 8, allowed=np.zeros(500, dtype=np.bool_))
    assert (nobody[0] == -1).all() and np.isneginf(nobody[1]).all()
    short = index.search(queries, 8, allowed=np.arange(3) < 2)  # a mask that is shorter than the ids
    assert [sorted(row[row >= 0]) for row in short[0]] == [[0, 1]] * 20


def test_an_empty_index_finds_nothing() -> None:
    ids, scores = VectorIndex(EXACT).search(unit(2), 3)
    assert ids.tolist() == [[-1] * 3] * 2 and np.isneginf(scores).all()


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.data())
def test_whatever_comes_and_goes_is_found_or_not(data: st.DataObject) -> None:
    """Any order of additions, replacements and removals, beside a dictionary."""
    index, held = VectorIndex(EXACT), dict[int, FloatArray]()
    for step in range(data.draw(st.integers(1, 8))):
        ids = np.array(data.draw(st.lists(st.integers(0, 40), min_size=1, max_size=12)))
        if data.draw(st.booleans()):
            vectors = unit(len(ids), seed=step)
            index.add(ids, vectors)
            held.update(zip(ids.tolist(), vectors, strict=True))
        else:
            index.remove(ids)
            for one in set(ids.tolist()) & held.keys():
                del held[one]
        assert len(index) == len(held) and sorted(index.ids) == sorted(held)
        for one, vector in held.items():
            near, score = index.search(vector, 1)
            assert score[0, 0] > 0.999 and (near[0, 0] == one or held[int(near[0, 0])] @ vector > 0.999)


def test_a_graph_stays_good_when_half_of_it_is_replaced() -> None:
    vectors, queries = unit(600), unit(40, seed=2)
    index = filled(GRAPH, vectors)
    for round_ in range(2):
        changed = np.random.default_rng(round_).permutation(600)[:300]
        vectors[changed] = unit(300, seed=10 + round_)
        index.remove(changed[:50])
        index.add(changed, vectors[changed])
    assert len(index) == 600 and sorted(index.ids) == list(range(600))
    ids, _ = index.search(queries, 10)
    found = [len(set(a) & set(b)) / 10 for a, b in zip(ids, expected(queries, vectors, 10), strict=True)]
    assert np.mean(found) >= 0.95


def test_vectors_come_back() -> None:
    vectors = unit(200)
    for config in (EXACT, GRAPH):
        np.testing.assert_allclose(filled(config, vectors).vectors_of(np.array([9, 3])), vectors[[9, 3]], atol=1e-3)
