"""Logistic regression: which of several, given what is known of each case; one likelihood with a quadratic penalty.

Three forms of it: `fit_choice` where each case has candidates of its own (a shopper's next item), `fit_softmax` where
all cases have the same classes, `fit_odds` for yes or no.

Source   McFadden 1974, "Conditional logit analysis of qualitative choice behavior", section 2; Hastie et al. 2009,
         https://hastie.su.domains/ElemStatLearn/, section 4.4.
Shapes   Q questions, C candidates of a question or classes, N cases, F features.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax
from torch import Tensor

from bottega.names import FloatArray, IntArray

__all__ = ["chance", "choice_log_likelihoods", "fit_choice", "fit_odds", "fit_softmax"]


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


def fit_softmax(
    features_NF: FloatArray,
    labels_N: IntArray,
    n_classes: int,
    *,
    ridge: float,
    constant_ridge: float = 0.0,
    steps: int,
    tolerance: float = 1e-5,
) -> FloatArray:
    """Weights [F + 1, C] that minimise the summed -log p(label) + `ridge` / 2 * |weights|^2; the last row is constant.

    The constant is drawn to 0 by `constant_ridge` instead. At most `steps` steps, ended sooner where the slope a case
    is below `tolerance`.
    """
    rows, size = np.arange(len(labels_N)), features_NF.shape[1]
    inputs = np.concatenate([features_NF, np.ones((len(features_NF), 1), dtype=np.float32)], axis=1)
    penalty = np.full((size + 1, 1), ridge)
    penalty[-1] = constant_ridge

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(size + 1, n_classes)
        logs = log_softmax(inputs @ table.astype(np.float32), axis=1)
        errors = np.exp(logs)
        errors[rows, labels_N] -= 1
        slope = (inputs.T @ errors).astype(np.float64) + penalty * table
        value = -float(logs[rows, labels_N].sum(dtype=np.float64)) + 0.5 * float((penalty * table**2).sum())
        return value / len(rows), slope.ravel() / len(rows)

    found = minimize(
        loss,
        np.zeros((size + 1) * n_classes),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "gtol": tolerance, "ftol": 2.220446049250313e-4 * tolerance},
    )
    return np.asarray(found.x, dtype=np.float32).reshape(size + 1, n_classes)


def chance(features_NF: NDArray[np.float64], weights_F: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of yes [N]."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(features_NF @ weights_F, -30.0, 30.0))))


def fit_odds(features_NF: NDArray[np.float64], answers_N: NDArray[np.float64], *, ridge: float) -> NDArray[np.float64]:
    """Weights [F] of greatest likelihood of the answers (1 yes, 0 no), less `ridge` / 2 * |weights|^2."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds_N = features_NF @ weights
        value = np.logaddexp(0.0, odds_N).sum() - answers_N @ odds_N + 0.5 * ridge * weights @ weights
        return float(value), features_NF.T @ (chance(features_NF, weights) - answers_N) + ridge * weights

    return np.asarray(minimize(loss, np.zeros(features_NF.shape[1]), jac=True, method="L-BFGS-B").x)
