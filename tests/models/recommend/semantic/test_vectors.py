"""What is quantised: content, and a company that a newcomer's content predicts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.semantic.vectors import SemanticVectors, truncated_svd


def test_the_svd_is_numpy_s_on_a_matrix_of_low_rank() -> None:
    rng = np.random.default_rng(0)
    dense = (rng.standard_normal((40, 5)) @ rng.standard_normal((5, 30))).astype(np.float32)
    left, values, right = truncated_svd(sparse.csr_matrix(dense), 5, rng)
    np.testing.assert_allclose(values, np.linalg.svd(dense, compute_uv=False)[:5], rtol=1e-4)
    np.testing.assert_allclose(left * values @ right.T, dense, atol=1e-3)


def shop() -> tuple[Histories, Features]:
    """Two circles of shoppers; red and blue things are bought together, green ones apart; item 8 was never bought."""
    colours = ["red", "red", "blue", "blue", "green", "green", "green", "green", "red"]
    features = Features.from_attributes([[f"colour={colour}"] for colour in colours])
    rng = np.random.default_rng(0)
    rows = [rng.permutation([0, 1, 2, 3] if shopper % 2 else [4, 5, 6, 7]).tolist() for shopper in range(60)]
    return Histories.from_lists(rows, n_items=len(colours)), features


@pytest.mark.parametrize("alignment", [0.0, 0.6])
def test_alignment_brings_together_what_is_bought_together(alignment: float) -> None:
    histories, features = shop()
    maker, vectors = SemanticVectors.fit(histories, features, size=3, alignment=alignment, rng=np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)
    red_and_blue, red_and_green = float(vectors[0] @ vectors[2]), float(vectors[0] @ vectors[4])
    if alignment:
        assert red_and_blue > red_and_green + 0.3
        # A product without events stands where its content says: with the red ones and so near the blue ones.
        assert vectors[8] @ vectors[2] > vectors[8] @ vectors[4] + 0.3
    else:
        assert red_and_blue == pytest.approx(red_and_green, abs=1e-5)
    np.testing.assert_allclose(maker.of(features)[8], vectors[8], atol=1e-5)
