"""ALS: the normal equations hold, two blocks part, and an event moves who asks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.counted.als import Als, AlsConfig

N_ITEMS = 60


def learnt() -> Histories:
    rng = np.random.default_rng(0)
    rows = [(rng.permutation(30)[:8] + 30 * (shopper % 2)).tolist() for shopper in range(120)]
    return Histories.from_lists(rows, n_items=N_ITEMS)


def fitted(**settings: float) -> Als:
    config = AlsConfig(**settings)  # type: ignore[arg-type]
    return Als(config).fit(learnt(), Features.empty(N_ITEMS), rng=np.random.default_rng(0))


def test_gradients_solve_the_ridge_regressions() -> None:
    rng = np.random.default_rng(1)
    has = sparse.csr_matrix((rng.random((7, 20)) < 0.3).astype(np.float32))
    other = rng.normal(size=(20, 5)).astype(np.float32)
    model = Als(AlsConfig(penalty=0.5, weight=3.0))
    solved = model._solved(has, other, np.zeros((7, 5), dtype=np.float32), 30)
    for row in range(7):
        mine = has[row].toarray()[0]
        left = other.T @ (other * (1 + 3.0 * mine)[:, None]) + 0.5 * np.eye(5)
        expected = np.linalg.solve(left, other.T @ ((1 + 3.0) * mine)) * mine.any()
        np.testing.assert_allclose(solved[row], expected, rtol=1e-3, atol=1e-4)


def test_in_chunks_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fitted().vectors_
    monkeypatch.setitem(Als._solved.__globals__, "_CHUNK_EVENTS", 50)
    np.testing.assert_allclose(fitted().vectors_, whole, rtol=1e-3, atol=1e-4)


def test_an_event_moves_who_asks() -> None:
    model = fitted()
    before, after = model.score(Histories.from_lists([[0, 1], [0, 1, 40, 41, 42]], n_items=N_ITEMS))
    assert before[2:30].mean() > 0.1 > before[30:].mean()
    assert after[43:].mean() > before[43:].mean() + 0.1


def test_a_small_shop_has_a_small_space() -> None:
    assert fitted().vectors_.shape == (N_ITEMS, 6) and fitted(width=3).vectors_.shape == (N_ITEMS, 3)
