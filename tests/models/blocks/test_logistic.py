"""Logistic regression: its three forms are one likelihood, and agree with a plain search for its maximum."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from bottega.models.blocks.choice import fit_choice
from bottega.models.blocks.logistic import chance, fit_odds, fit_softmax
from bottega.names import FloatArray, IntArray

CASES, FEATURES, CLASSES = 300, 5, 4


def cases(seed: int = 0) -> tuple[FloatArray, IntArray]:
    """Features, and labels drawn by a softmax over them."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(CASES, FEATURES)).astype(np.float32)
    table = rng.normal(size=(FEATURES, CLASSES))
    drawn = features @ table + rng.gumbel(size=(CASES, CLASSES)) + np.arange(CLASSES) * 0.3
    return features, drawn.argmax(axis=1).astype(np.int32)


@pytest.mark.parametrize("ridge", [1.0, 100.0])
def test_softmax_finds_what_a_search_by_gradients_finds(ridge: float) -> None:
    features, labels = cases()
    weights = torch.zeros(CLASSES, FEATURES, dtype=torch.float64, requires_grad=True)
    constant = torch.zeros(CLASSES, dtype=torch.float64, requires_grad=True)
    search = torch.optim.LBFGS([weights, constant], max_iter=500, tolerance_grad=1e-10, line_search_fn="strong_wolfe")
    inputs, targets = torch.from_numpy(features).double(), torch.from_numpy(labels.astype(np.int64))

    def loss() -> torch.Tensor:
        search.zero_grad()
        total = functional.cross_entropy(inputs @ weights.T + constant, targets, reduction="sum")
        total = (total + ridge / 2 * weights.square().sum()) / CASES
        total.backward()  # type: ignore[no-untyped-call]
        return total

    search.step(loss)  # type: ignore[no-untyped-call]
    found = fit_softmax(features, labels, CLASSES, ridge=ridge, steps=150, tolerance=1e-7)
    np.testing.assert_allclose(found[:-1], weights.detach().numpy().T, atol=2e-4)
    np.testing.assert_allclose(found[-1], constant.detach().numpy(), atol=2e-4)


def test_yes_or_no_is_a_softmax_of_two_and_a_choice_between_a_case_and_nothing() -> None:
    features, labels = cases(1)
    answers = (labels > 1).astype(np.float64)
    odds = fit_odds(features.astype(np.float64), answers, ridge=3.0)
    two = fit_softmax(features, answers.astype(np.int32), 2, ridge=6.0, constant_ridge=1e9, steps=300, tolerance=1e-8)
    np.testing.assert_allclose(two[:-1, 1] - two[:-1, 0], odds, atol=2e-3)
    pairs = np.stack([features, np.zeros_like(features)], axis=1)
    chosen = fit_choice(
        pairs, (1 - answers).astype(np.int32), prior_F=np.zeros(FEATURES, dtype=np.float32), pull=3.0, steps=200
    )
    np.testing.assert_allclose(chosen, odds, atol=2e-3)
    told = chance(features.astype(np.float64), odds)
    assert told[answers == 1].mean() > told[answers == 0].mean() + 0.3
