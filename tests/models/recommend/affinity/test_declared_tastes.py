"""Declared tastes fade with events, and ask for products by the share of what was declared."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from bottega.models.recommend.affinity.declared_tastes import Declared, declared_gains

ITEMS = np.arange(5, dtype=np.int32)
VALUES = sparse.csr_matrix(np.array([[1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 0, 0]], dtype=np.float32))


def test_products_gain_by_the_share_of_what_was_declared() -> None:
    said = [Declared((0, 1), 100), Declared((2,), 100)]
    found = declared_gains(said, VALUES, ITEMS, np.array([50]), worth=4.0)
    assert found.gains.tolist() == pytest.approx([0.8, 0.4, 0.8, 0.0, 0.0])
    assert found.because.tolist() == [0, 0, 1, -1, -1]
    some = declared_gains(said, VALUES, np.array([2, 4], dtype=np.int32), np.array([50]), worth=4.0)
    assert some.gains.tolist() == pytest.approx([0.8, 0.0]) and some.because.tolist() == [1, -1]


def test_events_since_then_make_it_fade() -> None:
    one = Declared((0,), 100)
    weights = [one.weight(np.arange(101, 101 + n), 4.0) for n in range(5)]
    assert weights == sorted(weights, reverse=True) and weights[0] == 0.8 and weights[3] == 0.5


def test_nobody_who_said_nothing_gains() -> None:
    assert not declared_gains([], VALUES, ITEMS, np.zeros(0, dtype=np.int64), worth=4.0).gains.any()
