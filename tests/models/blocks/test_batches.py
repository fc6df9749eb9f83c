"""Every position is learnt from once, and hardly any is padding."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bottega.models.blocks.batches import bucketed, pieces

Lengths = st.lists(st.integers(0, 40), min_size=1, max_size=60)


@given(lengths=Lengths, longest=st.integers(1, 12))
def test_pieces_cover_every_position_once(lengths: list[int], longest: int) -> None:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    found = pieces(offsets, longest)
    covered = np.concatenate([np.arange(start, end) for start, end in found] or [np.zeros(0, dtype=np.int64)])
    assert covered.tolist() == list(range(int(offsets[-1])))
    assert all(0 < end - start <= longest for start, end in found)
    assert not any(start < cut < end for start, end in found for cut in offsets)


def test_the_newest_events_keep_the_longest_context() -> None:
    assert pieces(np.array([0, 7]), 3).tolist() == [[0, 1], [1, 4], [4, 7]]


@given(lengths=st.lists(st.integers(1, 40), max_size=60), tokens=st.integers(1, 100), seed=st.integers(0, 9))
def test_batches_hold_every_sequence_once_within_the_budget(lengths: list[int], tokens: int, seed: int) -> None:
    sizes = np.array(lengths, dtype=np.int64)
    batches = list(bucketed(sizes, tokens, np.random.default_rng(seed)))
    assert sorted(np.concatenate(batches).tolist() if batches else []) == list(range(len(sizes)))
    assert all(len(batch) == 1 or len(batch) * sizes[batch].max() <= tokens for batch in batches)


def test_padding_is_rare() -> None:
    sizes = np.random.default_rng(0).geometric(0.15, 5000).astype(np.int64)
    batches = list(bucketed(sizes, 1024, np.random.default_rng(1)))
    padded = sum(len(batch) * int(sizes[batch].max()) for batch in batches)
    assert padded < 1.1 * sizes.sum()


def test_epochs_differ_and_seeds_repeat() -> None:
    sizes = np.full(500, 4, dtype=np.int64)
    rng = np.random.default_rng(7)
    first, second = list(bucketed(sizes, 64, rng)), list(bucketed(sizes, 64, rng))
    again = list(bucketed(sizes, 64, np.random.default_rng(7)))
    assert [b.tolist() for b in first] == [b.tolist() for b in again]
    assert [b.tolist() for b in first] != [b.tolist() for b in second]
