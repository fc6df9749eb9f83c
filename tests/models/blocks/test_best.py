"""The best of scores: against sorting everything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bottega.models.blocks.best as module
from bottega.models.blocks.best import best


def test_best_takes_the_lower_id_at_the_edge() -> None:
    scores = np.array([1.0, 0.5, 0.5, 0.5, 0.9], dtype=np.float32)
    assert best(scores, 3, ids=np.array([4, 9, 2, 7, 1])).tolist() == [0, 4, 2]
    assert best(scores, 9, ids=np.arange(5)).tolist() == [0, 4, 1, 2, 3] and best(scores, 0).tolist() == []


@pytest.mark.parametrize("many", [module.MANY, 2])
@given(
    scores=st.lists(st.sampled_from([-np.inf, -1.5, 0.0, 0.25, 0.5, 1.0, 3.0]), max_size=12),
    count=st.one_of(st.none(), st.integers(0, 14)),
    reverse=st.booleans(),
)
def test_it_is_the_head_of_everything_sorted(scores: list[float], count: int | None, reverse: bool, many: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "MANY", many)
        patched.setattr(module, "LEVELS", 2)
        _is_the_head(scores, count, reverse)


def _is_the_head(scores: list[float], count: int | None, reverse: bool) -> None:
    ids = np.arange(len(scores))[::-1] if reverse else None
    key = {place: (-score, -place if reverse else place) for place, score in enumerate(scores) if np.isfinite(score)}
    assert best(np.array(scores, dtype=np.float32), count, ids=ids).tolist() == sorted(key, key=key.__getitem__)[:count]


@pytest.mark.parametrize("count", [0, 2, 9])
def test_whole_numbers_have_a_best_too(count: int) -> None:
    assert best(np.array([3, 9, 9, 1]), count).tolist() == [1, 2, 0, 3][:count]
