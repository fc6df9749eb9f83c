"""BPR-max against its formula, written out with loops."""

from __future__ import annotations

import math

import torch

from bottega.models.recommend.sequence.losses import bpr_max_loss


def test_bpr_max_is_the_formula_of_the_paper() -> None:
    """Hidasi & Karatzoglou 2018, equations of section 3.3; column 3 is not in the sample."""
    scores = torch.tensor([[0.5, -1.0, 2.0, 9.0], [1.5, 0.0, -0.5, 9.0]])
    targets, sampled = torch.tensor([0, 1]), torch.tensor([True, True, True, False])
    for pull in (0.0, 0.3):
        expected = 0.0
        for row, target in zip(scores.tolist(), targets.tolist(), strict=True):
            negatives = [score for column, score in enumerate(row[:3]) if column != target]
            total = sum(math.exp(score) for score in negatives)
            shares = [math.exp(score) / total for score in negatives]
            beaten = sum(s / (1 + math.exp(n - row[target])) for s, n in zip(shares, negatives, strict=True))
            expected -= math.log(beaten) / 2
            expected += pull * sum(s * n**2 for s, n in zip(shares, negatives, strict=True)) / 2
        torch.testing.assert_close(bpr_max_loss(scores, targets, sampled, pull=pull), torch.tensor(expected))


def test_its_gradient_is_finite_and_pulls_only_the_sample() -> None:
    scores = torch.tensor([[0.5, -1.0, 2.0, 9.0], [60.0, -60.0, -0.5, 9.0]], requires_grad=True)
    bpr_max_loss(scores, torch.tensor([0, 1]), torch.tensor([True, True, True, False]), pull=0.1).backward()  # type: ignore[no-untyped-call]
    assert scores.grad is not None and torch.isfinite(scores.grad).all()
    assert scores.grad[0, 0] < 0 < scores.grad[0, 2] and not scores.grad[:, 3].any()
