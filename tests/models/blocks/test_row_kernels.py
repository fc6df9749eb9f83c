"""Kernels over rows: what comes in from the top is what sorting says, however it lies in the buckets."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.blocks.row_kernels import best_touched, cut


@pytest.mark.parametrize(
    ("most", "edge", "room"), [(1, 3, 1), (2, 3, 2), (3, 1, 1), (4, 1, 2), (6, 1, 4), (7, 0, 7), (9, 0, 7)]
)
def test_the_cut_lets_in_just_so_many(most: int, edge: int, room: int) -> None:
    counts = np.array([0, 5, 0, 2, 0], dtype=np.int32)
    assert cut(counts, 3, 7, most) == (edge, room)


@pytest.mark.parametrize("most", [1, 10, 299, 300, 1000])
def test_the_largest_totals_come_in(most: int) -> None:
    rng = np.random.default_rng(most)
    total = np.exp(4 * rng.normal(size=400)).astype(np.float32)
    touched = rng.permutation(400).astype(np.int32)[:320]
    allowed = np.ones(400, dtype=np.bool_)
    allowed[touched[:20]] = False
    mark, out = np.zeros(400, dtype=np.int32), np.empty(400, dtype=np.int32)
    found = out[: best_touched(total, touched, len(touched), allowed, most, mark, 7, out, 0)]
    open_ = np.sort(total[touched[20:]])[::-1]
    assert len(found) == min(most, 300) and (mark[found] == 7).all() and allowed[found].all()
    assert (np.sort(total[found])[::-1] >= open_[: len(found)] / 1.02).all(), "but for those in one bucket"
