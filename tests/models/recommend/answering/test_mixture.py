"""Levels in kernels are those of blend/levels.py, to a millionth."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.recommend.answering.mixture import _levels


@pytest.mark.parametrize("silence", [1e-5, 0.02, 4.0])
def test_logarithms_of_scores(silence: float) -> None:
    rng = np.random.default_rng(0)
    raw = np.exp(rng.uniform(-25.0, 12.0, (1, 5_000))).astype(np.float32)
    raw[0, ::5], raw[0, 1::5] = -np.inf, -raw[0, 1::5]
    raw[0, 2] = 0.0
    wanted = np.log1p(np.maximum(raw[0], 0.0).astype(np.float64) / silence) / 1.3
    numbers = np.array([silence], np.float32), np.array([1.3], np.float32)
    _levels(raw, np.zeros(1, dtype=np.bool_), *numbers)
    np.testing.assert_allclose(raw[0], wanted, atol=1e-6, rtol=1e-6)
    assert (raw[0][wanted == 0.0] == 0.0).all()
