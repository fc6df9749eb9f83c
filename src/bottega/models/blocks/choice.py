"""Conditional logit: which of the candidates of a question, each question having its own; as logistic.py, by torch.

Source   McFadden 1974, "Conditional logit analysis of qualitative choice behavior", section 2.
Shapes   Q questions, C candidates of a question, F features.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from bottega.names import FloatArray, IntArray

__all__ = ["choice_log_likelihoods", "fit_choice"]


def fit_choice(
    features_QCF: FloatArray,
    answers_Q: IntArray,
    *,
    prior_F: FloatArray,
    pull: float | FloatArray,
    offsets_QC: FloatArray | None = None,
    steps: int = 60,
) -> FloatArray:
    """Weights [F] that maximise the likelihood of the answers less the sum of `pull` / 2 * (weights - prior)^2.

    `answers_Q` is the candidate position of each answer; places that hold no candidate are NaN in every feature.
    `pull`, one for all or one a weight [F], counts like that many questions would; with no questions the prior comes
    back. `offsets_QC` is added to the score of each candidate.
    """
    if not len(answers_Q):
        return prior_F.astype(np.float32)
    features = torch.from_numpy(features_QCF)
    empty_QC = torch.isnan(features[:, :, 0])
    features = torch.nan_to_num(features)
    answers, prior = torch.from_numpy(answers_Q.astype(np.int64)), torch.from_numpy(prior_F.astype(np.float32))
    pulls = torch.from_numpy(np.broadcast_to(np.float32(pull), prior_F.shape).copy())
    offsets = torch.zeros(()) if offsets_QC is None else torch.from_numpy(offsets_QC)
    weights_F = prior.clone().requires_grad_(True)
    search = torch.optim.LBFGS([weights_F], max_iter=steps, tolerance_change=1e-7, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        search.zero_grad()
        scores_QC = (features @ weights_F + offsets).masked_fill(empty_QC, float("-inf"))
        missed = torch.nn.functional.cross_entropy(scores_QC, answers, reduction="sum")
        total: Tensor = (missed + 0.5 * (pulls * (weights_F - prior).square()).sum()) / len(answers)
        total.backward()  # type: ignore[no-untyped-call]
        return total

    search.step(loss)  # type: ignore[no-untyped-call]
    return weights_F.detach().numpy().astype(np.float32)


def choice_log_likelihoods(scores_QC: FloatArray) -> FloatArray:
    """Log probability [Q] that each question's first candidate is chosen."""
    chosen: FloatArray = torch.log_softmax(torch.from_numpy(scores_QC), dim=1)[:, 0].numpy()
    return chosen
