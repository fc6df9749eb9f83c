"""The linear autoencoder against its closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.counted.linear_autoencoder import LinearAutoencoder, LinearAutoencoderConfig

N_ITEMS = 30
ROWS = [np.random.default_rng(shopper).permutation(N_ITEMS - 2)[:6].tolist() for shopper in range(80)]
HISTORIES = Histories.from_lists(ROWS, n_items=N_ITEMS)


def fitted(config: LinearAutoencoderConfig) -> LinearAutoencoder:
    return LinearAutoencoder(config).fit(HISTORIES, Features.empty(N_ITEMS), rng=np.random.default_rng(0))


def closed_form(matrix: NDArray[np.float64], penalty: float) -> NDArray[np.float64]:
    inverse = np.linalg.inv(matrix.T @ matrix + penalty * np.eye(matrix.shape[1]))
    weights: NDArray[np.float64] = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def test_all_weights_kept_equal_the_closed_form() -> None:
    found = fitted(LinearAutoencoderConfig(penalty=10.0, neighbours=100)).weights_.toarray()
    expected = closed_form(HISTORIES.matrix().toarray().astype(np.float64)[:, : N_ITEMS - 2], 10.0)
    np.testing.assert_allclose(found[: N_ITEMS - 2, : N_ITEMS - 2], expected, atol=1e-5)
    assert not found[N_ITEMS - 2 :].any() and not found[:, N_ITEMS - 2 :].any()


def test_scores_are_the_history_times_the_weights() -> None:
    model = fitted(LinearAutoencoderConfig(penalty=10.0, neighbours=100, history_decay=1.0))
    asked = Histories.from_lists([[1, 5, 9]], n_items=N_ITEMS)
    expected = (asked.matrix() @ model.weights_).toarray()[0]
    scores = model.score(asked)[0]
    np.testing.assert_allclose(scores[expected != 0], expected[expected != 0], rtol=1e-5)
    assert np.isneginf(scores[expected == 0]).all()


def test_truncation_keeps_the_weights_of_greatest_size() -> None:
    full = np.abs(fitted(LinearAutoencoderConfig(penalty=10.0, neighbours=100)).weights_.toarray())
    kept = fitted(LinearAutoencoderConfig(penalty=10.0, neighbours=5)).weights_.toarray()
    for row in range(N_ITEMS - 2):
        assert set(np.flatnonzero(kept[row])) == set(np.argsort(-full[row], kind="stable")[:5])


def test_only_the_most_frequent_items_take_part() -> None:
    model = fitted(LinearAutoencoderConfig(penalty=10.0, max_items=8))
    counts = np.bincount(HISTORIES.items, minlength=N_ITEMS)
    used = np.flatnonzero(np.diff(model.weights_.indptr))
    assert set(used.tolist()) == set(np.argsort(-counts, kind="stable")[:8].tolist())
    expected = closed_form(HISTORIES.matrix().toarray()[:, used].astype(np.float64), 10.0)
    np.testing.assert_allclose(model.weights_.toarray()[np.ix_(used, used)], expected, atol=1e-5)
