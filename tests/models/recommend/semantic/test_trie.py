"""The tree of codes against tuples that one can write down."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.models.recommend.semantic.trie import Trie

CODES = np.array([[2, 0], [0, 1], [2, 0], [2, 3], [0, 1], [2, 0]], dtype=np.int32)


def test_a_worked_example() -> None:
    trie = Trie.of(CODES)
    first, second, last = trie.levels
    assert first.code.tolist() == [0, 2] and first.node_of.tolist() == [1, 0, 1, 1, 0, 1]
    assert list(zip(second.parent.tolist(), second.code.tolist(), strict=True)) == [(0, 1), (1, 0), (1, 3)]
    assert second.siblings.tolist() == [1, 2, 2]
    assert last.parent.tolist() == [0, 0, 1, 1, 1, 2]
    assert trie.tuples().tolist() == [[2, 0, 0], [0, 1, 0], [2, 0, 1], [2, 3, 0], [0, 1, 1], [2, 0, 2]]


def test_new_codes_go_down_as_far_as_the_tree_has_them() -> None:
    trie = Trie.of(CODES)
    nodes = trie.descend(np.array([[2, 3], [2, 1], [1, 3], [9, 9], [0, 1]], dtype=np.int32))
    assert nodes.tolist() == [[1, 2, -1], [1, -1, -1], [-1, -1, -1], [-1, -1, -1], [0, 0, -1]]


@given(st.integers(1, 40), st.integers(1, 3), st.integers(1, 4), st.integers(0, 2**31))
@settings(max_examples=50, deadline=None)
def test_ids_are_unique_and_every_item_is_found_by_its_codes(n: int, levels: int, codes: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).integers(0, codes, (n, levels)).astype(np.int32)
    trie = Trie.of(drawn)
    assert len(np.unique(trie.tuples(), axis=0)) == n
    np.testing.assert_array_equal(trie.descend(drawn)[:, :-1], trie.nodes()[:, :-1])
    for above, level in zip((None, *trie.levels[:-1]), trie.levels, strict=True):
        parents = np.zeros(n, dtype=np.int64) if above is None else above.node_of
        np.testing.assert_array_equal(level.parent[level.node_of], parents)
        assert (np.diff(level.parent) >= 0).all() and level.starts[-1] == len(level)
